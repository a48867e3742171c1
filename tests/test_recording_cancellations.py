"""Recording cancellations and refunds: what a feed may change of them, and what it may not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cancellations.models import Cancellation, Reason, Refund
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.contesting import uphold_contest
from orders.documents import OrderDocument
from orders.models import Event, Order, OrderLine
from orders.recording import record_orders
from tests.documents import (
    ORIGIN,
    cancellation_document,
    cancelled_document,
    line_document,
    order_document,
    part_cancelled_line,
    refund_document,
)
from tests.factories import AliasFactory, ContestFactory, UserFactory, WordingFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


def record(*documents: OrderDocument) -> Order:
    """Record documents about one order, and return it."""
    record_orders(documents, origin=ORIGIN)
    return Order.objects.get(number=documents[0].number)


def cancelled(order: Order) -> Cancellation:
    assert order.cancellation
    return order.cancellation


def events(*kinds: str) -> list[Event]:
    return list(Event.objects.filter(kind__in=kinds).order_by("pk"))


def refunds() -> list[tuple[str, Decimal, str]]:
    return list(Refund.objects.order_by("pk").values_list("state", "amount", "reference"))


# Who and why


def test_a_cancelled_order_has_who_why_and_when():
    order = record(cancelled_document(cancellation=cancellation_document(cancelled_at=AT, note="Too late for me")))
    cancellation = cancelled(order)
    assert (cancellation.source, cancellation.requested_by, cancellation.reason.code) == (
        "buyer",
        "buyer",
        "changed_mind",
    )
    assert (cancellation.cancelled_at, cancellation.note, cancellation.origin) == (AT, "Too late for me", ORIGIN)
    line = order.lines.get()
    assert (line.cancelled_quantity, line.cancellation) == (line.quantity, cancellation)


def test_when_it_was_cancelled_stays_missing_when_the_origin_does_not_say():
    assert cancelled(record(cancelled_document())).cancelled_at is None


def test_who_asked_may_be_another_than_who_did_it():
    said = cancellation_document(source=Source.SELLER, requested_by=Source.BUYER, reason="buyer_asked")
    cancellation = cancelled(record(cancelled_document(cancellation=said)))
    assert (cancellation.source, cancellation.requested_by) == ("seller", "buyer")


def test_the_origins_words_mean_what_an_alias_says_of_this_source():
    AliasFactory(origin=ORIGIN, source="system", text="late", reason=Reason.objects.get(code="seller_did_not_ship"))
    understood = cancellation_document(source=Source.SYSTEM, reason="", raw_reason=" LATE. ")
    other = cancellation_document(source=Source.BUYER, reason="", raw_reason="late")
    assert cancelled(record(cancelled_document("A1", cancellation=understood))).reason.code == "seller_did_not_ship"
    cancellation = cancelled(record(cancelled_document("A2", cancellation=other)))
    assert (cancellation.reason.code, cancellation.raw_reason) == ("not_stated", "late")


@pytest.mark.parametrize(
    ("source", "reason", "raw"),
    [
        (Source.SELLER, "changed_mind", ""),  # a buyer's reason
        (Source.SELLER, "no_such_reason", ""),
        (Source.UNKNOWN, "changed_mind", ""),  # who cancelled is not known, so why cannot be
    ],
)
def test_a_pair_that_may_not_be_is_not_stated_with_its_words_kept(source, reason, raw):
    said = cancellation_document(source=source, reason=reason, raw_reason=raw)
    cancellation = cancelled(record(cancelled_document(cancellation=said)))
    assert (cancellation.source, cancellation.reason.code, cancellation.raw_reason) == (source, "not_stated", reason)


def test_a_retired_reason_is_accepted_as_history():
    Reason.objects.filter(code="changed_mind").update(retired_at=AT)
    assert cancelled(record(cancelled_document())).reason.code == "changed_mind"


def test_it_is_read_in_the_wording_that_was_current_when_it_was_recorded():
    reason = Reason.objects.get(code="changed_mind")
    newest = reason.wordings.order_by("-version")[0].version
    assert cancelled(record(cancelled_document("A1"))).wording_version == newest
    WordingFactory(reason=reason, version=newest + 1)
    assert cancelled(record(cancelled_document("A1", version=2, carrier="SPX"))).wording_version == newest
    assert cancelled(record(cancelled_document("A2"))).wording_version == newest + 1


# What a feed changes of its own


def test_its_own_cancellation_is_corrected_in_place():
    first = cancelled(record(cancelled_document(version=1)))
    said = cancellation_document(source=Source.SYSTEM, reason="payment_not_received", cancelled_at=AT)
    second = cancelled(record(cancelled_document(version=2, cancellation=said)))
    assert second.pk == first.pk
    assert (second.source, second.reason.code, second.cancelled_at) == ("system", "payment_not_received", AT)
    assert len(events("cancelled")) == 1


def test_an_order_may_be_opened_again_and_cancelled_once_more():
    first = cancelled(record(cancelled_document(version=1)))
    order = record(order_document(version=2))
    assert (order.status, order.cancellation) == (Order.Status.PREPARING, None)
    assert (order.lines.get().cancelled_quantity, order.lines.get().cancellation) == (0, None)
    assert Cancellation.objects.filter(pk=first.pk).exists()
    second = cancelled(record(cancelled_document(version=3)))
    assert second.pk != first.pk
    assert [event.kind for event in events("cancelled", "reopened")] == ["cancelled", "reopened", "cancelled"]


@pytest.mark.parametrize(
    ("ended", "again"),
    [
        (cancelled_document(version=1), order_document(version=2)),
        (
            order_document(version=1, lines=[line_document(), part_cancelled_line()]),
            order_document(version=2, lines=[line_document(), line_document(quantity=3)]),
        ),
        (
            order_document(version=1, lines=[line_document(), part_cancelled_line()]),
            order_document(version=2, lines=[line_document()]),
        ),
    ],
    ids=["the order", "an item", "an item that is left out"],
)
def test_a_contest_about_what_is_taken_back_is_closed_and_no_other(ended, again):
    elsewhere = ContestFactory(cancellation=cancelled(record(cancelled_document("C2"))))
    record(ended)
    contest = ContestFactory(cancellation=Cancellation.objects.latest("pk"))
    record(again)
    contest.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (contest.state, contest.decided_by, elsewhere.state) == ("overtaken", None, "open")
    assert contest.decided_at


def test_a_reason_that_was_corrected_here_stays_corrected():
    cancellation = cancelled(record(cancelled_document(version=1)))
    ContestFactory(cancellation=cancellation, upheld=True)
    Cancellation.objects.filter(pk=cancellation.pk).update(
        source="seller", reason=Reason.objects.get(code="out_of_stock")
    )
    corrected = cancelled(record(cancelled_document(version=2, cancellation=cancellation_document(cancelled_at=AT))))
    assert (corrected.source, corrected.reason.code, corrected.cancelled_at) == ("seller", "out_of_stock", AT)


@pytest.mark.parametrize(
    ("source", "note", "author"),
    [(Source.BUYER, "It was I.", "buyer"), (Source.SYSTEM, "Nobody paid.", "system"), (Source.BUYER, "", "")],
)
def test_a_note_is_the_words_of_the_source_that_the_newest_statement_names(source, note, author):
    first = cancellation_document(source=Source.SELLER, reason="out_of_stock", note="Sold out.")
    cancellation = cancelled(record(cancelled_document(version=1, cancellation=first)))
    assert (cancellation.note, cancellation.note_by) == ("Sold out.", "seller")
    contest = ContestFactory(cancellation=cancellation)
    uphold_contest(contest, by=UserFactory(), source=Source.SYSTEM, reason=Reason.objects.get(code="payment_failed"))
    cancellation.refresh_from_db()
    assert (cancellation.source, cancellation.note_by) == ("system", "seller")
    newest = cancellation_document(source=source, reason="", note=note)
    corrected = cancelled(record(cancelled_document(version=2, cancellation=newest)))
    assert (corrected.source, corrected.reason.code) == ("system", "payment_failed")
    assert (corrected.note, corrected.note_by) == (note, author)


# What was cancelled here


def cancel_here(order: Order) -> Cancellation:
    return cancel_order(order, source=Source.BUYER, reason=Reason.objects.get(code="duplicate_order"))


@pytest.mark.parametrize("status", [Order.Status.SHIPPED, Order.Status.DELIVERED])
def test_a_cancellation_made_here_stands_against_an_origin_that_ships(status):
    made_here = cancel_here(record(order_document(version=1)))
    order = record(order_document(version=2, status=status, shipped_at=AT))
    assert (order.status, order.cancellation, order.shipped_at) == (Order.Status.CANCELLED, made_here, AT)
    assert order.lines.get().cancellation == made_here
    [conflict] = events("conflict")
    assert conflict.occurred_at == AT
    assert conflict.facts == {"cancellation": made_here.pk, "origin": ORIGIN, "version": 2, "status": status}


def test_a_conflict_is_told_once_per_statement():
    cancel_here(record(order_document(version=1)))
    shipped = order_document(version=2, status=Order.Status.SHIPPED)
    record(shipped)
    record(shipped)
    assert len(events("conflict")) == 1
    record(order_document(version=3, status=Order.Status.DELIVERED))
    assert len(events("conflict")) == 2


def test_an_origin_that_only_has_not_heard_yet_is_no_conflict():
    made_here = cancel_here(record(order_document(version=1)))
    order = record(order_document(version=2, carrier="SPX"))
    assert (order.cancellation, order.carrier) == (made_here, "SPX")
    assert not events("conflict", "reopened")


def test_an_origin_that_agrees_adds_the_money_and_changes_nothing_else():
    made_here = cancel_here(record(order_document(version=1)))
    paid_back = refund_document(state=Refund.State.SENT, sent_at=AT, reference="RF-1")
    said = cancellation_document(source=Source.SYSTEM, reason="system_other", refunds=[paid_back])
    assert cancelled(record(cancelled_document(version=2, cancellation=said))) == made_here
    made_here.refresh_from_db()
    assert (made_here.source, made_here.reason.code, made_here.origin) == ("buyer", "duplicate_order", "")
    assert refunds() == [("sent", Decimal("49.90"), "RF-1")]


def test_a_refund_owed_here_is_not_forgotten_because_the_origin_does_not_mention_it():
    order = record(order_document(version=1, paid_at=AT))
    cancel_here(order)
    assert [state for state, _, _ in refunds()] == ["due"]
    record(cancelled_document(version=2))
    assert [state for state, _, _ in refunds()] == ["due"]


def test_a_line_of_an_order_cancelled_here_stays_cancelled_whatever_the_origin_says_of_it():
    made_here = cancel_here(record(order_document(version=1, lines=[line_document(quantity=3)])))
    order = record(order_document(version=2, lines=[part_cancelled_line(quantity=3), line_document(title="Cup")]))
    lines = list(order.lines.order_by("position").values_list("cancelled_quantity", "cancellation"))
    assert order.cancellation == made_here
    assert lines == [(3, made_here.pk), (2, made_here.pk)]


# Parts


def test_part_of_a_line_may_be_cancelled_with_its_own_who_and_why():
    order = record(order_document(lines=[line_document(), part_cancelled_line(title="Plate")]))
    assert order.status == Order.Status.PREPARING
    plate = order.lines.get(title="Plate")
    assert plate.cancelled_quantity == 1
    assert plate.cancellation
    assert (plate.cancellation.source, plate.cancellation.reason.code) == ("seller", "out_of_stock")
    [told] = events("part_cancelled")
    assert (told.actor, told.facts["lines"]) == ("seller", [[2, 1]])


def test_a_part_cancellation_is_corrected_in_place_and_may_be_taken_back():
    first = record(order_document(version=1, lines=[part_cancelled_line(quantity=5)])).lines.get()
    second = record(
        order_document(version=2, lines=[part_cancelled_line(quantity=5, cancelled_quantity=2)])
    ).lines.get()
    assert (second.cancelled_quantity, second.cancellation) == (2, first.cancellation)
    third = record(order_document(version=3, lines=[line_document(quantity=5)])).lines.get()
    assert (third.cancelled_quantity, third.cancellation) == (0, None)
    assert [event.kind for event in events("part_cancelled", "reopened")] == ["part_cancelled", "reopened"]


def test_an_order_that_ends_keeps_what_is_stated_of_its_parts():
    order = record(cancelled_document(lines=[line_document(), part_cancelled_line()]))
    whole, part = order.lines.order_by("position")
    assert (whole.cancelled_quantity, whole.cancellation) == (2, order.cancellation)
    assert part.cancelled_quantity == 1
    assert part.cancellation != order.cancellation


def part_cancel_here(order: Order, *, position: int, quantity: int) -> Cancellation:
    """Cancel part of a line as the seller would do here."""
    cancellation = Cancellation.objects.create(
        source="seller",
        requested_by="seller",
        reason=Reason.objects.get(code="out_of_stock"),
        wording_version=1,
        cancelled_at=AT,
    )
    OrderLine.objects.filter(order=order, position=position).update(
        cancelled_quantity=quantity, cancellation=cancellation
    )
    return cancellation


@pytest.mark.parametrize("later", [order_document, cancelled_document])
def test_a_part_cancelled_here_stays_as_it_is(later: Any):
    order = record(order_document(version=1, lines=[line_document(quantity=3), line_document(title="Plate")]))
    made_here = part_cancel_here(order, position=1, quantity=2)
    order = record(later(version=2, lines=[line_document(title="Large bowl", quantity=9), line_document()]))
    line = order.lines.get(position=1)
    assert (line.title, line.quantity, line.cancelled_quantity, line.cancellation) == ("Large bowl", 3, 2, made_here)


def test_a_line_that_was_cancelled_here_is_not_lost_when_the_origin_leaves_it_out():
    order = record(order_document(version=1, lines=[line_document(), line_document(title="Plate", quantity=3)]))
    made_here = part_cancel_here(order, position=2, quantity=2)
    order = record(order_document(version=2, lines=[line_document()]))
    assert order.lines.get(title="Plate").cancellation == made_here


def test_shipping_what_was_cancelled_here_is_a_conflict_and_shipping_the_rest_is_not():
    order = record(order_document(version=1, lines=[line_document(quantity=3)]))
    made_here = part_cancel_here(order, position=1, quantity=2)
    record(order_document(version=2, status=Order.Status.SHIPPED, lines=[line_document(quantity=1)]))
    assert not events("conflict")
    record(order_document(version=3, status=Order.Status.SHIPPED, lines=[line_document(quantity=3)]))
    [conflict] = events("conflict")
    assert (conflict.facts["cancellation"], conflict.facts["lines"]) == (made_here.pk, [[1, 2]])


# The money


def with_refunds(version: int, *said: Any) -> OrderDocument:
    return cancelled_document(version=version, cancellation=cancellation_document(refunds=said))


def test_a_refund_is_followed_in_place_from_due_to_completed():
    record(with_refunds(1, refund_document()))
    row = Refund.objects.get()
    record(with_refunds(2, refund_document(state=Refund.State.SENT, sent_at=AT, reference="RF-1")))
    done = AT + timedelta(days=3)
    record(
        with_refunds(3, refund_document(state=Refund.State.COMPLETED, sent_at=AT, completed_at=done, reference="RF-1"))
    )
    row.refresh_from_db()
    assert (row.state, row.completed_at, row.currency) == ("completed", done, "EUR")
    told = events("refund_due", "refund_sent", "refund_completed")
    assert [(event.kind, event.occurred_at) for event in told] == [
        ("refund_due", None),
        ("refund_sent", AT),
        ("refund_completed", done),
    ]
    assert told[0].facts == {"refund": row.pk, "amount": "49.900", "currency": "EUR"}


def test_refunds_are_told_apart_by_their_references():
    one, two = refund_document(amount=Decimal(10), reference="1"), refund_document(amount=Decimal(20), reference="2")
    record(with_refunds(1, one, two))
    failed = refund_document(
        amount=Decimal(10), reference="1", state=Refund.State.FAILED, failure="The card has expired."
    )
    record(with_refunds(2, two, failed))
    assert refunds() == [("failed", Decimal(10), "1"), ("due", Decimal(20), "2")]


def test_two_that_both_have_a_reference_are_two_refunds():
    record(with_refunds(1, refund_document(reference="1")))
    record(with_refunds(2, refund_document(reference="1"), refund_document(reference="2")))
    assert [reference for _, _, reference in refunds()] == ["1", "2"]


def test_a_refund_that_the_newest_statement_does_not_know_is_gone():
    record(with_refunds(1, refund_document(), refund_document(amount=Decimal(5))))
    record(with_refunds(2, refund_document()))
    assert refunds() == [("due", Decimal("49.90"), "")]
