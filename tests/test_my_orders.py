"""My Orders: what a buyer sees of their orders at a glance."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from orders.models import Seller
from tests.factories import (
    CancellationFactory,
    OrderFactory,
    OrderLineFactory,
    ReasonFactory,
    RefundFactory,
    many_orders,
)
from tests.pages import follow, links_of, orders_on, text_of

MY_ORDERS = "/orders/"


def test_it_asks_visitors_to_sign_in(client: Client, db: None) -> None:
    answer = client.get(MY_ORDERS)
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/orders/"


def test_it_hides_other_peoples_orders(buyer: User, stranger_client: Client) -> None:
    OrderFactory(buyer=buyer)
    page = stranger_client.get(MY_ORDERS)
    assert orders_on(page) == []
    assert "All 0" in text_of(page)


def test_it_hides_orders_that_have_no_buyer(buyer_client: Client) -> None:
    OrderFactory(buyer=None)
    assert orders_on(buyer_client.get(MY_ORDERS)) == []


def test_it_says_so_when_there_is_no_order(buyer_client: Client) -> None:
    assert "You have no orders here yet." in text_of(buyer_client.get(MY_ORDERS))


def test_it_shows_what_was_ordered_from_whom_and_for_how_much(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    OrderFactory(
        buyer=buyer,
        seller=seller,
        number="C260017",
        total=Decimal("1234.50"),
        placed_at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        lines=3,
        lines__title="Rice cooker, 1.8 l",
    )
    page = text_of(buyer_client.get(MY_ORDERS))
    assert "Rice cooker, 1.8 l and 2 more items €1,234.50" in page
    assert "Preparing C260017 Minh Long Ceramics ordered 2 November 2026" in page


@pytest.mark.parametrize(
    ("count", "said"), [(1, "Lamp €"), (2, "Lamp and 1 more item €"), (3, "Lamp and 2 more items")]
)
def test_it_counts_the_items_that_the_title_does_not_name(
    buyer: User, buyer_client: Client, count: int, said: str
) -> None:
    OrderFactory(buyer=buyer, lines=count, lines__title="Lamp")
    assert said in text_of(buyer_client.get(MY_ORDERS))


def test_it_counts_pieces_so_that_they_add_up_with_those_that_were_cancelled(buyer: User, buyer_client: Client) -> None:
    bowls = OrderLineFactory.create(order__buyer=buyer, title="Bowl", part_cancelled=True)
    OrderLineFactory(order=bowls.order, position=2, title="Jug", quantity=6)
    listed, page = (text_of(buyer_client.get(address)) for address in (MY_ORDERS, bowls.order.get_absolute_url()))
    assert "5 × Bowl and 6 more items" in listed
    assert "2 of 11 items cancelled" in listed
    assert "5 × Bowl and 6 more items" in page


def test_several_of_one_item_are_not_other_items(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer, lines__title="Tile", lines__quantity=12)
    page = text_of(buyer_client.get(MY_ORDERS))
    assert "12 × Tile €" in page
    assert "more item" not in page


def test_it_names_the_first_item_by_position(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, lines=0)
    OrderLineFactory(order=order, position=2, title="Second thing")
    OrderLineFactory(order=order, position=1, title="First thing")
    assert "First thing and 1 more item" in text_of(buyer_client.get(MY_ORDERS))


def test_it_puts_the_newest_order_first(buyer: User, buyer_client: Client) -> None:
    for number, day in [("B", 5), ("C", 1), ("A", 9)]:
        OrderFactory(buyer=buyer, number=number, placed_at=datetime(2026, 11, day, tzinfo=UTC))
    assert orders_on(buyer_client.get(MY_ORDERS)) == ["A", "B", "C"]


def test_an_order_without_a_date_stands_where_it_was_recorded(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer, number="older", placed_at=datetime(2026, 11, 1, tzinfo=UTC))
    OrderFactory(buyer=buyer, number="undated", placed_at=None, recorded_at=datetime(2026, 11, 2, tzinfo=UTC))
    OrderFactory(buyer=buyer, number="newer", placed_at=datetime(2026, 11, 3, tzinfo=UTC))
    page = buyer_client.get(MY_ORDERS)
    assert orders_on(page) == ["newer", "undated", "older"]
    assert "date of order not stated" in text_of(page)


def test_an_order_without_items_goes_by_its_number_and_without_a_total_shows_none(
    buyer: User, buyer_client: Client
) -> None:
    OrderFactory(buyer=buyer, number="C260017", lines=0, total=None, currency="")
    page = buyer_client.get(MY_ORDERS)
    assert ("C260017", "/orders/C260017/") in links_of(page)
    assert "None" not in text_of(page)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("buyer", "You cancelled this. Snow closed the road to the seller."),
        ("seller", "Cancelled by Minh Long Ceramics. Snow closed the road to the seller."),
        ("system", "Cancelled automatically. Snow closed the road to the seller."),
        ("unknown", "Cancelled; by whom is not stated. Snow closed the road to the seller."),
    ],
)
def test_a_cancelled_card_says_who_and_why_in_one_line(
    buyer: User, seller: Seller, buyer_client: Client, source: str, said: str
) -> None:
    reason = ReasonFactory.create()
    OrderFactory(buyer=buyer, seller=seller, cancelled=True, source=source, cancellation__reason=reason)
    assert said in text_of(buyer_client.get(MY_ORDERS))


@pytest.mark.parametrize(
    ("source", "asked_by", "said"),
    [
        ("buyer", "seller", "You cancelled this, as the seller had asked."),
        ("seller", "buyer", "Cancelled by Minh Long Ceramics because you asked."),
        ("system", "buyer", "Cancelled automatically because you asked."),
        ("system", "seller", "Cancelled automatically because Minh Long Ceramics asked."),
        ("seller", "system", "Cancelled by Minh Long Ceramics. Snow"),
    ],
)
def test_a_cancelled_card_says_at_whose_wish(
    buyer: User, seller: Seller, buyer_client: Client, source: str, asked_by: str, said: str
) -> None:
    wish = {"cancellation__requested_by": asked_by, "cancellation__reason": ReasonFactory.create()}
    OrderFactory(buyer=buyer, seller=seller, cancelled=True, source=source, **wish)
    assert said in text_of(buyer_client.get(MY_ORDERS))


def test_the_total_of_a_part_cancelled_card_is_said_to_be_that_of_what_was_ordered(
    buyer: User, buyer_client: Client
) -> None:
    line = OrderLineFactory.create(order__buyer=buyer, part_cancelled=True)
    OrderFactory.create(buyer=buyer, cancelled=True)
    page = text_of(buyer_client.get(MY_ORDERS))
    assert f"{line.title} Total as ordered: €120.00" in page
    assert page.count("Total as ordered") == 1


def test_a_part_cancelled_card_says_at_whose_wish(buyer: User, seller: Seller, buyer_client: Client) -> None:
    ended = CancellationFactory.create(source="seller", requested_by="buyer")
    part = {"lines__quantity": 5, "lines__cancelled_quantity": 2, "lines__cancellation": ended}
    OrderFactory(buyer=buyer, seller=seller, **part)
    assert "Partly cancelled by Minh Long Ceramics because you asked." in text_of(buyer_client.get(MY_ORDERS))


def test_a_cancelled_card_says_what_happens_to_the_money(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, cancelled=True, paid=True)
    RefundFactory(cancellation=order.cancellation, completed=True, completed_at=datetime(2026, 11, 7, tzinfo=UTC))
    assert "€120.00 was refunded on 7 November 2026." in text_of(buyer_client.get(MY_ORDERS))


def test_a_part_cancelled_card_says_how_many_items_who_and_why(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    ended = CancellationFactory.create(source="seller", reason=ReasonFactory.create())
    OrderFactory(
        buyer=buyer,
        seller=seller,
        lines=2,
        lines__quantity=5,
        lines__cancelled_quantity=2,
        lines__cancellation=ended,
    )
    page = text_of(buyer_client.get(MY_ORDERS))
    assert "Preparing 4 of 10 items cancelled" in page
    assert "Partly cancelled by Minh Long Ceramics. Snow closed the road to the seller." in page


def test_a_part_cancelled_card_tells_the_latest_of_several_cancellations(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, lines=0)
    for position, reason in enumerate(["First news.", "Latest news."], 1):
        ended = CancellationFactory.create(reason=ReasonFactory.create(wording__headline=reason))
        OrderLineFactory(order=order, position=position, cancelled_quantity=1, cancellation=ended)
    page = text_of(buyer_client.get(MY_ORDERS))
    assert "You cancelled part of this. Latest news." in page
    assert "First news." not in page


def test_a_card_tells_the_money_of_the_cancellation_that_it_names(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, lines=0)
    for position, amount in enumerate(["11.00", "22.00"], 1):
        ended = CancellationFactory.create()
        OrderLineFactory(order=order, position=position, cancelled_quantity=1, cancellation=ended)
        RefundFactory(cancellation=ended, amount=Decimal(amount), expected_by=None)
    page = text_of(buyer_client.get(MY_ORDERS))
    assert "€22.00 is due back to you." in page
    assert "€11.00" not in page


def test_an_open_card_says_nothing_of_cancellations(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer, shipped=True)
    page = text_of(buyer_client.get(f"{MY_ORDERS}?status=shipped"))
    assert "cancelled this" not in page
    assert "items cancelled" not in page


def test_the_tabs_count_the_orders_in_every_state(buyer: User, buyer_client: Client) -> None:
    for trait, count in [("awaiting_payment", 1), ("shipped", 2), ("delivered", 3), ("cancelled", 4)]:
        OrderFactory.create_batch(count, buyer=buyer, **{trait: True})
    page = text_of(buyer_client.get(MY_ORDERS))
    assert "All 10 To pay 1 Preparing 0 Shipped 2 Delivered 3 Cancelled 4" in page


@pytest.mark.parametrize("status", ["awaiting_payment", "preparing", "shipped", "delivered", "cancelled"])
def test_a_tab_shows_the_orders_in_its_state(buyer: User, buyer_client: Client, status: str) -> None:
    for trait in ["awaiting_payment", "shipped", "delivered", "cancelled"]:
        OrderFactory(buyer=buyer, number=trait, **{trait: True})
    OrderFactory(buyer=buyer, number="preparing")
    words = {"awaiting_payment": "To pay"}.get(status, status.capitalize())
    page = follow(buyer_client, buyer_client.get(MY_ORDERS), f"{words} 1")
    assert orders_on(page) == [status]


def test_a_tab_without_orders_says_so_and_leads_back(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer, number="C260017")
    empty = buyer_client.get(f"{MY_ORDERS}?status=delivered")
    assert "None of your orders is in this state." in text_of(empty)
    assert orders_on(follow(buyer_client, empty, "Show all orders")) == ["C260017"]


@pytest.mark.parametrize(("count", "said"), [(99, "All 99 "), (100, "All 99+"), (130, "All 99+")])
def test_counts_above_ninety_nine_are_not_counted_out(buyer: User, buyer_client: Client, count: int, said: str) -> None:
    many_orders(count, buyer=buyer)
    assert said in text_of(buyer_client.get(MY_ORDERS))


def test_what_others_wrote_is_shown_as_text(buyer: User, buyer_client: Client) -> None:
    OrderFactory(
        buyer=buyer,
        seller__name="<script>alert(1)</script> & Sons",
        lines__title="<img src=x onerror=alert(1)>",
        cancelled=True,
        source="seller",
    )
    page = buyer_client.get(MY_ORDERS)
    assert "<img src=x" not in page.content.decode()
    assert "<script>" not in page.content.decode()
    assert "Cancelled by <script>alert(1)</script> & Sons." in text_of(page)


def test_a_seller_with_braces_in_the_name_is_only_a_name(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer, seller__name="Curly {seller} {0} [Braces]", cancelled=True, source="seller")
    assert "Cancelled by Curly {seller} {0} [Braces]." in text_of(buyer_client.get(MY_ORDERS))


@pytest.mark.parametrize(
    ("currency", "amount", "said"),
    [
        ("JPY", "1200", "¥1,200"),
        ("EUR", "1200", "€1,200.00"),
        ("KWD", "1.234", "KWD 1.234"),
        ("VND", "99000", "₫99,000"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    buyer: User, buyer_client: Client, currency: str, amount: str, said: str
) -> None:
    OrderFactory(buyer=buyer, currency=currency, total=Decimal(amount), lines__title="Lamp")
    assert f"Lamp {said} Preparing" in text_of(buyer_client.get(MY_ORDERS))


def test_it_leads_administrators_to_the_admin_and_nobody_else(buyer_client: Client, admin_client: Client) -> None:
    assert "Administration" in text_of(admin_client.get(MY_ORDERS))
    assert "Administration" not in text_of(buyer_client.get(MY_ORDERS))


def test_it_reads_from_right_to_left_in_such_a_language(buyer: User, buyer_client: Client, settings: Settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar", "العربية")]
    OrderFactory(buyer=buyer, cancelled=True, paid=True)
    english = buyer_client.get(MY_ORDERS).content.decode()
    arabic = buyer_client.get(MY_ORDERS, headers={"accept-language": "ar"}).content.decode()
    assert '<html lang="en" dir="ltr">' in english
    assert '<html lang="ar" dir="rtl">' in arabic
