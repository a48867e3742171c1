"""Messages and readers at the same time, on PostgreSQL: an effect once, and nothing missed."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connections, transaction
from django.db.models import QuerySet

from feeds.connecting import connect_feed
from feeds.models import Delivery
from feeds.receiving import receive
from foundation.transactions import OldestRunning
from orders.log import Place, events_after
from orders.models import Event, Order
from tests.factories import OrderFactory
from tests.racing import ON_POSTGRESQL

pytestmark = ON_POSTGRESQL
WRITERS = 8


def document(number: str, version: int) -> dict[str, object]:
    lines = [{"title": "Lamp", "quantity": 1}]
    seller = {"name": "Casa Lucera"}
    return {"number": number, "version": version, "seller": seller, "status": "preparing", "lines": lines}


def in_threads[T](act: Callable[[int], T], count: int) -> list[T]:
    def run(number: int) -> T:
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def test_one_message_delivered_by_eight_at_once_has_its_effect_once() -> None:
    feed = connect_feed(slug="market", name="The market")
    body = json.dumps({"orders": [document(str(n), 1) for n in range(20)]}).encode()
    answers = in_threads(lambda _: receive(feed, message="m-1", body=body), WRITERS)
    assert all(answer == answers[0] for answer in answers)
    assert (Order.objects.count(), Delivery.objects.count(), Event.objects.count()) == (20, 1, 20)


def test_eight_writers_on_the_same_orders_end_at_the_newest() -> None:
    feed = connect_feed(slug="market", name="The market")
    numbers = [f"N{n}" for n in range(40)]

    def write(writer: int) -> None:
        for version in range(1 + writer, 41, WRITERS):
            said = {"orders": [document(number, version) for number in numbers[:: 1 if writer % 2 else -1]]}
            receive(feed, message=f"{writer}-{version}", body=json.dumps(said).encode())

    in_threads(write, WRITERS)
    assert set(Order.objects.values_list("origin_version", flat=True)) == {40}
    assert Order.objects.count() == len(numbers)


def missed_by_a_reader(writes: int = 30) -> set[int]:
    """Let eight write events in transactions of different length while one reads; return what it never saw."""
    orders = OrderFactory.create_batch(WRITERS)
    is_over = Signal()
    seen: set[int] = set()

    def read(_: int) -> None:
        place = Place()
        while True:
            ended = is_over.is_set()
            # Asked before reading: what runs elsewhere in this PostgreSQL may hold the log back, and end in between.
            is_held = Event.objects.filter(transaction__gte=OldestRunning()).exists()
            events = events_after(place, limit=50)
            if events:
                place = Place.of(events[-1])
                seen.update(event.pk for event in events)
            elif ended and not is_held:
                return

    def write(writer: int) -> None:
        for turn in range(writes):
            with transaction.atomic():
                Event.objects.create(order=orders[writer], kind="changed", actor="system")
                time.sleep(0.002 * ((writer + turn) % 4))

    def run(number: int) -> None:
        try:
            (read if number == WRITERS else write)(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS + 1) as threads:
        reading = threads.submit(run, WRITERS)
        list(threads.map(run, range(WRITERS)))
        is_over.set()
        reading.result()
    return set(Event.objects.values_list("pk", flat=True)) - seen


def test_a_reader_of_the_log_misses_nothing() -> None:
    assert missed_by_a_reader() == set()


def test_without_the_guard_a_reader_misses_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read everything that is visible, in the order of its numbers, as a cursor on the id would."""

    def by_id(place: Place, *, limit: int, among: QuerySet[Event] | None = None) -> list[Event]:
        return list(Event.objects.filter(pk__gt=place.event).order_by("pk")[:limit])

    monkeypatch.setitem(globals(), "events_after", by_id)
    assert any(missed_by_a_reader() for _ in range(5))
