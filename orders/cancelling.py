"""Cancelling an order, or some of it, here: the only writer of a cancellation that no feed brought."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cancellations.codes import BUYER_ASKED
from cancellations.models import Cancellation, Reason, Refund
from cancellations.refund_times import expected_by
from cancellations.terms import Source
from cancellations.wordings import newest_version
from orders.asked import asked_for
from orders.happenings import record_event
from orders.models import CancellationRequest, EarlierPart, Event, Order, OrderLine
from orders.notes import fit_note
from orders.portions import Portion, Take, refunded_already, take
from orders.refusals import CannotCancel, CannotGiveReason
from orders.rules import OPEN_STATUSES
from orders.shown import Shown


@dataclass(frozen=True)
class Grounds:
    """Who ends it, why, at whose wish, and in what words."""

    source: Source
    reason: Reason
    by: User | None = None
    note: str = ""
    requested_by: Source | None = None
    at: datetime | None = None
    request: CancellationRequest | None = None

    @property
    def asked_by(self) -> Source:
        """Whose wish it was: the source's own, unless somebody else asked."""
        return self.requested_by or (Source.BUYER if self.reason.code == BUYER_ASKED else self.source)


@transaction.atomic
def cancel_order(
    order: Order,
    *,
    quantities: Mapping[int, int] | None = None,
    source: Source,
    reason: Reason,
    by: User | None = None,
    note: str = "",
    requested_by: Source | None = None,
    at: datetime | None = None,
    shown: Shown | None = None,
) -> Cancellation:
    """End an order, or some of it, recording who, why and when, and what is owed to the buyer.

    `quantities` says how many (values) of which lines (keys); None, as everything that is left, ends the order.
    `shown` is what was left of its lines on the page on which this was chosen, if it was on one. Raise CannotCancel
    if it is too late, CannotGiveReason if neither the source nor whoever asked may say that, CannotTake if a line or
    a quantity is not there to be cancelled, NotAsShown, UnfitNote.
    """
    return _cancel(order, quantities, Grounds(source, reason, by, note, requested_by, at), shown)


def carry_out(request: CancellationRequest, *, source: Source, by: User | None = None) -> Cancellation | None:
    """Cancel what the buyer asked for, for the buyer's reason; None if nothing of it is left to be cancelled.

    To be called with the order locked and the request closed. Raise CannotCancel.
    """
    grounds = Grounds(source, request.reason, by, requested_by=Source.BUYER, request=request)
    asked = list(request.lines.select_related("line"))
    if not asked:
        return _cancel(request.order, None, grounds)
    waiting = asked_for(request.order).left  # the seller may have cancelled some of it at the buyer's wish
    left = {one.line_id: min(one.quantity, one.line.kept_quantity, waiting[one.line_id]) for one in asked}
    return _cancel(request.order, left, grounds) if any(left.values()) else None


def _cancel(
    order: Order, quantities: Mapping[int, int] | None, grounds: Grounds, shown: Shown | None = None
) -> Cancellation:
    order = Order.objects.select_for_update().get(pk=order.pk)  # lock first, look second
    check_status(order)
    _check_reason(grounds)
    taken = take(order, quantities, shown=shown)
    _check_asked(taken, grounds)
    refunded, note = refunded_already(order), fit_note(grounds.note)
    cancellation = Cancellation.objects.create(
        source=grounds.source,
        requested_by=grounds.asked_by,
        reason=grounds.reason,
        wording_version=newest_version(grounds.reason.pk),
        note=note,
        note_by=grounds.source if note else "",
        cancelled_at=grounds.at or timezone.now(),
        cancelled_by=grounds.by,
        was_charged=was_charged(order),
    )
    if taken.is_whole:
        _end(order, cancellation)
    else:
        for portion in taken.portions:
            _reduce(portion, cancellation)
    _tell(taken, cancellation, grounds.request)
    refund = _owe(taken, cancellation, refunded)
    if refund:
        _tell_of_refund(order, cancellation, refund)
    if taken.is_whole or (grounds.reason.code == BUYER_ASKED and not asked_for(order)):
        _close_requests(order, cancellation)
    return cancellation


# What is refused


def check_status(order: Order) -> None:
    """Raise CannotCancel if the order is shipped, delivered or cancelled."""
    if order.status in OPEN_STATUSES:
        return
    if order.cancellation:
        raise CannotCancel(order.status, at=order.cancellation.cancelled_at)
    raise CannotCancel(order.status, at=order.delivered_at or order.shipped_at)


