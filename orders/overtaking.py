"""What becomes of a request when the order is no longer open: said once, for whatever finds it so."""

from dataclasses import dataclass

from cancellations.terms import Source
from orders.models import CancellationRequest, Event, Order
from orders.refusals import CannotCancel
from orders.rules import OPEN_STATUSES

State = CancellationRequest.State


@dataclass(frozen=True)
class Decision:
    """How a request ends, and who ended it."""

    state: CancellationRequest.State
    kind: Event.Kind
    actor: Source
    decline_reason: str = ""
    is_by_its_end: bool = False  # by the end of the order itself, which tells who and why


def overtaken(order: Order) -> Decision | None:
    """Decide a request that the order has overtaken: it has been cancelled, or sent. None while it is open.

    A request about a cancelled order is granted by whoever cancelled it; a buyer does not grant their own.
    """
    if order.status in OPEN_STATUSES:
        return None
    if order.cancellation:
        source = Source(order.cancellation.source)
        by = Source.SYSTEM if source == Source.BUYER else source
        return Decision(State.APPROVED, Event.Kind.REQUEST_APPROVED, by, is_by_its_end=True)
    sentence = str(CannotCancel(order.status, at=None))
    return Decision(State.DECLINED, Event.Kind.REQUEST_DECLINED, Source.SYSTEM, sentence)
