"""A catalogue of requests that were made to do harm or went wrong on their way, and the answer that each gets."""

import base64
import hashlib
import hmac
import json
import time
import tracemalloc
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from django.test import Client

from feeds.connecting import connect_feed
from feeds.models import Delivery, Feed
from feeds.signing import new_secret
from orders.models import Order
from tests.contents import contents, differences
from tests.hostile_files import GOOD

pytestmark = pytest.mark.django_db
ORDERS, EVENTS = "/api/v1/feeds/market/orders", "/api/v1/feeds/market/events"
BODY = json.dumps(GOOD).encode()
NOT_SIGNED = "The signature is missing, too old, or not of this feed."
NOT_ALLOWED = "Method not allowed"
NO_ID = "A webhook-id has 1 to 200 visible characters"
NO_PLACE = "A place in the log is two numbers with a hyphen between them"
NO_LIMIT = "limit must be a whole number."
TOO_LONG = "A message holds at most 5,000,000 bytes."
NO_JSON = "The body cannot be read. It stops being JSON after"
TOO_DEEP = "The body cannot be read. It is nested too deeply."
TOO_MANY_DIGITS = "The body cannot be read. It holds a number of more than 40 digits."
NO_ORDERS = "The body is one order"


class Ask(NamedTuple):
    """A request: what is signed and sent, and what is changed about it afterwards."""

    status: int
    sentence: str
    body: bytes = BODY
    method: str = "POST"
    path: str = ORDERS
    message: str = "m-1"
    seconds: int = 0  # on the sender's clock
    secret: Callable[[Feed], str] = lambda feed: feed.secret
    others: str = ""  # before the signature
    headers: dict[str, str] = {}
    environ: dict[str, str] = {}
    sent: bytes | None = None  # where it is another body than the one that was signed


