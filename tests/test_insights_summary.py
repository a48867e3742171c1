"""The summary is at every moment what counting would give: after every kind of writer, and while they race it."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event as Flag
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import User
from cancellations.models import Cancellation
from insights import refreshing
from insights.definitions import NOT_COUNTED
from insights.models import Cursor, SellerDay, SellerItem, SellerShipping
from insights.refreshing import rebuild, refresh
from orders.documents import BuyerDocument, OrderDocument, SellerDocument
from orders.models import Event, Order, OrderLine, Seller
from orders.recording import record_orders
from tests.documents import PLACED, order_document
from tests.factories import OrderFactory, UserFactory
from tests.racing import ON_POSTGRESQL, PATIENTLY
from tests.settling import wait_until_settled
from tests.writers import SELLERS, Writers

in_earnest, postgresql_only = ON_POSTGRESQL
KINDS = Event.Kind
COUNTS = ("orders", "part_lines", "part_orders", "part_worth", "upheld")


def counted() -> Counter[tuple[Any, ...]]:
    """Count every order and part by walking them one by one: another way than the summary's."""
    tally: Counter[tuple[Any, ...]] = Counter()
    orders = Order.objects.select_related("cancellation__reason")
    lines = ("lines__cancellation__reason", "lines__earlier_parts__cancellation__reason")
    for order in orders.prefetch_related("cancellation__contests", *lines):
        at = (order.seller_id, timezone.localdate(order.listed_at), order.currency)
        ended = order.cancellation
        how = (ended.source, ended.reason_id) if ended else ("", None)
        tally["orders", *at, *how] += 1
        tally["upheld", *at, *how] += bool(ended and any(one.state == "upheld" for one in ended.contests.all()))
        taken = list(_taken_of(order))
        parts = [] if ended else taken
        for by, line, quantity in parts:
            tally["part_lines", *at, by.source, by.reason_id] += 1
            tally["part_worth", *at, by.source, by.reason_id] += round(quantity * (line.unit_price or 0) * 1000)
        for part in {(by.source, by.reason_id) for by, *_ in parts}:
            tally["part_orders", *at, *part] += 1
        if ended is None or ended.reason.code not in NOT_COUNTED:
            tally += _shipping_of(order) + _items_of(order, taken)
    return +tally


def _taken_of(order: Order) -> Iterator[tuple[Cancellation, OrderLine, int]]:
    for line in order.lines.all():
        earlier = list(line.earlier_parts.all())
        if line.cancellation:
            yield line.cancellation, line, line.cancelled_quantity - sum(part.quantity for part in earlier)
        for part in earlier:
            yield part.cancellation, line, part.quantity


def _shipping_of(order: Order) -> Counter[tuple[Any, ...]]:
    if order.shipped_at is None:
        return Counter()
    sent = timezone.localdate(order.shipped_at)
    took = _working_days(timezone.localdate(order.paid_at or order.listed_at), sent)
    late = None
    if order.ship_by:
        days = _working_days(timezone.localdate(order.ship_by), sent)
        late = max(days, 1) if order.shipped_at > order.ship_by else 0
    return Counter({("sent", order.seller_id, timezone.localdate(order.listed_at), took, late): 1})


def _working_days(since: date, until: date) -> int:
    days = [since + timedelta(days=n) for n in range(1, (until - since).days + 1)]
    return sum(day.weekday() < 5 for day in days)


def _items_of(order: Order, taken: list[tuple[Cancellation, OrderLine, int]]) -> Counter[tuple[Any, ...]]:
    tally: Counter[tuple[Any, ...]] = Counter()
    for by, line, quantity in taken:
        if by.reason.code in {"out_of_stock", "pricing_error"}:
            day = timezone.localdate(order.listed_at)
            item = (order.seller_id, day, by.reason_id, line.title, line.variant, line.sku)
            tally["pieces", *item] += quantity
            tally["orders of an item", *item] = 1
    return tally


def summed_up() -> Counter[tuple[Any, ...]]:
    """Read the summary in the same form."""
    tally: Counter[tuple[Any, ...]] = Counter()
    for row in SellerDay.objects.all():
        for name in COUNTS:
            count = getattr(row, name) * (1000 if "worth" in name else 1)
            tally[name, row.seller_id, row.day, row.currency, row.source, row.reason_id] += round(count)
    for sent in SellerShipping.objects.all():
        tally["sent", sent.seller_id, sent.day, sent.took, sent.late] += sent.orders
    for lost in SellerItem.objects.all():
        item = (lost.seller_id, lost.day, lost.reason_id, lost.title, lost.variant, lost.sku)
        tally["pieces", *item] += lost.quantity
        tally["orders of an item", *item] += lost.orders
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
    rebuild()
    assert summed_up() == counted()


def test_the_writers_do_everything_that_can_be_done(db: None) -> None:
    """The tests here are worth as much as the writers are busy."""
    writers = Writers(seed=0, by=UserFactory.create())
    for _ in range(400):
        writers.act()
    done = set(Event.objects.values_list("kind", flat=True))
    assert set(KINDS) - done == set()
    _refresh_and_compare()
    assert {"orders", "upheld", "part_lines", "sent", "pieces"} <= {what for what, *_ in summed_up()}


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


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: SellerShipping.objects.update(late=7),
        lambda: SellerShipping.objects.update(orders=99),
        lambda: SellerItem.objects.update(orders=99),
        lambda: SellerItem.objects.update(quantity=99),
        lambda: SellerDay.objects.update(upheld=99),
    ],
    ids=["late", "sent", "orders of an item", "pieces", "upheld"],
)
def test_a_wrong_figure_in_any_of_its_tables_is_noticed(db: None, spoil: Callable[[], int]) -> None:
    """The control of the comparison itself."""
    writers = Writers(seed=1, by=UserFactory.create())
    for _ in range(80):
        writers.act()
    _refresh_and_compare()
    assert spoil() > 0
    assert summed_up() != counted()


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
    """Refresh once the newest event can be read: others' transactions on this server may hold it back."""
    wait_until_settled()
    refresh()
    newest = Event.objects.order_by("-transaction", "-pk")[0]
    assert Cursor.objects.get().event == newest.pk
