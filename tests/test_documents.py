"""The canonical document: what it takes, what it refuses, and in which words."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from pydantic import ValidationError

from cancellations.terms import PaymentMethod
from orders.documents import BuyerDocument, LineDocument, OrderDocument, RefundDocument
from orders.faults import faults_of
from orders.models import Order
from tests.documents import cancellation_document, line_document, order_document, part_cancelled_line, refund_document

SMALLEST = {"number": "A1", "seller": {"name": "Shop"}, "status": "preparing", "lines": []}


def faults(**fields: Any) -> list[tuple[str, str]]:
    """Return what is wrong with the smallest document when these fields are added to it."""
    with pytest.raises(ValidationError) as caught:
        OrderDocument.model_validate_json(json.dumps({**SMALLEST, **fields}))
    return faults_of(caught.value)


def test_it_takes_the_least_that_an_order_can_be():
    document = OrderDocument.model_validate_json(json.dumps(SMALLEST))
    assert (document.placed_at, document.total, document.buyer, document.currency) == (None, None, None, "")


def test_it_leaves_off_the_decoration_of_a_number():
    assert order_document(" #A-1.b_2 ").number == "A-1.b_2"


def test_it_drops_what_it_does_not_know():
    document = OrderDocument.model_validate_json(json.dumps({**SMALLEST, "address": "12 Elm Street", "phone": "555"}))
    assert "Elm" not in document.model_dump_json()


def test_it_masks_card_numbers_in_notes():
    assert cancellation_document(note="Charged 4242 4242 4242 4242 twice").note == "Charged •••• 4242 twice"


def test_it_keeps_times_in_utc():
    document = OrderDocument.model_validate_json(json.dumps({**SMALLEST, "placed_at": "2026-11-23T09:00:00+07:00"}))
    assert document.placed_at == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert document.placed_at.tzinfo == UTC


def test_it_compares_addresses_without_case():
    assert BuyerDocument(email=" Mai@Example.ORG ").email == "mai@example.org"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"number": "A 1"}, "number", "An order number has 1 to 64 letters, digits, dots, underscores or hyphens."),
        ({"number": "A\x00"}, "number", "An order number has 1 to 64 letters, digits, dots, underscores or hyphens."),
        ({"number": 5}, "number", "It must be a text."),
        ({"number": "."}, "number", "No address can name an order whose number is one dot or two."),
        ({"number": " #.. "}, "number", "No address can name an order whose number is one dot or two."),
        ({"version": -1}, "version", "It must be at least 0."),
        ({"version": 2**63}, "version", "It must be at most 9223372036854775807."),
        ({"version": 1.5}, "version", "It must be a whole number."),
        (
            {"status": "lost"},
            "status",
            "It must be one of: awaiting_payment, preparing, shipped, delivered, cancelled.",
        ),
        ({"seller": {}}, "seller.name", "It is missing."),
        ({"seller": {"name": " "}}, "seller.name", "It is empty."),
        ({"seller": {"name": "x" * 201}}, "seller.name", "It is longer than 200 characters."),
        ({"seller": "Shop"}, "seller", "It must be an object with fields of its own."),
        ({"seller": {"name": "S", "rating": 4.5}}, "seller", "A rating comes with the number of ratings behind it."),
        ({"buyer": {}}, "buyer", "A buyer has an external_id, an email, or both."),
        ({"buyer": {"email": "mai"}}, "buyer.email", "It is not an e-mail address."),
        ({"buyer": {"email": "m\x00i@example.org"}}, "buyer.email", "It contains a NUL byte."),
        ({"currency": "eur"}, "currency", "A currency is a code of three capital letters, as in EUR."),
        ({"total": "5"}, "", "An amount needs a currency."),
        ({"currency": "EUR", "total": -1}, "total", "It must be at least 0."),
        ({"currency": "EUR", "total": "1.2345"}, "total", "It has more than 3 decimals."),
        ({"currency": "EUR", "total": 10**13}, "total", "It must be at most 1000000000000."),
        ({"currency": "EUR", "total": "many"}, "total", "It must be an amount in digits, as in 49.90."),
        ({"currency": "EUR", "total": "NaN"}, "total", "It must be an amount in digits, as in 49.90."),
        (
            {"placed_at": "2026-11-23T09:00:00"},
            "placed_at",
            "It must be a date and time with an offset from UTC, as in 2026-11-23T09:00:00+07:00.",
        ),
        ({"placed_at": "1900-01-01T00:00:00Z"}, "placed_at", "The date must lie between 1990 and 2100."),
        ({"lines": "none"}, "lines", "It must be a list."),
        ({"lines": [{"title": "Bowl", "quantity": 1}] * 1001}, "lines", "It has more than 1000 entries."),
        ({"lines": [{"title": "Bowl", "quantity": 0}]}, "lines.1.quantity", "It must be at least 1."),
        (
            {"lines": [{"title": "Bo\u202ewl", "quantity": 1}]},
            "lines.1.title",
            "It contains an invisible character that turns the writing direction.",
        ),
        ({"carrier": "S\x07PX"}, "carrier", "It contains a control character."),
        ({"status": "cancelled"}, "", "An order is cancelled exactly when it has a cancellation."),
        (
            {"payment_method": "cash_on_delivery", "paid_at": "2026-11-23T09:00:00Z"},
            "",
            "A cash-on-delivery order is not paid in advance: leave paid_at out.",
        ),
    ],
)
def test_it_refuses_in_words_for_people(fields, field, sentence):
    assert faults(**fields) == [(field, sentence)]


def test_it_names_everything_that_is_wrong_at_once():
    assert [field for field, _ in faults(number="", version="1", currency="x")] == ["number", "version", "currency"]


def test_a_refund_needs_a_currency_too():
    with pytest.raises(ValidationError, match="An amount needs a currency"):
        order_document(
            status=Order.Status.CANCELLED,
            cancellation=cancellation_document(refunds=[refund_document()]),
            currency="",
            total=None,
            lines=[],
        )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"method": PaymentMethod.CASH_ON_DELIVERY}, "Cash on delivery cannot be refunded this way"),
        ({"sent_at": datetime(2026, 11, 3, tzinfo=UTC)}, "A refund that is due has not been sent"),
        ({"completed_at": datetime(2026, 11, 3, tzinfo=UTC)}, "completed_at belongs to a completed refund"),
        ({"failure": "The card has expired."}, "failure belongs to a failed refund"),
    ],
)
def test_a_refund_holds_together(fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        RefundDocument(amount=Decimal(5), **fields)


def test_no_more_of_a_line_is_cancelled_than_there_is():
    with pytest.raises(ValidationError, match="3 of 2 cannot be cancelled"):
        part_cancelled_line(cancelled_quantity=3)


def test_a_cancelled_quantity_comes_with_its_cancellation():
    with pytest.raises(ValidationError, match="come together"):
        LineDocument(title="Bowl", quantity=2, cancelled_quantity=1)


def test_an_order_of_which_nothing_is_left_is_cancelled():
    with pytest.raises(ValidationError, match="is a cancelled order"):
        order_document(lines=[part_cancelled_line(cancelled_quantity=2)])


def test_its_digest_tells_statements_apart_but_not_versions():
    assert order_document(version=1).digest == order_document(version=2).digest
    assert order_document().digest != order_document(carrier="SPX").digest


def test_its_digest_takes_the_same_amount_for_the_same():
    assert order_document(total=Decimal("50")).digest == order_document(total=Decimal("50.00")).digest
    written = line_document(unit_price=Decimal("5")), line_document(unit_price=Decimal("5.000"))
    assert written[0] == written[1]


# Requests


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        (
            {"state": "pending"},
            "request.state",
            "It must be one of: open, approved, declined, withdrawn, approved_by_silence.",
        ),
        ({}, "request.state", "It is missing."),
        (
            {"state": "open", "decided_at": "2026-11-03T10:00:00Z"},
            "request",
            "A request that is open has not been decided: leave decided_at out, or say how it ended.",
        ),
        ({"state": "approved", "decline_reason": "No."}, "request", "decline_reason belongs to a declined request."),
        (
            {"state": "open", "requested_at": "2026-11-03T10:00:00Z", "answer_by": "2026-11-03T10:00:00Z"},
            "request",
            "answer_by must lie after requested_at.",
        ),
        (
            {"state": "open", "requested_at": "yesterday"},
            "request.requested_at",
            "It must be a date and time with an offset from UTC, as in 2026-11-23T09:00:00+07:00.",
        ),
        (
            {"state": "open", "reason": "Moved"},
            "request.reason",
            "A reason code has lower-case letters, digits and underscores, as in out_of_stock.",
        ),
        ({"state": "open", "note": "x" * 1_001}, "request.note", "It is longer than 1000 characters."),
        (
            {"state": "open", "lines": [{"position": 0, "quantity": 1}]},
            "request.lines.1.position",
            "It must be at least 1.",
        ),
        (
            {"state": "open", "lines": [{"position": 1, "quantity": 0}]},
            "request.lines.1.quantity",
            "It must be at least 1.",
        ),
        (
            {"state": "open", "lines": [{"position": 1, "quantity": 1}] * 2},
            "request",
            "Each line is asked for once: add the quantities up.",
        ),
        (
            {"state": "open", "lines": [{"position": 2, "quantity": 1}]},
            "",
            "The request asks for line 2, and the order has 1.",
        ),
        ({"state": "open", "lines": [{"position": 1, "quantity": 3}]}, "", "The request asks for 3 of 2 of line 1."),
        ([], "request", "It must be an object with fields of its own."),
    ],
)
def test_it_says_what_is_wrong_with_a_request(said, field, sentence):
    assert faults(lines=[{"title": "Bowl", "quantity": 2}], request=said) == [(field, sentence)]


def test_an_order_without_a_request_has_the_digest_that_it_had_before_there_were_requests():
    said = OrderDocument.model_validate_json(json.dumps(SMALLEST))
    assert said.request is None
    assert said.digest == "0cb024270cc18ccec28726864a2cc8a6"


@pytest.mark.parametrize("number", [".", ".."])
def test_no_address_names_a_number_that_leads_through_folders(number):
    for path in (f"/orders/{number}/", f"/orders/{number}/cancel/", f"/selling/orders/{number}/"):
        with pytest.raises(Resolver404):
            resolve(path)
    with pytest.raises(NoReverseMatch):
        reverse("orders:detail", args=[number])


@pytest.mark.parametrize("number", ["...", ".a", "a..", "..-", "A1"])
def test_other_numbers_with_dots_have_an_address(number):
    assert resolve(reverse("orders:cancel", args=[number])).kwargs == {"number": number}
