"""What people read for a reason, from a copy of the catalogue kept in the process.

Wordings are only ever added, and a cancellation names the version it was recorded with; so a copy can lack a new
row, which shows and is mended at once, but never be wrong. What else is known of a reason (whose doing it is, what
to do instead) may be edited, and is up to a minute old here.

Where no language is named, it is the reader's.
"""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from cancellations.models import Reason, Wording
from cancellations.placeholders import fill

KEEP_SECONDS = 60
SOURCE_LANGUAGE = "en"


@dataclass(frozen=True)
class Texts:
    """A wording with the facts of one order put in."""

    label: str
    headline: str
    explanation: str
    next_step: str
    prevention: str
    seller_advice: str


@dataclass(frozen=True)
class _Copy:
    taken_at: float
    reasons: dict[int, Reason]
    newest: dict[int, int]
    wordings: dict[tuple[int, str], list[Wording]]


_copy: _Copy | None = None


def wording(reason_id: int, version: int, language: str | None = None) -> Wording:
    """Return the newest wording not above the version in a language, else that language's oldest.

    A language without any gives way to its base (de-at to de), and that to English. Raise KeyError for a reason
    that has no wording in any of them.
    """
    wordings = _catalogue(reason_id, version).wordings
    for spoken in _languages(language):
        if written := wordings.get((reason_id, spoken)):
            return next((one for one in reversed(written) if one.version <= version), written[0])
    raise KeyError(reason_id)


def newest_wording(reason_id: int, language: str | None = None) -> Wording:
    """Return the wording that a cancellation recorded now would be read with, as the copy knows it."""
    return wording(reason_id, _catalogue(reason_id, 1).newest[reason_id], language)


def reason(reason_id: int) -> Reason:
    """Return a reason without asking the database, as it was within the last minute. Raise KeyError where none is."""
    return _catalogue(reason_id, 1).reasons[reason_id]


def find_reason(code: str) -> Reason | None:
    """Return the reason with this code, read as `reason` reads it; None where there is none."""
    return next((one for one in _catalogue(0, 0).reasons.values() if one.code == code), None)


def label_of(code: str, language: str | None = None) -> str:
    """Return what a reason is called in lists, by its code; the code itself if the copy does not know it."""
    known = {reason.code: pk for pk, reason in _catalogue(0, 0).reasons.items()}
    return newest_wording(known[code], language).label if code in known else code


def filled(wording: Wording, facts: Mapping[str, str]) -> Texts:
    """Put the facts of an order into the texts."""
    return Texts(**{field: fill(text, facts) for field, text in wording.texts.items()})


def newest_version(reason_id: int) -> int:
    """Ask the database for the version that a cancellation recorded now is to name."""
    return Wording.objects.filter(reason=reason_id).order_by("-version").values_list("version", flat=True)[0]


def forget() -> None:
    """Drop the copy, so that the next reader takes a new one."""
    global _copy
    _copy = None


def _catalogue(reason_id: int, version: int) -> _Copy:
    """Return the copy; take a new one when it is old, or lacks the version."""
    global _copy
    copy = _copy  # one assignment: other threads see the old copy or the new one
    if copy is None or time.monotonic() - copy.taken_at > KEEP_SECONDS or version > copy.newest.get(reason_id, 0):
        copy = _copy = _taken()
    return copy


def _taken() -> _Copy:
    now = time.monotonic()
    reasons, newest, wordings = {}, {}, defaultdict(list)
    for row in Wording.objects.select_related("reason").order_by("reason", "version"):
        reasons[row.reason_id] = row.reason
        newest[row.reason_id] = row.version
        wordings[row.reason_id, row.language].append(row)
    return _Copy(now, reasons, newest, dict(wordings))


def _languages(language: str | None) -> list[str]:
    language = (language or get_language() or SOURCE_LANGUAGE).lower()
    return [language, language.partition("-")[0], SOURCE_LANGUAGE]
