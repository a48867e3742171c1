"""What a page showed that could be cancelled, and what it said that its button would: its form carries both.

The page may be older than the order, and somebody may have changed how many since it was made.
"""

import re
from collections.abc import Iterable, Mapping

from orders.models import OrderLine
from orders.refusals import Change, NotAsShown

type Shown = Mapping[int, int]  # a line to how many of it

SHOWN, PROMISED = "shown", "promised"  # the names of the fields in a form
FORM = re.compile(r"[0-9]{1,18}:[0-9]{1,18}( [0-9]{1,18}:[0-9]{1,18})*")


def left_of(lines: Iterable[OrderLine]) -> Shown:
    """Return how many are left of each line of which any is."""
    return {line.pk: line.kept_quantity for line in lines if line.kept_quantity}


def as_text(shown: Shown) -> str:
    """Write it as a form carries it."""
    return " ".join(f"{line}:{left}" for line, left in shown.items())


def from_text(text: str) -> Shown | None:
    """Read what a form carried; None if that says nothing."""
    if not FORM.fullmatch(text):
        return None
    pairs = [pair.split(":") for pair in text.split()]
    return {int(line): int(left) for line, left in pairs}


def check_shown(lines: Iterable[OrderLine], shown: Shown | None) -> None:
    """Raise NotAsShown if not just as many are left as the page showed; None is nobody's page.

    So what is sent twice, or from a second tab, does not take another one of the same line.
    """
    if shown is None:
        return
    lines = list(lines)
    if shown != left_of(lines):
        changes = [Change(line.title, shown.get(line.pk, 0), line.kept_quantity) for line in lines]
        raise NotAsShown([change for change in changes if change.shown != change.left])
