"""What happens to the money."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cancellations.terms import PaymentMethod
from foundation.text import Words, WordsPair


class MoneyCase(TextChoices):
    """What is known about the money of something cancelled."""

    NOT_CHARGED = "not_charged", _("not charged")
    CASH = "cash", _("cash on delivery")
    DUE = "due", _("refund due")
    SENT = "sent", _("refund sent")
    COMPLETED = "completed", _("refund completed")
    FAILED = "failed", _("refund failed")
    OVERDUE = "overdue", _("refund overdue")
    NOTHING_DUE = "nothing_due", _("nothing to refund")
    CASH_UNKNOWN = "cash_unknown", _("cash on delivery, not known")
    MOVED = "moved", _("moved to another order")
    NOTHING_RECORDED = "nothing_recorded", _("paid, no refund recorded")
    UNKNOWN = "unknown", _("not known")


# The headline of cases that have no refund; the others say the amount and where it goes (BACK_TO).
HEADLINE: dict[MoneyCase, Words] = {
    MoneyCase.NOT_CHARGED: _("You were not charged."),
    MoneyCase.CASH: _("Nothing to refund: you would have paid on delivery."),
    MoneyCase.NOTHING_DUE: _("There is nothing to refund for this."),
    MoneyCase.CASH_UNKNOWN: _("We have no record of what was paid on delivery."),
    MoneyCase.MOVED: _("You paid for what was moved to another order."),
    MoneyCase.NOTHING_RECORDED: _("You paid, and no refund is recorded yet."),
    MoneyCase.UNKNOWN: _("We have no record of a payment or a refund."),
}
BACK_TO: dict[PaymentMethod, Words] = {
    PaymentMethod.CARD: _("{amount} back to your card"),
    PaymentMethod.WALLET: _("{amount} back to your wallet"),
    PaymentMethod.BANK_TRANSFER: _("{amount} back to your bank account"),
    PaymentMethod.PAY_LATER: _("{amount} off your pay-later account"),
    PaymentMethod.CASH_ON_DELIVERY: _("{amount} back to you"),
    PaymentMethod.OTHER: _("{amount} back the way you paid"),
    PaymentMethod.UNKNOWN: _("{amount} back to you"),
}
BACK_TO_LABEL = _("{amount} back to {label}")
# Of what was sent and did not arrive, wherever it was to go.
NOT_BACK = _("{amount} has not come back to you")
# Under the headline: with the day it is expected by, and where no day is stated.
DETAIL: dict[MoneyCase, WordsPair] = {
    MoneyCase.NOT_CHARGED: ("", _("No payment was taken for it.")),
    MoneyCase.CASH: ("", _("No money changed hands before the cancellation.")),
    MoneyCase.DUE: (
        _("The refund is due and has not been sent yet. It should be with you by {day}."),
        _("The refund is due and has not been sent yet. When it arrives is not stated."),
    ),
    MoneyCase.SENT: (
        _("The refund is on its way. It should be with you by {day}."),
        _("The refund is on its way. When it arrives is not stated."),
    ),
    MoneyCase.COMPLETED: ("", _("The refund has been completed.")),
    MoneyCase.FAILED: (
        "",
        _("The refund did not go through. It has to be sent again, and the marketplace may need details from you."),
    ),
    MoneyCase.OVERDUE: (
        _("The refund should have been with you by {day}. Ask the marketplace where it is."),
        "",
    ),
    MoneyCase.NOTHING_DUE: ("", _("It cost nothing.")),
    MoneyCase.CASH_UNKNOWN: ("", _("If you paid for it at the door, ask the marketplace whether money comes back.")),
    MoneyCase.MOVED: ("", _("Whether your payment moved with it is not stated here. Look at the other order.")),
    MoneyCase.NOTHING_RECORDED: ("", _("Ask the marketplace when the money comes back.")),
    MoneyCase.UNKNOWN: ("", _("If you paid, your bank or card statement shows it. The marketplace can tell you more.")),
}
# Of what is not refunded because others of the order's refunds pay back everything.
PAID_BACK = _("Other refunds of this order cover all that was paid.")
# Of a refund that is overdue though it was sent: with the day on which it was, and where that is not stated.
OVERDUE_SENT: WordsPair = (
    _("The refund was sent on {sent} and should have been with you by {day}. Ask the marketplace where it is."),
    _("The refund has been sent and should have been with you by {day}. Ask the marketplace where it is."),
)
# One sentence on a card: with a day, and without one.
BRIEF: dict[MoneyCase, WordsPair] = {
    MoneyCase.NOT_CHARGED: ("", _("You were not charged.")),
    MoneyCase.CASH: ("", _("Nothing to refund: it was cash on delivery.")),
    MoneyCase.DUE: (
        _("{amount} is due back to you, expected by {day}."),
        _("{amount} is due back to you."),
    ),
    MoneyCase.SENT: (
        _("{amount} is on its way back, expected by {day}."),
        _("{amount} is on its way back."),
    ),
    MoneyCase.COMPLETED: (_("{amount} was refunded on {day}."), _("{amount} was refunded.")),
    MoneyCase.FAILED: ("", _("The refund of {amount} failed and has to be sent again.")),
    MoneyCase.OVERDUE: (_("{amount} should have been back by {day}."), ""),
    MoneyCase.NOTHING_DUE: ("", HEADLINE[MoneyCase.NOTHING_DUE]),
    MoneyCase.CASH_UNKNOWN: ("", _("We have no record of what was paid on delivery.")),
    MoneyCase.MOVED: ("", _("You paid for what was moved to another order.")),
    MoneyCase.NOTHING_RECORDED: ("", _("You paid, and no refund is recorded yet.")),
    MoneyCase.UNKNOWN: ("", _("We have no record of a payment or a refund.")),
}
# With the marketplace's name, and where it has none.
ASK_WHERE_IT_IS: WordsPair = (
    _("If you do not see the money, ask {marketplace} where it is and name the order."),
    _("If you do not see the money, ask the marketplace where it is and name the order."),
)
ASK_FOR_DETAILS: WordsPair = (
    _("Ask {marketplace} whether details are needed from you, and name the order."),
    _("Ask the marketplace whether details are needed from you, and name the order."),
)
# What the buyer can do about the money, before anything else.
NEXT_STEP: dict[MoneyCase, WordsPair] = {
    MoneyCase.OVERDUE: ASK_WHERE_IT_IS,
    MoneyCase.FAILED: ASK_FOR_DETAILS,
}
FAILURE = _("What the payment provider said: {failure}")
STEP_CANCELLED = _("Cancelled")
STEP_TO_SEND = _("To be sent")
STEP_SENT = _("Sent")
STEP_FAILED = _("Failed")
STEP_WITH_YOU_BY = _("With you by")
STEP_WITH_YOU = _("With you")
