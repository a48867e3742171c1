"""The log of events, read to its end by those who must miss nothing: the API's outbox and insights."""

import re
from dataclasses import dataclass
from typing import Self

from django.db.models import Q, QuerySet

from foundation.transactions import OldestRunning
from orders.models import Event


@dataclass(frozen=True, order=True)
class Place:
    """A place in the log: the last event that was read. It only ever moves forward."""

    transaction: int = 0
    event: int = 0

    @classmethod
    def of(cls, event: Event) -> Self:
        """Return the place of an event."""
        return cls(event.transaction, event.pk)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a place as str() writes it; the empty text is the beginning. Raise ValueError."""
        if not text:
            return cls()
        if not (numbers := re.fullmatch(r"([0-9]{1,18})-([0-9]{1,18})", text)):
            raise ValueError("A place in the log is two numbers with a hyphen between them, such as 1042-77.")
        return cls(int(numbers[1]), int(numbers[2]))

    def __str__(self) -> str:
        return f"{self.transaction}-{self.event}"


def events_after(place: Place, *, limit: int, among: QuerySet[Event] | None = None) -> list[Event]:
    """Read the next events (among some of them), oldest first: only those that nothing still running can come before.

    An event shows up here a moment after its commit, when the transactions that began before it have ended too.
    """
    later = Q(transaction__gte=place.transaction) & (Q(transaction__gt=place.transaction) | Q(pk__gt=place.event))
    events = Event.objects.all() if among is None else among.select_related("order")
    return list(_settled(events).filter(later).order_by("transaction", "pk")[:limit])


def newest_place() -> Place:
    """Return the place of the last event that a reader may read now; the beginning where there is none."""
    newest = _settled(Event.objects.all()).order_by("-transaction", "-pk").first()
    return Place.of(newest) if newest else Place()


def _settled(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.filter(transaction__lt=OldestRunning())
