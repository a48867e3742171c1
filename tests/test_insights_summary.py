"""The summary is at every moment what counting would give: after every kind of writer, and while they race it."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Event as Flag
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import User
from insights import refreshing
from insights.models import Cursor, SellerDay, SellerItem, SellerShipping
from insights.refreshing import rebuild, refresh
from orders.documents import BuyerDocument, OrderDocument, SellerDocument
from orders.models import Event, Order, Seller
from orders.recording import record_orders
from tests.documents import PLACED, order_document
from tests.factories import OrderFactory, UserFactory
from tests.racing import ON_POSTGRESQL, PATIENTLY
from tests.writers import SELLERS, Writers

in_earnest, postgresql_only = ON_POSTGRESQL
KINDS = Event.Kind
COUNTS = ("orders", "worth", "lines", "part_lines", "part_orders", "part_worth", "upheld")


def counted() -> Counter[tuple[Any, ...]]:
    """Count every order and part by walking them one by one: another way than the summary's."""
    tally: Counter[tuple[Any, ...]] = Counter()
    orders = Order.objects.select_related("cancellation")
    for order in orders.prefetch_related("cancellation__contests", "lines__cancellation", "lines__earlier_parts"):
        at = (order.seller_id, timezone.localdate(order.listed_at), order.currency)
        ended = order.cancellation
        how = (ended.source, ended.reason_id) if ended else ("", None)
        tally["orders", *at, *how] += 1
        tally["worth", *at, *how] += round((order.total or 0) * 1000)
        tally["lines", *at, *how] += len(order.lines.all())
        tally["upheld", *at, *how] += bool(ended and any(one.state == "upheld" for one in ended.contests.all()))
        parts = [] if ended else list(_parts_of(order))
        for part, quantity, price in parts:
            tally["part_lines", *at, *part] += 1
            tally["part_worth", *at, *part] += round(quantity * (price or 0) * 1000)
        for part in {part for part, *_ in parts}:
            tally["part_orders", *at, *part] += 1
    return +tally


def _parts_of(order: Order) -> Iterator[tuple[tuple[str, int], int, Decimal | None]]:
    for line in order.lines.all():
        earlier = list(line.earlier_parts.all())
        if line.cancellation:
            own = line.cancelled_quantity - sum(part.quantity for part in earlier)
            yield (line.cancellation.source, line.cancellation.reason_id), own, line.unit_price
        for part in earlier:
            yield (part.cancellation.source, part.cancellation.reason_id), part.quantity, line.unit_price


def summed_up() -> Counter[tuple[Any, ...]]:
    """Read the summary in the same form."""
    tally: Counter[tuple[Any, ...]] = Counter()
    for row in SellerDay.objects.all():
        for name in COUNTS:
            count = getattr(row, name) * (1000 if "worth" in name else 1)
            tally[name, row.seller_id, row.day, row.currency, row.source, row.reason_id] += round(count)
    return +tally


@pytest.mark.parametrize("seed", range(12))
def test_after_every_refresh_it_is_what_counting_gives(db: None, seed: int) -> None:
    writers = Writers(seed, by=UserFactory.create())
    for _ in range(40):
        writers.act()
        if writers.random.random() < 0.3:
            _refresh_and_compare()
    _refresh_and_compare()
    assert summed_up()
    before = _shipping_and_items()
    rebuild()
    assert summed_up() == counted()
    assert _shipping_and_items() == before


def test_the_writers_do_everything_that_can_be_done(db: None) -> None:
    """The tests here are worth as much as the writers are busy."""
    writers = Writers(seed=0, by=UserFactory.create())
    for _ in range(400):
        writers.act()
    done = set(Event.objects.values_list("kind", flat=True))
    assert set(KINDS) - done == set()


def _refresh_and_compare() -> None:
    _read_everything()
    assert summed_up() == counted()


def _read_everything() -> None:
    """Refresh until nothing is left: PostgreSQL holds the events of this very transaction back until it has ended."""
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr("orders.log.OldestRunning.as_postgresql", _as_if_all_had_ended)
        refresh()


def _as_if_all_had_ended(*_: object, **__: object) -> tuple[str, tuple[()]]:
    return "(9223372036854775807)", ()


def _shipping_and_items() -> tuple[list[Any], list[Any]]:
    shipping = SellerShipping.objects.order_by("seller", "day", "took", "late").values_list("seller", "day", "took")
    items = SellerItem.objects.order_by("seller", "day", "reason").values_list("seller", "day", "reason", "quantity")
    return list(shipping), list(items)


