"""The demo: it tells of every case, in real proportions, without knowing the future, and is loaded once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from cancellations.catalogue_files import read_catalogue
from cancellations.models import Cancellation, Refund
from cancellations.terms import PaymentMethod, Source
from feeds.demo import crowd
from feeds.demo.clock import Clock, span
from feeds.demo.files import shops
from feeds.demo.lives import Life
from feeds.demo.loading import all_documents, demo_clock
from feeds.demo.people import BUYER, OFFICE
from feeds.demo.stories import written_stories
from feeds.demo.telling import order_document
from orders.documents import CancellationDocument, OrderDocument, RefundDocument
from orders.models import CancellationRequest, Event, Order, OrderLine, Seller
from orders.pages.cards import OrderCard
from orders.words.money import MoneyCase

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
ANY_TIME = [MONDAY + timedelta(days=day, minutes=minute) for day in range(7) for minute in (2, 12 * 60, 24 * 60 - 2)]
STATUS = Order.Status


@cache
def documents() -> list[OrderDocument]:
    return all_documents(Clock(ANY_TIME[10]))


def mais_orders(now: datetime) -> list[OrderDocument]:
    clock = Clock(now)
    return [order_document(Life(story, clock)) for story in written_stories("mai", BUYER.as_buyer)]


def refunds_of(order: OrderDocument) -> Iterator[tuple[CancellationDocument, RefundDocument]]:
    for cancellation in order.cancellations:
        for refund in cancellation.refunds:
            yield cancellation, refund


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def small(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo with a small crowd, loaded."""
    monkeypatch.setattr(crowd, "CROWD_ORDERS", 40)
    monkeypatch.setattr(crowd, "OFFICE_ORDERS", 30)
    said()


# What it tells


def test_one_buyer_has_sixty_orders_and_another_two_thousand() -> None:
    bought = Counter(order.buyer.external_id for order in documents() if order.buyer)
    assert (bought[BUYER.external_id], bought[OFFICE.external_id]) == (60, 2_000)


def test_orders_are_cancelled_as_often_and_by_whom_real_ones_are() -> None:
    ended = [order.cancellation for order in documents() if order.cancellation]
    by = {source: count / len(ended) for source, count in Counter(one.source for one in ended).items()}
    assert 0.19 < len(ended) / len(documents()) < 0.24
    assert 0.70 < by[Source.BUYER] < 0.80
    assert 0.01 < by[Source.SELLER] < 0.06
    assert 0.18 < by[Source.SYSTEM] < 0.24


def test_in_vietnam_cash_on_delivery_is_usual() -> None:
    ended = [order for order in documents() if order.status == STATUS.CANCELLED and order.currency == "VND"]
    in_cash = [order for order in ended if order.payment_method == PaymentMethod.CASH_ON_DELIVERY]
    assert 0.5 < len(in_cash) / len(ended) < 0.62


def test_every_seller_has_a_history_that_figures_can_rest_on() -> None:
    recent = ANY_TIME[10] - timedelta(days=90)
    sold = Counter(order.seller.name for order in documents() if order.placed_at and order.placed_at > recent)
    assert len(sold) == len(shops()) >= 8
    assert min(sold.values()) >= 20


def test_one_seller_has_a_story_of_weeks_in_which_promises_were_broken() -> None:
    shop = shops()["gom-la-sen"]
    assert shop.late

    def broken(oldest: int, newest: int) -> float:
        since, until = (ANY_TIME[10] - timedelta(days=days) for days in (oldest, newest))
        sold = [
            order
            for order in documents()
            if order.seller.name == shop.name and order.placed_at and since < order.placed_at < until
        ]
        return sum(
            order.cancellation is not None and order.cancellation.reason == "seller_did_not_ship" for order in sold
        ) / len(sold)

    assert broken(*shop.late) > 3 * broken(400, shop.late[0])


def test_titles_and_names_are_of_many_scripts_and_lengths() -> None:
    titles = " ".join(line.title for order in documents() for line in order.lines)
    assert all(word in titles for word in ("بخور", "לבנדר", "万年筆", "nhuộm chàm", "Küchentisch"))
    assert max(len(line.title) for order in documents() for line in order.lines) > 200


def test_currencies_have_none_two_and_three_decimals() -> None:
    assert {"VND", "JPY", "EUR", "USD", "GBP", "KWD", "BHD"} <= {order.currency for order in documents()}


def test_no_address_is_real() -> None:
    addresses = {order.buyer.email for order in documents() if order.buyer and order.buyer.email}
    assert addresses
    assert all(address.endswith("@demo.example") for address in addresses)


def test_every_reason_is_one_that_its_source_may_give() -> None:
    may_give = {(source, entry.code) for entry in read_catalogue().reasons for source in entry.given_by}
    given = {(one.source.value, one.reason) for order in documents() for one in order.cancellations if one.reason}
    assert given - may_give == {("unknown", "not_stated")}
    assert len(given) > 30


def test_numbers_are_unique() -> None:
    assert len({order.number for order in documents()}) == len(documents())


# The same for everybody, at any time


def test_it_is_the_same_in_every_run() -> None:
    assert [one.digest() for one in all_documents(Clock(ANY_TIME[10]))] == [one.digest() for one in documents()]


@pytest.mark.parametrize("now", ANY_TIME, ids=lambda now: f"{now:%a %H:%M}")
def test_the_first_pages_look_alike_whenever_it_is_loaded(now: datetime) -> None:
    orders = mais_orders(now)
    states = Counter(order.status for order in orders)
    refunds = [(c, r) for order in orders for c, r in refunds_of(order)]
    overdue = [r for _, r in refunds if r.state != "completed" and r.expected_by and r.expected_by < now.date()]
    assert (states[STATUS.AWAITING_PAYMENT], states[STATUS.PREPARING], states[STATUS.SHIPPED]) == (2, 4, 4)
    assert states[STATUS.CANCELLED] == 32
    assert Counter(r.state for _, r in refunds)[Refund.State.DUE] == 1
    assert [r.state for r in overdue] == ["sent", "failed"]
    assert sum(line.cancelled_quantity > 0 for order in orders for line in order.lines) == 6


