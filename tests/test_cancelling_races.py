"""Two at once about one order: one of them wins, the other is told so, on PostgreSQL."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from cancellations.models import Cancellation, Reason, Refund
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.documents import LineDocument, OrderDocument, SellerDocument
from orders.models import Event, Order, OrderLine
from orders.recording import record_orders
from orders.refusals import CannotCancel, NotAsShown
from tests.factories import OrderFactory
from tests.racing import DONE, ON_POSTGRESQL, PATIENTLY, CannotShip, race, ship, without_lock

__all__ = ["without_lock"]  # a fixture
pytestmark = ON_POSTGRESQL
ROUNDS = 15
LINES = "orders_orderline"


def cancel(order: Order) -> None:
    cancel_order(order, source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))


def cancel_one(line: OrderLine, source: Source = Source.BUYER, code: str = "changed_mind") -> None:
    """Take one of a line, from a page that showed three."""
    reason = Reason.objects.get(code=code)
    cancel_order(line.order, quantities={line.pk: 1}, source=source, reason=reason, shown={line.pk: 3})


def cancel_one_as_seller(line: OrderLine) -> None:
    cancel_one(line, Source.SELLER, "out_of_stock")


def record_as_shipped(order: Order) -> None:
    """Let the origin say that the order is on its way."""
    line = LineDocument(title="Rice cooker, 1.8 l", quantity=1)
    seller = SellerDocument(name=order.seller.name)
    document = OrderDocument(number=order.number, version=1, seller=seller, status=Order.Status.SHIPPED, lines=(line,))
    record_orders([document], origin="test-feed")


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


@pytest.mark.parametrize("rival", [cancel_one, cancel_one_as_seller])
def test_of_a_line_one_is_taken_by_whoever_is_quicker(rival: Callable[[OrderLine], None]) -> None:
    for _ in range(ROUNDS):
        line = OrderFactory.create(lines__quantity=3).lines.get()
        assert set(race(line, cancel_one, rival, looks_at=LINES)) == {DONE, NotAsShown}
        line.refresh_from_db()
        assert line.cancelled_quantity == 1
    assert Cancellation.objects.count() == Refund.objects.count() == ROUNDS


def test_without_the_lock_both_take_one_of_the_three_that_they_saw(without_lock: None) -> None:
    line = OrderFactory.create(lines__quantity=3).lines.get()
    assert race(line, cancel_one, cancel_one, patience=PATIENTLY, looks_at=LINES) == [DONE, DONE]
    line.refresh_from_db()
    assert line.cancelled_quantity == Cancellation.objects.count() == 2


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
    """Nobody notices the conflict, or one breaks on what the other has written."""
    order = OrderFactory.create()
    outcomes = race(order, cancel, record_as_shipped, patience=PATIENTLY, looks_at=LINES)
    assert CannotCancel not in outcomes
    assert outcomes != [DONE, DONE] or not order.events.filter(kind=Event.Kind.CONFLICT).exists()
