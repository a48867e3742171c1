"""When a buyer may cancel: the windows, and what the page of an open order says about them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from orders.models import Order
from orders.rules import CancelRule, Window, cancel_rule
from tests.factories import CancellationFactory, OrderFactory
from tests.pages import text_of

PAID = datetime(2026, 11, 2, 9, 35, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def rule(now: datetime = PAID, **fields: Any) -> CancelRule:
    return cancel_rule(Order(**fields), now=now)


@pytest.mark.parametrize(
    ("now", "window"),
    [
        (PAID, Window.AT_ONCE_UNTIL),
        (PAID + HOUR - SECOND, Window.AT_ONCE_UNTIL),
        (PAID + HOUR, Window.BY_REQUEST),
        (PAID + HOUR + SECOND, Window.BY_REQUEST),
        (PAID + timedelta(days=30), Window.BY_REQUEST),
        (PAID - HOUR, Window.AT_ONCE_UNTIL),  # the shop's clock runs ahead of ours
    ],
)
def test_a_paid_order_is_cancelled_at_once_within_the_hour_then_by_asking(now: datetime, window: Window) -> None:
    assert rule(now, status="preparing", paid_at=PAID) == CancelRule(window, PAID + HOUR)


def test_the_hour_can_be_another_time(settings: Settings) -> None:
    settings.CANCEL_INSTANT_MINUTES = 15
    assert rule(PAID + HOUR / 4, status="preparing", paid_at=PAID).window == Window.BY_REQUEST
    assert rule(PAID + HOUR / 4 - SECOND, status="preparing", paid_at=PAID).window == Window.AT_ONCE_UNTIL


def test_an_order_without_a_time_of_payment_counts_from_when_it_was_placed() -> None:
    assert rule(PAID + HOUR - SECOND, status="preparing", placed_at=PAID).window == Window.AT_ONCE_UNTIL
    assert rule(PAID + HOUR, status="preparing", placed_at=PAID).window == Window.BY_REQUEST


def test_an_order_without_any_time_is_cancelled_by_asking() -> None:
    assert rule(status="preparing") == CancelRule(Window.BY_REQUEST)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "awaiting_payment"}, CancelRule(Window.AT_ONCE)),
        ({"status": "shipped", "shipped_at": PAID}, CancelRule(Window.SHIPPED, PAID)),
        ({"status": "shipped"}, CancelRule(Window.SHIPPED)),
        ({"status": "delivered", "shipped_at": PAID - HOUR, "delivered_at": PAID}, CancelRule(Window.DELIVERED, PAID)),
        ({"status": "delivered"}, CancelRule(Window.DELIVERED)),
    ],
)
def test_every_other_state_has_one_answer(fields: dict[str, Any], expected: CancelRule) -> None:
    for now in (PAID - HOUR, PAID, PAID + 100 * HOUR):
        assert rule(now, **fields) == expected


def test_a_cancelled_order_says_since_when(db: None) -> None:
    dated = CancellationFactory.create(cancelled_at=PAID)
    undated = CancellationFactory.create(cancelled_at=None, origin="test-feed")
    assert rule(status="cancelled", cancellation=dated) == CancelRule(Window.CANCELLED, PAID)
    assert rule(status="cancelled", cancellation=undated) == CancelRule(Window.CANCELLED)


def test_two_windows_let_the_buyer_cancel_and_one_lets_them_ask() -> None:
    assert [window for window in Window if CancelRule(window).allows_cancelling] == ["at_once", "at_once_until"]
    assert [window for window in Window if CancelRule(window).allows_asking] == ["by_request"]


def page_of(client: Client, buyer: User, **fields: Any) -> str:
    order = OrderFactory.create(buyer=buyer, seller__name="Minh Long Ceramics", **fields)
    return text_of(client.get(order.get_absolute_url()))


def test_the_page_of_an_unpaid_order(buyer: User, buyer_client: Client) -> None:
    page = page_of(buyer_client, buyer, awaiting_payment=True)
    assert "What happens next Waiting for your payment." in page
    assert "You can cancel it at once, since it is not paid yet." in page


def test_the_page_within_the_hour_says_until_when(buyer: User, buyer_client: Client) -> None:
    paid_at = timezone.now() - timedelta(minutes=30)
    page = page_of(buyer_client, buyer, placed_at=paid_at, paid_at=paid_at)
    until = (paid_at + HOUR).strftime("%H:%M")
    assert f"{until}. After that, you can ask the seller to." in page
    assert "You can cancel it at once until" in page


def test_the_page_after_the_hour_says_since_when(buyer: User, buyer_client: Client) -> None:
    page = page_of(buyer_client, buyer, placed_at=datetime(2025, 11, 2, 9, 30, tzinfo=UTC))
    assert "Since 2 November 2025, 10:35 it cannot be cancelled at once, but you can ask the seller" in page


def test_the_page_says_when_the_seller_promised_to_send_it(buyer: User, buyer_client: Client) -> None:
    promised = datetime(2026, 11, 12, 12, tzinfo=UTC)
    assert "Minh Long Ceramics is preparing your order and promised to send it by 12 November 2026." in page_of(
        buyer_client, buyer, ship_by=promised
    )
    assert "When it will be sent is not stated." in page_of(buyer_client, buyer, ship_by=None)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"shipped": True, "shipped_at": PAID},
            ["sent on 2 November 2026 and is on its way", "it was sent on 2 November 2026, 09:35. When it arrives"],
        ),
        (
            {"shipped": True, "shipped_at": None},
            ["is on its way. When it was sent is not stated.", "because it was sent. When it arrives"],
        ),
        (
            {"delivered": True, "delivered_at": PAID},
            ["was delivered on 2 November 2026.", "it was delivered on 2 November 2026, 09:35. If something is wrong"],
        ),
        (
            {"delivered": True, "delivered_at": None},
            ["Your order was delivered.", "because it was delivered. If something is wrong"],
        ),
    ],
)
def test_the_page_of_a_sent_order_says_since_when_and_what_to_do_instead(
    buyer: User, buyer_client: Client, fields: dict[str, Any], said: list[str]
) -> None:
    page = page_of(buyer_client, buyer, **fields)
    assert "It can no longer be cancelled" in page
    assert all(sentence in page for sentence in said)