@pytest.mark.parametrize("now", ANY_TIME, ids=lambda now: f"{now:%a %H:%M}")
def test_nothing_is_told_that_has_not_happened_yet(now: datetime) -> None:
    for order in mais_orders(now):
        happened = [order.placed_at, order.paid_at, order.shipped_at, order.delivered_at]
        happened += [cancellation.cancelled_at for cancellation in order.cancellations]
        for _, refund in refunds_of(order):
            happened += [refund.due_at, refund.sent_at, refund.completed_at]
        assert max(moment for moment in happened if moment) <= now, order.number


def test_one_thing_follows_another() -> None:
    for order in documents():
        way = [order.placed_at, order.paid_at, order.shipped_at, order.delivered_at]
        assert_in_order(way, order.number)
        for cancellation in order.cancellations:
            assert_in_order([order.placed_at, cancellation.cancelled_at], order.number)
        for cancellation, refund in refunds_of(order):
            assert_in_order(
                [cancellation.cancelled_at, refund.due_at, refund.sent_at, refund.completed_at], order.number
            )
            assert refund.expected_by
            assert refund.completed_at is None or refund.completed_at.date() <= refund.expected_by


def assert_in_order(moments: list[datetime | None], number: str) -> None:
    stated = [moment for moment in moments if moment]
    assert stated == sorted(stated), number


def test_a_length_of_time_must_be_one() -> None:
    with pytest.raises(ValueError, match="'soon' is no length of time"):
        span("soon")


# Loaded


def test_the_second_time_nothing_changes(small: None) -> None:
    assert "0 new, 0 changed, 137 unchanged" in said()
    before = counts()
    said()
    assert counts() == before


def counts() -> list[int]:
    tables = (Order, OrderLine, Cancellation, Refund, Event, Seller, User, CancellationRequest)
    return [table._default_manager.count() for table in tables]


def test_later_loads_keep_the_clock_of_the_first(small: None) -> None:
    first = timezone.now().replace(second=0, microsecond=0) - timedelta(days=40)
    Order.objects.update(origin_version=int(first.timestamp()))
    assert demo_clock() == Clock(first)
    assert "begin again from today" in said("--sign-ins")


def test_every_money_case_is_there_to_be_seen(small: None) -> None:
    orders = User.objects.get(external_id=BUYER.external_id).orders.for_cards()
    whys = [why for order in orders if (why := OrderCard(order).why)]
    assert {line.case for why in whys for line in why.money} == set(MoneyCase)


def test_every_source_and_every_way_to_pay_is_there_to_be_seen(small: None) -> None:
    orders = Order.objects.filter(buyer__external_id=BUYER.external_id)
    assert {order.cancellation.source for order in orders.filter(status="cancelled")} == set(Source)
    assert {order.payment_method for order in orders} == set(PaymentMethod) - {PaymentMethod.OTHER}


def test_only_two_reasons_are_not_understood(small: None) -> None:
    unclear = Cancellation.objects.exclude(raw_reason="").values_list("raw_reason", flat=True)
    assert set(unclear) == {"Thợ gốm ốm, lò nghỉ ba tuần", "倉庫移転に伴う自動処理"}


# Signing in


def sign_in(client: Client, email: str) -> str:
    return client.post("/accounts/login/", {"login": email, "password": "honest-answers"}, follow=True).content.decode()


def test_it_says_how_to_sign_in(small: None) -> None:
    told = said("--sign-ins")
    assert "honest-answers" in told
    assert all(f"{name}@demo.example" in told for name in ("mai", "khoa", "ada", "office"))


@pytest.mark.parametrize("name", ["mai", "khoa", "office"])
def test_they_sign_in_and_see_their_orders(small: None, client: Client, name: str) -> None:
    page = sign_in(client, f"{name}@demo.example")
    assert "My Orders" in page
    assert "You have no orders here yet." not in page


def test_the_seller_acts_for_the_shop(small: None) -> None:
    assert [seller.name for seller in User.objects.get(email="khoa@demo.example").sellers.all()] == ["Gốm Lá Sen"]


def test_the_administrator_enters_with_a_code_that_was_printed(small: None) -> None:
    code = said("--sign-ins").partition("each good once: ")[2].split()[0]
    for _ in range(2):  # printed anew, it is good anew
        client = Client()
        assert "Second step" in sign_in(client, "ada@demo.example")
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert client.get("/admin/").status_code == 200
        assert code in said("--sign-ins")


def test_what_a_visitor_has_changed_stays(small: None) -> None:
    mai = User.objects.get(email="mai@demo.example")
    mai.set_password("my own long words")
    mai.email = "mai.2@demo.example"
    mai.save()
    said()
    assert User.objects.get(external_id=BUYER.external_id).check_password("my own long words")
    assert not User.objects.filter(email="mai@demo.example").exists()


def test_without_a_second_factor_there_are_no_codes_to_print(small: None) -> None:
    User.objects.get(email="ada@demo.example").authenticator_set.all().delete()
    assert "each good once: \n" in said("--sign-ins")


def test_it_is_refused_where_people_are_real(settings: Settings) -> None:
    settings.ENVIRONMENT = "production"
    with pytest.raises(CommandError, match=r"known to everybody.*here it is production"):
        said()
