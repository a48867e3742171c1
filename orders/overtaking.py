"""What becomes of a request when the order is no longer open: said once, for whatever finds it so."""

from collections.abc import Iterable
from dataclasses import dataclass

from cancellations import wordings
from cancellations.codes import BUYER_ASKED
from cancellations.models import Cancellation
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


def ended_first(request: CancellationRequest, order: Order, events: Iterable[Event]) -> Cancellation | None:
    """Return what ended the order before the request was answered; None where it was answered, or is open.

    Whatever ends the order closes the request as approved. `events` are those of the order, the oldest first.
    """
    ended = order.cancellation
    if ended is None or request.state != State.APPROVED or _gives_what_was_asked(ended):
        return None
    told = _approvals(request, events)
    if not told:  # of what ends here no event tells that it closed the request; both have the same moment then
        return ended if request.decided_at == ended.cancelled_at else None
    by_its_end = told[-1].facts.get("cancellation") == ended.pk
    # An origin may tell afterwards that there was an answer, and when: that is no event of its own.
    is_as_closed = request.decided_at in {told[-1].occurred_at, ended.cancelled_at}
    return ended if by_its_end and is_as_closed else None


def is_end_undone(request: CancellationRequest, order: Order, events: Iterable[Event]) -> bool:
    """Tell whether it was closed by an end of the order that its origin has taken back since."""
    if request.state != State.APPROVED or not (told := _approvals(request, events)):
        return False
    closed_by = told[-1].facts.get("cancellation")
    return bool(closed_by) and closed_by != order.cancellation_id and request.decided_at == told[-1].occurred_at


def is_about(event: Event, request: CancellationRequest) -> bool:
    """Tell whether the event is about the request."""
    return bool(event.facts.get("request") == request.pk)


def _approvals(request: CancellationRequest, events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.kind == Event.Kind.REQUEST_APPROVED and is_about(event, request)]


def _gives_what_was_asked(ended: Cancellation) -> bool:
    """Tell whether it is the answer itself; marketplaces name the buyer also where the seller agreed.

    Many name no wish beside the seller's reason that the buyer asked.
    """
    is_reported_as_buyers = ended.source == Source.BUYER and not ended.is_made_here
    is_reason_enough = wordings.reason(ended.reason_id).code == BUYER_ASKED
    return ended.is_at_the_buyers_wish or is_reported_as_buyers or is_reason_enough
