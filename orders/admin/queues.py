"""What waits for an administrator: shown first on the admin's first page."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cancellations.models import Contest, Refund
from cancellations.unmapped import count_waiting
from foundation.admin import MOST_COUNTED, capped
from orders.admin.unmapped import can_map
from orders.models import Conflict


@dataclass(frozen=True)
class Queue:
    """What waits, how much of it, and where."""

    name: str | Promise
    count: str
    address: str

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return self.count == "0"


def queues_of(user: User) -> Iterator[Queue]:
    """List what this administrator may act on."""
    if can_map(user):
        yield Queue(_("Words that are not mapped yet"), capped(count_waiting()), reverse("admin:unmapped-words"))
    if user.has_perm("orders.change_conflict"):
        conflicts = reverse("admin:orders_conflict_changelist")
        yield Queue(_("Conflicts that are open"), _count(Conflict.objects.open()), conflicts)
    if user.has_perm("cancellations.change_contest"):
        contests = reverse("admin:cancellations_contest_changelist", query={"state__exact": Contest.State.OPEN})
        yield Queue(_("Contests that are open"), _count(Contest.objects.filter(state=Contest.State.OPEN)), contests)
    if user.has_perm("cancellations.change_refund"):
        refunds = "admin:cancellations_refund_changelist"
        overdue = Refund.objects.overdue(today=timezone.localdate())
        yield Queue(_("Refunds that are overdue"), _count(overdue), reverse(refunds, query={"overdue": "yes"}))
        failed = reverse(refunds, query={"state__exact": Refund.State.FAILED})
        yield Queue(_("Refunds that failed"), _count(Refund.objects.failed()), failed)


def _count(waiting: QuerySet[Contest] | QuerySet[Conflict] | QuerySet[Refund]) -> str:
    return capped(waiting[: MOST_COUNTED + 1].count())
