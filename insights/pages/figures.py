"""A seller's figures of one window, read from the summary in two statements, however long the history is."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Case, Sum, Value, When

from cancellations import wordings
from cancellations.models import Reason
from cancellations.terms import Responsible
from insights.definitions import COUNTED, NOT_COUNTED, ON_THE_SELLERS_SIDE, share
from insights.models import SellerDay
from insights.windows import Window
from orders.models import Seller

SUMS = {name: Sum(name) for name in ("orders", "part_lines", "part_orders", "part_worth", "upheld")}

type Row = dict[str, Any]
type Wanted = Callable[[Row], bool]


class Figures:
    """What a seller's orders of a window, and of the window before it, came to."""

    def __init__(self, seller: Seller, window: Window) -> None:
        self.seller, self.window = seller, window

    @cached_property
    def orders(self) -> int:
        """How many orders count."""
        return self.sum("orders")

    @cached_property
    def cancelled(self) -> int:
        """How many of them were cancelled as a whole."""
        return self.sum("orders", is_cancelled)

    @cached_property
    def ended(self) -> int:
        """How many of them ended for a reason on the seller's side."""
        return self.sum("orders", is_on_the_sellers_side)

    @property
    def share(self) -> Decimal | None:
        """The seller's own share."""
        return share(self.ended, self.orders)

    @property
    def share_before(self) -> Decimal | None:
        """The seller's own share in the window before."""
        return share(self.sum("orders", is_on_the_sellers_side, is_now=False), self.sum("orders", is_now=False))

    def sum(self, name: str, wanted: Wanted = lambda row: True, *, is_now: bool = True) -> int:
        """Add a column up over the rows that are wanted."""
        return sum(row[name] for row in self.rows if row["is_now"] == is_now and wanted(row))

    def by(self, key: Callable[[Row], Any]) -> Counter[Any]:
        """Count the cancelled orders of the window by something."""
        counts: Counter[Any] = Counter()
        for row in self.rows:
            if row["is_now"] and is_cancelled(row):
                counts[key(row)] += row["orders"]
        return +counts

    @cached_property
    def rows(self) -> list[Row]:
        """The sums by source, reason and currency, of both windows."""
        both = self._days.filter(day__range=(self.window.before.since, self.window.until))
        is_now = Case(When(day__gte=self.window.since, then=Value(True)), default=Value(False))
        sums = both.values("source", "reason_id", "currency", is_now=is_now).annotate(**SUMS)
        return [row for row in sums if row["reason_id"] is None or reason_of(row).code not in NOT_COUNTED]

    @cached_property
    def by_day(self) -> dict[date, Counter[tuple[str, bool]]]:
        """The cancelled orders of each day, by source and whether it was on the seller's side."""
        cancelled = self._days.filter(COUNTED, reason__isnull=False, orders__gt=0)
        rows = cancelled.filter(day__range=(self.window.since, self.window.until)).values(
            "day", "source", own=Case(When(ON_THE_SELLERS_SIDE, then=Value(True)), default=Value(False))
        )
        days: dict[date, Counter[tuple[str, bool]]] = defaultdict(Counter)
        for row in rows.annotate(all=Sum("orders")).order_by("day"):
            days[row["day"]][row["source"], row["own"]] = row["all"]
        return days

    @property
    def _days(self) -> Any:
        return SellerDay.objects.filter(seller=self.seller).order_by()


def reason_of(row: Row) -> Reason:
    """Return the reason of a row, from the copy in the process."""
    return wordings.reason(row["reason_id"])


def is_cancelled(row: Row) -> bool:
    """Tell whether the row is of orders that were cancelled, or of parts."""
    return row["reason_id"] is not None


def is_on_the_sellers_side(row: Row) -> bool:
    """Tell whether the reason is one that the seller can do something about."""
    return is_cancelled(row) and reason_of(row).responsible == Responsible.SELLER
