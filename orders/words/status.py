"""How an open order stands, and whether it can still be cancelled."""

from django.utils.translation import gettext_lazy as _

from foundation.text import WordsPair
from orders.models import Order
from orders.rules import Window

# What happens next: with the day that matters in this state, and where it is not stated.
NEXT: dict[Order.Status, WordsPair] = {
    Order.Status.AWAITING_PAYMENT: ("", _("Waiting for your payment.")),
    Order.Status.PREPARING: (
        _("{seller} is preparing your order and promised to send it by {day}."),
        _("{seller} is preparing your order. When it will be sent is not stated."),
    ),
    Order.Status.SHIPPED: (
        _("Your order was sent on {day} and is on its way."),
        _("Your order is on its way. When it was sent is not stated."),
    ),
    Order.Status.DELIVERED: (_("Your order was delivered on {day}."), _("Your order was delivered.")),
}
NEXT_TO_SELLER: dict[Order.Status, WordsPair] = {
    Order.Status.AWAITING_PAYMENT: ("", _("Waiting for the buyer's payment.")),
    Order.Status.PREPARING: (
        _("It has to be sent by {day}."),
        _("It has to be sent. By when is not stated."),
    ),
    Order.Status.SHIPPED: (
        _("It was sent on {day} and is on its way."),
        _("It is on its way. When it was sent is not stated."),
    ),
    Order.Status.DELIVERED: (_("It was delivered on {day}."), _("It was delivered.")),
}
# Can it be cancelled, and why not: with the moment it changed, and where that is not stated.
WINDOW: dict[Window, WordsPair] = {
    Window.AT_ONCE: ("", _("You can cancel it at once, since it is not paid yet.")),
    Window.AT_ONCE_UNTIL: (_("You can cancel it at once until {when}. After that, you can ask the seller to."), ""),
    Window.BY_REQUEST: (
        _("Since {when} it cannot be cancelled at once, but you can ask the seller to cancel it."),
        _("You can ask the seller to cancel it."),
    ),
    Window.SHIPPED: (
        _("It can no longer be cancelled, because it was sent on {when}. When it arrives, you can ask to return it."),
        _("It can no longer be cancelled, because it was sent. When it arrives, you can ask to return it."),
    ),
    Window.DELIVERED: (
        _("It can no longer be cancelled, because it was delivered on {when}. If something is wrong, ask the seller."),
        _("It can no longer be cancelled, because it was delivered. If something is wrong, ask the seller."),
    ),
    Window.CANCELLED: (_("It was cancelled on {when}."), _("It is cancelled already.")),
}
# Where it would be by request, but the seller has been asked.
ASKED: WordsPair = (
    _("You have asked the seller to cancel it, and the answer is due by {until}."),
    _("You have asked the seller to cancel it. By when the answer is due is not stated."),
)
ASK_AGAIN = _(
    "The seller declined to cancel it on {when}. You can ask again from {again} on, or once the order has changed."
)
