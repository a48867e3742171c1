"""Every figure leads to exactly the orders it counts: all links of both pages are walked, on the demo's data."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.models import User
from feeds.demo import crowd
from insights.counting import lateness
from insights.pages.buying import PERIODS, BuyerInsight
from insights.pages.selling import DAYS, SellerInsight
from insights.refreshing import refresh
from insights.tables import Table
from orders.figures import LATE, FigureFilters
from orders.models import Order, Seller
from tests.factories import (
    CancellationFactory,
    CancellationRequestFactory,
    OrderFactory,
    OrderLineFactory,
    ReasonFactory,
)
from tests.pages import address_of, links_of, text_of

BUYER, SELLER = "mai@demo.example", "khoa@demo.example"
SHOP = "gốm-lá-sen"
# What belongs to the orders of the same row, and counts something else than orders.
BESIDE_ORDERS = {"of all orders", "Items", "Pieces", "Worth", "Amount"}
MOST_PAGES = 30
FIRST_NUMBER = re.compile(r"[0-9][0-9,]*")


@pytest.fixture
def demo(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo with a small crowd, loaded and counted."""
    monkeypatch.setattr(crowd, "CROWD_ORDERS", 200)
    monkeypatch.setattr(crowd, "OFFICE_ORDERS", 0)
    call_command("load_demo", verbosity=0)
    refresh()


def client_of(email: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=email))
    return client


def figures_on(client: Client, page: str) -> dict[str, int]:
    """Return the links of a page to lists of orders, each with the number that it says."""
    found: dict[str, int] = {}
    for said, link in links_of(client.get(page)):
        address = urljoin(page, link)
        if "/orders/?" in address and "replaced=no" in address:
            number = FIRST_NUMBER.search(said)
            assert number, f"A link to {address} says {said!r}, which is no number."
            assert found.setdefault(address, _int(number[0])) == _int(number[0]), address
    return found


def orders_behind(client: Client, address: str) -> int:
    """Count the orders of a list, page by page."""
    count = 0
    for _ in range(MOST_PAGES):
        page = client.get(address)
        count += page.content.decode().count('<article class="sheet card')
        older = [link for said, link in links_of(page) if said.startswith("Older")]
        if not older:
            return count
        address = urljoin(address, older[0])
    return pytest.fail(f"{address} has no end.")


def _int(number: str) -> int:
    return int(number.replace(",", ""))


def test_every_link_of_both_pages_leads_to_as_many_orders_as_it_says(demo: None) -> None:
    pages = [(BUYER, f"/insights/?period={period}") for period in PERIODS]
    pages += [(SELLER, f"/selling/?days={days}") for days in DAYS]
    walked = set()
    for email, page in pages:
        client = client_of(email)
        for address, number in figures_on(client, page).items():
            assert orders_behind(client, address) == number, f"{page}: {address}"
            walked |= {name for name in FigureFilters.base_fields if f"{name}=" in address}
    assert walked >= {"side", "part", "currency", "sent", "promise", "late", "item", "lost", "contest", "unanswered"}


def test_no_figure_is_without_its_orders(demo: None) -> None:
    tables: list[Table] = []
    for period in PERIODS:
        tables += BuyerInsight(User.objects.get(email=BUYER), period=period).tables.values()
    for days in DAYS:
        tables += SellerInsight(Seller.objects.get(slug=SHOP), days=days).tables.values()
    bare = [
        (table.key, title, cell.value)
        for table in tables
        for row in table.rows
        for title, cell in zip(table.head, row, strict=True)
        if cell.is_number and cell.value and not cell.href and title not in BESIDE_ORDERS
    ]
    assert bare == []


def test_the_steps_of_lateness_are_those_of_the_summary(db: None) -> None:
    promised = datetime(2026, 11, 2, 18, tzinfo=UTC)  # a Monday
    for weekday in range(7):
        for hours in (-1, 0, 1, 7, 24, 48, 72, 73, 96, 168, 240, 336, 340, 400, 900):
            by = promised + timedelta(days=weekday)
            OrderFactory(shipped=True, placed_at=promised, ship_by=by, shipped_at=by + timedelta(hours=hours))
    for step, (least, most) in LATE.items():
        found = _kept(late=step)
        assert found == {
            order.pk
            for order in Order.objects.all()
            if least <= lateness(order.ship_by, order.shipped_at) <= (most or 1_000)
        }
        assert found
    assert _kept(promise="missed") == {
        order.pk for order in Order.objects.all() if lateness(order.ship_by, order.shipped_at)
    }


def test_days_of_lateness_are_those_of_the_zone(db: None) -> None:
    friday_noon = datetime(2026, 11, 6, 12, tzinfo=UTC)
    order = OrderFactory.create(
        shipped=True, placed_at=friday_noon, ship_by=friday_noon, shipped_at=datetime(2026, 11, 9, 23, tzinfo=UTC)
    )
    assert _kept(late="1") == {order.pk}
    with timezone.override("Asia/Ho_Chi_Minh"):  # Tuesday there
        assert _kept(late="2") == {order.pk}


