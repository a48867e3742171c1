"""What became of a document."""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What recording a document did to its order."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    STALE = "stale"
    REFUSED = "refused"


@dataclass(frozen=True)
class NotUnderstood:
    """A reason that no alias maps yet: who gave it, in the origin's words."""

    source: str
    words: str


@dataclass(frozen=True)
class Outcome:
    """What became of one document, and what it says that a summary counts."""

    number: str
    what: What
    cancelled_by: str = ""
    not_understood: tuple[NotUnderstood, ...] = ()
    is_read_otherwise: bool = False  # stale, for it is what is known, read with other options
    refusal: str = ""  # why it was refused, in a sentence
