"""Your money: each case with its headline, its sentences and how far the money has come."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import Settings

from accounts.models import User
from cancellations.models import Refund
from foundation.moments import plain_day
from orders.models import Order
from orders.pages.money import MoneyLine, case_of, money_lines
from orders.words.money import MoneyCase
from tests.factories import MOMENT, OrderFactory, RefundFactory
from tests.pages import text_of

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def in_a_week() -> date:
    return timezone.localdate() + timedelta(days=7)


@pytest.fixture
def line(db: None) -> Callable[..., MoneyLine]:
    """Tell the money of a cancelled order that was paid by card, with one refund."""

    def tell(order: dict[str, Any] | None = None, **refund: Any) -> MoneyLine:
        cancelled = OrderFactory.create(cancelled=True, paid=True, **(order or {}))
        made = RefundFactory.create(cancellation=cancelled.cancellation, **refund)
        (told,) = money_lines(cancelled, cancelled.cancellation, [made])
        return told

    return tell


def without_refund(**fields: Any) -> MoneyLine:
    order = OrderFactory.create(cancelled=True, **fields)
    (told,) = money_lines(order, order.cancellation, [])
    return told


def said(told: MoneyLine) -> tuple[str, str, str, str]:
    return told.case, told.headline, strip_tags(told.detail), strip_tags(told.brief)


def steps(told: MoneyLine) -> list[tuple[str, str, str]]:
    return [(step.label, step.state, strip_tags(str(step.at))) for step in told.steps]


# Without a refund


@pytest.mark.parametrize(
    "fields",
    [
        {"cancellation__was_charged": False},
        {"cancellation__was_charged": None, "source": "system", "reason_code": "payment_not_received"},
        {"cancellation__was_charged": None, "source": "system", "reason_code": "payment_failed"},
    ],
)
def test_not_charged(db: None, fields: dict[str, Any]) -> None:
    assert said(without_refund(**fields)) == (
        MoneyCase.NOT_CHARGED,
        "You were not charged.",
        "No payment was taken for it.",
        "You were not charged.",
    )


@pytest.mark.parametrize("was_charged", [True, False, None])
def test_cash_on_delivery_is_never_a_refund(db: None, was_charged: bool | None) -> None:
    assert said(without_refund(cash_on_delivery=True, cancellation__was_charged=was_charged)) == (
        MoneyCase.CASH,
        "Nothing to refund: you would have paid on delivery.",
        "No money changed hands before the cancellation.",
        "Nothing to refund: it was cash on delivery.",
    )


@pytest.mark.parametrize("fields", [{"paid": True}, {"cancellation__was_charged": True}])
def test_paid_without_a_refund_is_not_called_refunded(db: None, fields: dict[str, Any]) -> None:
    assert said(without_refund(**fields)) == (
        MoneyCase.NOTHING_RECORDED,
        "You paid, and no refund is recorded yet.",
        "Ask the marketplace when the money comes back.",
        "You paid, and no refund is recorded yet.",
    )


def test_what_cost_nothing_brings_nothing_back(db: None) -> None:
    assert said(without_refund(paid=True, total=Decimal(0))) == (
        MoneyCase.NOTHING_DUE,
        "There is nothing to refund for this.",
        "It cost nothing.",
        "There is nothing to refund for this.",
    )


@pytest.mark.parametrize(
    ("more", "case"),
    [
        ({}, MoneyCase.NOTHING_DUE),
        ({"amount": Decimal("119.99")}, MoneyCase.NOTHING_RECORDED),
        ({"currency": "USD"}, MoneyCase.NOTHING_RECORDED),
    ],
)
def test_nothing_comes_back_where_other_refunds_are_all_that_was_paid(
    db: None, more: dict[str, Any], case: MoneyCase
) -> None:
    order = OrderFactory.create(cancelled=True, paid=True)
    (told,) = money_lines(order, order.cancellation, [RefundFactory.create(**more)])
    assert told.case == case
    is_told = told.detail == "Other refunds of this order cover all that was paid."
    assert is_told == (case == MoneyCase.NOTHING_DUE)


@pytest.mark.parametrize(
    "fields",
    [
        {"delivered_at": None, "shipped_at": None},
        {"delivered_at": NOON, "shipped_at": NOON - timedelta(days=2)},
        {"delivered_at": NOON, "shipped_at": None},
    ],
)
def test_what_is_paid_on_delivery_and_ends_before_it_is_sent_has_nothing_to_refund(
    db: None, fields: dict[str, Any]
) -> None:
    ended_at = NOON - timedelta(days=3)
    told = without_refund(
        cash_on_delivery=True, cancellation__was_charged=None, cancellation__cancelled_at=ended_at, **fields
    )
    assert told.case == MoneyCase.CASH


def test_what_the_origin_says_was_not_charged_at_the_door_has_nothing_to_refund(db: None) -> None:
    told = without_refund(cash_on_delivery=True, delivered_at=MOMENT, cancellation__was_charged=False)
    assert told.case == MoneyCase.CASH


@pytest.mark.parametrize("cancelled_at", [None, NOON - timedelta(days=1), NOON + timedelta(days=1)])
def test_what_may_have_been_paid_at_the_door_is_said_without_bank_or_card(
    db: None, cancelled_at: datetime | None
) -> None:
    told = without_refund(
        cash_on_delivery=True,
        shipped_at=NOON - timedelta(days=2),
        delivered_at=NOON,
        cancellation__was_charged=None,
        cancellation__cancelled_at=cancelled_at,
        cancellation__origin="feed",
    )
    assert said(told) == (
        MoneyCase.CASH_UNKNOWN,
        "We have no record of what was paid on delivery.",
        "If you paid for it at the door, ask the marketplace whether money comes back.",
        "We have no record of what was paid on delivery.",
    )


MOVED: dict[str, Any] = {"source": "system", "reason_code": "order_replaced"}


@pytest.mark.parametrize("fields", [{"paid": True}, {"cancellation__was_charged": True}])
def test_what_was_paid_and_moved_to_another_order_is_no_refund_to_ask_for(db: None, fields: dict[str, Any]) -> None:
    told = without_refund(**MOVED, **fields)
    assert said(told) == (
        MoneyCase.MOVED,
        "You paid for what was moved to another order.",
        "Whether your payment moved with it is not stated here. Look at the other order.",
        "You paid for what was moved to another order.",
    )


def test_what_was_moved_and_never_charged_is_not_charged(db: None) -> None:
    assert without_refund(**MOVED, cancellation__was_charged=False).case == MoneyCase.NOT_CHARGED


def test_what_is_not_known_is_said(db: None) -> None:
    assert said(without_refund(cancellation__was_charged=None)) == (
        MoneyCase.UNKNOWN,
        "We have no record of a payment or a refund.",
        "If you paid, your bank or card statement shows it. The marketplace can tell you more.",
        "We have no record of a payment or a refund.",
    )


def test_without_a_refund_there_are_no_steps(db: None) -> None:
    assert without_refund(paid=True).steps == ()


# With one


def test_a_refund_that_is_due(line: Callable[..., MoneyLine], in_a_week: date) -> None:
    told, by = line(expected_by=in_a_week), plain_day(in_a_week)
    assert said(told) == (
        MoneyCase.DUE,
        "€120.00 back to Visa ending 4242",
        f"The refund is due and has not been sent yet. It should be with you by {by}.",
        f"€120.00 is due back to you, expected by {by}.",
    )
    assert [step[:2] for step in steps(told)] == [("Cancelled", "done"), ("To be sent", "now"), ("With you by", "todo")]
    assert steps(told)[0][2] == "3 Nov 2026"


def test_a_refund_that_is_due_some_day(line: Callable[..., MoneyLine]) -> None:
    told = line(expected_by=None)
    assert said(told)[2:] == (
        "The refund is due and has not been sent yet. When it arrives is not stated.",
        "€120.00 is due back to you.",
    )
    assert steps(told)[2] == ("With you", "todo", "")


def test_a_refund_that_is_sent(line: Callable[..., MoneyLine], in_a_week: date) -> None:
    told, by = line(sent=True, expected_by=in_a_week), plain_day(in_a_week)
    assert said(told) == (
        MoneyCase.SENT,
        "€120.00 back to Visa ending 4242",
        f"The refund is on its way. It should be with you by {by}.",
        f"€120.00 is on its way back, expected by {by}.",
    )
    assert [step[:2] for step in steps(told)] == [("Cancelled", "done"), ("Sent", "now"), ("With you by", "todo")]
    assert steps(told)[1][2] == "4 Nov 2026"


def test_a_refund_that_is_sent_and_arrives_some_day(line: Callable[..., MoneyLine]) -> None:
    assert said(line(sent=True, expected_by=None))[2:] == (
        "The refund is on its way. When it arrives is not stated.",
        "€120.00 is on its way back.",
    )


def test_a_refund_that_has_arrived(line: Callable[..., MoneyLine]) -> None:
    told = line(completed=True)
    assert said(told) == (
        MoneyCase.COMPLETED,
        "€120.00 back to Visa ending 4242",
        "The refund has been completed.",
        "€120.00 was refunded on 7 November 2026.",
    )
    assert steps(told) == [
        ("Cancelled", "done", "3 Nov 2026"),
        ("Sent", "done", "4 Nov 2026"),
        ("With you", "done", "7 Nov 2026"),
    ]


def test_a_refund_that_has_arrived_on_a_day_that_is_not_stated(line: Callable[..., MoneyLine]) -> None:
    told = line(completed=True, sent_at=None, completed_at=None, expected_by=date(2026, 11, 12))
    assert said(told)[3] == "€120.00 was refunded."
    assert steps(told)[1:] == [("Sent", "done", ""), ("With you", "done", "")]


def test_a_refund_that_arrived_late_is_not_overdue(line: Callable[..., MoneyLine]) -> None:
    assert line(completed=True, expected_by=date(2026, 11, 4)).case == MoneyCase.COMPLETED


def test_a_refund_that_failed(line: Callable[..., MoneyLine]) -> None:
    told = line(failed=True)
    assert said(told) == (
        MoneyCase.FAILED,
        "€120.00 has not come back to you",
        "The refund did not go through. It has to be sent again, and the marketplace may need details from you.",
        "The refund of €120.00 failed and has to be sent again.",
    )
    assert told.failure == "What the payment provider said: The card has expired."
    assert [step[:2] for step in steps(told)] == [("Cancelled", "done"), ("Failed", "broken"), ("With you", "todo")]


def test_a_refund_that_failed_for_a_reason_that_is_not_stated(line: Callable[..., MoneyLine]) -> None:
    assert line(failed=True, failure="").failure == ""


def test_a_refund_that_is_overdue_says_whom_to_ask(line: Callable[..., MoneyLine]) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    told = line(expected_by=yesterday)
    assert said(told) == (
        MoneyCase.OVERDUE,
        "€120.00 back to Visa ending 4242",
        f"The refund should have been with you by {plain_day(yesterday)}. Ask the marketplace where it is.",
        f"€120.00 should have been back by {plain_day(yesterday)}.",
    )
    assert steps(told)[1][:2] == ("To be sent", "broken")


@pytest.mark.parametrize(
    ("sent_at", "begins"), [(NOON, "was sent on 23 November 2026 and"), (None, "has been sent and")]
)
def test_a_refund_that_is_overdue_though_it_was_sent_says_both(
    line: Callable[..., MoneyLine], sent_at: datetime | None, begins: str
) -> None:
    told = line(sent=True, sent_at=sent_at, expected_by=date(2026, 11, 24))
    assert (told.case, strip_tags(told.detail)) == (
        MoneyCase.OVERDUE,
        f"The refund {begins} should have been with you by 24 November 2026. Ask the marketplace where it is.",
    )
    assert steps(told)[2] == ("With you by", "todo", "24 Nov 2026")


def test_a_day_before_the_sending_is_not_promised(line: Callable[..., MoneyLine]) -> None:
    told = line(sent=True, sent_at=NOON, expected_by=date(2026, 11, 4))
    assert steps(told)[1:] == [("Sent", "now", "23 Nov 2026"), ("With you", "todo", "")]


@pytest.mark.parametrize("state", ["due", "sent"])
@pytest.mark.parametrize(
    ("expected_by", "is_late"),
    [(TODAY - timedelta(days=1), True), (TODAY, False), (TODAY + timedelta(days=1), False), (None, False)],
)
def test_a_refund_is_overdue_from_the_day_after(state: str, expected_by: date | None, is_late: bool) -> None:
    case = case_of(Refund(state=state, expected_by=expected_by), today=TODAY)
    assert case == (MoneyCase.OVERDUE if is_late else MoneyCase(state))


@pytest.mark.parametrize("state", ["completed", "failed"])
def test_what_has_ended_is_never_overdue(state: str) -> None:
    assert case_of(Refund(state=state, expected_by=date(2020, 1, 1)), today=TODAY) == MoneyCase(state)


def test_the_cancellation_without_a_time_begins_where_the_refund_was_due(db: None) -> None:
    order = OrderFactory.create(cancelled=True, paid=True, cancellation__cancelled_at=None, cancellation__origin="feed")
    for due_at, shown in [(NOON, "23 Nov 2026"), (None, "")]:
        refund = RefundFactory.create(cancellation=order.cancellation, due_at=due_at)
        assert steps(money_lines(order, order.cancellation, [refund])[0])[0] == ("Cancelled", "done", shown)


@pytest.mark.parametrize(
    ("order", "method", "headline"),
    [
        ({"payment_method": "card", "payment_label": "Visa ending 4242"}, "card", "€120.00 back to Visa ending 4242"),
        (
            {"payment_method": "card", "payment_label": "Visa ending 4242"},
            "unknown",
            "€120.00 back to Visa ending 4242",
        ),
        ({"payment_method": "card", "payment_label": "Visa ending 4242"}, "wallet", "€120.00 back to your wallet"),
        ({"payment_method": "card", "payment_label": ""}, "card", "€120.00 back to your card"),
        ({"payment_label": ""}, "bank_transfer", "€120.00 back to your bank account"),
        ({"payment_label": ""}, "pay_later", "€120.00 off your pay-later account"),
        ({"payment_label": ""}, "other", "€120.00 back the way you paid"),
        ({"payment_label": ""}, "unknown", "€120.00 back to you"),
    ],
)
def test_it_says_where_the_money_goes(
    line: Callable[..., MoneyLine], order: dict[str, str], method: str, headline: str
) -> None:
    assert line(order, method=method).headline == headline


@pytest.mark.parametrize(
    ("currency", "amount", "written"),
    [
        ("JPY", "1200", "¥1,200"),
        ("KWD", "1.234", "KWD\u00a01.234"),
        ("EUR", "0.5", "€0.50"),
        ("VND", "99000", "₫99,000"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    line: Callable[..., MoneyLine], currency: str, amount: str, written: str
) -> None:
    told = line(currency=currency, amount=Decimal(amount), expected_by=None)
    assert told.headline == f"{written} back to Visa ending 4242"
    assert told.brief == f"{written} is due back to you."


def test_several_refunds_are_each_told_the_most_urgent_first(db: None, in_a_week: date) -> None:
    order = OrderFactory.create(cancelled=True, paid=True)
    late = timezone.localdate() - timedelta(days=1)
    states: list[dict[str, Any]] = [
        {"completed": True},
        {"sent": True, "expected_by": in_a_week},
        {"expected_by": in_a_week},
        {"expected_by": late},
        {"failed": True},
    ]
    refunds = [RefundFactory.create(cancellation=order.cancellation, **state) for state in states]
    told = money_lines(order, order.cancellation, refunds)
    assert [one.case for one in told] == ["failed", "overdue", "due", "sent", "completed"]


def test_the_refund_of_another_cancellation_is_not_told(db: None) -> None:
    order = OrderFactory.create(cancelled=True, paid=True)
    told = money_lines(order, order.cancellation, [RefundFactory.create(amount=Decimal("77.00"))])
    assert [one.case for one in told] == [MoneyCase.NOTHING_RECORDED]


# On the page


def cancelled_order(buyer: User, **fields: Any) -> Order:
    order: Order = OrderFactory.create(buyer=buyer, cancelled=True, **fields)
    return order


def test_the_page_tells_the_money_in_full(buyer: User, buyer_client: Client) -> None:
    order = cancelled_order(buyer, paid=True)
    RefundFactory(cancellation=order.cancellation, completed=True)
    page = text_of(buyer_client.get(order.get_absolute_url()))
    assert "Your money €120.00 back to Visa ending 4242" in page
    assert "Cancelled 3 Nov 2026 Sent 4 Nov 2026 With you 7 Nov 2026 The refund has been completed." in page


def test_the_page_tells_every_refund(buyer: User, buyer_client: Client) -> None:
    order = cancelled_order(buyer, paid=True)
    RefundFactory(cancellation=order.cancellation, completed=True, amount=Decimal("20.00"), method="wallet")
    RefundFactory(cancellation=order.cancellation, failed=True, amount=Decimal("100.00"))
    page = text_of(buyer_client.get(order.get_absolute_url()))
    assert page.index("€100.00 has not come back to you") < page.index("€20.00 back to your wallet")
    assert "What the payment provider said: The card has expired." in page


def test_the_page_shows_a_providers_words_as_text(buyer: User, buyer_client: Client) -> None:
    order = cancelled_order(buyer, paid=True, payment_label="<i>Visa</i> {amount}")
    RefundFactory(cancellation=order.cancellation, failed=True, failure="<b>{no}</b> & 'so on'")
    RefundFactory(cancellation=order.cancellation)
    page = buyer_client.get(order.get_absolute_url())
    assert "<b>{no}</b>" not in page.content.decode()
    assert "What the payment provider said: <b>{no}</b> & 'so on'" in text_of(page)
    assert "€120.00 back to <i>Visa</i> {amount}" in text_of(page)


@pytest.mark.parametrize(
    ("fields", "name", "step"),
    [
        ({"failed": True}, "Big & Blue", "Ask Big & Blue whether details are needed from you, and name the order. "),
        ({"failed": True}, "", "Ask the marketplace whether details are needed from you, and name the order. "),
        (
            {"sent": True, "expected_by": date(2025, 11, 4)},
            "Big & Blue",
            "If you do not see the money, ask Big & Blue where it is and name the order. ",
        ),
        ({"completed": True}, "Big & Blue", ""),
    ],
)
def test_where_something_is_wrong_with_the_money_the_page_says_first_what_to_do_about_it(
    buyer: User, buyer_client: Client, settings: Settings, fields: dict[str, Any], name: str, step: str
) -> None:
    settings.MARKETPLACE_NAME = name
    order = cancelled_order(buyer, paid=True, reason_code="changed_mind")
    RefundFactory(cancellation=order.cancellation, **fields)
    page = text_of(buyer_client.get(order.get_absolute_url()))
    assert f"What you can do {step}Nothing more is needed from you." in page


@pytest.mark.parametrize("cash", [True, False])
def test_the_page_says_when_nothing_was_paid(buyer: User, buyer_client: Client, cash: bool) -> None:
    order = cancelled_order(buyer, cash_on_delivery=cash)
    page = text_of(buyer_client.get(order.get_absolute_url()))
    assert ("you would have paid on delivery" if cash else "You were not charged.") in page
