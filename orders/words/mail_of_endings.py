"""What mails say of an order that ended, or of which some was cancelled."""

from django.utils.translation import gettext_lazy as _

from cancellations.terms import Source
from foundation.text import WordsPair
from orders.words.mail import SEE, LetterWords

BUYER, SELLER, SYSTEM, UNKNOWN = Source.BUYER, Source.SELLER, Source.SYSTEM, Source.UNKNOWN

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
