"""How far the money has come, as an administrator records it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cancellations.models import Refund
from cancellations.refund_times import expected_by
from cancellations.terms import Source
from orders.belonging import lock_order_of
from orders.happenings import record_event
from orders.models import Event
from orders.notes import fit_note
from orders.refusals import AlreadyDecided, NotReportedAnyMore

State = Refund.State
# From which states a refund gets into which: what failed is sent again, what is completed stays so.
LEADS_TO = {
    State.SENT: {State.DUE, State.FAILED},
    State.COMPLETED: {State.DUE, State.SENT},
    State.FAILED: {State.DUE, State.SENT},
}
KINDS = {
    State.SENT: Event.Kind.REFUND_SENT,
    State.COMPLETED: Event.Kind.REFUND_COMPLETED,
    State.FAILED: Event.Kind.REFUND_FAILED,
}


@transaction.atomic
def record_refund(
    refund: Refund, *, state: Refund.State, by: User, reference: str = "", failure: str = "", at: datetime | None = None
) -> Refund:
    """Record that a refund was sent, has arrived, or has failed. Raise AlreadyDecided if it is past that, UnfitNote.

    Raise NotCancelledAnyMore if the origin has opened the order again, NotReportedAnyMore if it dropped the refund.
    """
    order = lock_order_of(refund.cancellation)
    if not (kept := Refund.objects.filter(pk=refund.pk).first()):
        raise NotReportedAnyMore(_("The marketplace no longer reports this refund, so there is nothing to record."))
    refund = kept
    if refund.state not in LEADS_TO[state]:
        raise AlreadyDecided(_("This refund is {state} already.").format(state=State(refund.state).label))
    at = at or timezone.now()
    if state == State.SENT:
        refund.expected_by = _expected_by(refund, sent_at=at)
    refund.state = state
    refund.reference = fit_note(reference, most=100) or refund.reference
    refund.failure = fit_note(failure, most=500) if state == State.FAILED else ""
    if state == State.SENT:
        refund.sent_at = at
    if state == State.COMPLETED:
        refund.completed_at = at
    refund.save(update_fields=["state", "reference", "failure", "expected_by", "sent_at", "completed_at"])
    facts = {"refund": refund.pk, "amount": str(refund.amount), "currency": refund.currency}
    record_event(order, KINDS[state], actor=Source.SYSTEM, by=by, at=at, facts=facts)
    return refund


def _expected_by(refund: Refund, *, sent_at: datetime) -> date | None:
    """Return the day that is promised from now on: a new one if it is sent late or again; what a feed states stays."""
    is_stated = not refund.cancellation.is_made_here
    is_late = refund.expected_by is not None and refund.expected_by < timezone.localdate(sent_at)
    if is_stated or not (is_late or refund.state == State.FAILED):
        return refund.expected_by
    return expected_by(refund.method, since=sent_at)
