"""The buyer asks the seller to cancel; the seller answers, and silence approves."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cancellations.models import Cancellation, Reason
from cancellations.terms import Source
from orders.cancelling import carry_out, check_reason, check_status
from orders.happenings import record_event
from orders.models import CancellationRequest, Event, Order, RequestedLine
from orders.notes import fit_note, needed_note
from orders.overtaking import ended_first, overtaken
from orders.portions import take
from orders.refusals import AlreadyDecided, CannotAsk, CannotCancel, NotReportedAnyMore
from orders.rules import cancel_rule, is_change, may_ask_again
from orders.shown import Shown
from orders.words.request import silence_news

State = CancellationRequest.State
BATCH = 100


@transaction.atomic
def request_cancellation(
    order: Order,
    *,
    by: User,
    reason: Reason,
    note: str = "",
    quantities: Mapping[int, int] | None = None,
    shown: Shown | None = None,
) -> CancellationRequest:
    """Ask the seller to cancel an order, or so many of these lines, by a deadline.

    `shown` is what was left of its lines on the page on which this was chosen, if it was on one. Raise CannotCancel
    if it is too late, CannotAsk if it can be done at once, is asked already or was refused a moment ago,
    CannotGiveReason, NotAsShown, CannotTake, UnfitNote.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)  # lock first, look second
    now = timezone.now()
    check_status(order)
    check_may_ask(order, now=now)
    check_reason(reason, Source.BUYER)
    taken = take(order, quantities, shown=shown)
    request = CancellationRequest.objects.create(
        order=order,
        reason=reason,
        note=fit_note(note),
        requested_at=now,
        answer_by=now + timedelta(hours=settings.CANCEL_ANSWER_HOURS),
    )
    if not taken.is_whole:
        RequestedLine.objects.bulk_create(
            RequestedLine(request=request, line=portion.line, quantity=portion.quantity) for portion in taken.portions
        )
    _tell(request, Event.Kind.REQUEST_OPENED, Source.BUYER, by, reason=reason.code)
    return request


@transaction.atomic
def withdraw_request(request: CancellationRequest, *, by: User) -> CancellationRequest:
    """Take a request back, also after its deadline, until silence is carried out.

    Raise AlreadyDecided, NotReportedAnyMore.
    """
    _, request = _lock(request)
    return _close(request, State.WITHDRAWN, Event.Kind.REQUEST_WITHDRAWN, Source.BUYER, by)


@transaction.atomic
def approve_request(request: CancellationRequest, *, by: User) -> Cancellation | None:
    """Carry out what the buyer asked: as the seller or, after the deadline, as silence has approved it.

    Raise AlreadyDecided, CannotCancel, NotReportedAnyMore.
    """
    order, request = _lock(request)
    check_status(order)
    if request.is_lapsed:
        return _approve_by_silence(request)
    _close(request, State.APPROVED, Event.Kind.REQUEST_APPROVED, Source.SELLER, by)
    return carry_out(request, source=Source.SELLER, by=by)


def decline_request(request: CancellationRequest, *, by: User, answer: str) -> CancellationRequest:
    """Refuse what the buyer asked, with a reason that the buyer reads.

    After the deadline, carry out what silence has approved. Raise AlreadyDecided then; CannotCancel, UnfitNote,
    NotReportedAnyMore.
    """
    with transaction.atomic():
        order, request = _lock(request)
        if not request.is_lapsed:
            request.decline_reason = needed_note(answer)
            return _close(request, State.DECLINED, Event.Kind.REQUEST_DECLINED, Source.SELLER, by)
        _close_unanswered(order, request)
    check_status(order)  # refused only now: within the transaction it would be undone with the refusal
    raise AlreadyDecided(silence_news(request))


def approve_lapsed(*, now: datetime) -> int:
    """Approve every request made here whose deadline has passed without an answer; return how many were closed.

    What silence means for a request that was made elsewhere, its origin decides and says.
    Safe to run at the same time in several places: each request is locked, looked at again, and closed once.
    """
    lapsed = CancellationRequest.objects.filter(origin="", state=State.OPEN, answer_by__lte=now)
    lapsed = lapsed.order_by("answer_by", "pk")
    closed = 0
    while True:
        batch = list(lapsed[:BATCH])
        for request in batch:
            with suppress(AlreadyDecided):
                _lapse(request)
                closed += 1
        if len(batch) < BATCH:
            return closed


@transaction.atomic
def _lapse(request: CancellationRequest) -> None:
    """Close one request that was not answered. Raise AlreadyDecided if somebody was quicker."""
    _close_unanswered(*_lock(request))


