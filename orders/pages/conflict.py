"""What the origin says against a cancellation, as buyer and seller read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from orders.models import Conflict, Order
from orders.words import conflict as words


@dataclass(frozen=True)
class ConflictNews:
    """How it stands with one cancellation: what the records say, and what an administrator has found out."""

    conflict: Conflict
    is_whole: bool

    @property
    def said(self) -> SafeString:
        """What the records say."""
        return words.conflict_news(self.conflict, is_whole=self.is_whole)

    @property
    def state(self) -> str:
        """Whether somebody is looking into it, or has."""
        return str(words.SETTLED if self.conflict.is_settled else words.OPEN)


def conflict_news(order: Order, conflicts: Iterable[Conflict]) -> Iterator[ConflictNews]:
    """Tell of each cancellation once: what is open, else what was settled; delivered says more than sent."""
    last = {}
    for conflict in sorted(conflicts, key=_weight):
        last[conflict.cancellation_id] = conflict
    for conflict in last.values():
        yield ConflictNews(conflict, is_whole=conflict.cancellation_id == order.cancellation_id)


def _weight(conflict: Conflict) -> tuple[bool, bool]:
    return not conflict.is_settled, conflict.said == Conflict.Said.DELIVERED
