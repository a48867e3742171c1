"""What happened: the entries of an order, newest first, each with its time and its actor."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from orders.models import Event, Order, Seller
from orders.pages.timeline import SAID_BY_MARKETPLACE
from orders.words.history import EVENTS
from tests.factories import (
    MOMENT,
    CancellationFactory,
    EventFactory,
    OrderFactory,
    OrderLineFactory,
    ReasonFactory,
    RefundFactory,
)
from tests.pages import text_of

OWN_DATES = {"recorded", "changed", "cancelled", "part_cancelled"} | {
    f"refund_{state}" for state in ("due", "sent", "completed", "failed")
}


def story(client: Client, order: Order) -> str:
    """Return what the page says between the timeline's heading and its last line."""
    told = re.search("What happened (.*?) Times are in the zone", text_of(client.get(order.get_absolute_url())))
    assert told
    return told[1]


def test_it_tells_the_life_of_a_delivered_order_newest_first(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, delivered=True, carrier="Blue Post", placed_at=MOMENT)
    assert story(buyer_client, order) == (
        "Delivered 7 Nov 2026, 09:30 · Blue Post "
        "Handed to Blue Post 4 Nov 2026, 09:30 · Minh Long Ceramics "
        "Payment received 2 Nov 2026, 09:35 · Visa ending 4242 "
        "Order placed 2 Nov 2026, 09:30 · you"
    )


def test_it_says_who_sent_it_where_the_carrier_is_not_stated(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, shipped=True)
    assert story(buyer_client, order).startswith("Sent by the seller 4 Nov 2026")


