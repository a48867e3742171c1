"""My Orders narrowed: by who cancelled, by reason, by date; and whatever else an address can hold."""

import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import User
from cancellations.models import Reason
from orders import querysets
from tests.factories import OrderFactory, ReasonFactory, WordingFactory, many_orders
from tests.pages import follow, orders_on, text_of

MY_ORDERS = "/orders/"
REMOVE = "✕ Remove this filter"


@pytest.fixture
def snow(db: None) -> str:
    """The code of a reason that anybody may give."""
    return ReasonFactory.create(
        code="snow", by_seller=True, by_system=True, wording__label="snowed in", wording__headline="Snow."
    ).code


@pytest.fixture
def cancelled(buyer: User, snow: str) -> None:
    """Six cancelled orders: four for the snow, by buyer, seller (twice) and system; two that the buyer did not want."""
    for source in ["buyer", "seller", "seller", "system"]:
        OrderFactory(buyer=buyer, cancelled=True, source=source, reason_code=snow)
    OrderFactory.create_batch(2, buyer=buyer, cancelled=True, source="buyer")
    OrderFactory(buyer=buyer, number="open")


@pytest.mark.parametrize("source", ["buyer", "seller", "system", "unknown"])
def test_it_keeps_what_one_source_cancelled(buyer: User, buyer_client: Client, source: str) -> None:
    for other in ["buyer", "seller", "system", "unknown"]:
        OrderFactory(buyer=buyer, number=other, cancelled=True, source=other)
    OrderFactory(buyer=buyer, number="open")
    assert orders_on(buyer_client.get(MY_ORDERS, {"cancelled_by": source})) == [source]


def test_it_keeps_what_was_cancelled_for_one_reason(buyer: User, buyer_client: Client, snow: str) -> None:
    OrderFactory(buyer=buyer, number="snowed", cancelled=True, reason_code=snow)
    OrderFactory(buyer=buyer, number="other", cancelled=True)
    assert orders_on(buyer_client.get(MY_ORDERS, {"reason": snow})) == ["snowed"]


def test_who_and_why_imply_cancelled(buyer_client: Client, cancelled: None, snow: str) -> None:
    page = buyer_client.get(MY_ORDERS, {"status": "shipped", "cancelled_by": "seller", "reason": snow})
    assert len(orders_on(page)) == 2


def test_the_facets_count_who_and_why(buyer_client: Client, cancelled: None) -> None:
    page = text_of(buyer_client.get(MY_ORDERS, {"status": "cancelled"}))
    assert "Cancelled by you 3 the seller 2 the system 1" in page
    assert "Reason snowed in 4 changed mind 2" in page


def test_the_facets_stand_under_cancelled_only(buyer_client: Client, cancelled: None) -> None:
    for address in [MY_ORDERS, f"{MY_ORDERS}?status=preparing"]:
        assert "snowed in 4" not in text_of(buyer_client.get(address))


def test_each_facet_counts_within_the_other_one(buyer_client: Client, cancelled: None, snow: str) -> None:
    by_buyer = text_of(buyer_client.get(MY_ORDERS, {"cancelled_by": "buyer"}))
    assert f"Cancelled by you 3 {REMOVE} the seller 2 the system 1" in by_buyer
    assert "Reason changed mind 2 snowed in 1" in by_buyer
    for_snow = text_of(buyer_client.get(MY_ORDERS, {"reason": snow}))
    assert "Cancelled by the seller 2 you 1 the system 1" in for_snow
    assert f"Reason snowed in 4 {REMOVE} changed mind 2" in for_snow


def test_the_facets_count_within_words_and_dates(buyer: User, buyer_client: Client, cancelled: None) -> None:
    OrderFactory(buyer=buyer, cancelled=True, lines__title="Sledge")
    page = text_of(buyer_client.get(MY_ORDERS, {"status": "cancelled", "q": "sledge"}))
    assert "Cancelled by you 1 Reason changed mind 1" in page


def test_a_facet_leads_to_its_orders_and_back(buyer_client: Client, cancelled: None) -> None:
    cancelled_ones = buyer_client.get(MY_ORDERS, {"status": "cancelled"})
    by_seller = follow(buyer_client, cancelled_ones, "the seller 2")
    for_snow = follow(buyer_client, by_seller, "snowed in 2")
    assert [len(orders_on(page)) for page in (cancelled_ones, by_seller, for_snow)] == [6, 2, 2]
    without_seller = follow(buyer_client, for_snow, f"the seller 2 {REMOVE}")
    assert len(orders_on(without_seller)) == 4
    assert len(orders_on(follow(buyer_client, without_seller, f"snowed in 4 {REMOVE}"))) == 6