def _close_unanswered(order: Order, request: CancellationRequest) -> None:
    """Approve what was not answered, or say that the order had been sent before. To be called with the order locked."""
    if decision := overtaken(order):
        request.decline_reason = decision.decline_reason
        by_its_end = {"cancellation": order.cancellation_id} if decision.is_by_its_end else {}
        _close(request, decision.state, decision.kind, decision.actor, None, **by_its_end)
    else:
        _approve_by_silence(request)


def _approve_by_silence(request: CancellationRequest) -> Cancellation | None:
    _close(request, State.APPROVED_BY_SILENCE, Event.Kind.REQUEST_LAPSED, Source.SYSTEM, None)
    return carry_out(request, source=Source.SYSTEM)


def check_may_ask(order: Order, *, now: datetime) -> None:
    """Raise CannotAsk if it can be done at once, is asked already or was refused a moment ago."""
    if cancel_rule(order, now=now).allows_cancelling:
        raise CannotAsk(_("You need not ask: you can cancel this order at once."))
    last = order.requests.order_by("-pk").first()
    if last and last.is_open:
        raise CannotAsk(_("You have asked already. The seller has not answered yet."))
    if last and not may_ask_again(last, now=now, has_changed=_has_changed(order, last)):
        raise CannotAsk(_("The seller declined less than 24 hours ago. You can ask again after that."))


def find_request(order: Order, pk: int) -> CancellationRequest:
    """Find what was asked about an order by its key. Raise DoesNotExist if that was never asked.

    Raise NotReportedAnyMore if its origin has dropped it (docs/decisions/0085-requests-of-origins.md).
    """
    request: CancellationRequest | None = order.requests.select_related("reason").filter(pk=pk).first()
    if request:
        return request
    if order.events.filter(kind=Event.Kind.REQUEST_DROPPED, facts__request=pk).exists():
        raise NotReportedAnyMore(_("The marketplace no longer reports this request, so there is nothing to decide."))
    raise CancellationRequest.DoesNotExist


def check_open(request: CancellationRequest) -> None:
    """Raise AlreadyDecided if the request has been answered or withdrawn, or the order has ended before."""
    if not request.is_open:
        if ended_first(request, request.order, request.order.events.order_by("pk")):
            raise AlreadyDecided(CannotCancel.SENTENCES[Order.Status.CANCELLED])
        raise AlreadyDecided(DECIDED[State(request.state)])


def check_can_be_declined(request: CancellationRequest) -> None:
    """Raise AlreadyDecided if the request has been answered or withdrawn, or its deadline has passed."""
    check_open(request)
    if request.is_lapsed:
        raise AlreadyDecided(silence_news(request))


def _has_changed(order: Order, last: CancellationRequest) -> bool:
    since = order.events.filter(recorded_at__gt=last.decided_at) if last.decided_at else order.events.none()
    return any(is_change(kind, facts) for kind, facts in since.values_list("kind", "facts"))


def _lock(request: CancellationRequest) -> tuple[Order, CancellationRequest]:
    """Lock the order, then read the request again.

    Raise AlreadyDecided if it is no longer open, NotReportedAnyMore if its origin has dropped it in between.
    """
    order = Order.objects.select_for_update().get(pk=request.order_id)  # lock first, look second
    request = find_request(order, request.pk)
    check_open(request)
    request.order = order
    return order, request


def _close(
    request: CancellationRequest,
    state: CancellationRequest.State,
    kind: Event.Kind,
    actor: Source,
    by: User | None,
    **facts: Any,
) -> CancellationRequest:
    request.state, request.decided_at, request.decided_by = state, timezone.now(), by
    request.save(update_fields=["state", "decided_at", "decided_by", "decline_reason"])
    _tell(request, kind, actor, by, **facts)
    return request


def _tell(request: CancellationRequest, kind: Event.Kind, actor: Source, by: User | None, **facts: Any) -> None:
    until = request.answer_by.isoformat() if request.answer_by else None
    # The very moment that the row holds: whoever reads the events names the request by it.
    at = request.decided_at or request.requested_at
    record_event(
        request.order, kind, actor=actor, by=by, at=at, facts={"request": request.pk, "answer_by": until, **facts}
    )


DECIDED = {
    State.APPROVED: _("The seller has approved this request already."),
    State.DECLINED: _("The seller has declined this request already."),
    State.WITHDRAWN: _("This request has been withdrawn already."),
    State.APPROVED_BY_SILENCE: _("This request was approved when its deadline passed."),
}
