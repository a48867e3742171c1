"""The words that nobody has said the meaning of: the queue of an administrator.

The work has a limit, whatever a marketplace's history: the newest that wait are grouped, and of each group that is
shown an index counts, finds the first, and finds some examples. What is older comes up as the newer is mapped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Value

from cancellations.aliases import alias_key
from cancellations.mapping import ForeignWords
from cancellations.models import Cancellation
from foundation.admin import MOST_COUNTED
from foundation.counting import CountOf
from foundation.rows import RowsOf, rows

LOOKED_AT = 20_000
MOST_EXAMPLES = 3
ORDERS = {"used": ["-used", "-newest"], "newest": ["-newest"]}


@dataclass(frozen=True)
class Group:
    """Some words of an origin, as they came last; how often, up to a thousand and one; since when and until when."""

    words: ForeignWords
    raw: str
    used: int
    first_at: datetime
    last_at: datetime
    examples: tuple[int, ...]


def waiting(
    *, origin: str = "", source: str = "", search: str = "", order: str = "used"
) -> "QuerySet[Cancellation, dict[str, Any]]":
    """Group the newest that wait, by whose words they are, who cancelled, and the words."""
    newest = Cancellation.objects.waiting_for_words()
    if origin:
        newest = newest.filter(origin=origin)
    if source:
        newest = newest.filter(source=source)
    found = Cancellation.objects.filter(pk__in=newest.order_by("-pk").values("pk")[:LOOKED_AT])
    if key := alias_key(search):
        found = found.filter(raw_key__contains=key)
    groups: QuerySet[Cancellation, dict[str, Any]] = found.order_by().values("origin", "source", "raw_key")
    counted = groups.annotate(used=Count("pk"), newest=Max("pk"))
    return counted.order_by(*ORDERS.get(order, ORDERS["used"]))


def details(groups: Iterable[dict[str, Any]]) -> list[Group]:
    """Read what a page shows of these groups, in their order."""
    newest = [group["newest"] for group in groups]
    found = {row.pk: row for row in _with_details(Cancellation.objects.filter(pk__in=newest))}
    return [_group(found[pk]) for pk in newest if pk in found]


def find_group(words: ForeignWords) -> Group | None:
    """Return what waits with these words; None where nothing does, any more."""
    waits = Cancellation.objects.waiting_for_words().worded(origin=words.origin, source=words.source, key=words.key)
    newest = _with_details(waits).order_by("-pk").first()
    return _group(newest) if newest else None


def count_waiting() -> int:
    """Count the groups."""
    return waiting().count()


def origins_waiting() -> list[str]:
    """List whose words wait."""
    return sorted({group["origin"] for group in waiting().values("origin").distinct()})


def _with_details(cancellations: Any) -> Any:
    words: dict[str, Any] = {"origin": OuterRef("origin"), "source": OuterRef("source"), "key": OuterRef("raw_key")}
    same = Cancellation.objects.worded(**words).filter(reason=OuterRef("reason")).left_to_words()
    return cancellations.annotate(
        used=CountOf(same.order_by().values(one=Value(1))[: MOST_COUNTED + 1]),
        first_at=Subquery(same.order_by("pk").values("recorded_at")[:1]),
        examples=RowsOf(same.order_by("-pk").values("id")[:MOST_EXAMPLES]),
    )


def _group(newest: Any) -> Group:
    return Group(
        words=ForeignWords(newest.origin, newest.source, newest.raw_key),
        raw=newest.raw_reason,
        used=newest.used,
        first_at=newest.first_at,
        last_at=newest.recorded_at,
        examples=tuple(row["id"] for row in rows(newest.examples)),
    )
