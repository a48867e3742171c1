"""Cancelling an order here: the only writer of a cancellation that no feed brought."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cancellations.models import Cancellation, Reason, Refund
from cancellations.refund_times import expected_by
from cancellations.terms import Source
from cancellations.wordings import newest_version
from foundation.text import fault_in, mask_cards
from orders.models import CancellationRequest, Event, Order, OrderLine
from orders.refusals import CannotCancel, CannotGiveReason, UnfitNote

OPEN_STATUSES = {Order.Status.AWAITING_PAYMENT, Order.Status.PREPARING}
BUYER_ASKED = "buyer_asked"
ASKED = [
    CancellationRequest.State.OPEN,
    CancellationRequest.State.APPROVED,
    CancellationRequest.State.APPROVED_BY_SILENCE,
]
MOST_CHARACTERS = 1000


@transaction.atomic
def cancel_order(
    order: Order,
    *,
    source: Source,
    reason: Reason,
    by: User | None = None,
    note: str = "",
    requested_by: Source | None = None,
    at: datetime | None = None,
) -> Cancellation:
    """End an order, recording who, why and when, and what is owed to the buyer.

    Raise CannotCancel if it is too late, CannotGiveReason if this source may not say that, UnfitNote.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)  # lock first, look second
    _check_status(order)
    _check_reason(order, reason, source)
    at = at or timezone.now()
    cancellation = Cancellation.objects.create(
        source=source,
        requested_by=requested_by or (Source.BUYER if reason.code == BUYER_ASKED else source),
        reason=reason,
        wording_version=newest_version(reason.pk),
        note=_fit(note),
        cancelled_at=at,
        cancelled_by=by,
        was_charged=_was_charged(order),
    )
    _end(order, cancellation)
    refund = _owe(order, cancellation, at)
    Event.objects.bulk_create(_told(order, cancellation, refund))
    return cancellation


def _check_status(order: Order) -> None:
    if order.status in OPEN_STATUSES:
        return
    if order.cancellation:
        raise CannotCancel(order.status, at=order.cancellation.cancelled_at)
    raise CannotCancel(order.status, at=order.delivered_at or order.shipped_at)


def _check_reason(order: Order, reason: Reason, source: Source) -> None:
    reason.refresh_from_db()  # chosen on a page that may be old
    if reason.is_retired:
        raise CannotGiveReason(_("This reason is no longer in use. Choose another one."))
    if source == Source.UNKNOWN or not reason.may_be_given_by(source):
        raise CannotGiveReason(_("This reason is not yours to give. Choose another one."))
    if reason.code == BUYER_ASKED and not order.requests.filter(state__in=ASKED).exists():
        raise CannotGiveReason(_("The buyer has not asked to cancel this order. Choose the reason that is true."))


def _fit(note: str) -> str:
    """Return the note as it is stored, without card numbers."""
    if fault := fault_in(note):
        raise UnfitNote(fault)
    note = mask_cards(note.replace("\r\n", "\n").strip())  # browsers count a line break as one character
    if len(note) > MOST_CHARACTERS:
        raise UnfitNote(_("The note is longer than 1,000 characters."))
    return note


def _end(order: Order, cancellation: Cancellation) -> None:
    """Close the order. A line of which some was cancelled earlier keeps that: the rest of it ended with the order."""
    OrderLine.objects.filter(order=order, cancellation=None).update(
        cancelled_quantity=F("quantity"), cancellation=cancellation
    )
    Order.objects.filter(pk=order.pk).update(status=Order.Status.CANCELLED, cancellation=cancellation)


def _was_charged(order: Order) -> bool | None:
    """Tell whether money had been taken; None where nobody has said so."""
    if order.paid_at:
        return True
    return False if order.is_cash_on_delivery or order.status == Order.Status.AWAITING_PAYMENT else None


def _owe(order: Order, cancellation: Cancellation, at: datetime) -> Refund | None:
    """Record the refund that is due now, if the order was paid and its total is known."""
    amount = _still_owed(order) if cancellation.was_charged else None
    if amount is None or amount <= 0:
        return None
    return Refund.objects.create(
        cancellation=cancellation,
        amount=amount,
        currency=order.currency,
        method=order.payment_method,
        due_at=at,
        expected_by=expected_by(order.payment_method, since=at),
    )


def _still_owed(order: Order) -> Decimal | None:
    """Return the total less the refunds of parts that were cancelled earlier, however far those have come."""
    if order.total is None:
        return None
    parts = OrderLine.objects.filter(order=order, cancellation__isnull=False).values("cancellation")
    refunds = Refund.objects.filter(cancellation__in=parts, currency=order.currency)
    return order.total - sum(refunds.values_list("amount", flat=True), Decimal(0))


def _told(order: Order, cancellation: Cancellation, refund: Refund | None) -> Iterator[Event]:
    """Say what happened; `order` is as it was before."""
    told = partial(
        Event,
        order=order,
        occurred_at=cancellation.cancelled_at,
        actor=cancellation.source,
        by=cancellation.cancelled_by,
    )
    facts = {"source": cancellation.source, "reason": cancellation.reason.code, "previous_status": order.status}
    yield told(kind=Event.Kind.CANCELLED, facts={"cancellation": cancellation.pk, **facts})
    if refund:
        amount = {"amount": str(refund.amount), "currency": refund.currency}
        yield told(kind=Event.Kind.REFUND_DUE, facts={"refund": refund.pk, **amount})
