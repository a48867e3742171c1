"""What helps, in the catalogue's words."""

from dataclasses import dataclass

from cancellations import wordings
from cancellations.models import Wording


@dataclass(frozen=True)
class Advice:
    """What helps against one reason, how many orders ended for it, and where they are."""

    label: str
    orders: int
    text: str
    href: str


def worded(reason: int) -> Wording:
    """Return the newest wording of a reason in the reader's language."""
    return wordings.newest_wording(reason)
