"""Selling: what a seller's orders tell, and the orders behind every figure."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from insights.refreshing import rebuild
from orders.models import Seller
from tests.factories import (
    CancellationRequestFactory,
    ContestFactory,
    OrderFactory,
    OrderLineFactory,
    SellerFactory,
    many_orders,
    yesterday,
)
from tests.pages import address_of, follow, links_of, orders_on, text_of

SELLING = "/selling/"
STATEMENTS = 9


def ordered(seller: Seller, **fields: Any) -> Any:
    return OrderFactory.create(**{"seller": seller, "placed_at": yesterday(), **fields})


def ended(seller: Seller, source: str, reason: str, **fields: Any) -> Any:
    return ordered(seller, cancelled=True, source=source, reason_code=reason, **fields)


@pytest.fixture
def story(seller: Seller) -> None:
    """Ten orders: two ended on the seller's side, one was the buyer's wish, one was split, six went well."""
    for _ in range(6):
        ordered(seller)
    ended(seller, "seller", "out_of_stock", number="OUT-1", lines__title="Bowl", lines__variant="Blue")
    ended(seller, "system", "seller_did_not_ship", number="LATE-1")
    ended(seller, "buyer", "changed_mind", number="MIND-1")
    ended(seller, "system", "order_replaced", number="SPLIT-1")
    rebuild()


def test_it_asks_visitors_to_sign_in(client: Client, db: None) -> None:
    assert client.get(SELLING)["Location"] == "/accounts/login/?next=/selling/"


@pytest.mark.parametrize("page", [SELLING, "/selling/orders/", "/selling/reasons.csv"])
def test_it_is_not_there_for_people_who_do_not_sell(buyer_client: Client, page: str) -> None:
    assert buyer_client.get(page).status_code == 404


@pytest.mark.parametrize("page", [SELLING, "/selling/orders/", "/selling/reasons.csv"])
def test_another_sellers_pages_are_not_there(seller_client: Client, page: str) -> None:
    other = SellerFactory.create(slug="northwind")
    assert seller_client.get(f"{page}?seller={other.slug}").status_code == 404
    assert seller_client.get(f"{page}?seller=nobody").status_code == 404


def test_it_says_so_when_there_is_nothing(seller_client: Client) -> None:
    rebuild()
    page = text_of(seller_client.get(SELLING))
    assert "There were no orders in the last 90 days." in page
    assert "No cancellations in this period." in page
    assert "Nobody is waiting for you." in page


def test_the_first_sentence_has_numerator_denominator_and_share(seller_client: Client, story: None) -> None:
    page = text_of(seller_client.get(SELLING))
    assert "2 of 9 orders of the last 90 days ended for a reason on your side: 22.2 %." in page
    assert "There were no orders in the 90 days before to compare with." in page


def test_it_tells_the_change(seller: Seller, seller_client: Client, story: None) -> None:
    before = yesterday() - timedelta(days=8)
    for _ in range(2):
        ordered(seller, placed_at=before)
    ended(seller, "seller", "out_of_stock", placed_at=before)
    ended(seller, "buyer", "changed_mind", placed_at=before)
    rebuild()
    assert "Down from 25.0 % in the 7 days before." in text_of(seller_client.get(SELLING, {"days": 7}))


def test_it_splits_by_who_and_by_whose_doing_and_only_the_own_is_to_fix(seller_client: Client, story: None) -> None:
    page = text_of(seller_client.get(SELLING))
    assert "the system 1 11.1 %" in page
    assert "yours to fix 2 22.2 %" in page
    assert "the buyer 1 11.1 %" in page
    assert page.count("yours to fix") == 3  # its row among the sides, and two reasons


def test_it_gives_the_catalogues_advice_for_reasons_on_the_own_side_only(seller_client: Client, story: None) -> None:
    page = text_of(seller_client.get(SELLING))
    advice = page.split("Yours to fix")[1].split(" Why ")[0]
    assert "out of stock · 1 order" in advice
    assert "changed mind" not in advice


def test_every_figure_leads_to_exactly_its_orders(seller_client: Client, story: None) -> None:
    page = seller_client.get(SELLING)
    links = dict(reversed(links_of(page)))
    own = seller_client.get(links["2"])
    assert set(_numbers(own)) == {"OUT-1", "LATE-1"}
    assert set(_numbers(seller_client.get(links["3"]))) == {"OUT-1", "LATE-1", "MIND-1"}
    everything = _numbers(seller_client.get(links["9"]))
    assert len(everything) == 9
    assert "SPLIT-1" not in everything


def _numbers(page: Any) -> list[str]:
    return [link.strip("/") for _said, link in links_of(page) if link.endswith("/") and not link.startswith(("/", "."))]


def test_a_reason_leads_to_its_orders(seller_client: Client, story: None) -> None:
    found = follow(seller_client, seller_client.get(SELLING), "out of stock · 1 order")
    assert _numbers(found) == ["OUT-1"]
    assert "Cancelled by you. Your buyer reads:" in text_of(found)


def test_the_list_leads_to_the_order_as_its_seller_sees_it(seller_client: Client, story: None) -> None:
    found = follow(seller_client, seller_client.get(SELLING), "out of stock · 1 order")
    assert address_of(found, "Bowl") == "/selling/orders/OUT-1/"


def test_the_list_says_until_when_a_request_has_to_be_answered(seller: Seller, seller_client: Client) -> None:
    asked = CancellationRequestFactory.create(order=OrderFactory.create(seller=seller))
    page = text_of(seller_client.get("/selling/orders/", {"request": "open"}))
    until = f"{timezone.localtime(asked.answer_by):%-d %B %Y, %H:%M}"
    assert f"The buyer asks to cancel. Answer by {until}; no answer means yes." in page


def test_the_list_is_not_searched_by_seller(seller: Seller, seller_client: Client, buyer_client: Client) -> None:
    page = text_of(seller_client.get("/selling/orders/"))
    assert "Order number or item" in page
    assert "item or seller" not in page
    assert "Order number, item or seller" in text_of(buyer_client.get("/orders/"))


def test_the_list_shows_no_buyer(seller: Seller, buyer: User, seller_client: Client) -> None:
    ordered(seller, buyer=buyer)
    page = text_of(seller_client.get("/selling/orders/"))
    assert buyer.name not in page
    assert str(buyer.email) not in page


def test_it_names_items_that_were_out_of_stock(seller_client: Client, story: None) -> None:
    assert "Bowl Blue out of stock 1 1" in text_of(seller_client.get(SELLING))


def test_it_tells_promises_missed_and_by_how_long(seller: Seller, seller_client: Client) -> None:
    at = yesterday()
    sent = {"shipped": True, "placed_at": at - timedelta(days=20), "shipped_at": at}
    ordered(seller, **sent, ship_by=at + timedelta(hours=1))
    late = ordered(seller, **sent, ship_by=at - timedelta(days=21))
    ordered(seller, **sent)
    rebuild()
    page = seller_client.get(SELLING)
    assert "1 of 2 orders with a promised day were sent too late: 50.0 %." in text_of(page)
    assert "more than 10 1" in text_of(page)
    links = [link for _said, link in links_of(page)]
    for asked, count in (("late=11", 1), ("promise=missed", 1), ("promise=made", 2), ("sent=yes", 3)):
        found = _numbers(seller_client.get(next(link for link in links if link.endswith(asked))))
        assert len(found) == count
        assert late.number in found


def test_it_tells_who_waits_and_for_how_long(seller: Seller, seller_client: Client) -> None:
    order = ordered(seller, number="ASKED-1")
    until = timezone.now() + timedelta(hours=5, minutes=30)
    CancellationRequestFactory(order=order, answer_by=until)
    CancellationRequestFactory(order=ordered(seller), answer_by=timezone.now() + timedelta(minutes=30))
    CancellationRequestFactory(order__placed_at=yesterday(), answer_by=timezone.now() + timedelta(hours=5))
    page = seller_client.get(SELLING)
    assert f"ASKED-1 changed mind {timezone.localtime(until):%-d %B %Y, %H:%M} 5 hours" in text_of(page)
    assert "Silence approves a request that was made here when its time is over." in text_of(page)
    assert "less than an hour" in text_of(page)
    assert address_of(page, "ASKED-1") == "/selling/orders/ASKED-1/"
    assert sum(link.startswith("/selling/orders/") and "?" not in link for _s, link in links_of(page)) == 2


def test_it_tells_when_old_cancellations_leave_the_window(seller_client: Client, story: None) -> None:
    page = seller_client.get(SELLING, {"days": 7})
    leaves = timezone.localdate(yesterday()) + timedelta(days=7)
    assert f"{leaves.day} {leaves:%b} 2 0" in text_of(page)


def test_it_counts_contests_that_were_upheld(seller: Seller, seller_client: Client, story: None) -> None:
    order = ended(seller, "seller", "out_of_stock", number="NO-1")
    ContestFactory(cancellation=order.cancellation, upheld=True)
    rebuild()
    page = seller_client.get(SELLING)
    assert _numbers(follow(seller_client, page, "1 reason was corrected")) == ["NO-1"]


def test_it_counts_cancelled_parts_by_themselves(seller: Seller, seller_client: Client) -> None:
    OrderLineFactory(order=ordered(seller, lines=0), part_cancelled=True, unit_price=Decimal("7.00"))
    rebuild()
    page = text_of(seller_client.get(SELLING))
    assert "0 of 1 order of the last 90 days" in page
    assert "out of stock you 1 1 €14.00" in page


def test_it_compares_with_the_typical_seller_and_names_none(seller: Seller, seller_client: Client) -> None:
    others = [SellerFactory.create(name=f"Rival {n}") for n in range(5)]
    for number, other in enumerate(others):
        many_orders(20, seller=other, placed_at=yesterday())
        for _ in range(number):
            ended(other, "seller", "out_of_stock")
    ordered(seller)
    rebuild()
    page = text_of(seller_client.get(SELLING))
    assert "For the typical seller here it is 9.1 %, over 90 days." in page
    assert "Rival" not in page


def test_under_five_sellers_it_compares_with_nobody(seller: Seller, seller_client: Client) -> None:
    for _ in range(4):
        many_orders(20, placed_at=yesterday())
    ordered(seller)
    rebuild()
    page = text_of(seller_client.get(SELLING))
    assert "Fewer than 5 sellers have enough orders to compare with." in page


def test_it_says_how_fresh_it_is(seller_client: Client, story: None) -> None:
    assert f"Complete up to {timezone.localdate().day} " in text_of(seller_client.get(SELLING))


def test_a_member_of_several_sellers_chooses_one(seller_member: User, seller_client: Client) -> None:
    other = SellerFactory.create(name="Lụa Hà Đông", slug="lụa-hà-đông")
    other.members.add(seller_member)
    page = seller_client.get(SELLING)
    assert address_of(page, "Lụa Hà Đông").startswith("/selling/?seller=")
    assert "Lụa Hà Đông" in text_of(seller_client.get(f"{SELLING}?seller={quote(other.slug)}")).split("Insight")[1]


@pytest.mark.parametrize("days", ["7", "30", "90", "all", "-1", "\x00"])
def test_any_window_is_answered(seller_client: Client, story: None, days: str) -> None:
    assert seller_client.get(SELLING, {"days": days}).status_code == 200


def test_every_table_downloads(seller_client: Client, story: None) -> None:
    for key in ("who", "side", "reasons", "time", "items", "parts", "leaving", "waiting", "shipping"):
        answer = seller_client.get(f"/selling/{key}.csv")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert f"selling-90-days-{key}.csv" in answer["Content-Disposition"]
    rows = _rows(seller_client.get("/selling/reasons.csv"))
    assert rows[0] == ["Reason", "Orders", "of all orders"]
    assert ["out of stock", "1", "0.1111"] in rows
    assert seller_client.get("/selling/nothing.csv").status_code == 404


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_download_runs_nothing_in_a_spreadsheet(seller: Seller, seller_client: Client, title: str) -> None:
    ended(seller, "seller", "out_of_stock", lines__title=title)
    rebuild()
    assert _rows(seller_client.get("/selling/items.csv"))[1][0] == f"'{title}"


def _rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_it_costs_the_same_for_one_order_and_for_many(
    seller: Seller, seller_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ended(seller, "seller", "out_of_stock")
    rebuild()
    seller_client.get(SELLING)
    with django_assert_num_queries(STATEMENTS):
        seller_client.get(SELLING)
    many_orders(60, seller=seller, placed_at=yesterday(), cancelled=True, source="system")
    many_orders(60, seller=seller, placed_at=yesterday(), shipped=True)
    rebuild()
    with django_assert_num_queries(STATEMENTS):
        seller_client.get(SELLING)


def test_the_way_to_it_is_shown_to_those_who_sell(seller_member: User, buyer: User) -> None:
    for person, sees_it in ((seller_member, True), (buyer, False)):
        client = Client()
        client.force_login(person)
        assert (("Selling", SELLING) in links_of(client.get("/orders/"))) == sees_it


def test_the_list_says_when_nothing_matches(seller_client: Client, story: None) -> None:
    page = seller_client.get("/selling/orders/", {"q": "no such thing", "seller": "minh-long-ceramics"})
    assert "No order matches." in text_of(page)
    assert orders_on(page) == []
