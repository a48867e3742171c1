"""Keeping the summary: read what happened, and count the days that it touched again.

Counting again is right whatever happened, and however often; a sum of differences would have to be right every time.
Only settled events are read (orders/log.py), and the counting statements begin later than the reading one: so they
see everything that was read, and what they see beyond that is read, and counted, the next time.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Model
from django.utils import timezone

from insights.counting import count_days, count_items, count_shipping
from insights.models import Cursor, SellerDay, SellerItem, SellerShipping
from insights.recording import keep_records, record_everybody, record_sellers
from insights.windows import DAY, Window
from orders.log import Place, events_after, newest_place
from orders.models import Event, Order

BATCH = 500
READING = ["transaction", "event", "read_at"]


def refresh() -> int:
    """Bring the summary up to date, one batch at a time; return the number of events that were read."""
    if not _has_counted():
        rebuild()
    read: int = 0
    sellers: set[int] = set()
    is_behind = True
    while is_behind:
        batch = _read_batch()
        read, sellers = read + batch.events, sellers | batch.sellers
        is_behind = batch.events == BATCH
    keep_records(sellers, today=timezone.localdate())
    return read


def catch_up() -> int:
    """Read one batch of events, for a request that has time for no more; return how many there were."""
    if not _has_counted():
        return 0
    batch = _read_batch()
    record_sellers(batch.sellers, timezone.localdate())
    return batch.events


def rebuild() -> None:
    """Count everything again, from the first order to the last: for the first time, or when the zone has changed."""
    _count_everything()
    record_everybody(timezone.localdate())


@dataclass(frozen=True)
class Batch:
    """How many events were read, and whose days were counted again."""

    events: int
    sellers: set[int]


def _has_counted() -> bool:
    return Cursor.objects.filter(read_at__isnull=False).exists()


@transaction.atomic
def _read_batch() -> Batch:
    cursor, now = _lock_cursor(), timezone.now()
    events = events_after(cursor.place, limit=BATCH)
    touched = _touched(events)
    for seller, days in touched.items():
        for window in _runs(days):
            _recount(seller, window)
    if events:
        cursor.place = Place.of(events[-1])
    if len(events) < BATCH:
        cursor.read_at = now
    cursor.save(update_fields=READING)
    return Batch(len(events), set(touched))


@transaction.atomic
def _count_everything() -> None:
    cursor, now = _lock_cursor(), timezone.now()
    cursor.place, cursor.read_at = newest_place(), now
    for table in (SellerDay, SellerShipping, SellerItem):
        table._default_manager.all().delete()
    ends = Order.objects.order_by().values("seller").annotate(first=Min("listed_at"), last=Max("listed_at"))
    for row in ends:
        _recount(row["seller"], Window(timezone.localdate(row["first"]), timezone.localdate(row["last"])))
    cursor.save(update_fields=READING)


def _lock_cursor() -> Cursor:
    """Take the one row that only one may hold: two that count the same days at once would leave the older count."""
    Cursor.objects.bulk_create([Cursor(pk=1)], ignore_conflicts=True)
    return Cursor.objects.select_for_update().get(pk=1)


def _touched(events: Iterable[Event]) -> dict[int, set[date]]:
    """Return the days of each seller that events are about: where the order counts now, and where it counted before."""
    days: dict[int, set[date]] = defaultdict(set)
    orders = {event.order_id for event in events}
    for seller, listed_at in Order.objects.filter(pk__in=orders).values_list("seller", "listed_at"):
        days[seller].add(timezone.localdate(listed_at))
    for was in (event.facts["was"] for event in events if "was" in event.facts):
        days[was["seller"]].add(timezone.localdate(datetime.fromisoformat(was["listed_at"])))
    return days


def _runs(days: Iterable[date]) -> list[Window]:
    """Join days that follow each other."""
    runs: list[Window] = []
    for day in sorted(days):
        if runs and day - runs[-1].until == DAY:
            runs[-1] = Window(runs[-1].since, day)
        else:
            runs.append(Window(day, day))
    return runs


def _recount(seller: int, window: Window) -> None:
    _replace(SellerDay, seller, window, count_days(seller, window))
    _replace(SellerShipping, seller, window, count_shipping(seller, window))
    _replace(SellerItem, seller, window, count_items(seller, window))


def _replace(table: type[Model], seller: int, window: Window, rows: list[Any]) -> None:
    table._default_manager.filter(seller=seller, day__range=(window.since, window.until)).delete()
    table._default_manager.bulk_create(rows, batch_size=1_000)
