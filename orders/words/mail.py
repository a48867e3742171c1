"""What all mails share, beside the words of the pages; and what a person may choose about them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from foundation.text import Words, WordsPair

SEE_YOURS = _("See your order")
SEE = _("See the order")


@dataclass(frozen=True)
class LetterWords:
    """The words of one kind of mail; pairs are for the whole order, and for a part of it."""

    subject: WordsPair
    opening: WordsPair = ("", "")
    next_step: Words = ""
    link: Words = SEE_YOURS


REASON = _("The reason given: {label}.")
BUYERS_WORDS = _("The buyer's own words")
FOREIGN = _("The reason in the words of the shop it came from")
BECAUSE_BUYER: WordsPair = (
    _("You get this mail because you ordered from {seller} at {marketplace}."),
    _("You get this mail because you ordered from {seller} at the marketplace."),
)
BECAUSE_SELLER: WordsPair = (
    _("You get this mail because you act for {seller} at {marketplace}."),
    _("You get this mail because you act for {seller} at the marketplace."),
)
CHOSEN = _("Saved. The next mails follow it.")
