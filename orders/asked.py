"""What the buyer has asked to cancel and has not been given yet: "the buyer asked" is the reason for that alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from orders.models import CancellationRequest, EarlierPart, Order, OrderLine
from orders.portions import Portion

State = CancellationRequest.State
ASKED = [State.OPEN, State.APPROVED, State.APPROVED_BY_SILENCE]


@dataclass(frozen=True)
class Asked:
    """How many of which line (by its key) the buyer still waits for; `is_whole` when all of the order is meant."""

    is_whole: bool
    left: Counter[int]

    def __bool__(self) -> bool:
        """Tell whether anything was asked for."""
        return self.is_whole or bool(self.left)

    def covers(self, portions: Iterable[Portion]) -> bool:
        """Tell whether all of this was asked for."""
        return self.is_whole or all(portion.quantity <= self.left[portion.line.pk] for portion in portions)


def asked_for(order: Order) -> Asked:
    """Read what the buyer of an order asked for, open or granted, less what others have cancelled at that wish."""
    requests = list(order.requests.filter(state__in=ASKED).prefetch_related("lines"))
    lines = [list(request.lines.all()) for request in requests]
    asked = Counter[int]()
    for one in (one for some in lines for one in some):
        asked[one.line_id] += one.quantity
    return Asked(is_whole=any(not some for some in lines), left=asked - _given(order))


def _given(order: Order) -> Counter[int]:
    """Count what of each line others have cancelled because the buyer asked."""
    given = Counter[int]()
    earlier = Counter[int]()
    for part in EarlierPart.objects.filter(line__order=order).select_related("cancellation"):
        earlier[part.line_id] += part.quantity
        given[part.line_id] += part.quantity if part.cancellation.is_at_the_buyers_wish else 0
    for line in OrderLine.objects.filter(order=order, cancellation__isnull=False).select_related("cancellation"):
        if line.cancellation and line.cancellation.is_at_the_buyers_wish:
            given[line.pk] += line.cancelled_quantity - earlier[line.pk]
    return given
