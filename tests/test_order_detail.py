"""The page of one order: who may see it, and what it shows beside the why card."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from orders.models import Order, OrderLine, Seller
from tests.factories import MOMENT, CancellationFactory, OrderFactory, OrderLineFactory, ReasonFactory, RefundFactory
from tests.pages import follow, orders_on, text_of


def page_of(client: Client, order: Order) -> str:
    return text_of(client.get(order.get_absolute_url()))


# Who may see it


def test_it_asks_visitors_to_sign_in(client: Client, buyer: User) -> None:
    order = OrderFactory.create(buyer=buyer, number="C260017")
    answer = client.get(order.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/orders/C260017/")


def test_it_asks_visitors_to_sign_in_for_orders_that_do_not_exist_too(client: Client, db: None) -> None:
    assert client.get("/orders/C999999/").status_code == 302


def test_a_strangers_order_and_one_that_does_not_exist_are_the_same_404(buyer: User, stranger_client: Client) -> None:
    OrderFactory(buyer=buyer, number="C260017", cancelled=True)
    OrderFactory(buyer=None, number="C260018")
    theirs, nobodys, unknown = [
        stranger_client.get(f"/orders/{number}/") for number in ("C260017", "C260018", "C260019")
    ]
    assert theirs.status_code == nobodys.status_code == unknown.status_code == 404
    headers = [{**answer.headers, "X-Request-ID": ""} for answer in (theirs, nobodys, unknown)]
    assert headers[0] == headers[1] == headers[2]
    pages = [
        answer.content.replace(number, b"")
        for answer, number in [(theirs, b"C260017"), (nobodys, b"C260018"), (unknown, b"C260019")]
    ]
    assert pages[0] == pages[1] == pages[2]


def test_the_sellers_members_and_administrators_see_it_elsewhere(
    buyer: User, seller: Seller, seller_client: Client, admin_client: Client
) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller)
    assert seller_client.get(order.get_absolute_url()).status_code == 404
    assert admin_client.get(order.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("number", ["C 1", "C%00", "é", "a" * 65, "a/b", "%E2%80%AE", "..%2f..", "%"])
def test_what_cannot_be_a_number_is_a_404(buyer_client: Client, number: str) -> None:
    assert buyer_client.get(f"/orders/{number}/").status_code == 404


def test_numbers_may_hold_whatever_the_rule_for_numbers_lets_through(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, number="a.B_c-" + "9" * 58)
    assert buyer_client.get(order.get_absolute_url()).status_code == 200


# Items, totals, facts


def test_it_shows_what_was_ordered_and_what_it_cost(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, number="C260017", lines=0, total=Decimal("127.50"))
    OrderLineFactory(order=order, title="Rice cooker", variant="red", quantity=2, unit_price=Decimal("50"))
    OrderLineFactory(order=order, position=2, title="Bowl", unit_price=Decimal("20"))
    page = page_of(buyer_client, order)
    assert "Rice cooker and 1 more item Preparing Order C260017 2 November 2026 Minh Long Ceramics" in page
    assert "Items Rice cooker red · 2 × €50.00 €100.00 Bowl 1 × €20.00 €20.00" in page
    assert "Items €120.00 Delivery, fees and discounts €7.50 Total €127.50" in page


def test_a_discount_is_less_than_nothing(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, total=Decimal("100"), lines__unit_price=Decimal("120"))
    assert "Delivery, fees and discounts -€20.00 Total €100.00" in page_of(buyer_client, order)


def test_where_the_total_is_that_of_the_items_there_are_no_extras(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    assert "Delivery, fees" not in page_of(buyer_client, OrderFactory.create(buyer=buyer, seller=seller))


@pytest.fixture
def part_cancelled(buyer: User, seller: Seller) -> Order:
    """Two of three bowls cancelled, and a jug kept: €44 of €60, with delivery €66."""
    order: Order = OrderFactory.create(buyer=buyer, seller=seller, lines=0, total=Decimal("66"), shipped=True)
    part = CancellationFactory.create(source="seller")
    OrderLineFactory(
        order=order, title="Bowl", quantity=3, unit_price=Decimal("12.50"), cancelled_quantity=2, cancellation=part
    )
    OrderLineFactory(order=order, position=2, title="Jug", unit_price=Decimal("22.50"))
    return order


def test_where_some_was_cancelled_it_says_what_is_left_of_the_total(
    buyer_client: Client, seller_client: Client, part_cancelled: Order
) -> None:
    sums = "Delivery, fees and discounts €6.00 Total as ordered €66.00 Cancelled -€25.00 What is left €41.00"
    assert f"Items €60.00 {sums}" in page_of(buyer_client, part_cancelled)
    assert sums in text_of(seller_client.get(f"/selling/orders/{part_cancelled.number}/"))


def test_what_is_left_takes_whatever_was_cancelled_at_several_times(
    buyer_client: Client, part_cancelled: Order
) -> None:
    later = CancellationFactory.create(source="seller")
    OrderLine.objects.filter(order=part_cancelled, title="Jug").update(cancelled_quantity=1, cancellation=later)
    assert "Cancelled -€47.50 What is left €18.50" in page_of(buyer_client, part_cancelled)


def test_the_price_of_what_is_kept_need_not_be_known_for_what_is_left(
    buyer_client: Client, part_cancelled: Order
) -> None:
    OrderLine.objects.filter(order=part_cancelled, title="Jug").update(unit_price=None)
    assert "Total as ordered €66.00 Cancelled -€25.00 What is left €41.00" in page_of(buyer_client, part_cancelled)


@pytest.mark.parametrize(
    ("fields", "line", "said"),
    [
        ({}, {"unit_price": None}, "Total as ordered €66.00"),
        ({"total": None}, {}, "Total as ordered not stated"),
        ({"total": None, "currency": ""}, {}, "Total as ordered not stated"),
        ({"total": Decimal("24.99")}, {}, "Total as ordered €24.99"),
    ],
    ids=["price", "total", "currency", "more than the total"],
)
def test_what_is_left_is_not_guessed(
    buyer_client: Client, part_cancelled: Order, fields: dict[str, Any], line: dict[str, Any], said: str
) -> None:
    Order.objects.filter(pk=part_cancelled.pk).update(**fields)
    OrderLine.objects.filter(order=part_cancelled, title="Bowl").update(**{"title": "Bowl", **line})
    page = page_of(buyer_client, part_cancelled)
    assert said in page
    assert "What is left" not in page


def test_an_order_that_was_cancelled_as_a_whole_has_a_total_and_nothing_left(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    page = page_of(buyer_client, OrderFactory.create(buyer=buyer, seller=seller, cancelled=True))
    assert "Total €120.00" in page
    assert "What is left" not in page


def test_prices_and_totals_that_are_not_stated_are_not_made_up(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, total=None, currency="", lines=2)
    page = page_of(buyer_client, order)
    assert page.count("price not stated") == 2
    assert "Total not stated" in page
    assert "None" not in page


def test_one_price_that_is_not_stated_leaves_the_sum_open(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, lines=2)
    OrderLine.objects.filter(order=order, position=1).update(unit_price=None)
    page = page_of(buyer_client, order)
    assert "Items €" not in page
    assert "Total €120.00" in page


@pytest.mark.parametrize(
    ("currency", "price", "said"),
    [("JPY", "1200", "3 × ¥1,200 ¥3,600"), ("KWD", "1.234", "3 × KWD 1.234 KWD 3.702")],
)
def test_prices_have_the_decimals_of_their_currency(
    buyer: User, seller: Seller, buyer_client: Client, currency: str, price: str, said: str
) -> None:
    order = OrderFactory.create(
        buyer=buyer, seller=seller, currency=currency, lines__quantity=3, lines__unit_price=Decimal(price)
    )
    assert said in page_of(buyer_client, order)


def test_an_order_without_items_goes_by_its_number_and_says_so(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, number="C260017", lines=0)
    assert "What was ordered is not stated." in page_of(buyer_client, order)
    assert "<h1><bdi>C260017</bdi></h1>" in buyer_client.get(order.get_absolute_url()).content.decode()


def test_an_order_without_a_date_says_so(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, placed_at=None)
    assert "date of order not stated" in page_of(buyer_client, order)


def test_it_says_how_it_was_paid_and_how_it_is_sent(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = OrderFactory.create(
        buyer=buyer,
        seller=seller,
        shipped=True,
        carrier="Blue Post",
        tracking_number="BP-77",
        ship_by=MOMENT + timedelta(days=3),
    )
    page = page_of(buyer_client, order)
    assert "Seller Minh Long Ceramics Paid with Visa ending 4242 To be sent by 5 November 2026" in page
    assert "Carrier Blue Post Tracking number BP-77" in page


def test_what_was_cancelled_is_not_to_be_sent_by_any_day(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, cancelled=True, ship_by=MOMENT + timedelta(days=3))
    assert "To be sent by" not in page_of(buyer_client, order)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"payment_label": "", "payment_method": "wallet"}, "Paid with wallet"),
        ({"payment_label": "", "payment_method": "unknown"}, "Paid with not stated"),
        ({"cash_on_delivery": True}, "Payment method cash on delivery"),
    ],
)
def test_without_a_label_it_says_the_way_of_paying(
    buyer: User, seller: Seller, buyer_client: Client, fields: dict[str, Any], said: str
) -> None:
    assert said in page_of(buyer_client, OrderFactory.create(buyer=buyer, seller=seller, **fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"awaiting_payment": True},
        {"cancelled": True, "source": "system", "reason_code": "payment_not_received"},
        {"cancelled": True, "cancellation__was_charged": True},
        {"delivered": True, "paid": False},
    ],
)
def test_what_is_not_stated_to_be_paid_has_a_payment_method(
    buyer: User, seller: Seller, buyer_client: Client, fields: dict[str, Any]
) -> None:
    page = page_of(buyer_client, OrderFactory.create(buyer=buyer, seller=seller, **fields))
    assert "Payment method Visa ending 4242" in page
    assert "Paid with" not in page


def test_what_was_paid_and_cost_nothing_is_not_said_to_have_had_no_payment(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, paid=True, cancelled=True, total=Decimal(0))
    page = page_of(buyer_client, order)
    assert "Payment received" in page
    assert "There is nothing to refund for this. It cost nothing." in page
    assert "No payment was taken" not in page


def test_a_buyer_without_a_name_sees_the_same_page(seller: Seller, buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, cancelled=True)
    named = page_of(buyer_client, order)
    User.objects.filter(pk=buyer.pk).update(name="")
    assert page_of(buyer_client, order) == named


def test_it_leads_back_to_my_orders(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller)
    page = buyer_client.get(order.get_absolute_url())
    assert orders_on(follow(buyer_client, page, "My Orders")) == [order.number]


def test_it_reads_from_right_to_left_in_such_a_language(buyer: User, seller: Seller, buyer_client: Client) -> None:
    ended = CancellationFactory.create(reason=ReasonFactory.create(wording__headline="Snow closed the road."))
    order = OrderFactory.create(buyer=buyer, seller=seller, cancelled=True, cancellation=ended, paid=True)
    RefundFactory(cancellation=order.cancellation)
    page = buyer_client.get(order.get_absolute_url(), headers={"accept-language": "ar"})
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert "Snow closed the road." in text_of(page)  # nobody has translated the reason yet
