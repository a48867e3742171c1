"""Shopify's orders: why in six codes, never who."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from cancellations.terms import PaymentMethod, Source
from orders.models import Order
from tests.payloads import document, documents, faults, real

ORDER: dict[str, Any] = {
    "id": 450789469,
    "name": "#1001",
    "created_at": "2026-11-03T10:00:00-05:00",
    "updated_at": "2026-11-03T11:00:00-05:00",
    "cancelled_at": None,
    "cancel_reason": None,
    "currency": "USD",
    "total_price": "398.00",
    "financial_status": "paid",
    "fulfillment_status": None,
    "payment_gateway_names": ["shopify_payments"],
    "email": "bob@example.com",
    "customer": {"id": 207119551, "first_name": "Bob"},
    "line_items": [
        {"id": 1, "title": "Lamp", "variant_title": "green", "sku": "L-G", "quantity": 2, "price": "149.00"},
        {"id": 2, "title": "Shade", "variant_title": None, "sku": None, "quantity": 1, "price": "100.00"},
    ],
    "fulfillments": [],
    "refunds": [],
}
GONE = {"cancelled_at": "2026-11-04T09:00:00-05:00", "cancel_reason": "inventory"}
PAID_BACK = {"id": 9, "kind": "refund", "status": "success", "amount": "10.00", "processed_at": "2026-11-04T09:05:00Z"}


def test_it_reads_shopifys_own_sample(data_dir):
    made = document("shopify", real(data_dir, "shopify/order_cancelled_1.json"))
    assert (made.number, made.status, made.total) == ("1001", Order.Status.CANCELLED, Decimal("598.94"))
    assert made.buyer
    assert (made.buyer.external_id, made.buyer.email, made.buyer.name) == (
        "207119551",
        "bob.norman@mail.example.com",
        "",
    )
    cancellation = made.cancellation
    assert cancellation
    assert (cancellation.source, cancellation.raw_reason) == (Source.UNKNOWN, "other")
    assert cancellation.cancelled_at == datetime(2025, 7, 2, 16, 31, 25, tzinfo=UTC)
    assert (cancellation.was_charged, [refund.amount for refund in cancellation.refunds]) == (True, [Decimal(209)])
    assert [(line.title, line.variant, line.quantity) for line in made.lines] == [
        ("IPod Nano - 8gb", colour, 1) for colour in ("green", "red", "black")
    ]
    assert "Chestnut" not in made.model_dump_json()
    assert "6136120707" not in made.model_dump_json()


@pytest.mark.parametrize("code", ["customer", "declined", "fraud", "inventory", "staff", "other"])
def test_nobody_is_concluded_from_a_code(code):
    made = document("shopify", {"order": {**ORDER, **GONE, "cancel_reason": code}})
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.raw_reason) == (Source.UNKNOWN, code)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "preparing"),
        ({"financial_status": "pending"}, "awaiting_payment"),
        ({"financial_status": "authorized"}, "preparing"),
        ({"fulfillment_status": "partial"}, "shipped"),
        ({"fulfillment_status": "fulfilled", "fulfillments": [{"shipment_status": None}]}, "shipped"),
        ({"fulfillment_status": "fulfilled", "fulfillments": [{"shipment_status": "delivered"}]}, "delivered"),
        ({"fulfillment_status": "fulfilled", **GONE}, "cancelled"),
    ],
)
def test_three_fields_say_together_how_far_it_has_come(fields, status):
    assert document("shopify", {**ORDER, **fields}).status == status


@pytest.mark.parametrize(
    ("state", "was_charged"),
    [("paid", True), ("refunded", True), ("pending", False), ("authorized", False), ("voided", False), (None, None)],
)
def test_a_hold_on_a_card_is_not_a_charge(state, was_charged):
    made = document("shopify", {**ORDER, **GONE, "financial_status": state})
    assert made.cancellation
    assert made.cancellation.was_charged is was_charged


@pytest.mark.parametrize(("said", "state"), [("success", "sent"), ("pending", "due"), ("failure", "failed")])
def test_a_refund_is_as_far_as_its_transaction(said, state):
    refunds = [{"transactions": [{**PAID_BACK, "status": said}, {**PAID_BACK, "kind": "void"}]}]
    made = document("shopify", {**ORDER, **GONE, "refunds": refunds})
    assert made.cancellation
    [refund] = made.cancellation.refunds
    assert (refund.state, refund.amount, refund.reference) == (state, Decimal(10), "9")
    assert (refund.sent_at is not None) == (state == "sent")


def test_an_item_taken_back_before_it_was_sent_is_cancelled():
    taken = [
        {"line_item_id": 1, "quantity": 1, "restock_type": "cancel"},
        {"line_item_id": 2, "quantity": 1, "restock_type": "return"},
    ]
    made = document("shopify", {**ORDER, "refunds": [{"refund_line_items": taken, "transactions": [PAID_BACK]}]})
    first, second = made.lines
    assert (made.status, first.cancelled_quantity, second.cancelled_quantity) == ("preparing", 1, 0)
    assert first.cancellation
    assert first.cancellation.source == Source.UNKNOWN


def taken_back(line: int, subtotal: str = "", tax: str = "", **fields: Any) -> dict[str, Any]:
    """Take one piece of an item back before it is sent."""
    known = {"line_item_id": line, "quantity": 1, "restock_type": "cancel", "subtotal": subtotal, "total_tax": tax}
    return {**known, **fields}


def part_cancelled(*refunds: dict[str, Any], **fields: Any) -> list[Any]:
    """Return the cancellations of the items of an order with these refunds."""
    known = {"financial_status": "partially_refunded", "refunds": refunds}
    return [line.cancellation for line in document("shopify", {**ORDER, **known, **fields}).lines]


AT = {"created_at": "2026-11-04T09:04:00Z"}


def test_a_cancelled_part_has_its_time_and_its_money():
    refund = {**AT, "refund_line_items": [taken_back(1)], "transactions": [PAID_BACK]}
    first, second = part_cancelled(refund)
    assert (first.cancelled_at, first.was_charged) == (datetime(2026, 11, 4, 9, 4, tzinfo=UTC), True)
    assert [(one.amount, one.state, one.reference) for one in first.refunds] == [(Decimal(10), "sent", "9")]
    assert second is None


def test_a_refund_is_divided_among_its_items_as_it_says():
    items = [taken_back(1, "4.00", "0.50"), taken_back(2, "5.00", "0.50", restock_type="return")]
    [first, second] = part_cancelled({**AT, "refund_line_items": items, "transactions": [PAID_BACK]})
    assert ([one.amount for one in first.refunds], second) == ([Decimal("4.5")], None)
    [first, second] = part_cancelled(
        {**AT, "refund_line_items": [items[0], {**items[1], "restock_type": "cancel"}], "transactions": [PAID_BACK]}
    )
    assert [one.amount for one in (*first.refunds, *second.refunds)] == [Decimal("4.5"), Decimal("5.5")]


def test_a_refund_that_is_not_divided_is_told_once():
    refund = {**AT, "refund_line_items": [taken_back(1), taken_back(2, quantity=0), taken_back(2)]}
    more = {**ORDER["line_items"][1], "quantity": 2}
    items = [ORDER["line_items"][0], more]
    [first, second] = part_cancelled({**refund, "transactions": [PAID_BACK]}, line_items=items)
    assert ([one.amount for one in first.refunds], second.refunds) == ([Decimal(10)], ())
    assert (second.cancelled_at, second.was_charged) == (first.cancelled_at, True)


def test_what_two_refunds_took_back_of_an_item_is_added_up():
    refund = {**AT, "refund_line_items": [taken_back(1)], "transactions": [PAID_BACK]}
    later = {**refund, "created_at": "2026-11-05T09:04:00Z", "transactions": [{**PAID_BACK, "id": 10}]}
    [first, _] = part_cancelled(refund, later)
    assert first.cancelled_at == datetime(2026, 11, 5, 9, 4, tzinfo=UTC)
    assert [one.reference for one in first.refunds] == ["9", "10"]


def test_of_a_part_too_nothing_is_charged_with_cash_on_delivery():
    refund = {**AT, "refund_line_items": [taken_back(1)]}
    [first, _] = part_cancelled(refund, payment_gateway_names=["Cash on Delivery (COD)"])
    assert first.was_charged is False


def test_an_order_whose_every_item_was_taken_back_is_cancelled():
    items = [taken_back(line["id"], quantity=line["quantity"]) for line in ORDER["line_items"]]
    refunds = [{**AT, "refund_line_items": [item], "transactions": [PAID_BACK]} for item in items]
    made = document("shopify", {**ORDER, "refunds": refunds})
    assert made.status == Order.Status.CANCELLED
    assert [(line.cancelled_quantity, line.cancellation) for line in made.lines] == [(0, None), (0, None)]
    assert made.cancellation
    assert made.cancellation.cancelled_at == datetime(2026, 11, 4, 9, 4, tzinfo=UTC)
    assert (made.cancellation.was_charged, len(made.cancellation.refunds)) == (True, 2)


def test_one_parcel_has_a_carrier_and_several_have_none():
    parcel = {
        "status": "success",
        "tracking_company": "USPS",
        "tracking_number": "1Z",
        "created_at": ORDER["created_at"],
    }
    assert document("shopify", {**ORDER, "fulfillments": [parcel]}).carrier == "USPS"
    assert document("shopify", {**ORDER, "fulfillments": [parcel, parcel]}).carrier == ""


def test_cash_on_delivery_is_told_by_the_name_of_the_gateway():
    made = document("shopify", {**ORDER, **GONE, "payment_gateway_names": ["Cash on Delivery (COD)"]})
    assert made.payment_method == PaymentMethod.CASH_ON_DELIVERY
    assert made.cancellation
    assert made.cancellation.was_charged is False


def test_a_list_is_several_orders():
    assert len(documents("shopify", {"orders": [ORDER, {**ORDER, "name": "#1002"}]})) == 2


def test_what_is_no_order_is_refused_by_field():
    assert {fault.field for fault in faults("shopify", {"order": {"id": 1}})} == {"name", "line_items"}
    assert faults("shopify", {**ORDER, "total_price": "much"})[0].field == "total_price"
    assert faults("shopify", {**ORDER, "cancelled_at": "now"})[0].field == "cancelled_at"


@pytest.mark.parametrize("time", ["2026-11-03T10:00:00", True, 10**30, "9" * 5000])
def test_a_time_without_a_zone_or_sense_is_refused(time):
    found = faults("shopify", {**ORDER, "created_at": time})
    assert found[0].field == "created_at"
    assert found[0].sentence.startswith("It must be a date and time with an offset from UTC")


def test_what_is_wrong_with_the_whole_order_is_said_of_the_order():
    assert faults("shopify", {**ORDER, "currency": None}) == [(1, "order", "An amount needs a currency.")]
