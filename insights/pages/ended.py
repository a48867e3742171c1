"""A buyer's orders of a period, and how the cancelled ones ended."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from cancellations.terms import Source
from insights.definitions import COUNTED_ORDERS
from insights.pages.links import orders_behind
from insights.windows import Window
from orders.figures import ANY_PART, CONDITIONS
from orders.models import Order

# A buyer with more orders than this reads about the newest of them, and is told so.
MOST_ORDERS, MOST_CANCELLED = 5_000, 1_000
COLUMNS = ("listed_at", "seller__slug", "seller__name", "cancellation__source", "cancellation__reason_id")


@dataclass(frozen=True)
class Ended:
    """One cancelled order, as far as the figures need it."""

    day: date
    slug: str
    seller: str
    source: str
    reason: int


class BuyerOrders:
    """The orders of a buyer that count, of some days or (without a window) of all."""

    def __init__(self, buyer: User, asked: Window | None) -> None:
        self.buyer, self.asked = buyer, asked

    @cached_property
    def count(self) -> int:
        """How many orders count, up to a limit."""
        count: int = self._counted()[:MOST_ORDERS].count()
        return count

    @cached_property
    def ended(self) -> list[Ended]:
        """The cancelled orders, the newest first, up to a limit."""
        rows = self._counted().cancelled().newest_first().values_list(*COLUMNS)[:MOST_CANCELLED]
        return [Ended(timezone.localdate(at), *rest) for at, *rest in rows]

    @cached_property
    def partly(self) -> int:
        """Of how many orders that went on some was cancelled, up to a limit."""
        count: int = self._counted().filter(CONDITIONS["part"](ANY_PART))[:MOST_CANCELLED].count()
        return count

    @property
    def is_cut(self) -> bool:
        """Tell whether there is more than what was looked at."""
        return self.count == MOST_ORDERS or MOST_CANCELLED in {len(self.ended), self.partly}

    @cached_property
    def window(self) -> Window:
        """The days that the figures are of."""
        today = timezone.localdate()
        return self.asked or Window(min((one.day for one in self.ended), default=today), today)

    @cached_property
    def reasons(self) -> list[tuple[int, int]]:
        """The reasons, and how many orders ended for each, the most frequent first."""
        return Counter(one.reason for one in self.ended).most_common()

    @cached_property
    def sources(self) -> list[Source]:
        """Who cancelled any of them."""
        found = {one.source for one in self.ended}
        return [source for source in Source if source in found]

    def cancelled_in(self, part: Window, source: str) -> int:
        """Count what was cancelled of the orders of some days, by a source or (for the empty text) in all."""
        return sum(one.day in part and (not source or one.source == source) for one in self.ended)

    def ended_in(self, part: Window, reason: int | None = None) -> int:
        """Count what was cancelled of the orders of some days, for a reason or (without one) in all."""
        return sum(one.day in part and reason in {None, one.reason} for one in self.ended)

    def href(self, window: Window | None = None, /, **filters: str) -> str:
        """Return where the orders are that these filters keep."""
        return orders_behind("orders:list", window or self.asked, **filters)

    def _counted(self) -> Any:
        orders = Order.objects.filter(Q(buyer=self.buyer), COUNTED_ORDERS)
        return orders.between(self.asked.since, self.asked.until) if self.asked else orders
