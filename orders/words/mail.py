"""What mails say, beside the words of the pages; and what a person may choose about them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cancellations.terms import Source
from foundation.text import Words, WordsPair
from orders.models import Event
from orders.words.money import MoneyCase

BUYER, SELLER, SYSTEM, UNKNOWN = Source.BUYER, Source.SELLER, Source.SYSTEM, Source.UNKNOWN
Kind = Event.Kind


SEE_YOURS = _("See your order")
SEE = _("See the order")


@dataclass(frozen=True)
class LetterWords:
    """The words of one kind of mail; pairs are for the whole order, and for a part of it."""

    subject: WordsPair
    opening: WordsPair = ("", "")
    next_step: Words = ""
    link: Words = SEE_YOURS


# (who ended it, who asked for it): the whole order, and a part of it.
ENDED: dict[tuple[str, str], WordsPair] = {
    (BUYER, BUYER): (_("You cancelled your order {number}"), _("You cancelled part of your order {number}")),
    (SELLER, SELLER): (
        _("{seller} cancelled your order {number}: {label}"),
        _("{seller} cancelled part of your order {number}: {label}"),
    ),
    (SELLER, BUYER): (
        _("{seller} cancelled your order {number}, as you asked"),
        _("{seller} cancelled part of your order {number}, as you asked"),
    ),
    (SYSTEM, SYSTEM): (
        _("Your order {number} was cancelled automatically: {label}"),
        _("Part of your order {number} was cancelled automatically: {label}"),
    ),
    (SYSTEM, BUYER): (
        _("Your order {number} was cancelled, as you asked"),
        _("Part of your order {number} was cancelled, as you asked"),
    ),
    (SYSTEM, SELLER): (
        _("Your order {number} was cancelled because {seller} asked: {label}"),
        _("Part of your order {number} was cancelled because {seller} asked: {label}"),
    ),
    (UNKNOWN, UNKNOWN): (_("Your order {number} was cancelled"), _("Part of your order {number} was cancelled")),
}
TO_BUYER: dict[str, LetterWords] = {
    Kind.REQUEST_OPENED: LetterWords(
        subject=(
            _("You asked {seller} to cancel your order {number}"),
            _("You asked {seller} to cancel part of your order {number}"),
        ),
        opening=(
            _("You asked {seller} to cancel order {number}. The answer is due by {until}; no answer means yes."),
            _(
                "You asked {seller} to cancel part of order {number}. "
                "The answer is due by {until}; no answer means yes."
            ),
        ),
        next_step=_("Until there is an answer, the order goes on, and you can take your request back."),
    ),
    Kind.REQUEST_APPROVED: LetterWords(
        subject=(
            _("{seller} agreed: your order {number} is cancelled"),
            _("{seller} agreed: part of your order {number} is cancelled"),
        ),
    ),
    Kind.REQUEST_LAPSED: LetterWords(
        subject=(
            _("Your order {number} is cancelled: {seller} did not answer in time"),
            _("Part of your order {number} is cancelled: {seller} did not answer in time"),
        ),
    ),
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
    Kind.CONTEST_UPHELD: LetterWords(
        subject=(
            _("The reason why your order {number} was cancelled has been corrected"),
            _("The reason why part of your order {number} was cancelled has been corrected"),
        ),
        opening=(_("You said that this was not what happened, and the reason was corrected. It now reads:"),) * 2,
    ),
    Kind.CONTEST_REJECTED: LetterWords(
        subject=(
            _("The reason why your order {number} was cancelled was checked, and stands"),
            _("The reason why part of your order {number} was cancelled was checked, and stands"),
        ),
        opening=(_("You said that this is not what happened. It was checked, and the reason stands:"),) * 2,
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
REFUND_NEXT: dict[MoneyCase, Words | WordsPair] = {
    MoneyCase.DUE: TO_BUYER[Kind.REFUND_SENT].next_step,
    MoneyCase.SENT: TO_BUYER[Kind.REFUND_SENT].next_step,
    MoneyCase.COMPLETED: ASK_WHERE_IT_IS,
    MoneyCase.OVERDUE: ASK_WHERE_IT_IS,
    MoneyCase.FAILED: ASK_FOR_DETAILS,
}
DECLINED: dict[str, LetterWords] = {
    SELLER: LetterWords(
        subject=(_("{seller} declined to cancel your order {number}"),) * 2,
        opening=(_("{seller} declined your request to cancel order {number}, so the order goes on."),) * 2,
        next_step=_("You can ask again 24 hours later, or as soon as the order has changed."),
    ),
    SYSTEM: LetterWords(
        subject=(_("Your order {number} could not be cancelled: it had been sent"),) * 2,
        opening=(_("Order {number} could not be cancelled: it was sent before {seller} answered your request."),) * 2,
        next_step=_("When it arrives, you can ask to return it."),
    ),
}
DECLINED_BY_SOMEBODY = LetterWords(
    subject=(_("Your request to cancel order {number} was declined"),) * 2,
    opening=(_("Your request to cancel order {number} was declined, so the order goes on."),) * 2,
    next_step=DECLINED[SELLER].next_step,
)
ASK_AGAIN = _("When it was declined is not stated. You can ask again.")
# A request that was made at the marketplace: by when it is answered (if that is stated) and what silence means there,
# the marketplace decides.
ASKED_THERE: dict[bool, LetterWords] = {
    True: LetterWords(
        subject=TO_BUYER[Kind.REQUEST_OPENED].subject,
        opening=(
            _("You asked {seller} to cancel order {number}. The answer is due by {until}."),
            _("You asked {seller} to cancel part of order {number}. The answer is due by {until}."),
        ),
        next_step=TO_BUYER[Kind.REQUEST_OPENED].next_step,
    ),
    False: LetterWords(
        subject=TO_BUYER[Kind.REQUEST_OPENED].subject,
        opening=(
            _("You asked {seller} to cancel order {number}. By when the answer is due is not stated."),
            _("You asked {seller} to cancel part of order {number}. By when the answer is due is not stated."),
        ),
        next_step=TO_BUYER[Kind.REQUEST_OPENED].next_step,
    ),
}
GRANTED_THERE: dict[str, LetterWords] = {
    Kind.REQUEST_APPROVED: LetterWords(
        subject=(
            _("{seller} agreed to cancel your order {number}"),
            _("{seller} agreed to cancel part of your order {number}"),
        ),
        opening=(
            _("{seller} agreed to cancel order {number}. It is not reported as cancelled yet."),
            _("{seller} agreed to cancel part of order {number}. That part is not reported as cancelled yet."),
        ),
        next_step=_("There is nothing that you need to do. The page of your order says so as soon as it is cancelled."),
    ),
    Kind.REQUEST_LAPSED: LetterWords(
        subject=(
            _("Your request to cancel order {number} was approved: {seller} did not answer in time"),
            _("Your request to cancel part of order {number} was approved: {seller} did not answer in time"),
        ),
        opening=(
            _("{seller} did not answer in time, so your request to cancel order {number} was approved."),
            _("{seller} did not answer in time, so your request to cancel part of order {number} was approved."),
        ),
        next_step=_("There is nothing that you need to do. The page of your order says so as soon as it is cancelled."),
    ),
}
GRANTED_BY_SOMEBODY = LetterWords(
    subject=(
        _("Your request to cancel order {number} was approved"),
        _("Your request to cancel part of order {number} was approved"),
    ),
    opening=(
        _("Your request to cancel order {number} was approved. It is not reported as cancelled yet."),
        _("Your request to cancel part of order {number} was approved. That part is not reported as cancelled yet."),
    ),
    next_step=GRANTED_THERE[Kind.REQUEST_APPROVED].next_step,
)
NOTHING_LEFT = LetterWords(
    subject=(_("Your request to cancel order {number} is closed"),) * 2,
    opening=(_("What you asked to cancel of order {number} had been cancelled already, so your request is closed."),)
    * 2,
)
TO_SELLER_ASKED = LetterWords(
    subject=(
        _("The buyer asks to cancel order {number}: answer by {until}"),
        _("The buyer asks to cancel part of order {number}: answer by {until}"),
    ),
    opening=(
        _("The buyer asks you to cancel order {number}. Answer by {until}; no answer by then means yes."),
        _("The buyer asks you to cancel part of order {number}. Answer by {until}; no answer by then means yes."),
    ),
    next_step=_("Approve or decline on the page of the order. If it has been sent already, decline and say so."),
    link=_("Answer the buyer"),
)
TO_SELLER_ASKED_THERE: dict[bool, LetterWords] = {
    True: LetterWords(
        subject=TO_SELLER_ASKED.subject,
        opening=(
            _("The buyer asks you to cancel order {number}. Answer by {until}."),
            _("The buyer asks you to cancel part of order {number}. Answer by {until}."),
        ),
        next_step=TO_SELLER_ASKED.next_step,
        link=TO_SELLER_ASKED.link,
    ),
    False: LetterWords(
        subject=(
            _("The buyer asks to cancel order {number}"),
            _("The buyer asks to cancel part of order {number}"),
        ),
        opening=(
            _("The buyer asks you to cancel order {number}. By when you have to answer is not stated."),
            _("The buyer asks you to cancel part of order {number}. By when you have to answer is not stated."),
        ),
        next_step=TO_SELLER_ASKED.next_step,
        link=TO_SELLER_ASKED.link,
    ),
}
# (who ended it, who asked for it), as the seller reads it.
TO_SELLER_ENDED: dict[tuple[str, str], LetterWords] = {
    (BUYER, BUYER): LetterWords(
        subject=(
            _("The buyer cancelled order {number}: do not send it"),
            _("The buyer cancelled part of order {number}: do not send that part"),
        ),
        opening=(
            _("The buyer cancelled order {number} on {when}. Reason: {label}."),
            _("The buyer cancelled part of order {number} on {when}. Reason: {label}."),
        ),
        link=SEE,
    ),
    (SYSTEM, SYSTEM): LetterWords(
        subject=(
            _("Order {number} was cancelled automatically: {label}"),
            _("Part of order {number} was cancelled automatically: {label}"),
        ),
        opening=(
            _("Order {number} was cancelled automatically on {when}. Reason: {label}."),
            _("Part of order {number} was cancelled automatically on {when}. Reason: {label}."),
        ),
        link=SEE,
    ),
    (SYSTEM, BUYER): LetterWords(
        subject=(
            _("Order {number} was cancelled, as the buyer asked: do not send it"),
            _("Part of order {number} was cancelled, as the buyer asked: do not send that part"),
        ),
        opening=(
            _("Order {number} was cancelled automatically on {when}, as the buyer asked. Reason: {label}."),
            _("Part of order {number} was cancelled automatically on {when}, as the buyer asked. Reason: {label}."),
        ),
        link=SEE,
    ),
}
NO_REASON = _("No reason was given.")
NOTED = _("Noted by the marketplace")
NO_ANSWER = _("No answer from {seller} came by {until}, and that means yes.")
REASON = _("The reason given: {label}.")
BUYERS_WORDS = _("The buyer's own words")
SELLERS_WORDS = _("{seller}, in their own words")
FOREIGN = _("The reason in the words of the shop it came from")
ANSWER = _("The marketplace's answer")
BECAUSE_BUYER: WordsPair = (
    _("You get this mail because you ordered from {seller} at {marketplace}."),
    _("You get this mail because you ordered from {seller} at the marketplace."),
)
BECAUSE_SELLER: WordsPair = (
    _("You get this mail because you act for {seller} at {marketplace}."),
    _("You get this mail because you act for {seller} at the marketplace."),
)
CHOSEN = _("Saved. The next mails follow it.")
