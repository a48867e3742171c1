"""Events hold the facts that docs/domain.md names, and no other."""

import re
from collections import defaultdict
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from feeds.demo import crowd
from orders.models import Event, Order
from orders.recording import record_orders
from tests.documents import (
    ORIGIN,
    PLACED,
    cancellation_document,
    cancelled_document,
    order_document,
    part_cancelled_line,
    request_document,
)

PAPER = Path(__file__).resolve().parent.parent / "docs/domain.md"
WORD = re.compile(r"`(\w+)`")


def named() -> dict[str, set[str]]:
    """Return the facts of each kind, as the paper's table names them; `_sent` after `refund_due` is `refund_sent`."""
    table = PAPER.read_text().partition("## Events and their facts")[2]
    found = {}
    for kinds, facts in re.findall(r"^\| (`.*?) \| (.*) \|$", table, re.M):
        first, *others = WORD.findall(kinds)
        for kind in [first, *(first.partition("_")[0] + other if other[0] == "_" else other for other in others)]:
            found[kind] = set(WORD.findall(facts))
    return found


def told() -> dict[str, set[str]]:
    """Return the facts of each kind that the events of the database hold."""
    found: dict[str, set[str]] = defaultdict(set)
    for kind, facts in Event.objects.values_list("kind", "facts"):
        found[kind] |= facts.keys()
    return found


@pytest.fixture
def _demo(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that people do in the demo, without its crowd."""
    monkeypatch.setattr(crowd, "CROWD_ORDERS", 1)
    monkeypatch.setattr(crowd, "OFFICE_ORDERS", 1)
    call_command("load_demo", stdout=StringIO())


def what_the_demos_feed_never_says() -> None:
    """Take a part and a request back, move an order to another day, say it again, end it, open it again."""
    later = {"placed_at": PLACED + timedelta(days=1)}
    said: list[dict[str, Any]] = [
        {"lines": [part_cancelled_line()], "request": request_document()},
        later,
        later,
        {"status": Order.Status.CANCELLED, "cancellation": cancellation_document(), **later},
        later,
    ]
    for version, fields in enumerate(said, 1):
        record_orders([order_document(version=version, **fields)], origin=ORIGIN)


def test_the_paper_names_every_kind_of_event() -> None:
    assert named().keys() == set(Event.Kind.values)


@pytest.mark.usefixtures("_demo")
def test_events_hold_what_the_paper_names_and_nothing_else() -> None:
    what_the_demos_feed_never_says()
    found = told()
    assert found.keys() == set(Event.Kind.values)
    assert {kind: facts - named()[kind] for kind, facts in found.items() if facts - named()[kind]} == {}
    assert found["changed"] == named()["changed"]
    assert found["cancelled"] == named()["cancelled"]


def test_a_feed_that_ends_an_order_says_in_which_state_it_was_known(db: None) -> None:
    record_orders([order_document(version=1)], origin=ORIGIN)
    record_orders([cancelled_document(version=2)], origin=ORIGIN)
    record_orders([cancelled_document("A2", version=1)], origin=ORIGIN)
    ended = Event.objects.filter(kind=Event.Kind.CANCELLED).order_by("pk")
    assert [event.facts.get("previous_status") for event in ended] == ["preparing", None]
