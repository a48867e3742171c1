"""The API: signed messages in, decisions out."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from standardwebhooks.webhooks import Webhook

from cancellations.models import Reason
from cancellations.terms import Source
from feeds.connecting import connect_feed, drop_previous_secret, rotate_secret
from feeds.examples import EXAMPLE
from feeds.management.commands.order_schema import PLACE, schema
from feeds.models import Delivery, Feed
from feeds.signing import NotSigned, signer_of
from orders.cancelling import cancel_order
from orders.models import Event, Order
from tests.settling import wait_until_settled

pytestmark = pytest.mark.django_db
ORDER: dict[str, Any] = {
    "number": "A-1",
    "version": 1,
    "seller": {"name": "Casa Lucera"},
    "buyer": {"external_id": "b-1"},
    "status": "preparing",
    "lines": [{"title": "Lamp", "quantity": 1}],
}


@pytest.fixture
def feed(db: None) -> Feed:
    return connect_feed(slug="market", name="The market")


def headers(secret: str, body: bytes, *, message: str = "m-1", at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    signature = Webhook(secret).sign(message, at, body.decode(errors="replace"))
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


def signed_bytes(secret: str, body: bytes) -> dict[str, str]:
    """Sign what is not even text, which the library refuses to."""
    at = int(datetime.now(UTC).timestamp())
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), f"m-1.{at}.".encode() + body, hashlib.sha256)
    signature = f"v1,{base64.b64encode(mac.digest()).decode()}"
    return {"webhook-id": "m-1", "webhook-timestamp": str(at), "webhook-signature": signature}


def send(feed: Feed, said: Any, **signing: Any) -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    secret = signing.pop("secret", feed.secret)
    return Client().post(
        f"/api/v1/feeds/{feed.slug}/orders",
        body,
        content_type="application/json",
        headers=headers(secret, body, **signing),
    )


def outcomes(answer: Any) -> list[str]:
    return [one["outcome"] for one in answer.json()["orders"]]


# Sending


def test_it_takes_an_order(feed: Feed) -> None:
    answer = send(feed, ORDER)
    assert answer.status_code == 200
    assert outcomes(answer) == ["applied"]
    assert (Order.objects.get().number, Order.objects.get().origin) == ("A-1", "market")


def test_it_answers_for_each_document(feed: Feed) -> None:
    send(feed, {**ORDER, "version": 5})
    wrong = {**ORDER, "number": "A-2", "status": "cancelled"}
    said = {"orders": [{**ORDER, "version": 4}, {**ORDER, "version": 5}, wrong, {**ORDER, "number": "A-3"}]}
    answer = send(feed, said, message="m-2")
    assert outcomes(answer) == ["stale", "unchanged", "refused", "applied"]
    assert answer.json()["orders"][2]["faults"] == [
        {"field": "", "sentence": "An order is cancelled exactly when it has a cancellation."}
    ]


def test_the_example_of_the_documentation_is_taken(feed: Feed) -> None:
    assert outcomes(send(feed, EXAMPLE)) == ["applied"]
    ended = Order.objects.get().cancellation
    assert ended
    assert ended.reason.code == "seller_did_not_ship"


def test_a_message_has_its_effect_once(feed: Feed) -> None:
    first = send(feed, ORDER)
    again = send(feed, ORDER)
    assert first.json() == again.json()
    assert Event.objects.count() == Delivery.objects.count() == 1


def test_an_id_with_other_content_is_refused(feed: Feed) -> None:
    send(feed, ORDER)
    answer = send(feed, {**ORDER, "number": "B-1"})
    assert answer.status_code == 409
    assert "used before, with other content" in answer.json()["sentence"]
    assert Order.objects.count() == 1


def test_two_feeds_may_use_the_same_id(feed: Feed) -> None:
    other = connect_feed(slug="other", name="Another market")
    send(feed, ORDER)
    assert outcomes(send(other, {**ORDER, "number": "B-1"})) == ["applied"]


# Signatures


def test_both_secrets_are_valid_while_one_is_changed(feed: Feed) -> None:
    old = feed.secret
    feed = rotate_secret(feed)
    assert send(feed, ORDER, secret=old).status_code == 200
    assert send(feed, ORDER, secret=feed.secret).status_code == 200
    drop_previous_secret(feed)
    assert send(feed, ORDER, secret=old).status_code == 401


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"webhook-id": "m-1"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "nonsense"},
        {"webhook-signature": "v1,\udcff"},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "nan"},
        {"webhook-id": "m-2"},
    ],
    ids=str,
)
def test_what_is_not_signed_is_refused(feed: Feed, broken: dict[str, str]) -> None:
    body = json.dumps(ORDER).encode()
    signed = headers(feed.secret, body) if broken.get("webhook-id") != "m-1" and broken else {}
    answer = Client().post(
        "/api/v1/feeds/market/orders", body, content_type="application/json", headers={**signed, **broken}
    )
    assert answer.status_code == 401
    assert "signature" in answer.json()["sentence"]
    assert not Order.objects.exists()


@pytest.mark.parametrize("minutes", [-6, 6])
def test_old_and_future_messages_are_refused(feed: Feed, minutes: int) -> None:
    assert send(feed, ORDER, at=datetime.now(UTC) + timedelta(minutes=minutes)).status_code == 401


def test_a_changed_body_is_refused(feed: Feed) -> None:
    signed = headers(feed.secret, json.dumps(ORDER).encode())
    answer = Client().post("/api/v1/feeds/market/orders", b"{}", content_type="application/json", headers=signed)
    assert answer.status_code == 401


def test_an_unknown_and_an_inactive_feed_look_the_same(feed: Feed) -> None:
    Feed.objects.update(is_active=False)
    inactive = send(feed, ORDER)
    unknown = send(Feed(slug="nobody", secret=feed.secret), ORDER)
    assert (inactive.status_code, inactive.content) == (unknown.status_code, unknown.content)


@pytest.mark.parametrize("slug", ["MARKET", "the_market", "-market", "m" * 41])
def test_what_no_slug_can_be_is_not_looked_up(slug: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0), pytest.raises(NotSigned):
        signer_of(RequestFactory().post("/"), slug)


# Hostile bodies


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b"\xff\xfe", 401),
        (b"[]", 400),
        (b'{"orders": []}', 400),
        (b'{"orders": 7}', 400),
        (b'{"orders": [7, null, "x", []]}', 200),
        (json.dumps({"orders": [ORDER] * 501}).encode(), 400),
        (json.dumps({**ORDER, "number": "\x00"}).encode(), 200),
        (b'{"number": "\\ud800", "seller": {"name": "\\ud800"}}', 200),
        (b'{"number": "A", "total": NaN}', 400),
        (b'{"number": "A", "version": 1' + b"0" * 5_000 + b"}", 400),
        (b'{"number": "A", "number": "B"}', 400),
    ],
    ids=range(14),
)
def test_a_hostile_body_gets_a_clear_refusal(feed: Feed, body: bytes, status: int) -> None:
    answer = Client().post(
        "/api/v1/feeds/market/orders", body, content_type="application/json", headers=signed_bytes(feed.secret, body)
    )
    assert answer.status_code == status
    if status == 200:
        assert set(outcomes(answer)) == {"refused"}
    assert not Order.objects.exists()


def test_a_message_that_is_too_long_is_refused(feed: Feed) -> None:
    answer = send(feed, b" " * 5_000_001)
    assert answer.status_code == 413


# Reading what was decided


def read(feed: Feed, query: str = "") -> Any:
    return Client().get(f"/api/v1/feeds/{feed.slug}/events{query}", headers=headers(feed.secret, b""))


@pytest.mark.django_db(transaction=True)  # a reader sees what has been committed
def test_it_tells_what_was_decided_here_and_not_what_the_feed_said(feed: Feed) -> None:
    send(feed, {**ORDER, "placed_at": timezone.now().isoformat()})
    cancel_order(Order.objects.get(), source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))
    wait_until_settled()
    log = read(feed).json()
    assert [(told["kind"], told["order"], told["actor"]) for told in log["events"]] == [("cancelled", "A-1", "buyer")]
    assert log["events"][0]["facts"]["reason"] == "changed_mind"
    assert read(feed, f"?after={log['next']}").json() == {"events": [], "next": log["next"]}


def test_it_tells_a_feed_only_of_its_own_orders(feed: Feed) -> None:
    send(feed, ORDER)
    cancel_order(Order.objects.get(), source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))
    assert read(connect_feed(slug="other", name="Another market")).json()["events"] == []


@pytest.mark.django_db(transaction=True)  # a reader sees what has been committed
def test_a_file_about_the_same_order_hides_no_decision(feed: Feed, tmp_path: Path) -> None:
    send(feed, ORDER)
    cancel_order(Order.objects.get(), source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))
    path = tmp_path / "orders.jsonl"
    path.write_text(json.dumps({**ORDER, "version": 2}))
    call_command("import_orders", str(path))
    assert Order.objects.get().origin == "canonical"
    wait_until_settled()
    assert [told["kind"] for told in read(feed).json()["events"]] == ["cancelled"]


@pytest.mark.django_db(transaction=True)  # a reader sees what has been committed
def test_two_feeds_that_speak_of_one_order_both_read_the_decision(feed: Feed) -> None:
    other, third = connect_feed(slug="other", name="Another market"), connect_feed(slug="third", name="A third")
    send(feed, ORDER)
    assert outcomes(send(other, {**ORDER, "version": 2})) == ["applied"]
    cancel_order(Order.objects.get(), source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))
    wait_until_settled()
    told = [[event["kind"] for event in read(reader).json()["events"]] for reader in (feed, other, third)]
    assert told == [["cancelled"], ["cancelled"], []]


@pytest.mark.django_db(transaction=True)  # a reader sees what has been committed
def test_it_tells_so_many_at_a_time(feed: Feed) -> None:
    for number in "ABC":
        send(feed, {**ORDER, "number": number}, message=number)
    for order in Order.objects.all():
        cancel_order(order, source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))
    wait_until_settled()
    first = read(feed, "?limit=2").json()
    rest = read(feed, f"?after={first['next']}").json()
    assert [told["order"] for told in first["events"] + rest["events"]] == ["A", "B", "C"]


@pytest.mark.parametrize("after", ["x", "1-", "1-2-3", "9" * 40 + "-1", "-1-2", "%00"])
def test_a_place_that_is_none_is_refused(feed: Feed, after: str) -> None:
    answer = read(feed, f"?after={after}")
    assert answer.status_code == 400
    assert "two numbers with a hyphen" in answer.json()["sentence"]


def test_reading_needs_a_signature(feed: Feed) -> None:
    assert Client().get("/api/v1/feeds/market/events").status_code == 401


# The papers


def test_the_page_of_the_api_is_there(client: Client) -> None:
    assert client.get("/api/v1/docs").status_code == 200
    openapi = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/feeds/{slug}/orders" in openapi["paths"]


def test_the_published_schema_is_that_of_the_documents() -> None:
    assert PLACE.read_text() == schema(), "run manage.py order_schema"


def test_a_command_makes_a_feed_and_shows_its_secret_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("connect_feed", "market", "The market")
    assert Feed.objects.get().secret in capsys.readouterr().out
    with pytest.raises(CommandError, match="already"):
        call_command("connect_feed", "market", "The market")
    with pytest.raises(CommandError, match="lower-case"):
        call_command("connect_feed", "Market!", "The market")


def test_receipts_are_kept_for_thirty_days(feed: Feed) -> None:
    send(feed, ORDER)
    send(feed, {**ORDER, "number": "B"}, message="m-2")
    Delivery.objects.filter(message="m-1").update(received_at=timezone.now() - timedelta(days=31))
    call_command("forget_deliveries")
    assert list(Delivery.objects.values_list("message", flat=True)) == ["m-2"]