def check_reason(reason: Reason, *givers: Source) -> None:
    """Raise CannotGiveReason if the reason is retired or deleted, or none of these may give it."""
    current = Reason.objects.filter(pk=reason.pk).first()  # chosen on a page that may be old
    if current is None or current.is_retired:
        raise CannotGiveReason(_("This reason is no longer in use. Choose another one."))
    if Source.UNKNOWN in givers or not any(current.may_be_given_by(giver) for giver in givers):
        raise CannotGiveReason(_("This reason is not yours to give. Choose another one."))


def _check_reason(grounds: Grounds) -> None:
    if grounds.request:
        return  # checked when the buyer asked; it may have been retired since
    check_reason(grounds.reason, grounds.source, *([grounds.requested_by] if grounds.requested_by else []))


def _check_asked(taken: Take, grounds: Grounds) -> None:
    """Raise CannotGiveReason if the buyer is said to have asked for what they did not ask for."""
    if grounds.request or grounds.reason.code != BUYER_ASKED:
        return
    asked = asked_for(taken.order)
    if not asked:
        raise CannotGiveReason(_("The buyer has not asked to cancel this order. Choose the reason that is true."))
    if not asked.covers(taken.portions):
        raise CannotGiveReason(
            _("The buyer has asked to cancel less than that. Choose only what they asked for, or another reason.")
        )


# What is written


def was_charged(order: Order) -> bool | None:
    """Tell whether money had been taken; None where nobody has said so."""
    if order.paid_at:
        return True
    return False if order.is_cash_on_delivery or order.status == Order.Status.AWAITING_PAYMENT else None


def _end(order: Order, cancellation: Cancellation) -> None:
    """Close the order. A line of which some was cancelled earlier keeps that: the rest of it ended with the order."""
    OrderLine.objects.filter(order=order, cancellation=None).update(
        cancelled_quantity=F("quantity"), cancellation=cancellation
    )
    Order.objects.filter(pk=order.pk).update(status=Order.Status.CANCELLED, cancellation=cancellation)


def _reduce(portion: Portion, cancellation: Cancellation) -> None:
    """Take some of a line; what was taken from it before keeps its own who and why."""
    line = portion.line
    if line.cancellation_id:
        kept_apart = sum(line.earlier_parts.values_list("quantity", flat=True))
        EarlierPart.objects.create(
            line=line, cancellation_id=line.cancellation_id, quantity=line.cancelled_quantity - kept_apart
        )
    OrderLine.objects.filter(pk=line.pk).update(
        cancelled_quantity=F("cancelled_quantity") + portion.quantity, cancellation=cancellation
    )


def _owe(taken: Take, cancellation: Cancellation, refunded: Decimal) -> Refund | None:
    """Record the refund that is due now, if the order was paid and the amount is known."""
    amount = taken.owed(refunded) if cancellation.was_charged else None
    if not amount or cancellation.cancelled_at is None:
        return None
    method = taken.order.payment_method
    return Refund.objects.create(
        cancellation=cancellation,
        amount=amount,
        currency=taken.order.currency,
        method=method,
        due_at=cancellation.cancelled_at,
        expected_by=expected_by(method, since=cancellation.cancelled_at),
    )


def _close_requests(order: Order, cancellation: Cancellation) -> None:
    """Close what the buyer had asked: the order has ended, or all that was asked for has."""
    order.requests.filter(state=CancellationRequest.State.OPEN).update(
        state=CancellationRequest.State.APPROVED,
        decided_at=cancellation.cancelled_at,
        decided_by=cancellation.cancelled_by,
    )


# What is told


def _tell(taken: Take, cancellation: Cancellation, request: CancellationRequest | None) -> None:
    facts: dict[str, Any] = {
        "cancellation": cancellation.pk,
        "source": cancellation.source,
        "reason": cancellation.reason.code,
    }
    if taken.is_whole:
        facts["previous_status"] = taken.order.status
    else:
        facts["lines"] = [[portion.line.position, portion.quantity] for portion in taken.portions]
    if request:
        facts["request"] = request.pk
    record_event(
        taken.order,
        Event.Kind.CANCELLED if taken.is_whole else Event.Kind.PART_CANCELLED,
        actor=Source(cancellation.source),
        by=cancellation.cancelled_by,
        at=cancellation.cancelled_at,
        facts=facts,
    )


def _tell_of_refund(order: Order, cancellation: Cancellation, refund: Refund) -> None:
    record_event(
        order,
        Event.Kind.REFUND_DUE,
        actor=Source(cancellation.source),
        by=cancellation.cancelled_by,
        at=cancellation.cancelled_at,
        facts={"refund": refund.pk, "amount": str(refund.amount), "currency": refund.currency},
    )
