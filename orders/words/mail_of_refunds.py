"""What mails say of money that goes back."""

from django.utils.translation import gettext_lazy as _

from foundation.text import Words, WordsPair
from orders.models import Event
from orders.words import money
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
# What a mail about a refund ends with, by what is known of the money when it is written.
NEXT_STEP: dict[MoneyCase, Words | WordsPair] = {
    MoneyCase.DUE: REFUNDED[Kind.REFUND_SENT].next_step,
    MoneyCase.SENT: REFUNDED[Kind.REFUND_SENT].next_step,
    MoneyCase.COMPLETED: money.ASK_WHERE_IT_IS,
    **money.NEXT_STEP,
}
