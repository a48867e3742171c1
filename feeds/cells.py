"""What the cells of exports mean: numbers, amounts and times as people write them."""

import re
import unicodedata
from datetime import datetime, tzinfo
from decimal import Decimal

MISSING = {"", "-", "—", "–"}
WITH_CURRENCY = re.compile(r"[^\d.,-]{0,4}([\d.,]+)[^\d.,-]{0,4}")
PLAIN = re.compile(r"\d{1,15}(\.\d{1,15})?")
GROUPED = {
    ".": re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,3})?"),
    ",": re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,3})?"),
}


def key_of(words: str) -> str:
    """Bring a header, or words out of a fixed list, into the form in which they are compared.

    Vietnamese sets the tone of some syllables on either vowel: huỷ and hủy are one word.
    """
    return " ".join(unicodedata.normalize("NFC", words).casefold().replace("uỷ", "ủy").split())


def present(text: str) -> str:
    """Return the text, or the empty text where it only says that nothing is there."""
    return "" if text in MISSING else text


def whole_number(text: str) -> int:
    """Read a count. Raise ValueError, in words for people, for anything else."""
    match = re.fullmatch(r"(\d{1,9})(\.0+)?", text)
    if not match:
        raise ValueError("It must be a whole number.")
    return int(match[1])


def amount(text: str, *, grouped_by: str = ",", in_thousands: bool = False) -> Decimal:
    """Read an amount, its thousands grouped or not. Raise ValueError, in words for people, for anything else.

    `in_thousands`: a spreadsheet may have taken the dot before the last three digits for a decimal point and dropped
    the zeros at the end: 10.000 became 10, and 38.300 became 38.3. So a number below 1,000 counts thousands.
    """
    match = WITH_CURRENCY.fullmatch(text)
    digits = match[1] if match else ""
    is_grouped = GROUPED[grouped_by].fullmatch(digits) is not None
    plain = (digits.replace(grouped_by, "") if is_grouped else digits).replace(",", ".")
    if not PLAIN.fullmatch(plain):
        raise ValueError("It must be an amount in digits, as in 49.90.")
    value = Decimal(plain)
    return value * 1000 if in_thousands and not is_grouped and value < 1000 else value


def moment(text: str, zone: tzinfo) -> datetime:
    """Read a local time of this zone; a day alone is its first minute. Raise ValueError for anything else."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("It must be a date and time, as in 2026-11-23 09:00.") from None
    return read if read.tzinfo else read.replace(tzinfo=zone)
