"""Ending an order here: who, why, when, and what is owed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from cancellations.curating import add_wording, retire
from cancellations.models import Cancellation, Reason, Refund
from cancellations.refund_times import expected_by
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.models import Event, Mail, Order, OrderLine
from orders.refusals import CannotCancel, CannotGiveReason, UnfitNote
from tests.factories import (
    MOMENT,
    CancellationFactory,
    CancellationRequestFactory,
    OrderFactory,
    OrderLineFactory,
    ReasonFactory,
    RefundFactory,
    RefundTimeFactory,
)
from tests.faults import contents, survives_faults

pytestmark = pytest.mark.django_db


def reason(code: str) -> Reason:
    return Reason.objects.get(code=code)


def cancel(order: Order, *, source: Source = Source.BUYER, code: str = "changed_mind", **rest: Any) -> Cancellation:
    return cancel_order(order, source=source, reason=reason(code), **rest)


# What is recorded


def test_it_records_who_why_and_when(buyer: User) -> None:
    order = OrderFactory.create(buyer=buyer)
    made = cancel(order, by=buyer, note=" I found it at home. ", at=MOMENT)
    order.refresh_from_db()
    assert order.is_cancelled
    assert order.cancellation == made
    made.refresh_from_db()
    assert (made.source, made.requested_by, made.reason.code) == ("buyer", "buyer", "changed_mind")
    assert (made.note, made.note_by) == ("I found it at home.", "buyer")
    assert (made.cancelled_at, made.cancelled_by) == (MOMENT, buyer)
    assert made.origin == ""


def test_it_is_now_unless_another_time_is_given() -> None:
    before = timezone.now()
    cancel(OrderFactory.create())
    assert Cancellation.objects.filter(cancelled_at__range=(before, timezone.now())).exists()


def test_it_cancels_every_line_whole() -> None:
    order = OrderFactory.create(lines=3, lines__quantity=4)
    made = cancel(order)
    lines = OrderLine.objects.filter(order=order)
    assert [(line.cancelled_quantity, line.cancellation) for line in lines] == [(4, made)] * 3


def test_it_leaves_other_orders_alone() -> None:
    other = OrderFactory.create()
    cancel(OrderFactory.create())
    other.refresh_from_db()
    assert not other.is_cancelled
    assert other.lines.get().kept_quantity == 1


def test_it_keeps_what_was_cancelled_of_a_line_before() -> None:
    order = OrderFactory.create(lines=0)
    earlier = OrderLineFactory.create(order=order, position=1, part_cancelled=True)
    OrderLineFactory.create(order=order, position=2)
    made = cancel(order)
    kept, whole = order.lines.all()
    assert (kept.cancelled_quantity, kept.cancellation) == (2, earlier.cancellation)
    assert (whole.cancelled_quantity, whole.cancellation) == (1, made)


def test_it_names_the_wording_that_people_read_now() -> None:
    out_of_stock = reason("out_of_stock")
    newest = out_of_stock.wordings.order_by("-version")[0]
    texts = {**newest.texts, "headline": "The shelf was empty."}
    added = add_wording(out_of_stock, language="en", by=None, **texts)
    assert cancel(OrderFactory.create(), source=Source.SELLER, code="out_of_stock").wording_version == added.version


def test_it_tells_that_the_order_was_cancelled(buyer: User) -> None:
    order = OrderFactory.create(awaiting_payment=True)
    made = cancel(order, by=buyer, at=MOMENT)
    event = Event.objects.get(order=order)
    assert (event.kind, event.actor, event.by, event.occurred_at) == ("cancelled", "buyer", buyer, MOMENT)
    assert event.facts == {
        "cancellation": made.pk,
        "source": "buyer",
        "reason": "changed_mind",
        "previous_status": "awaiting_payment",
    }


def test_it_writes_the_same_few_statements_for_one_line_and_for_fifty(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    small, large, why = OrderFactory.create(), OrderFactory.create(lines=50), reason("changed_mind")
    for order in (small, large):
        with django_assert_num_queries(18):  # the savepoint's two included
            cancel_order(order, source=Source.BUYER, reason=why)


# What is owed


def test_it_owes_what_was_paid() -> None:
    order = OrderFactory.create(total=Decimal("35.90"), currency="EUR", payment_method="card")
    RefundTimeFactory.create(method="card", working_days=5)
    made = cancel(order, at=MOMENT)
    refund = Refund.objects.get()
    assert (refund.cancellation, refund.amount, refund.currency, refund.method) == (
        made,
        Decimal("35.90"),
        "EUR",
        "card",
    )
    assert (refund.state, refund.due_at, refund.expected_by) == ("due", MOMENT, date(2026, 11, 9))
    assert made.was_charged is True
    event = Event.objects.get(kind="refund_due")
    assert (event.facts["refund"], Decimal(event.facts["amount"]), event.facts["currency"]) == (
        refund.pk,
        Decimal("35.90"),
        "EUR",
    )


def test_it_promises_no_day_where_nobody_knows_how_long_it_takes() -> None:
    assert expected_by("unknown", since=MOMENT) is None
    cancel(OrderFactory.create(payment_method="unknown"))
    assert Refund.objects.get().expected_by is None


@pytest.mark.parametrize(
    ("traits", "was_charged"),
    [
        ({"awaiting_payment": True}, False),
        ({"cash_on_delivery": True}, False),
        ({"paid_at": None}, None),
        ({"total": None}, True),
        ({"total": 0}, True),
    ],
    ids=["to pay", "cash on delivery", "payment not stated", "total not stated", "free"],
)
def test_it_owes_nothing_that_it_does_not_know_of(traits: dict[str, Any], was_charged: bool | None) -> None:
    made = cancel(OrderFactory.create(**traits))
    assert made.was_charged is was_charged
    assert not Refund.objects.exists()
    assert not Event.objects.filter(kind="refund_due").exists()


@pytest.mark.parametrize("state", ["due", "sent", "completed", "failed"])
def test_it_owes_only_what_is_not_on_its_way_back_for_a_part_already(state: str) -> None:
    order = OrderFactory.create(total=Decimal("100.00"), lines=0)
    part = CancellationFactory.create(source=Source.SELLER)
    for position in (1, 2):  # one cancellation of two lines counts once
        OrderLineFactory.create(order=order, position=position, part_cancelled=True, cancellation=part)
    RefundFactory.create(cancellation=part, amount=Decimal("12.30"), state=state)
    made = cancel(order)
    assert made.refunds.get().amount == Decimal("87.70")


def test_it_owes_nothing_more_when_the_parts_were_everything() -> None:
    order = OrderFactory.create(total=Decimal("100.00"), lines=0)
    part = OrderLineFactory.create(order=order, part_cancelled=True).cancellation
    RefundFactory.create(cancellation=part, amount=Decimal("100.00"))
    assert not cancel(order).refunds.exists()


# What is refused


@pytest.mark.parametrize(
    ("traits", "status", "at"),
    [
        ({"shipped": True, "shipped_at": MOMENT}, "shipped", MOMENT),
        ({"delivered": True, "delivered_at": MOMENT}, "delivered", MOMENT),
        ({"delivered": True, "delivered_at": None, "shipped_at": None}, "delivered", None),
        ({"cancelled": True, "cancellation__cancelled_at": MOMENT}, "cancelled", MOMENT),
    ],
)
def test_it_is_too_late(traits: dict[str, Any], status: str, at: object) -> None:
    order = OrderFactory.create(**traits)
    with pytest.raises(CannotCancel) as refusal:
        cancel(order)
    assert (refusal.value.status, refusal.value.at) == (status, at)
    order.refresh_from_db()
    assert order.status == status
    assert Cancellation.objects.count() == (status == "cancelled")
    assert not Event.objects.exists()


def test_it_looks_at_the_order_as_it_is_now_and_not_as_it_was_read() -> None:
    order = OrderFactory.create()
    Order.objects.filter(pk=order.pk).update(status="shipped", shipped_at=MOMENT)
    with pytest.raises(CannotCancel, match="The order has been sent, so it can no longer be cancelled"):
        cancel(order)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (Source.BUYER, "out_of_stock"),
        (Source.SELLER, "changed_mind"),
        (Source.SYSTEM, "suspected_fraud"),
        (Source.UNKNOWN, "not_stated"),
    ],
)
def test_it_lets_nobody_give_a_reason_that_is_not_theirs(source: Source, code: str) -> None:
    order = OrderFactory.create()
    with pytest.raises(CannotGiveReason, match="not yours to give"):
        cancel(order, source=source, code=code)
    assert not Cancellation.objects.exists()


def test_it_takes_no_reason_that_was_retired_since_the_page_was_opened() -> None:
    chosen = ReasonFactory.create()
    retire(Reason.objects.get(pk=chosen.pk))
    with pytest.raises(CannotGiveReason, match="no longer in use"):
        cancel_order(OrderFactory.create(), source=Source.BUYER, reason=chosen)


def test_it_takes_no_reason_that_was_deleted_since_the_page_was_opened() -> None:
    chosen = ReasonFactory.create()
    Reason.objects.filter(pk=chosen.pk).delete()
    with pytest.raises(CannotGiveReason, match="no longer in use"):
        cancel_order(OrderFactory.create(), source=Source.BUYER, reason=chosen)


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("x" * 1_001, "longer than 1,000 characters"),
        ("no\x00", "NUL byte"),
        ("\ud800", "half a character"),
        ("\u202egnihton", "writing direction"),
    ],
)
def test_it_refuses_a_note_that_cannot_be_shown(note: str, sentence: str) -> None:
    order = OrderFactory.create()
    with pytest.raises(UnfitNote, match=sentence):
        cancel(order, note=note)
    order.refresh_from_db()
    assert not order.is_cancelled


def test_it_takes_a_thousand_characters_however_the_browser_breaks_lines() -> None:
    note = "\r\n".join("x" * 99 for _ in range(10))
    assert len(cancel(OrderFactory.create(), note=note).note) == 999


def test_it_masks_the_number_of_a_card() -> None:
    made = cancel(OrderFactory.create(), note="Paid with 4242 4242 4242 4242, please refund.")
    assert made.note == "Paid with •••• 4242, please refund."


# "The buyer asked"


def test_a_seller_cannot_say_that_the_buyer_asked_when_nobody_did() -> None:
    order = OrderFactory.create()
    CancellationRequestFactory.create()
    with pytest.raises(CannotGiveReason, match="The buyer has not asked"):
        cancel(order, source=Source.SELLER, code="buyer_asked")


@pytest.mark.parametrize("trait", ["withdrawn", "declined"])
def test_a_seller_cannot_say_that_the_buyer_asked_when_that_is_over(trait: str) -> None:
    request = CancellationRequestFactory.create(**{trait: True})
    with pytest.raises(CannotGiveReason, match="The buyer has not asked"):
        cancel(request.order, source=Source.SELLER, code="buyer_asked")


@pytest.mark.parametrize(
    "state",
    [{}, {"approved": True}, {"state": "approved_by_silence", "decided_at": MOMENT + timedelta(hours=50)}],
    ids=["open", "approved", "approved by silence"],
)
def test_a_seller_carries_out_what_the_buyer_asked(state: dict[str, Any]) -> None:
    request = CancellationRequestFactory.create(**state)
    made = cancel(request.order, source=Source.SELLER, code="buyer_asked")
    assert (made.source, made.requested_by) == ("seller", "buyer")
    assert made.was_asked_by_another


def test_the_system_may_act_for_somebody_else() -> None:
    made = cancel(OrderFactory.create(), source=Source.SYSTEM, code="payment_not_received", requested_by=Source.SELLER)
    assert (made.source, made.requested_by) == ("system", "seller")


# When something breaks in the middle


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_at_any_statement_leaves_nothing_half_done_and_a_retry_succeeds(after: bool) -> None:
    order = OrderFactory.create(lines=2)
    tables = [Order, OrderLine, Cancellation, Refund, Event, Mail]
    assert survives_faults(lambda: cancel(order), *tables, after=after) >= 10
    assert [len(rows) for rows in contents(*tables)] == [1, 2, 1, 1, 2, 1]
