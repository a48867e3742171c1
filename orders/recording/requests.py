"""What a document means for the buyer's request: what it says of it, and that the order has ended or was sent.

docs/decisions/0085-requests-of-origins.md has the rules.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cancellations.terms import Source
from orders.documents import OrderDocument, RequestDocument
from orders.models import CancellationRequest, Event, Order, OrderLine, RequestedLine
from orders.models.request import GRANTED
from orders.overtaking import Decision, overtaken
from orders.recording.statements import REQUEST_FIELDS, fill, understand_request

if TYPE_CHECKING:
    from orders.recording.change import Writing

Kind = Event.Kind
State = CancellationRequest.State
# What an origin's own words decide, and whose doing each is unless the origin names somebody.
DECISIONS = {
    State.APPROVED: Decision(State.APPROVED, Kind.REQUEST_APPROVED, Source.UNKNOWN),
    State.DECLINED: Decision(State.DECLINED, Kind.REQUEST_DECLINED, Source.UNKNOWN),
    State.WITHDRAWN: Decision(State.WITHDRAWN, Kind.REQUEST_WITHDRAWN, Source.BUYER),
    State.APPROVED_BY_SILENCE: Decision(State.APPROVED_BY_SILENCE, Kind.REQUEST_LAPSED, Source.SYSTEM),
}
NOTHING_LEFT = Decision(State.APPROVED, Kind.REQUEST_APPROVED, Source.SYSTEM)


class RequestChange:
    """What one document changes about the requests of its order, whose cancellation and lines are settled already."""

    def __init__(
        self, document: OrderDocument, order: Order, writing: "Writing", lines: Mapping[int, OrderLine]
    ) -> None:
        self.document, self.order, self.writing, self.lines = document, order, writing, lines
        self.rows = writing.rows
        known = [] if order.pk is None else list(order.requests.all())  # oldest first
        self.last: CancellationRequest | None = known[-1] if known else None
        self.earlier = known[:-1]

    def apply(self) -> None:
        """Gather the rows that change."""
        said, last = self.document.request, self.last
        if last and (said is None or self._is_about(last, said)):
            self._settle(last, said)
        elif said and (last is None or _is_later(said, last)):
            self._record(said)
        elif last and last.is_open:  # the document speaks of an older one, and may end what is asked now
            self._settle(last, None)

    # Which request it is

    def _is_about(self, last: CancellationRequest, said: RequestDocument) -> bool:
        """Tell by when it was asked whether the last known request is meant; what has no date is about the last one."""
        if last.is_open and not last.is_made_here:
            return True  # an origin's request that is open is whatever the origin says now
        if said.requested_at is None or last.requested_at is None:
            return not self._is_of_before(last, said)
        asked, known = _second(said.requested_at), _second(last.requested_at)
        if last.is_open:
            return said.state == State.OPEN or asked >= known
        return asked == known or (asked < known and not last.is_made_here and not last.is_decided_here)

    def _is_of_before(self, last: CancellationRequest, said: RequestDocument) -> bool:
        """Tell whether an undated request is one that was over before the last one was asked."""
        if said.decided_at and last.requested_at and said.decided_at < last.requested_at:
            return True
        over = [(one.state, one.decided_at) for one in self.earlier if not one.is_made_here]
        return (said.state, said.decided_at) in over

    # What becomes of it

    def _record(self, said: RequestDocument) -> None:
        request = CancellationRequest(order=self.order)
        self._state(request, said)
        self._tell_opened(request)
        if decision := self._decision(said):
            self._close(request, decision, self._decided_at(said), said)

    def _settle(self, request: CancellationRequest, said: RequestDocument | None) -> None:
        if request.is_decided_here:
            self._compare(request, said)
        elif request.is_made_here:
            self._settle_ours(request, said)
        elif said:
            self._settle_theirs(request, said)
        elif request.is_open:
            self._leave_out(request)

    def _settle_ours(self, request: CancellationRequest, said: RequestDocument | None) -> None:
        """Let the origin decide what was asked here, or close it because the order has ended or was sent."""
        if said and said.state != State.OPEN and _is_answer(said, request):
            self._close(request, _stated(said), said.decided_at, said)
        elif request.is_open and (decision := overtaken(self.order) or self._has_nothing_left(request)):
            self._close(request, decision, timezone.now(), None)
        else:
            return
        self.rows.put(request)

    def _settle_theirs(self, request: CancellationRequest, said: RequestDocument) -> None:
        """Let a request of the origin say what the origin says now."""
        was_open, asked_at = request.is_open, request.requested_at
        self._state(request, said)
        if decision := self._decision(said):
            self._close(request, decision, self._decided_at(said), said)
        elif not was_open or asked_at != request.requested_at:
            self._reopen(request)

    def _leave_out(self, request: CancellationRequest) -> None:
        """Close an open request that the origin no longer speaks of, or forget it while the order goes on.

        That it was asked stays in the history.
        """
        if decision := overtaken(self.order):
            self._close(request, decision, self._ended_at, None)
            self.rows.put(request)
            return
        self.rows.remove(request)
        self._tell(request, Kind.REQUEST_DROPPED, Source.UNKNOWN, at=None)

    def _state(self, request: CancellationRequest, said: RequestDocument) -> None:
        """Let the row say what the buyer asked, as the origin states it."""
        understood = understand_request(said, self.writing.book)
        fill(request, said, REQUEST_FIELDS)
        request.reason, request.origin = understood.reason, self.writing.origin
        request.raw_reason = said.raw_reason or ("" if understood.is_understood else said.reason)
        self.rows.put(request)
        self._state_lines(request, said)

    def _state_lines(self, request: CancellationRequest, said: RequestDocument) -> None:
        known = {one.line_id: one for one in request.lines.all()} if request.pk else {}
        for asked in said.lines:
            line = self.lines[asked.position]
            row = known.pop(line.pk, None) or RequestedLine(request=request, line=line)
            row.quantity = asked.quantity
            self.rows.put(row)
        for row in known.values():
            self.rows.remove(row)

    def _reopen(self, request: CancellationRequest) -> None:
        request.state, request.decided_at = State.OPEN, None
        request.decided_origin = request.decline_reason = ""
        self._tell_opened(request)

    def _close(
        self,
        request: CancellationRequest,
        decision: Decision,
        at: datetime | None,
        said: RequestDocument | None,
    ) -> None:
        is_news = request.state != decision.state
        request.state, request.decided_at = decision.state, at
        request.decline_reason = decision.decline_reason or (said.decline_reason if said else "")
        request.decided_origin = self.writing.origin
        if is_news:
            by_its_end: dict[str, Any] = {"cancellation": self.order.cancellation} if decision.is_by_its_end else {}
            self._tell(request, decision.kind, decision.actor, at=at, **by_its_end)

    def _decision(self, said: RequestDocument) -> Decision | None:
        """Find how a request of the origin ends: as the origin says, else as what became of the order says."""
        return overtaken(self.order) if said.state == State.OPEN else _stated(said)

    def _decided_at(self, said: RequestDocument) -> datetime | None:
        return self._ended_at if said.state == State.OPEN else said.decided_at

    def _has_nothing_left(self, request: CancellationRequest) -> Decision | None:
        """Close what was asked here when nothing of what it asks for is left: else it would ask for the whole order."""
        asked = {one.line_id for one in request.lines.all()}
        left = {line.pk for line in self.lines.values() if line.kept_quantity}
        return NOTHING_LEFT if asked and not asked & left else None

    def _compare(self, request: CancellationRequest, said: RequestDocument | None) -> None:
        """Leave what was decided here as it is, and say so where the origin decided otherwise."""
        if said and said.state != State.OPEN and (said.state in GRANTED) != request.is_granted:
            self._tell(request, Kind.CONFLICT, Source.UNKNOWN, at=said.decided_at)

    @property
    def _ended_at(self) -> datetime | None:
        """When the order ended or was sent, as far as that is stated."""
        ended = self.order.cancellation
        return ended.cancelled_at if ended else self.order.shipped_at or self.order.delivered_at

    # What is told

    def _tell_opened(self, request: CancellationRequest) -> None:
        reason = request.reason.code
        self._tell(request, Kind.REQUEST_OPENED, Source.BUYER, at=request.requested_at, reason=reason)

    def _tell(
        self, request: CancellationRequest, kind: Event.Kind, actor: Source, *, at: datetime | None, **facts: Any
    ) -> None:
        until = request.answer_by.isoformat() if request.answer_by else None
        self.rows.tell(self.order, kind, actor=actor, at=at, request=request, answer_by=until, **facts)


def _stated(said: RequestDocument) -> Decision:
    decision = DECISIONS[said.state]
    return replace(decision, actor=said.decided_by) if said.decided_by else decision


def _is_answer(said: RequestDocument, request: CancellationRequest) -> bool:
    """Tell whether it speaks of what was asked here; taken back it is only where a date says that this one was.

    Buyers take back at the marketplace what they asked there, too: without a date it may be long past.
    """
    if said.state != State.WITHDRAWN or request.requested_at is None:
        return True
    is_named = said.requested_at is not None and _second(said.requested_at) == _second(request.requested_at)
    return is_named or (said.decided_at is not None and said.decided_at >= request.requested_at)


def _is_later(said: RequestDocument, last: CancellationRequest) -> bool:
    """Tell whether it was asked after the last known request; what is older is history that nobody waits for."""
    return bool(said.requested_at and last.requested_at and _second(said.requested_at) > _second(last.requested_at))


def _second(at: datetime) -> datetime:
    """Round down to the second: not every origin keeps the parts of one."""
    return at.replace(microsecond=0)
