"""Messages that arrive in any order, again and again, and from eight at once: what is known in the end is the same."""

import json
import random
from contextlib import nullcontext
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from cancellations.models import Cancellation, Refund
from feeds.connecting import connect_feed
from feeds.models import Delivery, Feed, Problem, Run
from feeds.receiving import receive
from orders.models import Event, Order, OrderLine
from tests.faults import survives_faults
from tests.racing import ON_POSTGRESQL
from tests.test_api import outcomes, send
from tests.test_recording_arrival import state
from tests.test_recording_races import at_once

pytestmark = pytest.mark.django_db
WRITERS, ORDERS = 8, 300

PLACED: dict[str, Any] = {
    "version": 1,
    "seller": {"name": "Casa Lucera"},
    "buyer": {"external_id": "b-1"},
    "status": "preparing",
    "currency": "EUR",
    "total": "40.00",
    "lines": [{"title": "Lamp", "quantity": 2}, {"title": "Shade", "quantity": 1}],
}
GONE = {"source": "seller", "reason": "out_of_stock", "refunds": [{"amount": "9.90", "reference": "RF-1"}]}
PART = {**PLACED["lines"][0], "cancelled_quantity": 1, "cancellation": GONE}
ENDED = {"source": "buyer", "reason": "changed_mind", "was_charged": True, "refunds": [{"amount": "30.10"}]}
PAID_BACK = {**ENDED, "refunds": [{"amount": "30.10", "state": "sent", "reference": "RF-2"}]}
CORRECTED = {**PAID_BACK, "source": "system", "reason": "seller_did_not_ship"}
# An order is placed, a part of it cancelled, then all of it; its refund is sent; and the reason is put right.
LIFE = (
    PLACED,
    {**PLACED, "version": 2, "lines": [PART, PLACED["lines"][1]]},
    {**PLACED, "version": 3, "status": "cancelled", "cancellation": ENDED},
    {**PLACED, "version": 4, "status": "cancelled", "cancellation": PAID_BACK},
    {**PLACED, "version": 5, "status": "cancelled", "cancellation": CORRECTED},
)


@pytest.fixture
def feed(db: None) -> Feed:
    return connect_feed(slug="market", name="The market")


def arrive(feed: Feed, arrivals: dict[str, list[dict[str, Any]]]) -> None:
    """Send the first statement about each order, then the second of each, and so on; every message twice."""
    for turn, said in enumerate(zip(*arrivals.values(), strict=True)):
        orders = [{**one, "number": number} for number, one in zip(arrivals, said, strict=True)]
        first, again = (send(feed, {"orders": orders}, message=f"turn-{turn}") for _ in range(2))
        assert first.json() == again.json()


def test_all_120_orders_of_arrival_with_repetitions_end_alike(feed: Feed) -> None:
    arrivals = {f"P{place}": [*life, life[0], life[2]] for place, life in enumerate(permutations(LIFE))}
    arrive(feed, arrivals)
    in_order = state("P0")
    assert in_order["who_and_why"] == ("system", "seller_did_not_ship")
    assert [(refund["state"], refund["reference"]) for refund in in_order["refunds"]] == [("sent", "RF-2")]
    assert [state(number) for number in arrivals] == [in_order] * 120
    assert Delivery.objects.count() == 7


def test_numbered_by_arrival_they_would_not_end_alike(feed: Feed) -> None:
    """The control: with versions that tell when a statement came, the last to come wins."""
    backwards = [{**one, "version": place} for place, one in enumerate(reversed(LIFE))]
    arrive(feed, {"P1": list(LIFE), "P2": backwards})
    assert state("P1") != state("P2")


def test_under_another_id_a_message_is_another_one(feed: Feed) -> None:
    """The control of the receipts: without that of its id, the same message is looked at anew."""
    said = {**PLACED, "number": "A-1"}
    assert [outcomes(send(feed, said, message=message)) for message in ("m-1", "m-1", "m-2")] == [
        ["applied"],
        ["applied"],
        ["unchanged"],
    ]


def lose_midway(feed: Feed, *, after: bool) -> int:
    """Send two orders, one of which is refused, over a database that fails at each statement in turn."""
    said = {"orders": [{**LIFE[-1], "number": "A-1"}, {"number": "A-2"}]}
    body = json.dumps(said).encode()
    tables = (Delivery, Order, OrderLine, Cancellation, Refund, Event, Run, Problem)
    return survives_faults(lambda: receive(feed, message="m-1", body=body), *tables, after=after)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_message_lost_midway_leaves_neither_receipt_nor_effect(feed: Feed, after: bool) -> None:
    assert lose_midway(feed, after=after) >= 10
    assert [one["outcome"] for one in Delivery.objects.get().answer] == ["applied", "refused"]
    assert state("A-1")["who_and_why"] == ("system", "seller_did_not_ship")
    assert Run.objects.get().refused_count == 1


@pytest.mark.django_db(transaction=True)
def test_without_one_transaction_a_receipt_may_stand_without_its_effect(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the message would then be answered, and never have its effect."""
    monkeypatch.setattr("feeds.receiving.transaction", SimpleNamespace(atomic=nullcontext))
    with pytest.raises(AssertionError, match="statement"):
        lose_midway(feed, after=True)


class TestEightWriters:
    """On PostgreSQL, where there is more than one at a time."""

    pytestmark = ON_POSTGRESQL

    def write(self, feed: Feed, writer: int) -> None:
        chance = random.Random(writer)
        said = [{**one, "number": f"A{place}"} for place in range(ORDERS) for one in LIFE]
        chance.shuffle(said)
        for start in range(0, len(said), 250):
            answer = send(feed, {"orders": said[start : start + 250]}, message=f"{writer}-{start}")
            assert set(outcomes(answer)) <= {"applied", "unchanged", "stale"}

    def test_they_end_right_on_300_orders_without_a_deadlock(self, feed: Feed) -> None:
        at_once(WRITERS, lambda writer: self.write(feed, writer))
        assert Order.objects.count() == ORDERS
        assert set(Order.objects.values_list("origin_version", "status")) == {(5, "cancelled")}
        first = state("A0")
        assert [state(f"A{place}") for place in range(ORDERS)] == [first] * ORDERS
        assert Delivery.objects.count() == WRITERS * 6

    def test_locking_as_the_orders_come_they_wait_for_each_other(
        self, feed: Feed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: the same without one order in which all of them lock."""
        self.write(feed, 0)
        monkeypatch.setattr(
            "orders.recording.batch._lock",
            lambda numbers: {number: Order.objects.select_for_update().get(number=number) for number in numbers},
        )
        # A server under load finds the circle only once one has waited as long as anybody may.
        with pytest.raises(OperationalError, match=r"deadlock detected|lock timeout"):
            at_once(WRITERS, lambda writer: self.write(feed, writer + 1))
