"""The entries of the timeline."""

from django.utils.translation import gettext_lazy as _

from orders.models import Event

PLACED = _("Order placed")
PAID = _("Payment received")
SHIPPED = _("Sent by the seller")
SHIPPED_WITH = _("Handed to {carrier}")
DELIVERED = _("Delivered")
CANCELLED = _("Cancelled: {label}")
PART_CANCELLED = _("Partly cancelled: {label}")
REFUND = {
    Event.Kind.REFUND_DUE: _("Refund of {amount} due"),
    Event.Kind.REFUND_SENT: _("Refund of {amount} sent"),
    Event.Kind.REFUND_COMPLETED: _("Refund of {amount} completed"),
    Event.Kind.REFUND_FAILED: _("Refund of {amount} failed"),
}
NOT_STATED = _("date not stated")
BY_MARKETPLACE = _("the marketplace")
CORRECTED = _("Reason corrected; before, it was “{label}”")
# From not understood, from another meaning, and back to not understood.
UNDERSTOOD = _("What the shop gave as the reason, in its own words, is understood now: “{after}”")
UNDERSTOOD_OTHERWISE = _(
    "What the shop gave as the reason is understood otherwise now: “{after}”; before, it was “{before}”"
)
NOT_UNDERSTOOD = _("What the shop gave as the reason is no longer taken to mean “{before}”")
CONTRADICTED = {
    "shipped": _("The marketplace's records say that it was sent; the cancellation stands"),
    "delivered": _("The marketplace's records say that it was delivered; the cancellation stands"),
}
SETTLED = _("It was looked into: “{answer}”")
# What else happened; kinds that are not here are told by the order's own dates.
EVENTS = {
    Event.Kind.REOPENED: _("Opened again"),
    Event.Kind.REQUEST_OPENED: _("Cancellation asked for"),
    Event.Kind.REQUEST_WITHDRAWN: _("Request to cancel withdrawn"),
    Event.Kind.REQUEST_APPROVED: _("Request to cancel approved"),
    Event.Kind.REQUEST_DECLINED: _("Request to cancel declined"),
    Event.Kind.REQUEST_LAPSED: _("Request to cancel approved, because no answer came in time"),
    Event.Kind.REQUEST_DROPPED: _("The marketplace no longer reports the request to cancel"),
    Event.Kind.CONTESTED: _("“This is not what happened”"),
    Event.Kind.CONTEST_UPHELD: _("It was checked and corrected"),
    Event.Kind.CONTEST_REJECTED: _("It was checked and kept"),
    Event.Kind.REASON_CORRECTED: _("Reason corrected"),
    Event.Kind.CONFLICT: _("The seller's system reported something else; the cancellation stands"),
    Event.Kind.CONFLICT_SETTLED: _("What the records say against the cancellation was looked into"),
}
# Where the order ended before the request was answered.
REQUEST_ENDED = _("Request to cancel closed, because the order was cancelled")
OTHER_ANSWER = _("The seller's system reported another answer to the request; the first one stands")
