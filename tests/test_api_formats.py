"""A platform's own payloads through the API: signed, once, and each order taken or refused by itself."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cancellations.models import Cancellation, Reason
from cancellations.terms import Source
from feeds.connecting import connect_feed
from feeds.examples import PLATFORM_EXAMPLES
from feeds.json_formats import json_formats
from feeds.models import Delivery, Feed, Problem, Run
from feeds.outbox import decided_after
from feeds.receiving import receive
from orders.cancelling import cancel_order
from orders.log import Place
from orders.models import Event, Order
from tests.factories import AliasFactory
from tests.settling import wait_until_settled
from tests.test_api import headers, outcomes
from tests.test_format_recognising import PAYLOADS
from tests.test_format_shopify import ORDER as SHOPIFY
from tests.test_format_tiktok import CANCELLED, ORDER, RECORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(db: None) -> Feed:
    return connect_feed(slug="shop", name="The shop", seller_name="Casa Lucera", currency="EUR", time_zone="+07:00")


def send(feed: Feed, form: str, said: Any, *, message: str = "m-1") -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said, default=str).encode()
    return Client().post(
        f"/api/v1/feeds/{feed.slug}/{form}",
        body,
        content_type="application/json",
        headers=headers(feed.secret, body, message=message),
    )


# What it takes


@pytest.mark.parametrize("name", PAYLOADS)
def test_it_takes_an_order_of_every_format_whose_orders_are_json(feed: Feed, name: str) -> None:
    answer = send(feed, name, PAYLOADS[name])
    assert answer.status_code == 200, answer.json()
    assert outcomes(answer) == ["applied"], answer.json()
    assert Order.objects.get().origin == "shop"
    assert set(PAYLOADS) == set(json_formats())


@pytest.mark.parametrize("name", PLATFORM_EXAMPLES)
def test_the_examples_of_the_documentation_are_taken(feed: Feed, name: str) -> None:
    assert outcomes(send(feed, name, PLATFORM_EXAMPLES[name])) == ["applied"]


def test_it_takes_a_list_and_an_answer_of_the_platforms_api(feed: Feed) -> None:
    other = {**SHOPIFY, "name": "#2"}
    assert outcomes(send(feed, "shopify", [SHOPIFY, other])) == ["applied", "applied"]
    assert outcomes(send(feed, "shopify", {"orders": [SHOPIFY, other]}, message="m-2")) == ["unchanged", "unchanged"]


def test_each_is_taken_or_refused_by_itself_and_told_in_the_platforms_own_words(feed: Feed) -> None:
    wrong = {**SHOPIFY, "name": "#2", "created_at": "yesterday"}
    answer = send(feed, "shopify", [wrong, 7, SHOPIFY]).json()["orders"]
    assert [(told["number"], told["outcome"]) for told in answer] == [
        ("2", "refused"),
        ("", "refused"),
        ("1001", "applied"),
    ]
    assert answer[0]["faults"][0]["field"] == "created_at"
    assert answer[0]["faults"][0]["sentence"].startswith("It must be a date and time")
    assert Order.objects.get().number == "1001"


def test_a_record_is_read_with_its_order(feed: Feed) -> None:
    said = {"data": {"orders": [CANCELLED], "cancellations": [{**RECORD, "cancel_reason": "Changed my mind"}]}}
    answer = send(feed, "tiktok", said)
    assert outcomes(answer) == ["applied"]
    assert answer.json()["orders"][0]["not_understood"] == ["Changed my mind"]


# What the payload does not say


def test_seller_currency_and_time_zone_are_those_of_the_feed(feed: Feed) -> None:
    said = {**SHOPIFY, "created_at": "2026-11-03T19:20:00"}
    del said["currency"]
    assert outcomes(send(feed, "shopify", said)) == ["applied"]
    order = Order.objects.get()
    assert (order.seller.name, order.currency) == ("Casa Lucera", "EUR")
    assert order.placed_at == datetime(2026, 11, 3, 12, 20, tzinfo=UTC)


def test_without_a_seller_the_message_is_refused_in_a_sentence_that_says_who_can_help(feed: Feed) -> None:
    Feed.objects.update(seller_name="")
    answer = send(feed, "shopify", SHOPIFY)
    assert answer.status_code == 400
    assert "an administrator has to name this feed's seller first" in answer.json()["sentence"]
    Feed.objects.update(seller_name="Casa Lucera")
    assert outcomes(send(feed, "shopify", SHOPIFY)) == ["applied"]


# Whose words


def test_reasons_are_understood_in_the_platforms_words_whoever_sends_them(feed: Feed) -> None:
    alias = AliasFactory.create(
        origin="tiktok", source="buyer", text="no longer wanted", reason=Reason.objects.get(code="changed_mind")
    )
    other = connect_feed(slug="other-shop", name="Another shop", seller_name="Another")
    said = {**CANCELLED, "cancel_reason": "No longer wanted"}
    send(feed, "tiktok", said)
    send(other, "tiktok", {**said, "id": "576672422510560516"})
    assert set(Cancellation.objects.values_list("reason", "origin")) == {(alias.reason_id, "tiktok")}
    assert set(Order.objects.values_list("origin", flat=True)) == {"shop", "other-shop"}
    assert set(Event.objects.values_list("origin", flat=True)) == {"shop", "other-shop"}


@pytest.mark.django_db(transaction=True)  # a reader sees what has been committed
def test_what_is_decided_here_is_told_to_the_feed_that_sent_the_order(feed: Feed) -> None:
    send(feed, "tiktok", ORDER)
    cancel_order(Order.objects.get(), source=Source.SYSTEM, reason=Reason.objects.get(code="risk_check"))
    wait_until_settled()
    assert [told["kind"] for told in decided_after(feed, Place(), limit=9)] == ["cancelled", "refund_due"]


# Once


def test_a_message_has_its_effect_once(feed: Feed) -> None:
    first = send(feed, "shopify", SHOPIFY)
    assert send(feed, "shopify", SHOPIFY).json() == first.json()
    assert Event.objects.count() == Delivery.objects.count() == 1


def test_the_same_bytes_in_another_format_are_another_content(feed: Feed) -> None:
    send(feed, "shopify", SHOPIFY)
    assert send(feed, "woocommerce", SHOPIFY).status_code == 409


# What it refuses


@pytest.mark.parametrize("name", ["shopee", "tiktok-export", "etsy", "orders.json", "..", "%00"])
def test_a_format_that_is_not_json_or_not_there_is_not_found(feed: Feed, name: str) -> None:
    answer = send(feed, name, SHOPIFY)
    assert answer.status_code == 404
    if name not in {"..", "%00"}:
        assert answer.json()["sentence"].startswith("This feed sends orders to one of: aliexpress, amazon, canonical,")


def test_a_feed_of_one_format_sends_that_and_our_own_documents(feed: Feed) -> None:
    Feed.objects.update(format="shopify")
    assert "one of: canonical, orders, shopify." in send(feed, "tiktok", ORDER).json()["sentence"]
    assert outcomes(send(feed, "shopify", SHOPIFY)) == ["applied"]
    assert outcomes(send(feed, "canonical", PAYLOADS["canonical"], message="m-2")) == ["applied"]


def test_what_is_not_signed_is_refused_before_anything_else(feed: Feed) -> None:
    answer = Client().post("/api/v1/feeds/shop/etsy", b"{}", content_type="application/json")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"7", 400),
        (b"[]", 400),
        (b'{"orders": []}', 400),
        (b'{"orders": 7}', 400),
        (b"[" * 100_000, 400),
        (b'{"total_price": 1e9999999999999999999}', 400),
        (b'{"total_price": NaN, "name": "1", "line_items": 1e999}', 400),
        (b'{"name": "\\ud800\\u0000", "line_items": [{"title": "\\u0000", "quantity": 1e999}]}', 200),
        (json.dumps([SHOPIFY] * 501).encode(), 400),
        (json.dumps({**SHOPIFY, "total_price": "1e999999999999999999"}).encode(), 200),
        (json.dumps({**SHOPIFY, "total_price": "1e-999999999999999999"}).encode(), 200),
        (b'{"a": ' * 900 + b"1" + b"}" * 900, 200),
    ],
    ids=range(13),
)
def test_a_hostile_body_gets_a_clear_refusal(feed: Feed, body: bytes, status: int) -> None:
    answer = send(feed, "shopify", body)
    assert answer.status_code == status, answer.content
    if status == 200:
        assert set(outcomes(answer)) == {"refused"}
        assert Run.objects.get().refused_count == 1
    else:
        assert answer.json()["sentence"].endswith(".")
    assert not Order.objects.exists()


# What administrators see of it


def test_a_message_of_which_something_was_refused_has_a_run_with_its_problems(feed: Feed) -> None:
    send(feed, "shopify", [SHOPIFY, {**SHOPIFY, "name": "#2", "created_at": "yesterday"}])
    run = Delivery.objects.get().run
    assert run
    assert (run.feed, run.format, run.file_name, run.new_count, run.refused_count) == (feed, "shopify", "m-1", 1, 1)
    assert Problem.objects.values_list("run", "row", "number", "field").get() == (run.pk, 2, "#2", "created_at")


def test_a_message_that_was_taken_whole_has_none(feed: Feed) -> None:
    send(feed, "shopify", SHOPIFY)
    assert Delivery.objects.get().run is None
    assert not Run.objects.exists()


def test_our_own_documents_that_are_refused_are_seen_too(feed: Feed) -> None:
    send(feed, "orders", {"orders": [PAYLOADS["canonical"], {"number": "B"}]})
    assert set(Problem.objects.values_list("row", "number", "field")) == {
        (2, "B", "seller"),
        (2, "B", "status"),
        (2, "B", "lines"),
    }


def test_a_message_that_is_refused_whole_is_noted_once_however_often_it_comes(feed: Feed) -> None:
    for _ in range(3):
        assert send(feed, "shopify", b"[]").status_code == 400
    run = Run.objects.get()
    assert (run.state, run.file_name, run.feed) == ("refused", "m-1", feed)
    assert run.refusal.startswith("The body is one order, a list of them")
    run.pk = None
    run.save()  # as two at the same moment may leave it
    assert send(feed, "shopify", b"[]").status_code == 400


def test_an_id_that_is_used_for_other_content_is_noted(feed: Feed) -> None:
    send(feed, "shopify", SHOPIFY)
    assert send(feed, "shopify", {**SHOPIFY, "name": "#2"}).status_code == 409
    assert Run.objects.get().refusal.startswith("This message id was used before, with other content.")
    assert outcomes(send(feed, "shopify", SHOPIFY)) == ["applied"]


def test_what_is_not_signed_leaves_no_trace(feed: Feed) -> None:
    Client().post("/api/v1/feeds/shop/shopify", b"[]", content_type="application/json")
    assert not Run.objects.exists()


def test_a_statement_repeated_by_another_feed_moves_the_order_and_keeps_the_words(feed: Feed) -> None:
    body = json.dumps(CANCELLED).encode()
    receive(feed, message="1", body=body, form=json_formats()["tiktok"])
    newer = json.dumps({**CANCELLED, "update_time": 1709389900, "cancel_reason": "Another word"}).encode()
    other = connect_feed(slug="new", name="New", seller_name="Casa Lucera")
    receive(other, message="1", body=newer, form=json_formats()["tiktok"])
    cancellation = Cancellation.objects.get()
    assert (cancellation.origin, cancellation.raw_reason) == ("tiktok", "Another word")
    assert Order.objects.get().origin == "new"


# The papers


def test_the_page_of_the_api_has_it_with_examples(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    said = paths["/api/v1/feeds/{slug}/{format}"]["post"]
    examples = said["requestBody"]["content"]["application/json"]["examples"]
    assert {name: one["value"] for name, one in examples.items()} == PLATFORM_EXAMPLES


# Making such a feed


def test_the_command_takes_what_orders_do_not_say() -> None:
    call_command(
        "connect_feed", "shop", "Shop", format="shopify", seller_name="Casa", currency="EUR", time_zone="Asia/Tokyo"
    )
    feed = Feed.objects.get()
    assert (feed.format, feed.seller_name, feed.currency, feed.time_zone) == ("shopify", "Casa", "EUR", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"format": "etsy"}, "--format: There is no such format; there are aliexpress,"),
        ({"format": "shopify"}, "--seller: Orders in this format do not say whose shop it is"),
        ({"currency": "EURO"}, "--currency: "),
        ({"currency": "XXY"}, "--currency: A currency is a code of three capital letters, as in EUR."),
        ({"time_zone": "Mars"}, "--time-zone: A time zone is an offset, as in"),
        ({"time_zone": "+25:00"}, "--time-zone: A time zone is an offset, as in"),
    ],
)
def test_the_command_says_which_option_cannot_be_used(options: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("connect_feed", "shop", "Shop", **options)
    assert sentence in str(caught.value)
    assert not Feed.objects.exists()


def test_a_payload_is_not_changed_by_being_read(feed: Feed) -> None:
    said = copy.deepcopy(PAYLOADS["tiktok"])
    send(feed, "tiktok", said)
    assert said == PAYLOADS["tiktok"]
