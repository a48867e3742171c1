"""Mercado Libre's orders."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from cancellations.terms import PaymentMethod, Source
from feeds.formats import Options
from orders.models import Order
from tests.payloads import document, faults, real

ORDER: dict[str, Any] = {
    "id": 2000012659424976,
    "status": "paid",
    "date_created": "2026-06-14T09:12:03.000-04:00",
    "last_updated": "2026-06-15T11:02:44.000-04:00",
    "currency_id": "BRL",
    "buyer": {"id": 111, "nickname": "COMPRADOR", "first_name": "Ana"},
    "seller": {"id": 222, "nickname": "LOJA"},
    "order_items": [{"item": {"title": "Lamp", "seller_sku": "L1"}, "quantity": 2, "unit_price": 69.9}],
    "payments": [{"id": 3, "status": "approved", "total_paid_amount": 139.8, "payment_type": "credit_card",
                  "date_approved": "2026-06-14T09:15:00.000-04:00"}],
    "total_amount": 139.8,
    "tags": ["not_delivered"],
}  # fmt: skip


def cancelled(by: str | None = "buyer", **fields: Any) -> dict[str, Any]:
    detail = {"code": "cancel_purchase_by_buyer", "requested_by": by, "date": "2026-06-14T09:39:02.000-04:00"}
    return {**ORDER, "status": "cancelled", "cancel_detail": detail, **fields}


def test_it_reads_a_real_order(data_dir):
    made = document("mercadolibre", real(data_dir, "mercadolibre/order_cancelled_buyer.json"))
    assert (made.number, made.status, made.total) == ("2000012659424976", Order.Status.CANCELLED, Decimal("139.80"))
    assert made.buyer
    assert (made.buyer.external_id, made.buyer.name) == ("111111111", "")
    cancellation = made.cancellation
    assert cancellation
    assert (cancellation.source, cancellation.raw_reason) == (Source.BUYER, "cancel_purchase_by_buyer")
    assert cancellation.cancelled_at == datetime(2026, 6, 14, 13, 39, 2, tzinfo=UTC)
    assert (cancellation.was_charged, [refund.amount for refund in cancellation.refunds]) == (True, [Decimal("139.8")])


@pytest.mark.parametrize(
    ("word", "source"),
    [("buyer", "buyer"), ("seller", "seller"), ("meli", "system"), ("mediator", "unknown"), (None, "unknown")],
)
def test_who_cancelled_is_who_asked_for_it_never_the_code(word, source):
    made = document("mercadolibre", cancelled(word))
    assert made.cancellation
    assert made.cancellation.source == source


def test_a_cancelled_order_without_detail_is_cancelled_by_somebody_unknown():
    made = document("mercadolibre", cancelled(cancel_detail=None))
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.cancelled_at) == (Source.UNKNOWN, None)


@pytest.mark.parametrize(
    ("states", "was_charged"),
    [(["approved"], True), (["rejected", "refunded"], True), (["rejected", "cancelled"], False), ([], None)],
)
def test_whether_money_was_taken_is_what_the_payments_say(states, was_charged):
    made = document("mercadolibre", cancelled(payments=[{"id": 1, "status": state} for state in states]))
    assert made.cancellation
    assert made.cancellation.was_charged is was_charged


def test_a_part_that_went_back_is_that_part():
    payment = {**ORDER["payments"][0], "transaction_amount_refunded": 20}
    made = document("mercadolibre", cancelled(payments=[payment]))
    assert made.cancellation
    assert [refund.amount for refund in made.cancellation.refunds] == [20]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "preparing"),
        ({"status": "payment_in_process"}, "awaiting_payment"),
        ({"tags": ["delivered"]}, "delivered"),
        ({"status": "pending_cancel"}, "cancelled"),
    ],
)
def test_it_knows_the_statuses(fields, status):
    assert document("mercadolibre", {**ORDER, **fields}).status == status


def test_it_names_its_seller_unless_it_is_told():
    assert document("mercadolibre", ORDER, Options()).seller.name == "LOJA"
    assert document("mercadolibre", ORDER).seller.name == "Shop"
    assert faults("mercadolibre", {**ORDER, "seller": {"id": 2}}, Options())[0].field == "seller.nickname"


def test_several_ways_of_paying_have_no_single_answer():
    assert document("mercadolibre", ORDER).payment_method == PaymentMethod.CARD
    both = [ORDER["payments"][0], {"id": 4, "payment_type": "account_money"}]
    assert document("mercadolibre", {**ORDER, "payments": both}).payment_method == PaymentMethod.UNKNOWN


def test_what_is_no_order_is_refused_by_field():
    assert faults("mercadolibre", {**ORDER, "status": "invalid"})[0].field == "status"
    items = [{"item": {"title": "Lamp"}, "quantity": 1.5}]
    assert faults("mercadolibre", {**ORDER, "order_items": items})[0] == (
        1,
        "order_items.1.quantity",
        "It must be a whole number.",
    )
