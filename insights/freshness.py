"""How fresh the summary is, and asking a task to refresh it: at most one is under way at any time.

The cursor's row says when the task that was asked for last is to begin. Only that one does anything, and only it asks
for the next (insights/tasks.py); one that never came is asked for anew after a while.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from insights.models import Cursor
from insights.tasks import refresh_summary

FRESH = timedelta(minutes=1)
LEASE = timedelta(minutes=10)  # many times what a refresh takes


@dataclass(frozen=True)
class Freshness:
    """Up to when the figures are complete, and when the task that was asked for begins."""

    read_at: datetime | None = None
    asked_for: datetime | None = None

    @property
    def is_behind(self) -> bool:
        """Tell whether the figures are older than they should be."""
        return self.read_at is None or self.read_at < timezone.now() - FRESH

    @property
    def is_coming(self) -> bool:
        """Tell whether a worker counts what nobody has counted: a request never counts everything itself."""
        return self.is_asked_for and refresh_summary.get_backend().supports_defer

    @property
    def is_asked_for(self) -> bool:
        """Tell whether a task may still come."""
        return self.asked_for is not None and self.asked_for >= timezone.now() - LEASE


def fresh_figures() -> Freshness:
    """Say how fresh the figures are; where they are behind, ask for a refresh.

    Where the request itself does what is asked for (TASKS_BACKEND=immediate), they may have caught up on return.
    """
    found = _freshness()
    if found.is_behind and not found.is_asked_for and _try_to_ask():
        return _freshness()
    return found


@transaction.atomic
def ask_for_refresh() -> bool:
    """Ask for a refresh, unless one may still come, or is under way; tell whether it was asked for."""
    now = timezone.now()
    Cursor.objects.bulk_create([Cursor(pk=1)], ignore_conflicts=True)
    free = Cursor.objects.filter(Q(asked_for=None) | Q(asked_for__lt=now - LEASE))
    cursor = free.select_for_update(skip_locked=True).first()  # whoever counts holds the row: nobody waits for that
    if cursor is None:
        return False
    Cursor.objects.filter(pk=cursor.pk).update(asked_for=now)
    transaction.on_commit(partial(refresh_summary.enqueue, now.isoformat()))
    return True


def _try_to_ask() -> bool:
    """Ask; a page that only reads does not fail because nobody can write just now."""
    try:
        return ask_for_refresh()
    except OperationalError:
        return False


def _freshness() -> Freshness:
    found = Cursor.objects.values_list("read_at", "asked_for").first()
    return Freshness(*found) if found else Freshness()
