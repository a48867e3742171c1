"""The receipt of a cancellation: for somebody who was not there, so everybody has a name."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.models import Refund
from cancellations.terms import Source
from foundation.text import Words

NOT_STATED = _("not stated")
NOT_PAID = pgettext_lazy("whether an order was paid", "no")
WHO: dict[Source, Words] = {
    Source.BUYER: _("{buyer}, the buyer"),
    Source.SELLER: _("{seller}, the seller"),
    Source.SYSTEM: _("{marketplace}, automatically"),
    Source.UNKNOWN: NOT_STATED,
}
WHO_AT_A_NAMELESS_MARKETPLACE = {**WHO, Source.SYSTEM: _("the marketplace, automatically")}
REFUND: dict[Refund.State, Words] = {
    Refund.State.DUE: _("due, not sent yet"),
    Refund.State.SENT: _("sent, not confirmed yet"),
    Refund.State.COMPLETED: _("completed"),
    Refund.State.FAILED: _("failed, to be sent again"),
}
