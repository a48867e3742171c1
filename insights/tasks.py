"""The summary, kept by whoever does tasks: a worker goes on for ever, a request does what it has time for."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from insights.models import Cursor
from insights.refreshing import catch_up, refresh

EVERY = timedelta(seconds=30)


@task
def refresh_summary(asked_for: str) -> int:
    """Bring the summary up to date, then ask for the next time; return the number of events that were read.

    Does nothing unless it is what was asked for last (insights/freshness.py): so there is one such task, not two.
    """
    mine = datetime.fromisoformat(asked_for)
    if not Cursor.objects.filter(asked_for=mine).exists():
        return 0
    can_wait = refresh_summary.get_backend().supports_defer
    try:
        return refresh() if can_wait else catch_up()
    finally:  # whatever went wrong may go right the next time
        _ask_for_next(mine, can_wait=can_wait)


@transaction.atomic
def _ask_for_next(mine: datetime, *, can_wait: bool) -> None:
    """Compare and set: whose task is no longer the one that was asked for asks for nothing."""
    following = timezone.now() + EVERY if can_wait else None
    if Cursor.objects.filter(asked_for=mine).update(asked_for=following) and following:
        later = refresh_summary.using(run_after=following)
        transaction.on_commit(partial(later.enqueue, following.isoformat()))
