"""WooCommerce's orders: neither who nor why."""

from decimal import Decimal
from typing import Any

import pytest

from cancellations.terms import PaymentMethod, Source
from orders.models import Order
from tests.payloads import document, faults, real

ORDER: dict[str, Any] = {
    "id": 727,
    "number": "727",
    "order_key": "wc_order_1",
    "status": "processing",
    "currency": "EUR",
    "date_created_gmt": "2026-11-03T19:28:02",
    "date_modified_gmt": "2026-11-03T19:28:08",
    "date_paid_gmt": "2026-11-03T19:28:08",
    "date_completed_gmt": None,
    "total": "29.35",
    "customer_id": 5,
    "billing": {"first_name": "John", "phone": "(555) 555-5555", "email": "john.doe@example.com"},
    "payment_method": "stripe",
    "payment_method_title": "Card",
    "line_items": [{"id": 1, "name": "Lamp &ndash; red", "sku": "", "quantity": 2, "price": 14.675}],
    "refunds": [],
}
REFUNDS = [{"id": 726, "reason": "", "total": "-10.00"}, {"id": 728, "reason": "Sold out", "total": "-19.35"}]


def test_it_reads_woocommerces_own_sample(data_dir):
    made = document("woocommerce", real(data_dir, "woocommerce/order_1.json"))
    assert (made.number, made.status, made.total) == ("727", Order.Status.PREPARING, Decimal("29.35"))
    assert made.payment_method == PaymentMethod.BANK_TRANSFER
    assert made.placed_at
    assert made.placed_at.isoformat() == "2017-03-22T19:28:02+00:00"
    assert made.lines[1].title == "Ship Your Idea – Color: Black, Size: M Test"
    assert made.buyer
    assert (made.buyer.external_id, made.buyer.email) == ("", "john.doe@example.com")  # a guest
    assert "555" not in made.model_dump_json()


def test_a_cancelled_order_says_neither_who_nor_why_nor_when():
    made = document("woocommerce", {**ORDER, "status": "cancelled"})
    cancellation = made.cancellation
    assert cancellation
    assert (cancellation.source, cancellation.raw_reason, cancellation.cancelled_at) == (Source.UNKNOWN, "", None)
    assert cancellation.was_charged is True


def test_the_word_of_a_refund_is_the_only_word_there_is():
    made = document("woocommerce", {**ORDER, "status": "cancelled", "refunds": REFUNDS})
    assert made.cancellation
    assert (made.cancellation.raw_reason, made.cancellation.source) == ("Sold out", Source.UNKNOWN)
    assert [(refund.amount, refund.state, refund.reference) for refund in made.cancellation.refunds] == [
        (Decimal("10.00"), "sent", "726"),
        (Decimal("19.35"), "sent", "728"),
    ]


def test_a_refund_from_the_list_of_refunds_has_its_date(data_dir):
    refund = real(data_dir, "woocommerce/refund_1.json")
    made = document("woocommerce", {**ORDER, "status": "cancelled", "refunds": [refund]})
    assert made.cancellation
    [said] = made.cancellation.refunds
    assert said.sent_at
    assert (said.amount, said.sent_at.isoformat()) == (Decimal(10), "2017-03-21T20:07:11+00:00")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": "pending"}, "awaiting_payment"),
        ({"status": "on-hold"}, "awaiting_payment"),
        ({"status": "failed"}, "awaiting_payment"),
        ({"status": "completed"}, "shipped"),
        ({"status": "refunded"}, "cancelled"),
        ({"status": "refunded", "date_completed_gmt": "2026-11-05T10:00:00"}, "shipped"),
        ({"status": "pending", "payment_method": "cod"}, "preparing"),
    ],
)
def test_it_knows_the_statuses(fields, status):
    assert document("woocommerce", {**ORDER, **fields}).status == status


def test_cash_on_delivery_is_never_paid_before():
    made = document("woocommerce", {**ORDER, "status": "cancelled", "payment_method": "cod"})
    assert made.cancellation
    assert (made.paid_at, made.cancellation.was_charged) == (None, False)


def test_what_is_no_order_is_refused_by_field():
    assert faults("woocommerce", {**ORDER, "status": "wc-lost"})[0] == (1, "status", "This value is not known.")
    assert {fault.field for fault in faults("woocommerce", {"id": 726, "amount": "10.00"})} == {
        "number",
        "status",
        "line_items",
    }