def signature(secret: str, message: str, at: int, body: bytes) -> str:
    """Sign anything, also what the library would refuse to."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{message}.{at}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(mac.digest()).decode()}"


def other_feed(feed: Feed) -> str:
    return connect_feed(slug="other", name="Another market").secret


def inactive(feed: Feed) -> str:
    Feed.objects.update(is_active=False)
    return feed.secret


def read(status: int, sentence: str, query: str) -> Ask:
    return Ask(status, sentence, body=b"", method="GET", path=f"{EVENTS}?{query}")


def without(header: str) -> dict[str, str]:
    return {f"webhook-{header}": ""}


def said(value: Any) -> bytes:
    return json.dumps(value).encode()


def deep(depth: int) -> bytes:
    return said(GOOD)[:-1] + b', "more": ' + b"[" * depth + b"]" * depth + b"}"


def spelt(field: str, spelling: str) -> bytes:
    others = {name: value for name, value in GOOD.items() if name != field}
    return said(others)[:-1] + f', "{field}": {spelling}}}'.encode()


CATALOGUE = {
    # Signatures
    "no signature": Ask(401, NOT_SIGNED, headers=without("signature")),
    "no time": Ask(401, NOT_SIGNED, headers=without("timestamp")),
    "no id": Ask(401, NOT_SIGNED, headers=without("id")),
    "half a signature": Ask(401, NOT_SIGNED, headers={"webhook-signature": "v1,AAAAAAAAAAAAAAAAAAAAAA"}),
    "a signature without its version": Ask(401, NOT_SIGNED, headers={"webhook-signature": "AAAA"}),
    "a signature of a version to come": Ask(401, NOT_SIGNED, headers={"webhook-signature": "v9,AAAA"}),
    "a signature that is no base64": Ask(401, NOT_SIGNED, headers={"webhook-signature": "v1,é\u0080="}),
    "ten thousand signatures": Ask(401, NOT_SIGNED, headers={"webhook-signature": "v1,AAAA " * 10_000}),
    "a signature of 100 kB": Ask(401, NOT_SIGNED, headers={"webhook-signature": "v1," + "A" * 100_000}),
    "a wrong secret": Ask(401, NOT_SIGNED, secret=lambda _: new_secret()),
    "another feed's secret": Ask(401, NOT_SIGNED, secret=other_feed),
    "an inactive feed": Ask(401, NOT_SIGNED, secret=inactive),
    "the signature of another body": Ask(401, NOT_SIGNED, sent=said({**GOOD, "number": "B-1"})),
    "the signature of another id": Ask(401, NOT_SIGNED, headers={"webhook-id": "m-2"}),
    "the signature of another time": Ask(401, NOT_SIGNED, headers={"webhook-timestamp": str(int(time.time()) - 7)}),
    "a message of six minutes ago": Ask(401, NOT_SIGNED, seconds=-360),
    "a message from the future": Ask(401, NOT_SIGNED, seconds=360),
    "a time that is none": Ask(401, NOT_SIGNED, headers={"webhook-timestamp": "NaN"}),
    "a time without end": Ask(401, NOT_SIGNED, headers={"webhook-timestamp": "inf"}),
    "a time before time": Ask(401, NOT_SIGNED, headers={"webhook-timestamp": "-9" + "9" * 300}),
    "a time of 100 kB": Ask(401, NOT_SIGNED, headers={"webhook-timestamp": "9" * 100_000}),
    # Ids
    "an id of 100 kB": Ask(401, NO_ID, message="m" * 100_000),
    "an id of 201 characters": Ask(401, NO_ID, message="m" * 201),
    "an id with a NUL": Ask(401, NO_ID, message="m\x001"),
    "an id with a line end": Ask(401, NO_ID, message="m\r\n1"),
    "an id of blanks": Ask(401, NO_ID, message="   "),
    # Lengths
    "a body too long": Ask(413, TOO_LONG, body=b" " * 5_000_001),
    "a length beyond reckoning": Ask(413, TOO_LONG, environ={"CONTENT_LENGTH": "9" * 5_000}),
    "a length that is no number": Ask(401, NOT_SIGNED, environ={"CONTENT_LENGTH": "many"}),
    "a length below nothing": Ask(401, NOT_SIGNED, environ={"CONTENT_LENGTH": "-1"}),
    "a length in other digits": Ask(401, NOT_SIGNED, environ={"CONTENT_LENGTH": "٣"}),
    "no length": Ask(401, NOT_SIGNED, environ={"CONTENT_LENGTH": ""}),
    "a length of nothing": Ask(401, NOT_SIGNED, environ={"CONTENT_LENGTH": "0"}),
    "a length that is too short": Ask(401, NOT_SIGNED, environ={"CONTENT_LENGTH": "10"}),
    "a reading with a gigabyte": Ask(413, TOO_LONG, b"", "GET", EVENTS, environ={"CONTENT_LENGTH": "1000000000"}),
    # Ways and places
    "another method": Ask(405, NOT_ALLOWED, method="PUT"),
    "a method of nobody": Ask(405, NOT_ALLOWED, method="BREW"),
    "a reading of what is sent": Ask(405, NOT_ALLOWED, b"", "GET"),
    "a form": Ask(200, "applied", environ={"CONTENT_TYPE": "multipart/form-data; boundary=x"}),
    "a type that is none": Ask(200, "applied", environ={"CONTENT_TYPE": "\x00;;;charset=none"}),
    "a feed of nobody": Ask(401, NOT_SIGNED, path="/api/v1/feeds/nobody/orders"),
    "a feed with a NUL": Ask(401, NOT_SIGNED, path="/api/v1/feeds/market%00/orders"),
    "a feed with a line end": Ask(401, NOT_SIGNED, path="/api/v1/feeds/market%0A/orders"),
    "a feed with half a character": Ask(401, NOT_SIGNED, path="/api/v1/feeds/%ED%A0%80/orders"),
    "a feed that is a path": Ask(401, NOT_SIGNED, path="/api/v1/feeds/../orders"),
    "a feed of 100 kB": Ask(401, NOT_SIGNED, path=f"/api/v1/feeds/{'m' * 100_000}/orders"),
    "a feed that is SQL": Ask(401, NOT_SIGNED, path=f"/api/v1/feeds/{quote("' OR 1=1 --")}/orders"),
    # Cursors and limits
    "a place that is none": read(400, NO_PLACE, "after=x"),
    "a place beyond all": read(400, NO_PLACE, f"after={'9' * 40}-1"),
    "a place below nothing": read(400, NO_PLACE, "after=-1-2"),
    "a place with a NUL": read(400, NO_PLACE, "after=%00"),
    "a place in other digits": read(400, NO_PLACE, f"after={quote('٣-٣')}"),
    "a place of 100 kB": read(400, NO_PLACE, f"after={'1' * 100_000}-1"),
    "the last place there can be": read(200, "events", f"after={'9' * 18}-{'9' * 18}"),
    "a limit that is none": read(400, NO_LIMIT, "limit=some"),
    "a limit with a NUL": read(400, NO_LIMIT, "limit=%00"),
    "a limit of half": read(400, NO_LIMIT, "limit=0.5"),
    "a limit of 5,000 digits": read(400, NO_LIMIT, f"limit={'9' * 5_000}"),
    "a limit beyond all": read(200, "events", f"limit={'9' * 19}"),
    "a limit below nothing": read(200, "events", "limit=-1"),
    # Bodies, signed
    "nothing": Ask(400, NO_JSON, b""),
    "JSON cut off": Ask(400, NO_JSON, BODY[:-9]),
    "JSON in UTF-16": Ask(401, NOT_SIGNED, json.dumps(GOOD).encode("utf-16")),
    "bytes that are no UTF-8": Ask(401, NOT_SIGNED, b'{"number": "\xff"}'),
    "JSON 100,000 deep": Ask(400, TOO_DEEP, b"[" * 100_000 + b"]" * 100_000),
    "a version of 5,000 digits": Ask(400, TOO_MANY_DIGITS, spelt("version", "1" + "0" * 5_000)),
    "a total of 5,000 digits": Ask(400, TOO_MANY_DIGITS, spelt("total", "1." + "0" * 5_000)),
    "5,000 digits where nobody looks": Ask(400, TOO_MANY_DIGITS, spelt("more", "9" * 5_000)),
    "a field twice": Ask(400, "An object in it names a field twice.", BODY[:-1] + b', "number": "A-2"}'),
    "120,001 values": Ask(400, "It holds more than 120,000 values", b'{"orders": [' + b"{}," * 60_000 + b"{}]}"),
    "a number": Ask(400, NO_ORDERS, b"7"),
    "a batch of nothing": Ask(400, NO_ORDERS, said({"orders": []})),
    "a batch that is none": Ask(400, NO_ORDERS, said({"orders": 7})),
    "a batch of 501": Ask(
        400,
        "A message holds at most 500 orders; this one holds 501.",
        said({"orders": [{**GOOD, "number": f"A-{place}"} for place in range(501)]}),
    ),
    "a batch of what are no orders": Ask(
        200, "It must be an object with fields of its own.", b'{"orders": [7, null, "x"]}'
    ),
    "a total of NaN": Ask(400, "It holds NaN, which is not a number.", spelt("total", "NaN")),
    "a total without end": Ask(400, "It holds Infinity, which is not a number.", spelt("total", "Infinity")),
    "NaN where nobody looks": Ask(400, "It holds NaN, which is not a number.", spelt("more", "NaN")),
    "a total of 1e999": Ask(200, "refused", spelt("total", "1e999")),
    "half a character": Ask(200, "It contains half a character (a lone surrogate).", spelt("carrier", '"\\ud800"')),
    "a NUL": Ask(200, "It contains a NUL byte.", said({**GOOD, "carrier": "a\x00b"})),
    "a name that turns the writing direction": Ask(
        200, "turns the writing direction", said({**GOOD, "carrier": "\u202ea"})
    ),
    "a number of 100 kB": Ask(200, "An order number has 1 to 64", said({**GOOD, "number": "A" * 100_000})),
    "1,001 lines": Ask(200, "It has more than 1000 entries.", said({**GOOD, "lines": GOOD["lines"] * 1_001})),
    "the year 9999": Ask(
        200, "The date must lie between 1990 and 2100.", said({**GOOD, "placed_at": "9999-12-31T23:59:59-14:00"})
    ),
    "the same order ten times": Ask(200, "unchanged", said({"orders": [GOOD] * 10})),
    "two signatures of which one is right": Ask(200, "applied", others="v1,AAAA "),
    "lists 150 deep": Ask(200, "applied", deep(150)),
    **{
        f"lists {depth:,} deep": Ask(200, "It is nested too deeply.", deep(depth))
        for depth in (400, 900, 2_000, 5_000, 9_000)
    },
    "lists 20,000 deep": Ask(400, TOO_DEEP, deep(20_000)),
}


def send(feed: Feed, ask: Ask) -> Any:
    at = int(time.time()) + ask.seconds
    signed = {
        "webhook-id": ask.message,
        "webhook-timestamp": str(at),
        "webhook-signature": ask.others + signature(ask.secret(feed), ask.message, at, ask.body),
    }
    headers = {name: value for name, value in (signed | ask.headers).items() if value}
    environ: dict[str, Any] = {"CONTENT_TYPE": "application/json", **ask.environ}
    body = ask.body if ask.sent is None else ask.sent
    return Client().generic(ask.method, ask.path, body, headers=headers, **environ)


@pytest.mark.parametrize("what", CATALOGUE)
def test_it_gets_its_answer_writes_nothing_by_halves_and_the_next_order_is_taken(what: str) -> None:
    feed = connect_feed(slug="market", name="The market")
    ask = CATALOGUE[what]
    before = contents()
    answer = send(feed, ask)
    assert (answer.status_code, ask.sentence in answer.content.decode()) == (ask.status, True), answer.content[:1_000]
    if ask.sentence not in {"applied", "unchanged"}:
        written = differences(contents(), before)
        written.pop("Problem", None)  # what was refused of a signed message is kept for the administrator
        assert written == {}
    if ask.status != 200:
        assert not Delivery.objects.exists()
    Feed.objects.update(is_active=True)
    assert "applied" in send(feed, Ask(200, "", said({**GOOD, "number": "NEXT"}), message="next")).content.decode()
    assert Order.objects.filter(number="NEXT").exists()


def test_there_are_many_of_them() -> None:
    assert len(CATALOGUE) >= 80


WORDY = {**GOOD, "lines": [{**line, "title": "W" * 300} for line in GOOD["lines"]] * 20}
AS_LARGE_AS_MAY_BE = {
    "blanks": Ask(200, "applied", b" " * 4_999_000 + BODY),
    "one long text": Ask(200, "applied", said({**GOOD, "more": "x" * 4_990_000})),
    "as many values as may be": Ask(400, "at most 500 orders", b'{"orders": [' + b"{}," * 59_990 + b"{}]}"),
    "500 orders of many words": Ask(200, "applied", said([{**WORDY, "number": f"A-{n}"} for n in range(500)])),
}


@pytest.mark.parametrize("what", AS_LARGE_AS_MAY_BE)
def test_a_message_as_large_as_may_be_takes_less_than_60_megabytes(what: str) -> None:
    feed = connect_feed(slug="market", name="The market")
    ask = AS_LARGE_AS_MAY_BE[what]
    tracemalloc.start()
    try:
        answer = send(feed, ask)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (answer.status_code, ask.sentence in answer.content.decode()) == (ask.status, True)
    assert 3_000_000 < peak < 60_000_000