def test_a_tab_leaves_who_and_why_behind_and_keeps_the_words(buyer_client: Client, cancelled: None) -> None:
    page = buyer_client.get(MY_ORDERS, {"cancelled_by": "seller", "reason": "snow", "q": "open"})
    assert orders_on(follow(buyer_client, page, "All")) == ["open"]


def test_a_chosen_facet_without_orders_is_still_there_by_name(buyer_client: Client, cancelled: None) -> None:
    page = text_of(buyer_client.get(MY_ORDERS, {"cancelled_by": "unknown", "reason": "out_of_stock"}))
    assert "No order matches." in page
    assert f"not stated 0 {REMOVE}" in page
    assert f"out of stock 0 {REMOVE}" in page


def test_a_facet_speaks_with_the_newest_wording(buyer_client: Client, cancelled: None, snow: str) -> None:
    WordingFactory(reason=Reason.objects.get(code=snow), version=2, label="snowed under")
    assert "Reason snowed under 4" in text_of(buyer_client.get(MY_ORDERS, {"status": "cancelled"}))


def test_the_facets_count_the_newest_thousand(
    buyer: User, buyer_client: Client, snow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(querysets, "MOST_FACETED", 3)
    many_orders(2, buyer=buyer, cancelled=True, reason_code=snow)
    many_orders(2, buyer=buyer, cancelled=True)
    assert "changed mind 2 snowed in 1" in text_of(buyer_client.get(MY_ORDERS, {"status": "cancelled"}))


def test_facets_above_ninety_nine_are_not_counted_out(buyer: User, buyer_client: Client) -> None:
    many_orders(100, buyer=buyer, cancelled=True)
    assert "you 99+ Reason changed mind 99+" in text_of(buyer_client.get(MY_ORDERS, {"status": "cancelled"}))


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ({"since": "2026-11-05"}, ["6th", "5th-late", "5th-early"]),
        ({"until": "2026-11-05"}, ["5th-late", "5th-early", "4th"]),
        ({"since": "2026-11-05", "until": "2026-11-05"}, ["5th-late", "5th-early"]),
        ({"since": "2026-11-07"}, []),
    ],
)
def test_dates_include_both_days_in_the_zone_of_the_marketplace(
    buyer: User, buyer_client: Client, settings: Settings, dates: dict[str, str], found: list[str]
) -> None:
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"  # seven hours ahead
    moments = {"4th": (4, 16, 59), "5th-early": (4, 17, 0), "5th-late": (5, 16, 59), "6th": (5, 17, 0)}
    for number, (day, hour, minute) in moments.items():
        OrderFactory(buyer=buyer, number=number, placed_at=datetime(2026, 11, day, hour, minute, tzinfo=UTC))
    assert orders_on(buyer_client.get(MY_ORDERS, dates)) == found


def test_an_undated_order_is_found_by_the_day_it_was_recorded(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer, number="undated", placed_at=None, recorded_at=datetime(2026, 11, 5, 12, tzinfo=UTC))
    assert orders_on(buyer_client.get(MY_ORDERS, {"since": "2026-11-05", "until": "2026-11-05"})) == ["undated"]


def test_words_and_dates_are_chips_that_can_be_taken_off(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer, number="lamp", lines__title="Lamp", placed_at=datetime(2026, 11, 5, tzinfo=UTC))
    OrderFactory(buyer=buyer, number="bowl", lines__title="Bowl", placed_at=datetime(2026, 11, 5, tzinfo=UTC))
    OrderFactory(buyer=buyer, number="old", lines__title="Lamp", placed_at=datetime(2026, 10, 5, tzinfo=UTC))
    page = buyer_client.get(MY_ORDERS, {"q": "lamp", "since": "2026-11-01", "until": "2026-11-30"})
    assert f"“lamp” {REMOVE} from 1 November 2026 {REMOVE} to 30 November 2026 {REMOVE} Remove all" in text_of(page)
    assert orders_on(page) == ["lamp"]
    assert orders_on(follow(buyer_client, page, "“lamp”")) == ["bowl", "lamp"]
    assert orders_on(follow(buyer_client, page, "from 1 November")) == ["lamp", "old"]
    assert orders_on(follow(buyer_client, page, "Remove all")) == ["bowl", "lamp", "old"]


def test_without_filters_there_is_nothing_to_remove(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer)
    assert "Remove" not in text_of(buyer_client.get(MY_ORDERS, {"status": "preparing"}))


