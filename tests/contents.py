"""Everything that a database knows, but for numbers and times that differ from one import to the next."""

from collections import Counter
from typing import Any

from django.db.models import F, Model

from accounts.models import User
from cancellations.models import Cancellation, Refund
from feeds.models import Problem, Run
from orders.models import Event, Mail, Order, OrderLine, Seller

# Each table, with what tells whose row it is.
TABLES: dict[type[Model], tuple[str, ...]] = {
    User: (),
    Seller: (),
    Order: ("buyer__external_id", "buyer__email", "seller__name"),
    OrderLine: ("order__number",),
    Cancellation: ("reason__code", "order__number", "lines__order__number", "lines__position"),
    Refund: ("cancellation__order__number", "cancellation__lines__order__number", "cancellation__lines__position"),
    Event: ("order__number",),
    Mail: ("event__order__number", "event__kind", "recipient__external_id"),
}
# When somebody looked, in which transaction, and what is random.
PASSING = {"recorded_at", "listed_at", "joined_at", "due_at", "transaction", "password", "last_login"}
NUMBERS_IN_FACTS = {"cancellation", "refund"}
COUNTS = ("new_count", "changed_count", "unchanged_count", "stale_count", "refused_count")

type Rows = Counter[tuple[tuple[str, str], ...]]


def contents() -> dict[str, Rows]:
    """Read the rows of every table that an import writes, each as often as it is there."""
    known = {table.__name__: _rows(table, owners) for table, owners in TABLES.items()}
    last = Run.objects.order_by("pk").last()
    problems = Problem.objects.filter(run=last).values("row", "number", "field", "sentence")
    return known | {"Problem": Counter(_written({**problem}) for problem in problems)}


def differences(one: dict[str, Rows], other: dict[str, Rows]) -> dict[str, int]:
    """Count, by table, the rows that only one of them has."""
    apart = {table: (one[table] - other[table]) + (other[table] - one[table]) for table in one}
    return {table: rows.total() for table, rows in apart.items() if rows}


def _rows(table: type[Model], owners: tuple[str, ...]) -> Rows:
    fields = [field for field in table._meta.concrete_fields if not (field.is_relation or field.primary_key)]
    own = [field.name for field in fields if field.name not in PASSING]
    rows = table._default_manager.values(*own, **{owner: F(owner) for owner in owners})
    return Counter(map(_written, rows))


def _written(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    facts = row.get("facts")
    if facts is not None:
        row["facts"] = sorted((name, value) for name, value in facts.items() if name not in NUMBERS_IN_FACTS)
    return tuple(sorted((name, str(value)) for name, value in row.items()))
