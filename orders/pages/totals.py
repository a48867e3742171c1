"""What an order cost, and what is left of that where some of it was cancelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from foundation.money import money
from orders.models import Order, OrderLine
from orders.portions import Portion


@dataclass(frozen=True)
class Totals:
    """The sums under the items, as people read them ("" where one is not stated, or there is nothing to say)."""

    order: Order
    lines: Sequence[OrderLine]

    @property
    def items(self) -> str:
        """What the items cost together, when every price is stated."""
        return self._money(self._of_items)

    @property
    def extras(self) -> str:
        """What the total has over the items: delivery, fees, less discounts."""
        total, items = self.order.total, self._of_items
        return self._money(total - items) if total is not None and items is not None and total != items else ""

    @property
    def total(self) -> str:
        """What the order cost when it was placed."""
        return self._money(self.order.total)

    @property
    def is_as_ordered(self) -> bool:
        """Tell whether some was cancelled of what the total is for, and the rest goes on."""
        return not self.order.is_cancelled and any(line.cancelled_quantity for line in self.lines)

    @property
    def cancelled(self) -> str:
        """What the cancelled items cost, as it is taken from the total."""
        return "" if self._left is None or self._of_cancelled is None else self._money(-self._of_cancelled)

    @property
    def left(self) -> str:
        """What the total is without the cancelled items."""
        return self._money(self._left)

    @property
    def _left(self) -> Decimal | None:
        """Return the rest of the total; None where a price is not stated, or the prices take more than the total is."""
        total, cancelled = self.order.total, self._of_cancelled
        if not self.is_as_ordered or total is None or cancelled is None or cancelled > total:
            return None
        return total - cancelled

    @property
    def _of_items(self) -> Decimal | None:
        return _sum(Portion(line, line.quantity) for line in self.lines)

    @property
    def _of_cancelled(self) -> Decimal | None:
        return _sum(Portion(line, line.cancelled_quantity) for line in self.lines if line.cancelled_quantity)

    def _money(self, amount: Decimal | None) -> str:
        return money(amount, self.order.currency) if amount is not None and self.order.currency else ""


def _sum(portions: Iterable[Portion]) -> Decimal | None:
    """Add up prices; None where one is not stated, or there is none."""
    prices = [portion.price for portion in portions]
    known = [price for price in prices if price is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(prices) else None
