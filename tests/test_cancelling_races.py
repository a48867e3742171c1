"""Two at once about one order: one of them wins, the other is told so, on PostgreSQL.

Each race is forced into its worst order: both look before either writes, as far as the lock lets them. Each has a
control, the same race without the lock, that goes wrong; so the test can fail.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone

from cancellations.models import Cancellation, Reason, Refund
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.documents import LineDocument, OrderDocument, SellerDocument
from orders.models import Event, Order
from orders.recording import record_orders
from orders.refusals import CannotCancel
from tests.factories import OrderFactory

type Act = Callable[[Order], object]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not connection.features.has_select_for_update,
        reason="SQLite lets one writer in at a time, so there is no race to run; PostgreSQL shows it.",
    ),
]
ROUNDS = 15
# Seconds to wait for the other one to have looked too: with the lock it cannot come, without it it surely will.
BRIEFLY, PATIENTLY = 0.05, 10
DONE = "done"


class CannotShip(Exception):
    pass


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock away, and leave everything else as it is."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda orders: orders)


def cancel(order: Order) -> None:
    cancel_order(order, source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))


@transaction.atomic
def ship(order: Order) -> None:
    """Do what recording does when the origin says that the order is on its way: lock, look, write."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.status != Order.Status.PREPARING:
        raise CannotShip
    Order.objects.filter(pk=order.pk).update(status=Order.Status.SHIPPED, shipped_at=timezone.now())


def record_as_shipped(order: Order) -> None:
    """Let the origin say that the order is on its way."""
    line = LineDocument(title="Rice cooker, 1.8 l", quantity=1)
    seller = SellerDocument(name=order.seller.name)
    document = OrderDocument(number=order.number, version=1, seller=seller, status=Order.Status.SHIPPED, lines=(line,))
    record_orders([document], origin="test-feed")


def race(order: Order, *acts: Act, patience: float = BRIEFLY) -> list[object]:
    """Run the acts at the same time, and return what became of each: done, or its exception."""
    both_looked = Barrier(len(acts), timeout=patience)
    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(lambda act: _outcome(act, order, both_looked), acts))


def _outcome(act: Act, order: Order, both_looked: Barrier) -> object:
    try:
        with connection.execute_wrapper(_WaitAfterLooking(both_looked)):
            act(order)
    except (CannotCancel, CannotShip, IntegrityError) as error:
        return type(error)
    finally:
        connections.close_all()
    return DONE


class _WaitAfterLooking:
    """Hold a thread after it has read the order, until the other has too or does not come."""

    def __init__(self, both_looked: Barrier) -> None:
        self.both_looked = both_looked
        self.has_looked = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        if not self.has_looked and sql.startswith("SELECT") and 'FROM "orders_order"' in sql:
            self.has_looked = True
            self._wait()
        return answer

    def _wait(self) -> None:
        try:
            self.both_looked.wait()
        except BrokenBarrierError:
            return


def test_an_order_is_cancelled_once() -> None:
    for _ in range(ROUNDS):
        order = OrderFactory.create()
        assert set(race(order, cancel, cancel)) == {DONE, CannotCancel}
        order.refresh_from_db()
        assert order.is_cancelled
    assert Cancellation.objects.count() == Refund.objects.count() == ROUNDS
    assert Event.objects.count() == 2 * ROUNDS


def test_without_the_lock_an_order_is_cancelled_twice(without_lock: None) -> None:
    order = OrderFactory.create()
    assert race(order, cancel, cancel, patience=PATIENTLY) == [DONE, DONE]
    assert Cancellation.objects.count() == 2


def test_an_order_is_cancelled_or_shipped() -> None:
    for _ in range(ROUNDS):
        order = OrderFactory.create()
        outcomes = race(order, cancel, ship)
        assert outcomes in ([DONE, CannotShip], [CannotCancel, DONE])
        order.refresh_from_db()
        assert order.is_cancelled == (outcomes[0] == DONE)
        assert (order.cancellation is None) == (order.shipped_at is not None)
    assert Cancellation.objects.count() == Order.objects.cancelled().count()


def test_without_the_lock_an_order_is_both(without_lock: None) -> None:
    """Whoever writes last wins: a cancelled order is on its way, or the constraint stops the one who ships."""
    order = OrderFactory.create()
    outcomes = race(order, cancel, ship, patience=PATIENTLY)
    order.refresh_from_db()
    assert outcomes == [DONE, IntegrityError] or (order.is_cancelled and order.shipped_at)


def test_a_cancellation_made_here_stands_or_comes_too_late_when_the_origin_ships() -> None:
    for _ in range(ROUNDS):
        order = OrderFactory.create()
        outcomes = race(order, cancel, record_as_shipped)
        order.refresh_from_db()
        assert (outcomes, order.status) in (([DONE, DONE], "cancelled"), ([CannotCancel, DONE], "shipped"))
        assert order.events.filter(kind=Event.Kind.CONFLICT).exists() == order.is_cancelled


def test_without_the_lock_the_origin_and_the_buyer_overwrite_each_other(without_lock: None) -> None:
    order = OrderFactory.create()
    assert race(order, cancel, record_as_shipped, patience=PATIENTLY) == [DONE, DONE]
    assert not order.events.filter(kind=Event.Kind.CONFLICT).exists()  # nobody noticed