def test_a_part_is_found_by_whoever_took_it_first_or_last(db: None) -> None:
    order = OrderFactory.create(lines=0)
    line = OrderLineFactory.create(order=order, part_cancelled=True)
    line.earlier_parts.create(cancellation=CancellationFactory(source="buyer"), quantity=1)
    OrderFactory()
    OrderFactory(cancelled=True)
    for part in ("any", "seller-out_of_stock", "buyer-changed_mind"):
        assert _kept(part=part) == {order.pk}
    assert _kept(part="buyer-out_of_stock") == set()


def test_a_part_is_found_by_every_code_that_a_reason_may_have(db: None) -> None:
    order = OrderFactory.create(lines=0)
    ended = CancellationFactory.create(source="seller", reason=ReasonFactory(code="sold_out_2"))
    OrderLineFactory(order=order, part_cancelled=True, cancellation=ended)
    OrderFactory()
    assert _kept(part="seller-sold_out_2") == {order.pk}


def test_an_item_is_found_by_its_title_variant_and_sku_letter_by_letter(db: None) -> None:
    lost = {"cancelled": True, "source": "seller", "lines__title": "Bowl"}
    blue = OrderFactory.create(**lost, lines__variant="Blue", lines__sku="B-1")
    plain = OrderFactory.create(**lost, lines__variant="", lines__sku="")
    OrderFactory(**{**lost, "lines__title": "Bowl, large"})
    assert _kept(item="Bowl", variant="Blue", sku="B-1", lost="out_of_stock") == {blue.pk}
    assert _kept(item="Bowl", lost="out_of_stock") == {plain.pk}
    assert _kept(item="Bowl", lost="pricing_error") == set()


def test_a_request_that_waits_is_found(db: None) -> None:
    asked = CancellationRequestFactory.create()
    OrderFactory()
    assert _kept(request="open") == {asked.order.pk}


def test_a_currency_that_is_not_stated_is_found_as_one(db: None) -> None:
    euro, none = OrderFactory.create(currency="EUR"), OrderFactory.create(currency="", total=None)
    assert _kept(currency="EUR") == {euro.pk}
    assert _kept(currency="none") == {none.pk}


@pytest.mark.parametrize(
    "query",
    [
        "late=99",
        "part=%00",
        "part=A",
        "item=%00",
        "item=a%0Ab",
        "sku=%ED%A0%80",
        "currency=eur",
        "promise=x",
        "lost=%20",
    ],
)
def test_a_filter_that_nobody_linked_to_is_left_out(buyer_client: Client, query: str) -> None:
    assert buyer_client.get(f"/orders/?{query}").status_code == 200


def test_the_chip_of_a_figure_takes_it_away_whole(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer, cancelled=True, source="seller", lines__title="Bowl", lines__variant="Blue")
    page = buyer_client.get(
        "/orders/", {"item": "Bowl", "variant": "Blue", "lost": "out_of_stock", "status": "cancelled"}
    )
    assert urlsplit(address_of(page, "cancelled item: Bowl · Blue · out of stock")).query == "status=cancelled"


def test_a_search_within_a_figure_keeps_the_whole_figure(buyer_client: Client) -> None:
    named = {"item": "Bowl", "variant": "Blue", "sku": "B-1", "lost": "out_of_stock"}
    page = buyer_client.get("/orders/", named)
    for name, value in named.items():
        assertContains(page, f'<input type="hidden" name="{name}" value="{value}">', html=True)


@pytest.mark.parametrize(
    ("part", "to_buyer", "to_seller"),
    [
        ("seller-out_of_stock", "some items cancelled · by: the seller · out of stock", "by: you · out of stock"),
        ("buyer-changed_mind", "some items cancelled · by: you · changed mind", "by: the buyer · changed mind"),
        ("unknown-not_stated", "some items cancelled · by: not stated · no clear reason", "by: not stated"),
        ("any", "some items cancelled", "some items cancelled"),
        ("courier-lost", "some items cancelled · by: courier · lost", "by: courier · lost"),
    ],
)
def test_the_chip_of_cancelled_items_says_by_whom_and_why(
    buyer_client: Client, seller_client: Client, part: str, to_buyer: str, to_seller: str
) -> None:
    assert f"{to_buyer} ✕" in text_of(buyer_client.get("/orders/", {"part": part}))
    assert to_seller in text_of(seller_client.get("/selling/orders/", {"part": part}))


def _kept(**query: Any) -> set[int]:
    return {order.pk for order in FigureFilters(query).narrow_to_figure(Order.objects.all())}
