"""The rows that a batch writes, gathered first so that each table is written by a constant number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db import models

from cancellations.models import Cancellation, Refund
from foundation.blanks import Blanks
from foundation.inserting import insert
from orders.contesting import overtake_contests
from orders.mailing import announce_fresh
from orders.models import CancellationRequest, Conflict, Event, Order, OrderLine, RequestedLine

# A row may point only at rows of a table before its own.
TABLES: tuple[type[models.Model], ...] = (
    Cancellation,
    Order,
    OrderLine,
    CancellationRequest,
    RequestedLine,
    Refund,
    Conflict,
    Event,
)


@dataclass
class Rows:
    """New rows, rows to be written again, and rows to be deleted; and cancellations that their origin takes back."""

    new: dict[type[models.Model], list[models.Model]] = field(default_factory=lambda: defaultdict(list))
    known: dict[type[models.Model], list[models.Model]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[type[models.Model], list[models.Model]] = field(default_factory=lambda: defaultdict(list))
    taken_back: list[Cancellation] = field(default_factory=list)
    blanks: Blanks = field(default_factory=Blanks)

    def put(self, row: models.Model) -> None:
        """Write the row, new or known."""
        (self.new if row.pk is None else self.known)[type(row)].append(row)

    def remove(self, row: models.Model) -> None:
        """Delete the row."""
        self.gone[type(row)].append(row)

    def tell(self, order: Order, kind: Event.Kind, *, actor: str, at: datetime | None, **facts: Any) -> None:
        """Add an event. A fact may be a row that has no key yet: its key is what is written."""
        event = self.blanks.make(Event)
        event.order, event.kind, event.actor, event.occurred_at = order, kind, actor, at
        event.facts, event.origin = facts, order.origin
        self.new[Event].append(event)

    def save(self) -> None:
        """Write everything, parents first, and the mails that are due about what is news."""
        for table in TABLES:
            if gone := self.gone[table]:
                table._default_manager.filter(pk__in=[row.pk for row in gone]).delete()
            for row in self.new[Event] if table is Event else ():
                _name_keys(row)
            if table is Conflict:
                # What an origin says again opens nothing: one conflict is one row, and it may be settled.
                Conflict.objects.bulk_create(cast("list[Conflict]", self.new[table]), ignore_conflicts=True)
            else:
                insert(self.new[table])
            rewrite(self.known[table])
        if self.taken_back:
            overtake_contests(self.taken_back)
        refunds = self.new[Refund] + self.known[Refund]
        requests = self.new[CancellationRequest] + self.known[CancellationRequest]
        announce_fresh(
            cast("list[Event]", self.new[Event]),
            cast("list[Refund]", refunds),
            cast("list[CancellationRequest]", requests),
        )


def rewrite(rows: Sequence[models.Model], fields: Sequence[str] = ()) -> None:
    """Write known rows again in one statement, all their fields or those named. Their orders must be locked.

    An upsert on the key is that statement: an UPDATE with a CASE per field, as bulk_update writes it, takes many times
    as long.
    """
    if not rows:
        return
    table = type(rows[0])
    written = fields or [f.name for f in table._meta.concrete_fields if not f.primary_key and not f.generated]
    table._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=written)


def _name_keys(event: models.Model) -> None:
    event.facts = {  # type: ignore[attr-defined]
        name: fact.pk if isinstance(fact, models.Model) else fact
        for name, fact in event.facts.items()  # type: ignore[attr-defined]
    }
