"""The demo: it tells of every case, in real proportions, without knowing the future, and is loaded once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from cancellations.catalogue_files import read_catalogue
from cancellations.models import Cancellation, Contest, Feedback, Refund
from cancellations.terms import PaymentMethod, Source
from cancellations.unmapped import details, waiting
from feeds.demo import crowd
from feeds.demo.acting import act_out
from feeds.demo.clock import Clock, span
from feeds.demo.files import shops
from feeds.demo.lives import Life
from feeds.demo.loading import ORIGIN, SECRET, all_documents, demo_clock
from feeds.demo.people import BUYER, OFFICE, join_the_shop, let_people_in
from feeds.demo.stories import written_stories
from feeds.demo.telling import order_document
from feeds.models import Feed
from orders.documents import CancellationDocument, OrderDocument, RefundDocument
from orders.models import (
    CancellationRequest,
    Conflict,
    EarlierPart,
    Event,
    Mail,
    Order,
    OrderLine,
    RequestedLine,
    Seller,
)
from orders.pages.cards import OrderCard
from orders.recording import record_orders
from orders.requesting import withdraw_request
from orders.words.money import MoneyCase
from tests.pages import text_of

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
    assert given <= may_give
    assert len(given) > 30


def test_numbers_are_unique() -> None:
    assert len({order.number for order in documents()}) == len(documents())


# The same for everybody, at any time


def test_it_is_the_same_in_every_run() -> None:
    assert [one.digest for one in all_documents(Clock(ANY_TIME[10]))] == [one.digest for one in documents()]


@pytest.mark.parametrize("now", ANY_TIME, ids=lambda now: f"{now:%a %H:%M}")
def test_the_first_pages_look_alike_whenever_it_is_loaded(now: datetime) -> None:
    orders = mais_orders(now)
    states = Counter(order.status for order in orders)
    refunds = [(c, r) for order in orders for c, r in refunds_of(order)]
    overdue = [r for _, r in refunds if r.state != "completed" and r.expected_by and r.expected_by < now.date()]
    assert (states[STATUS.AWAITING_PAYMENT], states[STATUS.PREPARING], states[STATUS.SHIPPED]) == (2, 6, 4)
    assert states[STATUS.CANCELLED] == 34
    assert Counter(r.state for _, r in refunds)[Refund.State.DUE] == 1
    assert [r.state for r in overdue] == ["sent", "failed"]
    assert sum(line.cancelled_quantity > 0 for order in orders for line in order.lines) == 7


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
    assert "0 new, 0 changed, 147 unchanged" in said()
    before = rows()
    said()
    assert rows() == before


def rows() -> list[Any]:
    people: list[type[Model]] = [User, Seller, Feed]
    told: list[type[Model]] = [Order, OrderLine, EarlierPart, Cancellation, Refund, Event]
    done: list[type[Model]] = [CancellationRequest, RequestedLine, Contest, Feedback, Conflict, Mail]
    return [list(table._default_manager.order_by("pk").values()) for table in people + told + done]


def test_what_a_visitor_did_is_not_done_over(small: None) -> None:
    asked = CancellationRequest.objects.get(order__number="5999-1975")
    withdraw_request(asked, by=User.objects.get(external_id=BUYER.external_id))
    said()
    assert [one.state for one in asked.order.requests.all()] == ["withdrawn"]


def test_what_a_visitor_sends_to_the_feed_leaves_the_clock_alone(small: None) -> None:
    clock = demo_clock()
    Order.objects.filter(number="5992-9109").update(origin_version=clock.version + 40 * 86_400)
    assert demo_clock() == clock


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


def test_some_words_are_not_understood(small: None) -> None:
    unclear = {(group.raw, group.words.source) for group in details(waiting())}
    assert unclear == {
        ("Thợ gốm ốm, lò nghỉ ba tuần", "seller"),
        ("倉庫移転に伴う自動処理", "system"),
        ("inventory recount", "unknown"),
    }


def test_some_have_been_mapped_and_the_history_says_so(small: None) -> None:
    corrected = Event.objects.get(order__number="5979-3306", kind="reason_corrected")
    assert (corrected.facts["alias"], corrected.facts["to"]["reason"]) == (True, "out_of_stock")
    assert corrected.occurred_at
    assert corrected.occurred_at < timezone.now() - timedelta(days=19)


def test_one_conflict_is_open_and_one_is_settled(small: None) -> None:
    assert [bool(one.answer) for one in Conflict.objects.order_by("order__number")] == [True, False]
    assert set(Order.objects.filter(conflicts__isnull=False).values_list("status", flat=True)) == {"cancelled"}
    refunds = Refund.objects.filter(cancellation__order__conflicts__isnull=False)  # what the answer says of the money
    assert [refund.state for refund in refunds] == ["completed", "completed"]


# What people did


def of_mai() -> Any:
    return Order.objects.filter(buyer__external_id=BUYER.external_id)


def test_every_state_of_a_request_is_there_to_be_seen(small: None) -> None:
    found = CancellationRequest.objects.filter(order__in=of_mai())
    assert set(found.values_list("state", flat=True)) == set(CancellationRequest.State)
    assert found.get(state="declined").decline_reason.startswith("Your bowl has been in the kiln")


def test_every_state_of_a_contest_is_there_to_be_seen(small: None) -> None:
    found = Contest.objects.filter(raised_by__external_id=BUYER.external_id)
    assert {one.state: bool(one.answer) for one in found} == {"open": False, "upheld": True, "rejected": True}


def test_the_reason_that_was_wrong_stays_in_the_history(small: None) -> None:
    corrected = Event.objects.get(order__number="5828-9145", kind="reason_corrected")
    assert corrected.facts["from"] == {"source": "system", "reason": "pickup_failed"}
    assert Cancellation.objects.get(order__number="5828-9145").reason.code == "seller_did_not_ship"


def test_the_administrator_has_recorded_what_became_of_refunds(small: None) -> None:
    by_ada = Event.objects.filter(order__in=of_mai(), by__email="ada@demo.example")
    kinds = {"refund_sent", "refund_completed", "refund_failed"}
    assert kinds <= set(by_ada.values_list("kind", flat=True))


def test_two_parties_have_taken_from_one_line_for_reasons_of_their_own(small: None) -> None:
    earlier = EarlierPart.objects.get()
    latest = earlier.line.cancellation
    assert latest
    assert (earlier.cancellation.source, earlier.cancellation.reason.code) == ("buyer", "change_items")
    assert (latest.source, latest.reason.code) == ("seller", "out_of_stock")
    assert (earlier.quantity, earlier.line.cancelled_quantity, earlier.line.quantity) == (2, 3, 6)


def test_some_cards_explained_it_and_some_did_not(small: None) -> None:
    votes = Counter(Feedback.objects.values_list("is_helpful", flat=True))
    assert votes[True] >= 3
    assert votes[False] >= 3


def test_the_seller_has_requests_of_others_with_different_clocks(small: None) -> None:
    asked = CancellationRequest.objects.filter(state="open", order__seller__name="Gốm Lá Sen")
    others = asked.exclude(order__in=of_mai())
    assert len({one.answer_by for one in others}) == len({one.order.buyer_id for one in others}) == 3
    assert all(one.answer_by and one.answer_by > demo_clock().now for one in asked)


def test_one_request_was_made_at_the_marketplace(small: None) -> None:
    asked = CancellationRequest.objects.exclude(origin="").get()
    assert (asked.state, asked.reason.code) == ("open", "ordered_by_mistake")


@pytest.mark.parametrize("now", ANY_TIME, ids=lambda now: f"{now:%a %H:%M}")
def test_what_people_did_can_be_done_whenever_it_is_loaded(db: None, now: datetime) -> None:
    clock, told = Clock(now), [*written_stories("mai", BUYER.as_buyer), *written_stories("khoa")]
    let_people_in()
    record_orders([order_document(Life(story, clock)) for story in told], origin=ORIGIN)
    join_the_shop()
    act_out(clock, origin=ORIGIN)
    done = Event.objects.filter(origin="")
    assert {one.occurred_at for one in done} == {one.recorded_at for one in done}
    assert max(one.recorded_at for one in done) <= now
    assert CancellationRequest.objects.filter(state="open").count() == 4


def test_nobody_is_mailed_about_it(small: None, mailoutbox: list[Any]) -> None:
    assert mailoutbox == []
    assert not Mail.objects.filter(event__origin="").exists()


# The pages of insight


def test_what_comes_back_has_advice_for_the_buyer(small: None, client: Client) -> None:
    client.force_login(User.objects.get(external_id=BUYER.external_id))
    page = text_of(client.get("/insights/"))
    assert "change of address · 4 orders Check the address before you pay" in page
    assert "ordered by mistake · 2 orders" in page


def test_one_product_is_out_of_stock_again_and_again(small: None) -> None:
    ended = Order.objects.filter(seller__name="Gốm Lá Sen", cancellation__reason__code="out_of_stock")
    recent = ended.filter(placed_at__gt=demo_clock().now - timedelta(days=90), lines__sku="GLS-114")
    assert recent.count() >= 5


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


def test_a_back_end_is_told_how_to_sign(small: None) -> None:
    assert f"signs for the feed demo with {SECRET}" in said("--sign-ins")
    assert Feed.objects.get(slug="demo").secret == SECRET


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
