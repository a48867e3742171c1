"""What the buyer's pages cost: the same few statements for one order, for fifty and for five thousand.

Counted with real sessions, so that session and user are among them, and with the wordings in the process, which are
read once a minute.
"""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cancellations import wordings
from orders.models import Order, Seller
from tests.factories import (
    CancellationFactory,
    CancellationRequestFactory,
    ContestFactory,
    EventFactory,
    FeedbackFactory,
    OrderFactory,
    OrderLineFactory,
    RefundFactory,
    RequestedLineFactory,
    many_orders,
)
from tests.pages import address_of

pytestmark = pytest.mark.usefixtures("_kept_as_long_as_the_test_takes")
MY_ORDERS = "/orders/"
# session, user, orders with their counts; and the counts alone where no order is found to carry them
LISTS = {
    "?": 3,
    "?status=preparing": 3,
    "?status=delivered": 4,
    "?q=xyzzy": 4,
    "?q=C26": 3,
    "?q=C26&since=2026-01-01&until=2030-01-01": 3,
    "?since=2026-01-01": 3,
    "?until=2020-01-01": 4,
    "?since=never&status=lost&after=forged": 3,
}
# and the facets
CANCELLED = {
    "?status=cancelled": 4,
    "?cancelled_by=seller": 4,
    "?cancelled_by=buyer": 5,
    "?reason=out_of_stock": 4,
    "?reason=no_such_reason": 5,
    "?cancelled_by=seller&reason=out_of_stock&q=C26&since=2026-01-01": 4,
}


@pytest.fixture
def _kept_as_long_as_the_test_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take more than a minute for many orders."""
    monkeypatch.setattr(wordings, "KEEP_SECONDS", 3_600)


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def warm(buyer: User, buyer_client: Client) -> Client:
    """The buyer's browser, once the wordings have been read."""
    order = OrderFactory.create(buyer=buyer, cancelled=True)
    buyer_client.get(MY_ORDERS)
    Order.objects.filter(pk=order.pk).update(buyer=None)
    return buyer_client


def add_orders(count: int, buyer: User, seller: Seller) -> None:
    """Add orders, the newer half of them cancelled by the seller."""
    many_orders(count // 2, buyer=buyer, seller=seller)
    many_orders(count // 2, buyer=buyer, seller=seller, cancelled=True, source="seller", reason_code="out_of_stock")


def test_my_orders_costs_the_same_for_any_number_of_orders(buyer: User, seller: Seller, warm: Client) -> None:
    expected = LISTS | CANCELLED
    add_orders(2, buyer, seller)
    for more in (0, 48, 4_950):
        add_orders(more, buyer, seller)
        assert {query: statements(warm, MY_ORDERS + query) for query in expected} == expected


def test_my_orders_stays_within_four_statements_and_within_five_under_cancelled(buyer: User, warm: Client) -> None:
    OrderFactory(buyer=buyer)
    assert max(statements(warm, MY_ORDERS + query) for query in LISTS) == 4
    assert max(statements(warm, MY_ORDERS + query) for query in CANCELLED) == 5


def test_a_deep_page_costs_what_the_first_one_does(buyer: User, seller: Seller, warm: Client) -> None:
    add_orders(200, buyer, seller)
    address = f"{MY_ORDERS}?status=cancelled"
    for _ in range(3):
        address = address_of(warm.get(address), "Older orders")
        assert statements(warm, address) == 4
    assert statements(warm, address_of(warm.get(address), "Newer orders")) == 4


def test_no_order_at_all_costs_one_statement_more(warm: Client) -> None:
    assert statements(warm, MY_ORDERS) == 4


def test_a_card_costs_nothing_of_its_own(buyer: User, seller: Seller, warm: Client) -> None:
    for amount in range(1, 11):
        full_order(buyer, seller, lines=amount)
    assert statements(warm, MY_ORDERS) == 3


def full_order(buyer: User, seller: Seller, *, lines: int) -> Order:
    """Make an order with many lines, half of them part-cancelled one by one, with refunds and with events."""
    order = OrderFactory.create(buyer=buyer, seller=seller, lines=0)
    for position in range(1, lines + 1):
        ended = CancellationFactory.create(source="seller") if position % 2 else None
        OrderLineFactory(
            order=order, position=position, quantity=3, cancelled_quantity=2 if ended else 0, cancellation=ended
        )
        EventFactory(order=order, kind="request_declined")
        asked = CancellationRequestFactory.create(order=order, declined=True)
        RequestedLineFactory(request=asked, line=order.lines.get(position=position))
        if ended:
            ContestFactory(cancellation=ended, raised_by=buyer, upheld=True)
            FeedbackFactory(cancellation=ended, given_by=buyer)
            RefundFactory.create_batch(2, cancellation=ended, amount=Decimal(position))
    return order


def test_the_page_of_an_order_costs_the_same_however_much_it_shows(buyer: User, seller: Seller, warm: Client) -> None:
    cancelled = OrderFactory.create(buyer=buyer, seller=seller, cancelled=True, lines=120)
    RefundFactory.create_batch(10, cancellation=cancelled.cancellation)
    orders = [
        OrderFactory.create(buyer=buyer, lines=0),
        OrderFactory.create(buyer=buyer, cancelled=True, paid=True),
        full_order(buyer, seller, lines=1),
        full_order(buyer, seller, lines=60),
        cancelled,
    ]
    many_orders(500, buyer=buyer, seller=seller)
    assert [statements(warm, order.get_absolute_url()) for order in orders] == [3] * len(orders)


def test_an_order_that_is_not_there_costs_no_more(warm: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert warm.get("/orders/NOT-THERE/").status_code == 404
    assert len(captured) == 3
