"""A wrong option is put right at the moment at which the order's next statement comes, on PostgreSQL."""

import pytest
from django.db.models import QuerySet

from orders.documents import SellerDocument
from orders.models import Order, Seller
from orders.recording import Reading, record_orders
from tests.documents import ORIGIN, order_document
from tests.racing import BRIEFLY, ON_POSTGRESQL, PATIENTLY
from tests.test_understanding_races import WaitForTheOther, meanwhile

pytestmark = ON_POSTGRESQL


def correct_while_news_comes(patience: float) -> Order:
    right = order_document(version=1)
    mistaken = right.model_copy(update={"seller": SellerDocument(name="Other shop")})
    newer = order_document(version=2, carrier="SPX")
    Seller.objects.create(name=right.seller.name, slug="minh-long-ceramics")
    record_orders([mistaken], origin=ORIGIN, reading=Reading.ADDED_TO)
    meanwhile(
        lambda: record_orders([right], origin=ORIGIN, reading=Reading.CORRECTED),
        lambda: record_orders([newer], origin=ORIGIN, reading=Reading.ADDED_TO),
        wait=WaitForTheOther('FROM "orders_order"', patience),
    )
    return Order.objects.get()


def test_newer_news_that_come_meanwhile_are_not_undone() -> None:
    order = correct_while_news_comes(20 * BRIEFLY)
    assert (order.origin_version, order.carrier, order.seller.name) == (2, "SPX", "Minh Long Ceramics")


def test_without_the_lock_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows: rows)
    order = correct_while_news_comes(PATIENTLY)
    assert (order.origin_version, order.carrier) == (1, "")
