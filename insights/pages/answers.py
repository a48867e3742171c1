"""How a seller answers: who waits, who got no answer, and whose word was right in the end."""

from datetime import datetime
from functools import cached_property

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cancellations.codes import UNANSWERED
from foundation.moments import moment
from insights import words
from insights.pages.breakdown import Breakdown
from insights.pages.links import SellerOrders
from insights.tables import Cell, Table
from orders.models import CancellationRequest

MOST_WAITING = 50


class Answers:
    """Requests that wait, orders that ended without an answer, and contests that were upheld."""

    def __init__(self, breakdown: Breakdown) -> None:
        self.breakdown = breakdown
        self.orders: SellerOrders = breakdown.orders

    @cached_property
    def waiting(self) -> Table:
        """The buyers who wait for an answer, the most urgent first; those without a clock come last."""
        now = timezone.now()
        rows = [
            [
                Cell(number, href=reverse("selling_orders:detail", args=[number])),
                Cell(words.label(reason)),
                _answer_by(answer_by, now),
            ]
            for number, reason, answer_by in self._urgent[:MOST_WAITING]
        ]
        head = [_("Order"), _("The buyer asks to cancel"), _("Answer by")]
        return Table("waiting", _("Waiting for your answer"), head, rows, empty=_("Nobody is waiting for you."))

    @property
    def is_cut(self) -> bool:
        """Tell whether more buyers wait than are listed."""
        return len(self._urgent) > MOST_WAITING

    @cached_property
    def _urgent(self) -> list[tuple[str, int, datetime | None]]:
        requests = CancellationRequest.objects.filter(order__seller=self.orders.seller, state="open")
        urgent = requests.order_by(F("answer_by").asc(nulls_last=True), "pk")
        return list(urgent.values_list("order__number", "reason", "answer_by")[: MOST_WAITING + 1])

    @property
    def all_waiting_href(self) -> str:
        """Where all orders are whose buyers wait, of whatever day."""
        return f"{reverse('selling:orders')}?seller={self.orders.seller.slug}&request=open"

    @cached_property
    def unanswered(self) -> int:
        """How many orders ended because nobody answered the buyer."""
        return sum(count for (_pk, code, _side), count in self.breakdown.reasons if code in UNANSWERED)

    @property
    def unanswered_href(self) -> str:
        """Where those orders are."""
        return self.orders(unanswered="yes") if self.unanswered else ""

    @cached_property
    def upheld(self) -> int:
        """How many contests of buyers were upheld."""
        return self.breakdown.figures.sum("upheld")

    @property
    def upheld_href(self) -> str:
        """Where those orders are."""
        return self.orders(contest="upheld") if self.upheld else ""


def _answer_by(answer_by: datetime | None, now: datetime) -> Cell:
    if answer_by is None:
        return Cell("", text=_("no deadline is known"))
    value = timezone.localtime(answer_by).isoformat(timespec="minutes")
    return Cell(value, text=moment(answer_by), note=clock(answer_by, now))


def clock(answer_by: datetime, now: datetime) -> str:
    """Say how much time is left."""
    hours = int((answer_by - now).total_seconds() // 3600)
    if answer_by <= now:
        return _("the time is over")
    if hours < 1:
        return _("less than an hour")
    return ngettext("{hours} hour", "{hours} hours", hours).format(hours=hours)
