"""What was promised to buyers: to have the item, to send it in time, and to answer."""

from collections import Counter
from datetime import datetime
from functools import cached_property

from django.db.models import F, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from foundation.shares import percent
from insights import words
from insights.charts import bar
from insights.definitions import share, usual
from insights.models import SellerItem, SellerShipping
from insights.pages.links import orders_behind
from insights.tables import Cell, Table
from insights.windows import Window
from orders.models import CancellationRequest, Seller

MOST_ITEMS = 20
MOST_WAITING = 50
# Up to how many working days too late: the steps that the page tells apart.
STEPS = (1, 2, 5, 10)


class Shipping:
    """How many orders were sent too late, and by how much."""

    def __init__(self, seller: Seller, window: Window) -> None:
        self.seller, self.window = seller, window

    @cached_property
    def promised(self) -> int:
        """How many orders were sent for which a day had been promised."""
        return sum(count for (_took, late), count in self._counts.items() if late is not None)

    @cached_property
    def missed(self) -> int:
        """How many of them were sent later than that."""
        return sum(count for (_took, late), count in self._counts.items() if late)

    @property
    def usual_days(self) -> int | None:
        """Within how many working days half of the orders were sent."""
        days: Counter[int] = Counter()
        for (took, _late), count in self._counts.items():
            days[took] += count
        return usual(days)

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
    def href(self) -> str:
        """Where the orders are that were sent too late."""
        return orders_behind("selling:orders", self.window, seller=self.seller.slug, promise="missed")

    @cached_property
    def table(self) -> Table:
        """By how many working days promises were missed."""
        counts = [(name, self._late_by(least, most)) for name, least, most in _steps()]
        most = max((count for _name, count in counts), default=0)
        rows = [
            [Cell(name, bar=bar(count, most, is_rtl=get_language_bidi()), series="own"), Cell(count)]
            for name, count in counts
            if self.missed
        ]
        head = [_("Working days too late"), _("Orders")]
        return Table("shipping", _("By how long"), head, rows, empty=_("Every promise was kept."))

    def _late_by(self, least: int, most: int) -> int:
        return sum(count for (_took, late), count in self._counts.items() if late and least <= late <= most)

    @cached_property
    def _counts(self) -> dict[tuple[int, int | None], int]:
        rows = SellerShipping.objects.filter(seller=self.seller, day__range=(self.window.since, self.window.until))
        sums = rows.values_list("took", "late").annotate(all=Sum("orders"))
        return {(took, late): count for took, late, count in sums}


def items_table(seller: Seller, window: Window) -> Table:
    """Tell which items were cancelled most often because of their stock or price."""
    rows = SellerItem.objects.filter(seller=seller, day__range=(window.since, window.until))
    sums = rows.values("title", "variant", "sku", "reason").annotate(all=Sum("orders"), pieces=Sum("quantity"))
    found = [
        [
            Cell(row["title"], href=_find(seller, window, row["title"])),
            Cell(row["variant"]),
            Cell(row["sku"]),
            Cell(words.label(row["reason"])),
            Cell(row["all"]),
            Cell(row["pieces"]),
        ]
        for row in sums.order_by("-all", "title", "variant")[:MOST_ITEMS]
    ]
    head = [_("Item"), _("Variant"), _("SKU"), _("Reason"), _("Orders"), _("Pieces")]
    return Table("items", _("Out of stock or wrongly priced"), head, found, empty=_("Nothing was."))


def waiting(seller: Seller) -> Table:
    """List the buyers who wait for an answer, the most urgent first."""
    requests = CancellationRequest.objects.filter(order__seller=seller, state=CancellationRequest.State.OPEN)
    now = timezone.now()
    rows = [
        [
            Cell(number, href=reverse("selling_orders:detail", args=[number])),
            Cell(words.label(reason)),
            _until(answer_by, now),
        ]
        for number, reason, answer_by in requests.order_by(F("answer_by").asc(nulls_last=True), "pk").values_list(
            "order__number", "reason", "answer_by"
        )[:MOST_WAITING]
    ]
    head = [_("Order"), _("The buyer asks to cancel"), _("Answer within")]
    return Table("waiting", _("Waiting for your answer"), head, rows, empty=_("Nobody is waiting for you."))


def _until(answer_by: datetime | None, now: datetime) -> Cell:
    if answer_by is None:
        return Cell("", text=_("not stated"))
    return Cell(timezone.localtime(answer_by).isoformat(timespec="minutes"), text=_clock(answer_by, now))


def _clock(answer_by: datetime, now: datetime) -> str:
    hours = int((answer_by - now).total_seconds() // 3600)
    if answer_by <= now:
        return _("the time is over")
    if hours < 1:
        return _("less than an hour")
    return ngettext("{hours} hour", "{hours} hours", hours).format(hours=hours)


def _steps() -> list[tuple[str, int, int]]:
    steps, least = [], 1
    for most in STEPS:
        steps.append((str(most) if least == most else f"{least}–{most}", least, most))
        least = most + 1
    return [*steps, (_("more than {days}").format(days=STEPS[-1]), least, 10_000)]


def _find(seller: Seller, window: Window, title: str) -> str:
    return orders_behind("selling:orders", window, seller=seller.slug, status="cancelled", q=title[:100])
