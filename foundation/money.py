"""Amounts as people read them. Two currencies are never added."""

import re
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency
from django.utils.translation import get_language, get_language_bidi

# A foreign symbol in a text from the right, as in "UK£": without marks around it, its letters and sign change places.
_FOREIGN_SYMBOL = re.compile(r"(?<=\u00a0)([A-Z]+\S?)$")
# CLDR puts a no-break space between a currency's letters and the digits, as in "KWD 1.234"; Babel leaves it out.
_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[A-Za-z])(?=\d)")


def money(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency, in the reader's language and with the currency's own decimals."""
    written: str = format_currency(amount, currency, locale=_locale(get_language() or "en"))
    spaced = _LETTER_BEFORE_DIGIT.sub("\u00a0", written)
    return _FOREIGN_SYMBOL.sub("\u200e\\1\u200e", spaced) if get_language_bidi() else spaced


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
