"""What mails say of money that goes back."""

from django.utils.translation import gettext_lazy as _

from foundation.text import Words, WordsPair
from orders.models import Event
from orders.words.mail import LetterWords
from orders.words.money import MoneyCase

Kind = Event.Kind

REFUNDED: dict[str, LetterWords] = {
    Kind.REFUND_SENT: LetterWords(
        subject=(_("Your refund of {amount} for order {number} is on its way"),) * 2,
        opening=(_("Your refund of {amount} for order {number} has been sent."),) * 2,
        next_step=_("There is nothing that you need to do."),
    ),
    Kind.REFUND_COMPLETED: LetterWords(
        subject=(_("Your refund of {amount} for order {number} is complete"),) * 2,
        opening=(_("Your refund of {amount} for order {number} has been completed."),) * 2,
    ),
    Kind.REFUND_FAILED: LetterWords(
        subject=(_("Your refund of {amount} for order {number} did not go through"),) * 2,
        opening=(_("Your refund of {amount} for order {number} did not go through."),) * 2,
    ),
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
# What a mail about a refund ends with, by what is known of the money when it is written.
NEXT_STEP: dict[MoneyCase, Words | WordsPair] = {
    MoneyCase.DUE: REFUNDED[Kind.REFUND_SENT].next_step,
    MoneyCase.SENT: REFUNDED[Kind.REFUND_SENT].next_step,
    MoneyCase.COMPLETED: ASK_WHERE_IT_IS,
    MoneyCase.OVERDUE: ASK_WHERE_IT_IS,
    MoneyCase.FAILED: ASK_FOR_DETAILS,
}
