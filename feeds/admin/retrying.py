"""Trying again what was refused: actions of the lists of imports and of problems."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feeds.models import Problem, Run
from feeds.retrying import CannotRetry, Retried, retry_refused

MOST_AT_ONCE = 2_000  # orders; more would keep the administrator, and the web server, waiting too long


@admin.action(permissions=["retry"], description=gettext_lazy("Try again what was refused"))
def retry_runs(model_admin: Any, request: HttpRequest, runs: QuerySet[Run]) -> None:
    """Try again everything that is kept of the chosen imports."""
    for run in runs.select_related("feed"):
        _retry(model_admin, request, run, None, count=run.refused.count())


@admin.action(permissions=["retry"], description=gettext_lazy("Try these orders again"))
def retry_problems(model_admin: Any, request: HttpRequest, problems: QuerySet[Problem]) -> None:
    """Try again the orders of the chosen problems."""
    chosen = problems.order_by().values_list("run", "refused")[: MOST_AT_ONCE + 1]
    orders: dict[int, set[int]] = defaultdict(set)
    for run_id, refused_id in chosen:
        orders[run_id] |= {refused_id} - {None}
    for run in Run.objects.filter(pk__in=orders).select_related("feed"):
        _retry(model_admin, request, run, orders[run.pk], count=len(orders[run.pk]))


# Every sentence begins with a word of ours: the admin writes the first letter of a message large, and an id is no word.


def _retry(model_admin: Any, request: HttpRequest, run: Run, only: Collection[int] | None, *, count: int) -> None:
    if not count:
        said = _("Import %(run)s: nothing is kept of what was refused; import the file, or send the message, again.")
        model_admin.message_user(request, said % {"run": run}, messages.WARNING)
        return
    if count > MOST_AT_ONCE:
        said = _("Import %(run)s: that is too much to wait for; run manage.py retry_refused %(number)s.")
        model_admin.message_user(request, said % {"run": run, "number": run.pk}, messages.WARNING)
        return
    try:
        found = retry_refused(run, only=only)
    except CannotRetry as error:
        said = _("Import %(run)s: %(why)s")
        model_admin.message_user(request, said % {"run": run, "why": error}, messages.WARNING)
        return
    model_admin.log_change(request, run, f"Tried again: {found.taken} taken, {found.refused} refused again.")
    _tell(model_admin, request, run, found)


def _tell(model_admin: Any, request: HttpRequest, run: Run, found: Retried) -> None:
    said = _("Import %(run)s: %(taken)d taken, %(refused)d refused again.")
    level = messages.WARNING if found.refused else messages.SUCCESS
    counts = {"run": run, "taken": found.taken, "refused": found.refused}
    model_admin.message_user(request, said % counts, level)
