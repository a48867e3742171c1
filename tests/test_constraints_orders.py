"""What the database itself refuses about sellers, orders, lines, requests and events."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model, ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cancellations.models import Cancellation
from foundation.constraints import MOST_MONEY
from orders.models import Order, OrderLine, Seller
from tests.constraints import Case, refused, refused_for, write, write_raw
from tests.factories import (
    MOMENT,
    CancellationFactory,
    CancellationRequestFactory,
    ConflictFactory,
    EarlierPartFactory,
    EventFactory,
    MailFactory,
    OrderFactory,
    OrderLineFactory,
    RequestedLineFactory,
    SellerFactory,
)

pytestmark = pytest.mark.django_db

cancelled = partial(OrderFactory, cancelled=True)
on_delivery = partial(OrderFactory, cash_on_delivery=True)
without_total = partial(OrderFactory, total=None, currency="")
part_cancelled = partial(OrderLineFactory, part_cancelled=True)
rated = partial(SellerFactory, rating=Decimal("4.80"), rating_count=1_204)
approved = partial(CancellationRequestFactory, approved=True)
settled = partial(ConflictFactory, settled=True)
declined = partial(CancellationRequestFactory, declined=True)
PENNY_TOO_MUCH = MOST_MONEY + Decimal("0.01")

CASES = [
    # Seller
    Case("a seller without a name", "orders_seller_name_not_empty", SellerFactory, {"name": ""}),
    Case("a seller without a slug", "orders_seller_slug_not_empty", SellerFactory, {"slug": ""}),
    Case(
        "a record with more orders ended than placed",
        "orders_seller_record_is_a_share",
        partial(SellerFactory, record_on=MOMENT.date(), record_orders=20, record_ended=1),
        {"record_ended": 21},
    ),
    Case("a record without its orders", "orders_seller_record_is_a_share", SellerFactory, {"record_on": MOMENT.date()}),
    Case("a typical share above all", "orders_seller_record_typical", SellerFactory, {"record_typical": 2}),
    Case("six stars of five", "orders_seller_rating", rated, {"rating": Decimal("5.01")}),
    Case("fewer than no stars", "orders_seller_rating", rated, {"rating": Decimal("-0.01")}),
    Case("stars from nobody", "orders_seller_rating_with_its_count", rated, {"rating_count": None}),
    Case("ratings without stars", "orders_seller_rating_with_its_count", rated, {"rating": None}),
    # Order
    Case("cancelled for nothing", "orders_order_cancelled_with_a_cancellation", OrderFactory, {"status": "cancelled"}),
    Case("cancelled, then shipped", "orders_order_cancelled_with_a_cancellation", cancelled, {"status": "shipped"}),
    Case("a lost cancellation", "orders_order_cancelled_with_a_cancellation", cancelled, {"cancellation": None}),
    Case("an unknown status", "orders_order_status", OrderFactory, {"status": "returned"}),
    Case("no status", "orders_order_status", OrderFactory, {"status": ""}),
    Case("paid in shells", "orders_order_payment_method", OrderFactory, {"payment_method": "cowries"}),
    Case("no number", "orders_order_number_form", OrderFactory, {"number": ""}),
    Case("a number with a slash", "orders_order_number_form", OrderFactory, {"number": "2026/11"}),
    Case("a number with a line break", "orders_order_number_form", OrderFactory, {"number": "C1\n"}),
    Case("a number in other digits", "orders_order_number_form", OrderFactory, {"number": "١٢٣"}),
    Case("a number of one dot", "orders_order_number_has_an_address", OrderFactory, {"number": "."}),
    Case("a number of two dots", "orders_order_number_has_an_address", OrderFactory, {"number": ".."}),
    Case("a currency in small letters", "orders_order_currency", OrderFactory, {"currency": "eur"}),
    Case("half a currency", "orders_order_currency", OrderFactory, {"currency": "EU"}),
    Case("a currency of a line break", "orders_order_currency", without_total, {"currency": "\n"}),
    Case("a negative total", "orders_order_total", OrderFactory, {"total": Decimal("-0.01")}),
    Case("an absurd total", "orders_order_total", OrderFactory, {"total": PENNY_TOO_MUCH}),
    Case("a total of what?", "orders_order_total_with_a_currency", OrderFactory, {"currency": ""}),
    Case("cash that was paid before", "orders_order_cash_is_not_paid_before", on_delivery, {"paid_at": MOMENT}),
    Case("a version before the first", "orders_order_origin_version", OrderFactory, {"origin_version": -1}),
    # OrderLine
    Case("two lines in one place", "orders_line_position_once", OrderLineFactory),
    Case("none of an item", "orders_line_quantity", OrderLineFactory, {"quantity": 0}),
    Case("a million and one of an item", "orders_line_quantity", OrderLineFactory, {"quantity": 1_000_001}),
    Case("line zero", "orders_line_position", OrderLineFactory, {"position": 0}),
    Case("line ten thousand and one", "orders_line_position", OrderLineFactory, {"position": 10_001}),
    Case("a negative price", "orders_line_unit_price", OrderLineFactory, {"unit_price": Decimal("-0.01")}),
    Case("an absurd price", "orders_line_unit_price", OrderLineFactory, {"unit_price": PENNY_TOO_MUCH}),
    Case("six of five cancelled", "orders_line_cancelled_quantity", part_cancelled, {"cancelled_quantity": 6}),
    Case("cancelled by nothing", "orders_line_cancelled_with_a_cancellation", part_cancelled, {"cancellation": None}),
    Case("none cancelled", "orders_line_cancelled_with_a_cancellation", part_cancelled, {"cancelled_quantity": 0}),
    Case("an item without a title", "orders_line_title_not_empty", OrderLineFactory, {"title": ""}),
    # CancellationRequest
    Case("an unknown state", "orders_request_state", approved, {"state": "pending"}),
    Case("two open requests", "orders_request_one_open", CancellationRequestFactory),
    Case(
        "open, yet decided",
        "orders_request_decided_at_when_decided",
        CancellationRequestFactory,
        {"decided_at": MOMENT},
    ),
    Case("decided, never", "orders_request_decided_at_when_decided", approved, {"decided_at": None}),
    Case("declined in silence", "orders_request_declined_with_a_reason", declined, {"decline_reason": ""}),
    Case("approved, but why not", "orders_request_declined_with_a_reason", approved, {"decline_reason": "Too late."}),
    Case(
        "answer before the question",
        "orders_request_answer_by_after",
        CancellationRequestFactory,
        {"answer_by": MOMENT},
    ),
    Case("asked here, never", "orders_request_here_has_its_times", CancellationRequestFactory, {"requested_at": None}),
    Case("asked here for ever", "orders_request_here_has_its_times", CancellationRequestFactory, {"answer_by": None}),
    Case(
        "open, yet decided elsewhere",
        "orders_request_decided_at_when_decided",
        CancellationRequestFactory,
        {"decided_origin": "shop"},
    ),
    # RequestedLine
    Case("a line asked for twice", "orders_requestedline_once", RequestedLineFactory),
    Case("none of a line asked for", "orders_requestedline_quantity", RequestedLineFactory, {"quantity": 0}),
    # Conflict
    Case("the same conflict twice", "orders_conflict_once", ConflictFactory),
    Case("the origin says it is lost", "orders_conflict_said", ConflictFactory, {"said": "lost"}),
    Case("settled in silence", "orders_conflict_settled_with_an_answer", settled, {"answer": ""}),
    Case("answered, yet open", "orders_conflict_settled_with_an_answer", settled, {"settled_at": None}),
    # Event and mail
    Case("an earlier part twice", "orders_earlierpart_once", EarlierPartFactory),
    Case("an earlier part of nothing", "orders_earlierpart_quantity", EarlierPartFactory, {"quantity": 0}),
    Case("something unheard of", "orders_event_kind", EventFactory, {"kind": "exploded"}),
    Case("done by an unknown actor", "orders_event_actor", EventFactory, {"actor": "courier"}),
    Case("told twice", "orders_mail_once", MailFactory),
    Case("sent by nobody", "orders_mail_claimed_before_sent", partial(MailFactory, sent=True), {"claimed_at": None}),
    Case("tried a thousand and one times", "orders_mail_attempts", MailFactory, {"attempts": 1_001}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_refuses(case: Case) -> None:
    case.attempt()


@pytest.mark.parametrize(
    ("make", "written"),
    [
        (OrderFactory, {"total": None, "currency": ""}),
        (OrderFactory, {"total": Decimal(MOST_MONEY)}),
        (OrderFactory, {"total": 0}),
        (OrderFactory, {"number": "A.b_c-9", "origin_version": 2**63 - 1}),
        (on_delivery, {"total": 1}),
        (OrderLineFactory, {"quantity": 1_000_000, "position": 10_000, "unit_price": None}),
        (part_cancelled, {"cancelled_quantity": 5}),
        (rated, {"rating": 5, "rating_count": 0}),
        (SellerFactory, {"rating": None, "rating_count": None}),
        (CancellationRequestFactory, {"answer_by": MOMENT + timedelta(hours=2, seconds=1)}),
    ],
)
def test_it_takes_what_stands_at_the_edge(make: Callable[[], Model], written: dict[str, Any]) -> None:
    write(make(), written)


@given(amount=st.decimals(min_value=0, max_value=MOST_MONEY, places=3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_takes_every_amount_that_can_be_paid_and_gives_it_back(db: None, amount: Decimal) -> None:
    order = Order.objects.filter(number="HYPOTHESIS").first() or OrderFactory.create(number="HYPOTHESIS")
    write(order, {"total": amount})
    assert Order.objects.get(pk=order.pk).total == amount


@pytest.mark.parametrize("value", ["NaN", "-NaN", "twelve"])
def test_it_refuses_a_total_that_is_not_a_number(value: str) -> None:
    order = OrderFactory.create()
    with refused_for("orders_order_total", "invalid input syntax for type numeric"):
        write_raw(order, "total", value)


def test_it_never_keeps_a_fourth_decimal() -> None:
    order = OrderFactory.create()
    if connection.vendor == "sqlite":
        with refused(Order, "orders_order_total"):
            write_raw(order, "total", "1.2345")
    else:  # the column's own type rounds
        write_raw(order, "total", "1.2345")
        assert Order.objects.get(pk=order.pk).total == Decimal("1.235")


@pytest.mark.parametrize("column", ["number", "seller_id", "status", "recorded_at"])
def test_it_refuses_an_order_without(column: str) -> None:
    with refused_for(f'null value in column "{column}"', f"orders_order.{column}"):
        write_raw(OrderFactory.create(), column, None)


def test_it_refuses_a_line_without_an_order() -> None:
    with refused_for('null value in column "order_id"', "orders_orderline.order_id"):
        write_raw(OrderLineFactory.create(), "order_id", None)


def test_it_keeps_a_number_for_one_order() -> None:
    taken = OrderFactory.create()
    with refused_for("orders_order_number", "orders_order.number"):
        write(OrderFactory.create(), {"number": taken.number})


def test_it_keeps_a_cancellation_for_one_order() -> None:
    taken = OrderFactory.create(cancelled=True)
    with refused_for("orders_order_cancellation_id", "orders_order.cancellation_id"):
        write(OrderFactory.create(cancelled=True), {"cancellation": taken.cancellation})


def test_it_keeps_a_slug_for_one_seller() -> None:
    taken = SellerFactory.create()
    with refused_for("orders_seller_slug", "orders_seller.slug"):
        write(SellerFactory.create(), {"slug": taken.slug})


def test_it_refuses_to_delete_the_cancellation_of_an_order() -> None:
    order = OrderFactory.create(cancelled=True, lines=0)
    with pytest.raises(ProtectedError):
        Cancellation.objects.get().delete()
    with refused_for("cancellation_id"):
        Cancellation.objects.filter(pk=order.cancellation_id)._raw_delete(using="default")


def test_it_refuses_to_delete_the_cancellation_of_a_line() -> None:
    line = OrderLineFactory.create(part_cancelled=True)
    with pytest.raises(ProtectedError):
        Cancellation.objects.get().delete()
    with refused_for("cancellation_id"):
        Cancellation.objects.filter(pk=line.cancellation_id)._raw_delete(using="default")


def test_it_refuses_to_delete_a_seller_with_orders() -> None:
    seller = OrderFactory.create(lines=0).seller
    with pytest.raises(ProtectedError):
        seller.delete()
    with refused_for("seller_id"):
        Seller.objects.filter(pk=seller.pk)._raw_delete(using="default")


def test_it_refuses_to_delete_an_order_with_a_history() -> None:
    event = EventFactory.create(order__lines=0)
    with pytest.raises(ProtectedError):
        event.order.delete()
    with refused_for("order_id"):
        Order.objects.filter(pk=event.order_id)._raw_delete(using="default")


def test_it_keeps_the_orders_of_a_deleted_buyer() -> None:
    order = OrderFactory.create()
    order.buyer.delete()
    assert Order.objects.get(pk=order.pk).buyer is None


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (partial(OrderFactory.build, status="cancelled"), "An order is cancelled exactly when it has a cancellation."),
        (
            partial(OrderFactory.build, cash_on_delivery=True, paid_at=MOMENT),
            "A time of payment on a cash-on-delivery order is not a payment.",
        ),
        (partial(SellerFactory.build, rating=4), "A rating comes with the number of ratings behind it."),
    ],
)
def test_it_says_in_words_what_is_wrong(row: Callable[[], Model], sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        row().full_clean()
    assert sentence in caught.value.messages


def test_it_refuses_a_line_inserted_with_more_cancelled_than_bought() -> None:
    order = OrderFactory.create(lines=0)
    line = OrderLine(order=order, position=1, title="Bowl", quantity=1, cancelled_quantity=2)
    line.cancellation = CancellationFactory.create()
    with refused(OrderLine, "orders_line_cancelled_quantity"):
        OrderLine.objects.bulk_create([line])
