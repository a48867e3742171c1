"""What was promised to buyers: to send in time."""

from collections import Counter
from functools import cached_property

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.shares import percent
from insights.definitions import share, usual
from insights.models import SellerShipping
from insights.pages.links import SellerOrders
from insights.pages.splits import Part, split_table
from insights.tables import Figure, Table
from orders.figures import LATE, VALUES


class Shipping:
    """How many orders were sent, how soon, how many too late, and by how much."""

    def __init__(self, orders: SellerOrders) -> None:
        self.orders = orders

    @cached_property
    def sent(self) -> int:
        """How many orders were sent."""
        return sum(self._counts.values())

    @cached_property
    def promised(self) -> int:
        """How many orders were sent for which a day had been promised."""
        return sum(count for (_took, late), count in self._counts.items() if late is not None)

    @cached_property
    def missed(self) -> int:
        """How many of them were sent later than that."""
        return self._late_by(1, None)

    @property
    def usual_days(self) -> int | None:
        """Within how many working days half of the orders were sent."""
        days: Counter[int] = Counter()
        for (took, _late), count in self._counts.items():
            days[took] += count
        return usual(days)

    @property
    def usual_figure(self) -> Figure | None:
        """The usual time to send, and the orders that it is of."""
        days = self.usual_days
        if days is None:
            return None
        took = ngettext("{n} working day", "{n} working days", days).format(n=days)
        sent = ngettext("of {n} order sent", "of {n} orders sent", self.sent).format(n=self.sent)
        return Figure(_("Usual time to send"), took, note=sent, note_href=self.orders(sent="yes"))

    @property
    def sentence(self) -> str:
        """How many promises were missed."""
        missed = share(self.missed, self.promised)
        if missed is None:
            return _("No order with a promised day was sent in this period.")
        sentence = ngettext(
            "{missed} of {promised} order with a promised day was sent too late: {share}.",
            "{missed} of {promised} orders with a promised day were sent too late: {share}.",
            self.promised,
        )
        return sentence.format(missed=self.missed, promised=self.promised, share=percent(missed))

    @property
    def figures(self) -> list[Figure]:
        """Both numbers of the sentence, each with its orders."""
        if not self.promised:
            return []
        missed = Figure.of(_("Sent too late"), self.missed, self.orders(promise="missed"))
        return [missed, Figure.of(_("Sent, with a promised day"), self.promised, self.orders(promise="made"))]

    @cached_property
    def table(self) -> Table:
        """By how many working days promises were missed."""
        parts = [Part(_name(key), count, self.orders(late=key), "own") for key in LATE if (count := self._step(key))]
        empty = _("Every promise was kept.")
        return split_table("shipping", _("By how long"), _("Working days too late"), parts, empty=empty)

    def _step(self, key: str) -> int:
        return self._late_by(*LATE[key])

    def _late_by(self, least: int, most: int | None) -> int:
        counts = self._counts.items()
        return sum(n for (_took, late), n in counts if late and late >= least and (most is None or late <= most))

    @cached_property
    def _counts(self) -> dict[tuple[int, int | None], int]:
        days = (self.orders.window.since, self.orders.window.until)
        rows = SellerShipping.objects.filter(seller=self.orders.seller, day__range=days)
        sums = rows.values_list("took", "late").annotate(all=Sum("orders"))
        return {(took, late): count for took, late, count in sums}


def _name(step: str) -> str:
    return str(VALUES["late"].get(step, step))
