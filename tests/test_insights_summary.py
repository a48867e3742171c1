"""The summary is at every moment what counting would give: after every kind of writer, and while they race it."""

import random
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

from cancellations.models import Contest, Reason
from cancellations.terms import Source
from insights import refreshing
from insights.models import Cursor, SellerDay, SellerItem, SellerShipping
from insights.refreshing import rebuild, refresh
from orders.cancelling import cancel_order
from orders.documents import CancellationDocument, OrderDocument, SellerDocument
from orders.models import Event, Order, Seller
from orders.recording import record_orders
from orders.refusals import CannotCancel
from tests.documents import PLACED, cancelled_document, line_document, order_document, part_cancelled_line
from tests.factories import EventFactory, OrderFactory

SELLERS = ["Minh Long Ceramics", "Northwind Audio", "Batik Sari"]
ENDS = [
    ("buyer", "changed_mind"),
    ("seller", "out_of_stock"),
    ("seller", "pricing_error"),
    ("system", "order_replaced"),
]
ORDERS = 12


def counted() -> Counter[tuple[Any, ...]]:
    """Count every order and part by walking them one by one: another way than the summary's."""
    tally: Counter[tuple[Any, ...]] = Counter()
    for order in Order.objects.select_related("cancellation").prefetch_related("lines__cancellation"):
        at = (order.seller_id, timezone.localdate(order.listed_at), order.currency)
        ended = order.cancellation
        how = (ended.source, ended.reason_id) if ended else ("", None)
        tally["orders", *at, *how] += 1
        tally["worth", *at, *how] += round((order.total or 0) * 1000)
        for line in order.lines.all():
            tally["lines", *at, *how] += 1
            if line.cancellation and not ended:
                part = (line.cancellation.source, line.cancellation.reason_id)
                tally["part_lines", *at, *part] += 1
                tally["part_worth", *at, *part] += round(line.cancelled_quantity * (line.unit_price or 0) * 1000)
    return +tally


def summed_up() -> Counter[tuple[Any, ...]]:
    """Read the summary in the same form."""
    tally: Counter[tuple[Any, ...]] = Counter()
    for row in SellerDay.objects.all():
        for name in ("orders", "worth", "lines", "part_lines", "part_worth"):
            count = getattr(row, name) * (1000 if "worth" in name else 1)
            tally[name, row.seller_id, row.day, row.currency, row.source, row.reason_id] += round(count)
    return +tally


class Writers:
    """Everything that changes orders, each act on some order at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.version = 0

    def act(self) -> None:
        self.random.choice([self.say, self.say, self.say, self.cancel, self.correct])()

    def say(self) -> None:
        """Record a few documents: new orders, changed ones, cancelled, moved to another day or seller, re-opened."""
        numbers = self.random.sample(range(ORDERS), self.random.randint(1, 4))
        record_orders([self._document(f"A{number}") for number in numbers], origin="test-feed")

    def cancel(self) -> None:
        if order := self._some_order():
            source, code = self.random.choice(ENDS[:2])
            try:
                cancel_order(order, source=Source(source), reason=Reason.objects.get(code=code))
            except CannotCancel:
                return

    @transaction.atomic
    def correct(self) -> None:
        """Do what upholding a contest does: another reason, and an event that says so."""
        order = self._some_order()
        if order and (ended := order.cancellation):
            Order.objects.select_for_update().get(pk=order.pk)
            ended.reason = Reason.objects.get(
                code=self.random.choice(["out_of_stock", "pricing_error", "seller_other"])
            )
            ended.save()
            Contest.objects.create(
                cancellation=ended, statement="No.", state=Contest.State.UPHELD, decided_at=timezone.now()
            )
            EventFactory(order=order, kind=Event.Kind.CONTEST_UPHELD)

    def _some_order(self) -> Order | None:
        return Order.objects.filter(number=f"A{self.random.randrange(ORDERS)}").first()

    def _document(self, number: str) -> OrderDocument:
        self.version += self.random.choice([1, 1, 1, -1, 0])
        fields: dict[str, Any] = {
            "version": max(self.version, 0),
            "seller": SellerDocument(name=self.random.choice(SELLERS)),
            "placed_at": self.random.choice([None, PLACED, PLACED + timedelta(days=self.random.randint(0, 9))]),
            "total": self.random.choice([Decimal("49.90"), Decimal("0.10"), None]),
            "lines": self.random.choice([[], [line_document()], [line_document(), part_cancelled_line()]]),
        }
        if self.random.random() < 0.4:
            source, code = self.random.choice(ENDS)
            return cancelled_document(
                number, **fields, cancellation=CancellationDocument(source=Source(source), reason=code)
            )
        shipped = {"status": Order.Status.SHIPPED, "shipped_at": PLACED + timedelta(days=4), "ship_by": PLACED}
        return order_document(number, **fields, **self.random.choice([{}, shipped]))


@pytest.mark.parametrize("seed", range(12))
def test_after_every_refresh_it_is_what_counting_gives(db: None, seed: int) -> None:
    writers = Writers(seed)
    for _ in range(25):
        writers.act()
        if writers.random.random() < 0.5:
            _refresh_and_compare()
    _refresh_and_compare()
    assert summed_up()
    before = _shipping_and_items()
    rebuild()
    assert summed_up() == counted()
    assert _shipping_and_items() == before


def _refresh_and_compare() -> None:
    _read_everything()
    assert summed_up() == counted()


def _read_everything() -> None:
    """Refresh until nothing is left: PostgreSQL holds the events of this very transaction back until it has ended."""
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr("orders.log.OldestRunning.as_postgresql", lambda *_, **__: ("(9223372036854775807)", ()))
        refresh()


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    not connection.features.has_select_for_update,
    reason="SQLite lets one writer in at a time, so there is no race to run; PostgreSQL shows it.",
)
@pytest.mark.parametrize("seed", range(3))
def test_it_stays_right_while_writers_and_two_rebuilders_race(seed: int) -> None:
    done = Flag()
    with ThreadPoolExecutor(5) as threads:
        counting = [threads.submit(_until, done, act) for act in (refresh, rebuild)]
        writing = [threads.submit(_write, seed * 10 + n) for n in range(3)]
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


def _write(seed: int) -> None:
    writers = Writers(seed)
    try:
        for _ in range(40):
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
