"""How single facts of a Shopee export are read: which language it is in, what a status says, who cancelled and why."""

import re
from collections.abc import Sequence
from functools import cache

from cancellations.terms import PaymentMethod, Source
from feeds.cells import key_of
from feeds.formats.shopee.words import EDITIONS, NEEDED, PAYMENT_METHODS, Edition
from feeds.refusals import FileRefused
from foundation.text import one_line
from orders.models import Order

WHY = r"\b[\s.,:;]*(?:(?:l[ýí] do(?: là)?|reason|alasan)\s*:)?\s*"


def edition_of(header: Sequence[str]) -> Edition:
    """Tell the export's language by its header. Raise FileRefused naming what is missing."""
    found = {edition: columns_of(header, edition) for edition in EDITIONS}
    edition = max(EDITIONS, key=lambda edition: (sum(name in found[edition] for name in NEEDED), len(found[edition])))
    missing = [edition.columns[name][0] for name in NEEDED if name not in found[edition]]
    if len(missing) == len(NEEDED):
        raise FileRefused("It has none of the columns of a Shopee order export in its first row.")
    if missing:
        raise FileRefused(f"It has no column {', '.join(missing)}, which a Shopee order export has.")
    return edition


def is_header(header: Sequence[str]) -> bool:
    """Tell whether a first row is that of an export. Other marketplaces' have what is needed of ours in English too."""
    try:
        return "placed" in columns_of(header, edition_of(header))
    except FileRefused:
        return False


def columns_of(header: Sequence[str], edition: Edition) -> dict[str, int]:
    """Find our columns by their headers, wherever they stand. Raise FileRefused where one is there twice."""
    present = [key_of(title) for title in header]
    columns = {}
    for name, titles in edition.columns.items():
        found = next((title for title in titles if key_of(title) in present), None)
        if found and present.count(key_of(found)) > 1:
            raise FileRefused(f"It has the column {found} more than once.")
        if found:
            columns[name] = present.index(key_of(found))
    return columns


def status_of(text: str, edition: Edition) -> Order.Status:
    """Read the status; a sentence that goes on with a date says it before its first comma. Raise ValueError."""
    known = _statuses(edition)
    status = known.get(key_of(text)) or known.get(key_of(text.partition(",")[0]))
    if status is None:
        raise ValueError("This status is not known." if text else "It is missing.")
    return status


@cache
def _statuses(edition: Edition) -> dict[str, Order.Status]:
    return {key_of(words): status for words, status in edition.statuses.items()}


def who_and_why(text: str, edition: Edition) -> tuple[Source, str]:
    """Split "Cancelled by Buyer. Reason: ..." into who, as the origin states it, and why, in the origin's words.

    Nothing is concluded from the reason itself: a system cancels because of sellers, and buyers because of both.
    """
    words = one_line(text)
    for pattern, source in _statements(edition):
        if match := pattern.fullmatch(words):
            return source, match[1]
    return Source.UNKNOWN, words


@cache
def _statements(edition: Edition) -> list[tuple[re.Pattern[str], Source]]:
    """Compile what says who cancelled, the longest first: one may begin like another."""
    statements = sorted(edition.sources.items(), key=lambda item: -len(item[0]))
    return [(re.compile(f"{_words(said)}{WHY}(.*)", re.IGNORECASE), source) for said, source in statements]


def _words(said: str) -> str:
    """Match the words; huỷ and hủy are one word."""
    return re.escape(one_line(said)).replace("ủy", "(?:ủy|uỷ)")


def method_of(text: str) -> PaymentMethod:
    """Tell how an order is paid by the name the export gives it."""
    if not text:
        return PaymentMethod.UNKNOWN
    words = key_of(text)
    return next((method for name, method in PAYMENT_METHODS.items() if name in words), PaymentMethod.OTHER)


def carrier_of(text: str) -> str:
    """Return the carrier from "Express-Some Carrier"; the option alone names none."""
    return text.partition("-")[2].strip()
