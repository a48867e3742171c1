"""What mails say of what a buyer asked the seller: that it was asked, and what came of it."""

from django.utils.translation import gettext_lazy as _

from cancellations.terms import Source
from orders.models import Event
from orders.words.mail import LetterWords

SELLER, SYSTEM = Source.SELLER, Source.SYSTEM
Kind = Event.Kind

ASKED = LetterWords(
    subject=(
        _("You asked {seller} to cancel your order {number}"),
        _("You asked {seller} to cancel part of your order {number}"),
    ),
    opening=(
        _("You asked {seller} to cancel order {number}. The answer is due by {until}; no answer means yes."),
        _("You asked {seller} to cancel part of order {number}. The answer is due by {until}; no answer means yes."),
    ),
    next_step=_("Until there is an answer, the order goes on, and you can take your request back."),
)
GRANTED: dict[str, LetterWords] = {
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
}
NO_ANSWER = _("No answer from {seller} came by {until}, and that means yes.")
DECLINED: dict[str, LetterWords] = {
    SELLER: LetterWords(
        subject=(_("{seller} declined to cancel your order {number}"),) * 2,
        opening=(_("{seller} declined your request to cancel order {number}, so the order goes on."),) * 2,
        next_step=_("You can ask again from {again} on, or once the order has changed."),
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
NO_REASON = _("No reason was given.")
# A request that was made at the marketplace: by when it is answered (if that is stated) and what silence means there,
# the marketplace decides.
ASKED_THERE: dict[bool, LetterWords] = {
    True: LetterWords(
        subject=ASKED.subject,
        opening=(
            _("You asked {seller} to cancel order {number}. The answer is due by {until}."),
            _("You asked {seller} to cancel part of order {number}. The answer is due by {until}."),
        ),
        next_step=ASKED.next_step,
    ),
    False: LetterWords(
        subject=ASKED.subject,
        opening=(
            _("You asked {seller} to cancel order {number}. By when the answer is due is not stated."),
            _("You asked {seller} to cancel part of order {number}. By when the answer is due is not stated."),
        ),
        next_step=ASKED.next_step,
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