def test_it_tells_a_cancellation_and_its_refund(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = OrderFactory.create(
        buyer=buyer, seller=seller, cancelled=True, source="seller", paid=True, placed_at=MOMENT
    )
    RefundFactory(cancellation=order.cancellation, completed=True)
    assert story(buyer_client, order) == (
        "Refund of €120.00 completed 7 Nov 2026, 09:30 "
        "Refund of €120.00 sent 4 Nov 2026, 09:30 "
        "Refund of €120.00 due 3 Nov 2026, 09:30 "
        "Cancelled: out of stock 3 Nov 2026, 09:30 · Minh Long Ceramics "
        "Payment received 2 Nov 2026, 09:35 · Visa ending 4242 "
        "Order placed 2 Nov 2026, 09:30 · you"
    )


def test_it_tells_a_refund_that_failed(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, cancelled=True, paid=True)
    refund = RefundFactory.create(cancellation=order.cancellation, failed=True, sent_at=MOMENT + timedelta(days=3))
    assert story(buyer_client, order).startswith("Refund of €120.00 failed date not stated Refund of €120.00 sent")
    when = MOMENT + timedelta(days=4)
    EventFactory(order=order, kind="refund_failed", occurred_at=when, facts={"refund": refund.pk})
    assert story(buyer_client, order).startswith("Refund of €120.00 failed 6 Nov 2026, 09:30")


REFUND_STORY = [
    # The events, what the row says, and what is told, newest first.
    (
        [("due", 1), ("failed", 2), ("sent", 3), ("failed", 4), ("sent", 5)],
        {"sent": True, "sent_at": MOMENT + timedelta(days=5)},
        [("sent", 7), ("failed", 6), ("sent", 5), ("failed", 4), ("due", 3)],
    ),
    # The row has the dates that were stated last, and those of what no event says.
    (
        [("sent", 2), ("completed", None)],
        {"completed": True, "sent_at": MOMENT + timedelta(days=3)},
        [("completed", 7), ("sent", 5), ("due", 3)],
    ),
    # Taken back by its origin, which says that it is still due.
    ([("due", 1), ("sent", 2), ("due", 1)], {}, [("due", 3)]),
    # Due again after it failed, since the same day.
    ([("due", 1), ("failed", 2), ("due", 1)], {}, [("failed", 4), ("due", 3)]),
    # Without a date.
    ([("sent", None)], {"sent": True, "sent_at": None}, [("sent", None), ("due", 3)]),
]


@pytest.mark.parametrize(("events", "row", "told"), REFUND_STORY)
def test_it_tells_each_time_that_a_refund_was_sent_or_failed(
    buyer: User,
    buyer_client: Client,
    events: list[tuple[str, int | None]],
    row: dict[str, Any],
    told: list[tuple[str, int | None]],
) -> None:
    order = OrderFactory.create(buyer=buyer, cancelled=True, paid=True, placed_at=MOMENT)
    refund = RefundFactory.create(cancellation=order.cancellation, **row)
    for kind, days in events:
        at = None if days is None else MOMENT + timedelta(days=days)
        EventFactory(order=order, kind=f"refund_{kind}", occurred_at=at, facts={"refund": refund.pk})
    lines = [
        f"Refund of €120.00 {kind} " + (f"{day} Nov 2026, 09:30" if day else "date not stated") for kind, day in told
    ]
    assert " ".join([*lines, "Cancelled: "]) in story(buyer_client, order)
    receipt = text_of(buyer_client.get(f"{order.get_absolute_url()}receipt/"))
    assert receipt.count("Refund of €120.00") == len(told)


def test_what_happened_in_one_moment_is_told_in_the_order_of_the_log(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, cancelled=True, paid=True)
    refund = RefundFactory.create(cancellation=order.cancellation, sent=True, sent_at=MOMENT, due_at=MOMENT)
    for kind in ("failed", "sent"):
        EventFactory(order=order, kind=f"refund_{kind}", occurred_at=MOMENT, facts={"refund": refund.pk})
    told = re.findall("Refund of €120.00 ([a-z]+)", story(buyer_client, order))
    assert told == ["sent", "failed", "due"]


@pytest.mark.parametrize(
    ("source", "actor"),
    [
        ("buyer", "you"),
        ("seller", "Minh Long Ceramics"),
        ("system", "automatically"),
        ("unknown", "by whom is not stated"),
    ],
)
def test_it_names_who_cancelled(buyer: User, seller: Seller, buyer_client: Client, source: str, actor: str) -> None:
    order = OrderFactory.create(
        buyer=buyer,
        seller=seller,
        cancelled=True,
        source=source,
        placed_at=MOMENT,
        cancellation__reason=ReasonFactory.create(wording__label="snowed in"),
    )
    assert story(buyer_client, order).startswith(f"Cancelled: snowed in 3 Nov 2026, 09:30 · {actor}")


def test_what_has_no_date_says_so_and_stands_at_the_end(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(
        buyer=buyer, cancelled=True, paid=True, cancellation__cancelled_at=None, cancellation__origin="test-feed"
    )
    RefundFactory(cancellation=order.cancellation, completed=True)
    assert story(buyer_client, order).startswith("Cancelled: changed mind date not stated · you Refund of €120.00")


def test_an_order_without_any_date_says_so(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, placed_at=None)
    assert "No dates are recorded for this order." in text_of(buyer_client.get(order.get_absolute_url()))


def test_it_tells_each_part_cancellation(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, lines=0, placed_at=MOMENT)
    for position, label in enumerate(["first reason", "second reason"], 1):
        ended = CancellationFactory.create(
            reason=ReasonFactory.create(wording__label=label), cancelled_at=MOMENT + timedelta(days=position)
        )
        OrderLineFactory(order=order, position=position, quantity=2, cancelled_quantity=1, cancellation=ended)
        RefundFactory(cancellation=ended, amount=Decimal(position), due_at=ended.cancelled_at)
    assert story(buyer_client, order).startswith(
        "Refund of €2.00 due 4 Nov 2026, 09:30 "
        "Partly cancelled: second reason 4 Nov 2026, 09:30 · you "
        "Refund of €1.00 due 3 Nov 2026, 09:30 "
        "Partly cancelled: first reason 3 Nov 2026, 09:30 · you "
    )


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_it_tells_what_else_happened(buyer: User, buyer_client: Client, kind: Event.Kind) -> None:
    order = OrderFactory.create(buyer=buyer)
    EventFactory(order=order, kind=kind, actor="seller", occurred_at=datetime(2026, 11, 20, 8, tzinfo=UTC))
    who = "the marketplace" if kind in SAID_BY_MARKETPLACE else order.seller.name
    assert story(buyer_client, order).startswith(f"{EVENTS[kind]} 20 Nov 2026, 08:00 · {who}")


def test_every_kind_of_event_is_told_or_is_told_by_the_orders_own_dates() -> None:
    assert set(EVENTS) | OWN_DATES == set(Event.Kind.values)
    assert not set(EVENTS) & OWN_DATES


@pytest.mark.parametrize("kind", sorted(OWN_DATES))
def test_nothing_is_told_twice(buyer: User, buyer_client: Client, kind: str) -> None:
    order = OrderFactory.create(buyer=buyer, cancelled=True, paid=True)
    before = story(buyer_client, order)
    EventFactory(order=order, kind=kind)
    assert story(buyer_client, order) == before


def test_an_event_without_a_time_stands_where_it_was_recorded(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer)
    EventFactory(order=order, kind="conflict", occurred_at=None, recorded_at=datetime(2026, 11, 21, 8, tzinfo=UTC))
    assert "21 Nov 2026, 08:00 · the marketplace Payment received" in story(buyer_client, order)


def test_times_are_in_the_zone_that_it_names(buyer: User, buyer_client: Client, settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    order = OrderFactory.create(buyer=buyer, placed_at=datetime(2026, 11, 2, 18, tzinfo=UTC))
    page = text_of(buyer_client.get(order.get_absolute_url()))
    assert "Order placed 3 Nov 2026, 01:00" in page
    assert "Times are in the zone Asia/Ho_Chi_Minh." in page


def test_foreign_words_in_it_are_text(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, shipped=True, carrier="<b>{Blue}</b> Post")
    assert "Handed to <b>{Blue}</b> Post" in story(buyer_client, order)


@pytest.mark.parametrize(
    ("before", "after", "alias", "sentence"),
    [
        ("not_stated", "out_of_stock", True, "is understood now: “out of stock”"),
        (
            "item_damaged",
            "out_of_stock",
            True,
            "otherwise now: “out of stock”; before, it was “damaged before sending”",
        ),
        ("out_of_stock", "not_stated", False, "is no longer taken to mean “out of stock”"),
    ],
)
def test_it_tells_how_the_shops_words_are_understood(
    buyer: User, buyer_client: Client, before: str, after: str, alias: bool, sentence: str
) -> None:
    order = OrderFactory.create(buyer=buyer, cancelled=True, source="seller")
    sides = {side: {"source": "seller", "reason": code} for side, code in (("from", before), ("to", after))}
    when = datetime(2026, 11, 20, 8, tzinfo=UTC)
    EventFactory(order=order, kind="reason_corrected", occurred_at=when, facts={**sides, "alias": alias})
    assert f"{sentence} 20 Nov 2026, 08:00 · the marketplace" in story(buyer_client, order)