def test_when_nothing_matches_it_says_what_to_change_and_leads_back(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer, number="C260017", cancelled=True)
    page = buyer_client.get(MY_ORDERS, {"status": "cancelled", "cancelled_by": "seller", "q": "lamp"})
    assert "No order matches. Search for fewer words, choose other dates, or remove the filters." in text_of(page)
    assert "Cancelled 1" in text_of(page)
    assert orders_on(follow(buyer_client, page, "Remove all filters")) == ["C260017"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"since": "yesterday"}, "This is not a date. Write it like 2026-11-23."),
        ({"until": "2026-02-30"}, "This is not a date. Write it like 2026-11-23."),
        ({"since": "0001-01-01"}, "The date must lie between 1990 and 2100."),
        ({"until": "9999-12-31"}, "The date must lie between 1990 and 2100."),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "This day lies before the first one."),
        ({"status": "lost"}, "There is no such state of an order."),
        ({"cancelled_by": "me"}, "Orders are cancelled by the buyer, the seller or the system."),
        ({"reason": "Out of stock!"}, "There is no such reason."),
        ({"reason": "x" * 41}, "There is no such reason."),
        ({"q": "x" * 101}, "A search has at most 100 characters."),
        ({"q": "x" * 100_000}, "A search has at most 100 characters."),
        ({"q": "a\x00b"}, "Null characters are not allowed."),
        ({"q": "a\x1bb"}, "It contains a control character."),
        ({"q": "a\u202eb"}, "It contains an invisible character that turns the writing direction."),
        ({"after": "x" * 100_000}, "Here are your newest orders."),
    ],
)
def test_what_cannot_be_understood_is_said_on_the_page_beside_the_orders(
    buyer: User, buyer_client: Client, query: dict[str, str], said: str
) -> None:
    OrderFactory(buyer=buyer, number="C260017")
    page = buyer_client.get(MY_ORDERS, query)
    assert page.status_code == 200
    assert said in text_of(page)
    assert orders_on(page) == ["C260017"]


def test_characters_that_nobody_sees_are_told_of_in_the_readers_language(buyer: User, buyer_client: Client) -> None:
    page = buyer_client.get(MY_ORDERS, {"q": "a\u202eb"}, headers={"accept-language": "de"})
    assert "ein unsichtbares Zeichen, das die Schreibrichtung umkehrt" in text_of(page)


def test_a_lone_surrogate_is_read_as_a_character_that_nothing_holds(buyer: User, buyer_client: Client) -> None:
    OrderFactory(buyer=buyer)
    page = buyer_client.get(f"{MY_ORDERS}?q=%ED%A0%80")
    assert (page.status_code, orders_on(page)) == (200, [])


def test_a_wrong_value_stays_in_its_field_and_does_no_harm(buyer_client: Client) -> None:
    page = buyer_client.get(MY_ORDERS, {"q": '"><script>alert(1)</script>' + "x" * 100}).content.decode()
    assert "<script>alert" not in page
    assert 'value="&quot;&gt;&lt;script&gt;alert' in page


@pytest.mark.parametrize(
    ("written", "shown"), [("2026-11-05", 'value="2026-11-05"'), ("2026-1-5", 'value="2026-01-05"'), ("<b>", None)]
)
def test_a_field_for_a_date_holds_nothing_else(buyer_client: Client, written: str, shown: str | None) -> None:
    page = buyer_client.get(MY_ORDERS, {"since": written}).content.decode()
    field = re.search(r"<input[^>]*name=.since[^>]*>", page)
    assert field
    assert shown in field[0] if shown else "value" not in field[0]


def test_a_reason_that_does_not_exist_finds_nothing(buyer_client: Client, cancelled: None) -> None:
    page = buyer_client.get(MY_ORDERS, {"reason": "no_such_reason"})
    assert (page.status_code, orders_on(page)) == (200, [])
    assert "No order matches." in text_of(page)


NAMES = ["q", "since", "until", "status", "cancelled_by", "reason", "after", "page", "Q"]
VALUES = [
    "",
    "cancelled",
    "buyer",
    "snow",
    "2026-11-05",
    "0",
    "-1",
    "%",
    "_",
    "'",
    "\\",
    "#",
    "é",
    "\x00",
    "\u202e",
    "٢",
]


@example("q=%00")
@example("after=%ff&since=%c0%80")
@example("status=cancelled&status=shipped&q=%F0%9F%8D%9A&&&;;==")
@example("q=" + quote("' OR 1=1 --") + "&reason[]=x")
@given(
    st.one_of(
        st.text(alphabet=st.characters(max_codepoint=255), max_size=60),
        st.lists(
            st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), st.text(max_size=20))), max_size=5
        ).map(lambda pairs: "&".join(f"{name}={quote(value, errors='replace')}" for name, value in pairs)),
    )
)
@profile(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_address_whatsoever_is_answered(buyer_client: Client, cancelled: None, query: str) -> None:
    page = buyer_client.get(MY_ORDERS, QUERY_STRING=query)
    assert page.status_code == 200
    assert "My Orders" in text_of(page)
