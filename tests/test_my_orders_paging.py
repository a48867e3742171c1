"""My Orders, page by page: every order once and in order, whatever happens in between."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from accounts.models import User
from orders import paging
from orders.models import Order, Seller
from tests.factories import MOMENT, OrderFactory, UserFactory, many_orders
from tests.pages import address_of, follow, links_of, orders_on, text_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

MY_ORDERS = "/orders/"
NOT_COMPLETE = "This link to a page of your orders is not complete. Here are your newest orders."


def leads(page: "Response", words: str) -> bool:
    return any(said == words for said, _ in links_of(page))


def cursor_of(page: "Response", words: str) -> str:
    return parse_qs(urlsplit(address_of(page, words)).query)["after"][0]


def newest_first(buyer: User) -> list[str]:
    return list(buyer.orders.newest_first().values_list("number", flat=True))


def walk(client: Client, page: "Response", words: str) -> list[list[str]]:
    pages = [orders_on(page)]
    while leads(page, words):
        page = follow(client, page, words)
        pages.append(orders_on(page))
    return pages


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (20, [20]), (21, [20, 1]), (40, [20, 20]), (45, [20, 20, 5])])
def test_a_page_has_twenty_orders(buyer: User, buyer_client: Client, count: int, sizes: list[int]) -> None:
    many_orders(count, buyer=buyer)
    pages = walk(buyer_client, buyer_client.get(MY_ORDERS), "Older orders")
    assert [len(page) for page in pages] == sizes
    assert [*chain(*pages)] == newest_first(buyer)


def test_the_first_page_has_no_newer_one_and_the_last_no_older_one(buyer: User, buyer_client: Client) -> None:
    many_orders(21, buyer=buyer)
    first = buyer_client.get(MY_ORDERS)
    last = follow(buyer_client, first, "Older orders")
    assert not leads(first, "Newer orders")
    assert leads(last, "Newer orders")
    assert not leads(last, "Older orders")


def test_the_way_back_is_the_way_there(buyer: User, buyer_client: Client) -> None:
    many_orders(45, buyer=buyer)
    there, page = [], buyer_client.get(MY_ORDERS)
    while leads(page, "Older orders"):
        there.append(orders_on(page))
        page = follow(buyer_client, page, "Older orders")
    back = walk(buyer_client, page, "Newer orders")
    assert back[1:] == there[::-1]


def test_orders_of_the_same_moment_are_each_seen_once(buyer: User, buyer_client: Client) -> None:
    many_orders(50, buyer=buyer, placed_at=MOMENT)
    pages = walk(buyer_client, buyer_client.get(MY_ORDERS), "Older orders")
    assert [*chain(*pages)] == newest_first(buyer)


def test_dated_and_undated_orders_are_in_one_row(buyer: User, buyer_client: Client) -> None:
    for hours in range(30):
        at = MOMENT + timedelta(hours=hours)
        OrderFactory(buyer=buyer, placed_at=None if hours % 3 else at, recorded_at=at)
    pages = walk(buyer_client, buyer_client.get(MY_ORDERS), "Older orders")
    assert [*chain(*pages)] == newest_first(buyer)


def test_orders_that_arrive_in_between_move_nothing(buyer: User, buyer_client: Client) -> None:
    many_orders(45, buyer=buyer)
    before = newest_first(buyer)
    seen, page = [], buyer_client.get(MY_ORDERS)
    while True:
        seen += orders_on(page)
        OrderFactory.create_batch(3, buyer=buyer, placed_at=datetime(2026, 12, 24, tzinfo=UTC))
        if not leads(page, "Older orders"):
            break
        page = follow(buyer_client, page, "Older orders")
    assert seen == before


def test_orders_that_arrive_in_between_are_met_on_the_way_back(buyer: User, buyer_client: Client) -> None:
    many_orders(25, buyer=buyer)
    last = follow(buyer_client, buyer_client.get(MY_ORDERS), "Older orders")
    OrderFactory.create_batch(3, buyer=buyer, placed_at=datetime(2026, 12, 24, tzinfo=UTC))
    back = walk(buyer_client, last, "Newer orders")
    assert [*chain(*back[::-1])] == newest_first(buyer)


def test_the_filters_stay_from_page_to_page(buyer: User, buyer_client: Client) -> None:
    for source in ["seller", "buyer"]:
        many_orders(25, buyer=buyer, cancelled=True, source=source)
    first = buyer_client.get(MY_ORDERS, {"cancelled_by": "seller", "since": "2026-01-01"})
    pages = walk(buyer_client, first, "Older orders")
    wanted = buyer.orders.cancelled_by("seller").newest_first().values_list("number", flat=True)
    assert [*chain(*pages)] == list(wanted)


def test_another_filter_begins_at_the_first_page(buyer: User, buyer_client: Client) -> None:
    many_orders(25, buyer=buyer, cancelled=True)
    second = follow(buyer_client, buyer_client.get(MY_ORDERS), "Older orders")
    assert "after=" not in address_of(second, "Cancelled 25")
    assert len(orders_on(follow(buyer_client, second, "Cancelled 25"))) == 20


@given(st.lists(st.integers(0, 5), max_size=14))
@profile(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_visit_every_order_once(seller: Seller, monkeypatch: pytest.MonkeyPatch, hours: list[int]) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 3)
    reader = UserFactory.create()
    moments = [MOMENT + timedelta(hours=hour) for hour in hours]
    Order.objects.bulk_create(OrderFactory.build(buyer=reader, seller=seller, placed_at=at) for at in moments)
    everything = [order.pk for order in reader.orders.newest_first()]
    there = walked(reader, "older")
    back = walked(reader, "newer", there[-1].newer)[::-1] if there[-1].newer else []
    assert [order.pk for page in there for order in page.orders] == everything
    assert [order.pk for page in [*back, there[-1]] for order in page.orders] == everything


def walked(reader: User, way: str, cursor: str = "") -> list[paging.Page]:
    pages = [paging.page_of(reader.orders.all(), cursor=cursor, reader=reader.pk)]
    while following := getattr(pages[-1], way):
        pages.append(paging.page_of(reader.orders.all(), cursor=following, reader=reader.pk))
    return pages


@pytest.mark.parametrize(
    "cursor",
    ["x", "a:b:c", "\x00", "é", "x" * 100_000, "WzFd:1vGabc:4aEXAMPLE", "%", "null"],
    ids=["letter", "three parts", "NUL", "accent", "long", "forged", "percent", "null"],
)
def test_a_cursor_that_this_page_did_not_write_is_refused_in_words(
    buyer: User, buyer_client: Client, cursor: str
) -> None:
    OrderFactory(buyer=buyer, number="C260017")
    page = buyer_client.get(MY_ORDERS, {"after": cursor})
    assert page.status_code == 200
    assert NOT_COMPLETE in text_of(page)
    assert orders_on(page) == ["C260017"]


def test_a_cursor_that_was_cut_short_is_refused_in_words(buyer: User, buyer_client: Client) -> None:
    many_orders(21, buyer=buyer)
    cursor = cursor_of(buyer_client.get(MY_ORDERS), "Older orders")
    for part in [cursor[:-1], cursor[1:], cursor + "x", cursor.swapcase()]:
        assert NOT_COMPLETE in text_of(buyer_client.get(MY_ORDERS, {"after": part}))


def test_another_readers_cursor_is_refused(
    buyer: User, buyer_client: Client, stranger: User, stranger_client: Client
) -> None:
    many_orders(21, buyer=buyer)
    OrderFactory(buyer=stranger, number="theirs")
    cursor = cursor_of(buyer_client.get(MY_ORDERS), "Older orders")
    page = stranger_client.get(MY_ORDERS, {"after": cursor})
    assert NOT_COMPLETE in text_of(page)
    assert orders_on(page) == ["theirs"]


def test_what_is_signed_elsewhere_with_the_same_key_is_no_cursor(buyer_client: Client) -> None:
    foreign = signing.dumps(["older", MOMENT.isoformat(), 1])
    assert NOT_COMPLETE in text_of(buyer_client.get(MY_ORDERS, {"after": foreign}))


def test_a_good_cursor_says_nothing(buyer: User, buyer_client: Client) -> None:
    many_orders(21, buyer=buyer)
    page = follow(buyer_client, buyer_client.get(MY_ORDERS), "Older orders")
    assert NOT_COMPLETE not in text_of(page)


def test_a_page_whose_orders_have_moved_on_says_so_and_leads_to_the_newest(buyer: User, buyer_client: Client) -> None:
    many_orders(21, buyer=buyer)
    address = address_of(buyer_client.get(MY_ORDERS, {"status": "preparing"}), "Older orders")
    buyer.orders.filter(pk=buyer.orders.oldest_first()[0].pk).update(status="shipped")
    page = buyer_client.get(address)
    assert "There are no orders on this page any more." in text_of(page)
    assert len(orders_on(follow(buyer_client, page, "Show the newest ones"))) == 20