def test_without_recounting_where_an_order_was_a_move_would_be_counted_twice(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: it notices when something is missing."""
    monkeypatch.setattr(refreshing, "_touched", _touched_without_the_past(refreshing._touched))
    record_orders([order_document()], origin="test-feed")
    _read_everything()
    record_orders([order_document(version=2, placed_at=PLACED + timedelta(days=3))], origin="test-feed")
    _read_everything()
    assert sum(SellerDay.objects.values_list("orders", flat=True)) == 2
    assert summed_up() != counted()


def _touched_without_the_past(touched: Callable[[list[Event]], Any]) -> Callable[[list[Event]], Any]:
    def forgetful(events: list[Event]) -> Any:
        for event in events:
            event.facts.pop("was", None)
        return touched(events)

    return forgetful


def test_the_first_refresh_counts_everything_and_the_next_only_what_is_new(db: None) -> None:
    OrderFactory.create_batch(3)
    call_command("refresh_insights", verbosity=0)
    assert summed_up() == counted()
    OrderFactory()
    refresh()
    assert summed_up() != counted()  # made without an event, as no writer does
    call_command("refresh_insights", rebuild=True, verbosity=0)
    assert summed_up() == counted()


def test_it_reads_a_long_log_in_batches(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh()
    monkeypatch.setattr(refreshing, "BATCH", 2)
    for number in range(5):
        record_orders([order_document(f"A{number}")], origin="test-feed")
    _read_everything()
    assert summed_up() == counted()


def test_it_remembers_until_when_it_has_read(db: None) -> None:
    began = timezone.now()
    refresh()
    read_at = Cursor.objects.get().read_at
    assert read_at
    assert began <= read_at <= timezone.now()


def test_joined_days_are_counted_in_one_go() -> None:
    days = [PLACED.date() + timedelta(days=n) for n in (5, 0, 1, 2, 7)]
    assert [run.days for run in refreshing._runs(days)] == [3, 1, 1]


@in_earnest
@postgresql_only
@pytest.mark.parametrize("seed", range(3))
def test_it_stays_right_while_writers_and_two_rebuilders_race(seed: int) -> None:
    done, by = Flag(), UserFactory.create()
    with ThreadPoolExecutor(5) as threads:
        counting = [threads.submit(_until, done, act) for act in (refresh, rebuild)]
        writing = [threads.submit(_write, seed * 10 + n, by) for n in range(3)]
        try:
            for writer in writing:
                writer.result(timeout=120)
        finally:
            done.set()
        for counter in counting:
            assert counter.result(timeout=60) > 0
    assert Seller.objects.count() == len(SELLERS)
    _wait_for_the_log()
    assert summed_up() == counted()


@in_earnest
@postgresql_only
@pytest.mark.parametrize("is_settled", [True, False])
def test_only_a_reader_who_waits_for_older_writers_misses_nothing(
    is_settled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control reads up to the newest event, past one whose writer began earlier and has not ended."""
    refresh()
    if not is_settled:
        monkeypatch.setattr("orders.log.OldestRunning.as_postgresql", _as_if_all_had_ended)
    has_written, may_end = Flag(), Flag()
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(_record_slowly, has_written, may_end)
        assert has_written.wait(PATIENTLY)
        record_orders([_of_others("B1")], origin="test-feed")
        refresh()
        may_end.set()
        slow.result(timeout=60)
    if is_settled:
        _wait_for_the_log()
    else:
        refresh()
    assert (summed_up() == counted()) == is_settled


def _of_others(number: str) -> OrderDocument:
    """Make a document whose rows nobody else writes, so that its writer waits for nobody."""
    seller, buyer = SellerDocument(name="Batik Sari"), BuyerDocument(external_id="sari.dewi")
    return order_document(number, seller=seller, buyer=buyer)


def _record_slowly(has_written: Flag, may_end: Flag) -> None:
    try:
        with transaction.atomic():
            record_orders([order_document("A1")], origin="test-feed")
            has_written.set()
            assert may_end.wait(PATIENTLY)
    finally:
        connections.close_all()


def _write(seed: int, by: User) -> None:
    writers = Writers(seed, by=by)
    try:
        for _ in range(60):
            writers.act()
    finally:
        connections.close_all()


def _until(done: Flag, act: Callable[[], object]) -> int:
    times = 0
    try:
        while not done.is_set():
            act()
            times += 1
    finally:
        connections.close_all()
    return times


def _wait_for_the_log() -> None:
    """Refresh until the newest event has been read: others' transactions in this database may hold it back briefly."""
    newest = Event.objects.order_by("-transaction", "-pk")[0]
    for _ in _attempts():
        refresh()
        if Cursor.objects.get().event == newest.pk:
            return
    pytest.fail("The newest event was never read.")


def _attempts() -> Iterator[int]:
    yield from range(100)
