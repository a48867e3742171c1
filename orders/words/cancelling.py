"""The page on which a buyer cancels, and what it says before the button."""

from django.utils.translation import gettext_lazy as _

from cancellations.terms import Instead
from foundation.text import Words
from orders.words.money import MoneyCase

# A way out that solves the buyer's problem without cancelling; the cancellation stays possible.
INSTEAD: dict[str, Words] = {
    Instead.CHANGE_ADDRESS: _(
        "Perhaps nothing has to be cancelled: ask {seller} to send it to the right address. Until it is sent, many can."
    ),
    Instead.CHANGE_ITEMS: _(
        "Perhaps not everything has to go: cancel only the items you do not want, or ask {seller} to exchange them."
    ),
    Instead.CHANGE_PAYMENT: _(
        "Perhaps nothing has to be cancelled: as long as the order is not paid, you can pay it another way."
    ),
    Instead.CONTACT_SELLER: _("Perhaps a question is enough: ask {seller} first. The order stays as it is meanwhile."),
}
# What the cancellation does to the money, said before the button.
MONEY: dict[MoneyCase, Words] = {
    MoneyCase.NOT_CHARGED: _("You have not been charged, so there is nothing to refund."),
    MoneyCase.CASH: _("Nothing to refund: you would have paid on delivery."),
    MoneyCase.NOTHING_RECORDED: _("You have paid. How much comes back is not known here; the marketplace will say."),
    MoneyCase.UNKNOWN: _("We have no record of a payment, so we cannot say what comes back."),
}
# The same, told to the seller.
MONEY_OF_BUYER: dict[MoneyCase, Words] = {
    MoneyCase.NOT_CHARGED: _("The buyer has not been charged, so there is nothing to refund."),
    MoneyCase.CASH: _("Nothing to refund: the buyer would have paid on delivery."),
    MoneyCase.NOTHING_RECORDED: _("The buyer has paid. How much goes back is not known here."),
    MoneyCase.UNKNOWN: _("We have no record of a payment, so we cannot say what goes back."),
}
MONEY_BY = _("It should be with you by {day}.")
MONEY_BY_AT_LATEST = _("If your request is approved, it should be with you by {day} at the latest.")
MONEY_OF_BUYER_BY = _("It is due at once, and the buyer is told to expect it by {day}.")
AT_ONCE = _("The order is cancelled at once, as soon as you press the button. It cannot be opened again.")
AT_ONCE_PART = _("The items are cancelled at once, as soon as you press the button. The rest of the order goes on.")
BY_SELLER = _("The order is cancelled at once, and the buyer reads the reason you give. It cannot be opened again.")
BY_SELLER_PART = _("The items are cancelled at once, and the buyer reads the reason you give. The rest goes on.")
BY_REQUEST = _(
    "{seller} is asked to cancel, and has until {when} to answer. No answer by then means yes. "
    "Until there is an answer, the order goes on, and you can take your request back."
)
# On the button.
BUTTON_ASK = _("Ask to cancel")
BUTTON = _("Cancel this order")
BUTTON_PART = _("Cancel these items")
# The reason that is recorded when none is given.
RATHER_NOT_SAY = _("I'd rather not say")
WHO_READS = _("{seller} and the marketplace's administrators read this.")
BUYER_READS = _("The buyer and the marketplace's administrators read this.")
# The button that was pressed promised something else than what is possible by now.
NOW_BY_REQUEST = _("The time in which you could cancel at once is over. Nothing has been done: you can ask the seller.")
NOW_AT_ONCE = _("You need not ask any more: you can cancel at once. Nothing has been done yet.")
# What was chosen is not what the page said that its button cancels.
NOT_AS_PROMISED = _(
    "You have changed how many since this page said what happens, so nothing has been done yet. "
    "Look at what happens now, and press the button again if it is right."
)
# Whoever comes to where a button leads without having pressed it, as after signing in again.
NOT_PRESSED = _("Nothing has been done yet. Press the button again.")
DONE = _("The order is cancelled.")
DONE_PART = _("The items are cancelled.")
ASKED = _("Your request has been sent to the seller.")
WITHDRAWN = _("Your request has been withdrawn. The order goes on.")
CONTESTED = _("An administrator will look at it and answer on this page.")
DONE_BY_SELLER = _("Cancelled. The buyer reads the reason you gave.")
APPROVED = _("It is cancelled, as the buyer asked.")
DECLINED = _("Your answer has been sent to the buyer. The order goes on.")
