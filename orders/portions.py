"""What a cancellation would take from an order: which items, how many, and what that leaves to pay back.

The preview on a page and the action both ask here, so that no page promises what the action does not do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cancellations.models import Refund
from orders.models import EarlierPart, Order, OrderLine
from orders.refusals import CannotTake
from orders.shown import Shown, check_shown


@dataclass(frozen=True)
class Portion:
    """Some of one line."""

    line: OrderLine
    quantity: int

    @property
    def price(self) -> Decimal | None:
        """What it cost; None where that is not stated."""
        return None if self.line.unit_price is None else self.line.unit_price * self.quantity


@dataclass(frozen=True)
class Take:
    """What would be cancelled; `is_whole` when nothing of the order would be left."""

    order: Order
    portions: tuple[Portion, ...]
    is_whole: bool

    @property
    def kept(self) -> list[Portion]:
        """What would stay."""
        taken = {portion.line.pk: portion.quantity for portion in self.portions}
        lines = [(line, line.kept_quantity - taken.get(line.pk, 0)) for line in self.order.lines.all()]
        return [Portion(line, quantity) for line, quantity in lines if quantity > 0]

    def owed(self, refunded: Decimal) -> Decimal | None:
        """Return what is to be paid back of a paid order, after what earlier cancellations pay back already.

        A whole cancellation pays back the rest of the total. A part pays back the price of its items, and never
        more than that rest; None where the total, or a price, is not stated.
        """
        if self.order.total is None:
            return None
        rest = max(self.order.total - refunded, Decimal(0))
        if self.is_whole:
            return rest
        prices = [portion.price for portion in self.portions if portion.price is not None]
        return min(sum(prices, Decimal(0)), rest) if len(prices) == len(self.portions) else None


def take(order: Order, quantities: Mapping[int, int] | None, *, shown: Shown | None = None) -> Take:
    """Work out what these quantities (line to how many; None: all that is left) take.

    Raise NotAsShown if they were chosen on a page that showed something else, CannotTake.
    """
    lines = {line.pk: line for line in order.lines.all()}
    check_shown(lines.values(), shown)
    if quantities is None:
        portions = tuple(Portion(line, line.kept_quantity) for line in lines.values() if line.kept_quantity)
        return Take(order, portions, is_whole=True)
    portions = tuple(_portion(lines, pk, quantity) for pk, quantity in quantities.items() if quantity)
    if not portions:
        raise CannotTake(_("Choose at least one item."))
    left = sum(line.kept_quantity for line in lines.values()) - sum(portion.quantity for portion in portions)
    return Take(order, portions, is_whole=left == 0)


def refunded_already(order: Order) -> Decimal:
    """Return what earlier cancellations of parts of this order pay back, however far that money has come."""
    latest = OrderLine.objects.filter(order=order, cancellation__isnull=False).values("cancellation")
    earlier = EarlierPart.objects.filter(line__order=order).values("cancellation")
    refunds = Refund.objects.filter(cancellation__in=latest.union(earlier), currency=order.currency)
    return sum(refunds.values_list("amount", flat=True), Decimal(0))


def _portion(lines: Mapping[int, OrderLine], pk: int, quantity: int) -> Portion:
    line = lines.get(pk)
    if line is None:
        raise CannotTake(_("This item is not part of the order."))
    if quantity < 0:
        raise CannotTake(_("The number of “{title}” cannot be negative.").format(title=line.title))
    if quantity > line.kept_quantity:
        sentence = _("Of “{title}”, {left} can still be cancelled, not {asked}.")
        raise CannotTake(sentence.format(title=line.title, left=line.kept_quantity, asked=quantity))
    return Portion(line, quantity)


def as_quantities(portions: Iterable[Portion]) -> dict[int, int]:
    """Return portions as line to quantity."""
    return {portion.line.pk: portion.quantity for portion in portions}
