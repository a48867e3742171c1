"""Text that comes from outside: what is refused, what is masked, and the form in which it is searched."""

import re
import unicodedata
from html import unescape
from typing import TYPE_CHECKING

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type Words = str | _StrPromise  # what gettext_lazy returns, or a plain text
type WordsPair = tuple[Words, Words]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CARD = re.compile(r"(?<!\d)(?<!\d[.,])\d(?:[ -]?\d){12,18}(?![.,]?\d)")


def fault_in(text: str) -> str:
    """Say, in English, what makes a text unfit to be stored or shown; the empty text when nothing does.

    A form translates it for whoever reads it; what a feed is told, and what is kept of it, is in one language.
    """
    if text.isprintable():  # nothing of what follows is, and almost every text is
        return ""
    if "\x00" in text:
        return gettext_noop("It contains a NUL byte.")
    if _SURROGATE.search(text):
        return gettext_noop("It contains half a character (a lone surrogate).")
    if _CONTROL.search(text):
        return gettext_noop("It contains a control character.")
    if _BIDI.search(text):
        return gettext_noop("It contains an invisible character that turns the writing direction.")
    return ""


class _WithoutMarks(dict[int, int | None]):
    """A table for str.translate that drops what combines with the letter before it; it looks at each sign once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_WITHOUT_MARKS = _WithoutMarks()


def one_line(text: str) -> str:
    """Fold every run of white space into one blank and bring the text into Unicode NFC."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def mask_cards(text: str) -> str:
    """Replace what looks like a payment card's number, and passes its check digit, by dots and the last four."""
    return _CARD.sub(lambda match: _masked(match[0]), text)


def folded(text: str) -> str:
    """Return the form in which texts are searched: without case, accents and runs of white space."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d").replace("ø", "o").replace("ł", "l"))
    return " ".join(decomposed.translate(_WITHOUT_MARKS).split())


def _masked(number: str) -> str:
    digits = [int(char) for char in number if char.isdigit()]
    doubled = [digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(reversed(digits))]
    return f"•••• {''.join(map(str, digits[-4:]))}" if sum(doubled) % 10 == 0 else number


def plain(text: str) -> str:
    """Return what a piece of HTML says; a text that is not marked as HTML is plain already."""
    return unescape(strip_tags(text)) if isinstance(text, SafeString) else text
