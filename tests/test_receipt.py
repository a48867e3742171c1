"""The receipt of what was cancelled: everything that is recorded, for somebody who was not there."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from orders.models import Order, Seller
from tests.factories import (
    MOMENT,
    CancellationFactory,
    ContestFactory,
    OrderFactory,
    OrderLineFactory,
    RefundFactory,
)
from tests.pages import follow, text_of


@pytest.fixture
def order(buyer: User, seller: Seller) -> Order:
    """A paid order that the seller cancelled because the buyer had asked, with its refund completed."""
    made: Order = OrderFactory.create(
        buyer=buyer,
        seller=seller,
        number="C1",
        lines__title="Bowl",
        lines__quantity=2,
        paid=True,
        cancelled=True,
        source="seller",
        cancellation__requested_by="buyer",
        cancellation__note="As you wished.",
    )
    RefundFactory(cancellation=made.cancellation, completed=True)
    return made


def receipt_of(client: Client, order: Order) -> str:
    answer = client.get(f"/orders/{order.number}/receipt/")
    assert answer.status_code == 200
    return text_of(answer)


def test_it_is_reached_from_the_card(buyer_client: Client, order: Order) -> None:
    page = follow(buyer_client, buyer_client.get("/orders/C1/"), "Receipt")
    assert "Cancellation receipt" in text_of(page)


def test_it_names_the_order_and_the_parties(buyer_client: Client, order: Order, settings: Settings) -> None:
    settings.MARKETPLACE_NAME = "Northern Market"
    page = receipt_of(buyer_client, order)
    assert "Order C1 Marketplace Northern Market Buyer Mai Nguyễn Seller Minh Long Ceramics" in page
    assert "Placed 2 November 2026, 09:30 UTC Paid 2 November 2026, 09:35 UTC" in page
    assert "Paid with Visa ending 4242 Order total €120.00" in page


def test_a_marketplace_without_a_name_has_no_row(buyer_client: Client, order: Order, settings: Settings) -> None:
    settings.MARKETPLACE_NAME = ""
    assert "Order C1 Buyer Mai Nguyễn Seller Minh Long Ceramics" in receipt_of(buyer_client, order)


def test_it_names_the_marketplace_that_cancels_automatically(
    buyer: User, buyer_client: Client, settings: Settings
) -> None:
    settings.MARKETPLACE_NAME = "Northern Market"
    order = OrderFactory.create(buyer=buyer, cancelled=True, source="system")
    assert "Cancelled by Northern Market, automatically" in receipt_of(buyer_client, order)


def test_it_says_who_at_whose_wish_when_and_why(buyer_client: Client, order: Order) -> None:
    page = receipt_of(buyer_client, order)
    assert "Cancelled by Minh Long Ceramics, the seller Asked for by Mai Nguyễn, the buyer" in page
    assert "Cancelled on 3 November 2026, 09:30 UTC" in page
    assert "Why, as it was recorded The seller ran out of something you ordered before they could send it." in page
    assert "“As you wished.” (Minh Long Ceramics, in their own words)" in page


def test_it_says_what_was_cancelled_and_what_became_of_the_money(buyer_client: Client, order: Order) -> None:
    page = receipt_of(buyer_client, order)
    assert "What was cancelled 2 × Bowl Money Refund €120.00 back to Visa ending 4242 State completed" in page
    assert "Due since 3 November 2026, 09:30 UTC Expected by 12 November 2026" in page
    assert "Sent 4 November 2026, 09:30 UTC Completed 7 November 2026, 09:30 UTC" in page


def test_it_tells_what_happened_oldest_first_with_the_zone_of_every_time(buyer_client: Client, order: Order) -> None:
    ContestFactory(cancellation=order.cancellation)
    page = receipt_of(buyer_client, order)
    history = page.split("What happened, and when ")[1]
    assert history.startswith("2 November 2026, 09:30 UTC Order placed · Mai Nguyễn 2 November 2026, 09:35 UTC Payment")
    assert history.index("Cancelled: out of stock") < history.index("Refund of €120.00 completed")


def test_it_is_in_the_marketplaces_zone(buyer_client: Client, order: Order) -> None:
    with timezone.override("Asia/Ho_Chi_Minh"):
        page = receipt_of(buyer_client, order)
    assert "Cancelled on 3 November 2026, 16:30 +07" in page
    assert "All times are in the zone Asia/Ho_Chi_Minh." in page


def test_it_says_when_it_was_made(buyer_client: Client, order: Order) -> None:
    before = timezone.localtime()
    page = receipt_of(buyer_client, order)
    made = {f"Made on {at:%-d %B %Y, %H:%M} UTC." for at in (before, timezone.localtime())}
    assert any(sentence in page for sentence in made)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"cash_on_delivery": True}, "Nothing to refund: you would have paid on delivery."),
        ({"source": "system"}, "You were not charged."),
        ({"paid": True}, "You paid, and no refund is recorded yet."),
    ],
)
def test_it_says_what_is_known_of_the_money_without_a_refund(
    buyer: User, buyer_client: Client, fields: dict[str, Any], sentence: str
) -> None:
    order = OrderFactory.create(buyer=buyer, cancelled=True, **fields)
    assert sentence in receipt_of(buyer_client, order)


@pytest.mark.parametrize(
    ("fields", "paid"),
    [
        ({"cancelled": True}, "Paid no Payment method Visa ending 4242"),
        ({"cancelled": True, "cash_on_delivery": True}, "Paid no Payment method cash on delivery"),
        ({"cancelled": True, "paid": True}, "Paid 2 November 2026, 09:35 UTC Paid with Visa ending 4242"),
        ({"cancelled": True, "cancellation__was_charged": True}, "Paid not stated Payment method Visa ending 4242"),
        ({"cancelled": True, "cancellation__was_charged": None}, "Paid not stated Payment method Visa ending 4242"),
        (
            {"cancelled": True, "cash_on_delivery": True, "cancellation__was_charged": None, "delivered_at": MOMENT},
            "Paid not stated Payment method cash on delivery",
        ),
    ],
    ids=["not charged", "before the door", "paid", "charged", "not known", "at the door"],
)
def test_it_says_whether_the_order_was_paid(
    buyer: User, buyer_client: Client, fields: dict[str, Any], paid: str
) -> None:
    assert paid in receipt_of(buyer_client, OrderFactory.create(buyer=buyer, placed_at=MOMENT, **fields))


@pytest.mark.parametrize(
    ("fields", "paid"),
    [
        ({"awaiting_payment": True}, "Paid no"),
        ({"paid": False}, "Paid not stated"),
        ({"cash_on_delivery": True, "shipped": True}, "Paid no"),
        ({"cash_on_delivery": True, "delivered": True}, "Paid not stated"),
    ],
    ids=["to pay", "payment not stated", "on its way to the door", "at the door"],
)
def test_of_what_goes_on_it_says_so_only_while_nobody_can_have_paid(
    buyer: User, buyer_client: Client, fields: dict[str, Any], paid: str
) -> None:
    part = CancellationFactory.create(source="seller", was_charged=False)
    order = OrderFactory.create(buyer=buyer, lines=0, **fields)
    OrderLineFactory(order=order, quantity=5, cancelled_quantity=2, cancellation=part)
    assert f"{paid} Payment method" in receipt_of(buyer_client, order)


def test_a_refund_that_failed_or_is_not_sent_is_not_called_completed(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, cancelled=True, paid=True)
    RefundFactory(cancellation=order.cancellation, expected_by=None)
    RefundFactory(cancellation=order.cancellation, failed=True)
    page = receipt_of(buyer_client, order)
    assert "State due, not sent yet" in page
    assert "Refund €120.00 has not come back to you State failed, to be sent again" in page
    assert "State completed" not in page
    assert "Expected by" not in page


def test_each_cancellation_names_only_what_it_took(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, number="C1", cancelled=True, source="system", lines=0)
    part = CancellationFactory.create(source="seller", cancelled_at=MOMENT + timedelta(hours=1))
    OrderLineFactory(order=order, title="Bowl", quantity=5, cancelled_quantity=2, cancellation=part)
    OrderLineFactory(order=order, position=2, title="Lamp", all_cancelled=True)
    whole, some = receipt_of(buyer_client, order).split("Part of the order was cancelled")
    assert "Cancelled by the marketplace, automatically" in whole
    assert "What was cancelled 3 × Bowl 1 × Lamp Money" in whole
    assert "What was cancelled 2 × Bowl Money" in some


def test_what_is_not_known_is_said_to_be_not_stated(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(
        buyer=buyer,
        lines=0,
        total=None,
        placed_at=None,
        cancelled=True,
        source="unknown",
        cancellation__cancelled_at=None,
        cancellation__origin="test-feed",
        cancellation__raw_reason="Lỗi khác",
        cancellation__was_charged=None,
    )
    page = receipt_of(buyer_client, order)
    assert "Placed not stated Paid not stated" in page
    assert "Order total not stated" in page
    assert "Cancelled by not stated Cancelled on not stated" in page
    assert "“Lỗi khác”" in page


def test_a_cancelled_part_has_a_receipt(buyer: User, buyer_client: Client) -> None:
    line = OrderLineFactory.create(order__buyer=buyer, title="Bowl", part_cancelled=True, unit_price=Decimal(10))
    page = receipt_of(buyer_client, line.order)
    assert "Part of the order was cancelled" in page
    assert "Total as ordered €120.00" in page


def test_where_nothing_was_cancelled_there_is_none(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer)
    assert buyer_client.get(f"/orders/{order.number}/receipt/").status_code == 404


def test_it_is_the_buyers_alone(client: Client, stranger_client: Client, seller_client: Client, order: Order) -> None:
    assert client.get("/orders/C1/receipt/").status_code == 302
    assert stranger_client.get("/orders/C1/receipt/").status_code == 404
    assert seller_client.get("/orders/C1/receipt/").status_code == 404
