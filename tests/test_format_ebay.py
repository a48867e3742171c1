"""eBay's orders: what was requested, and what became of it."""

from decimal import Decimal
from typing import Any

import pytest

from cancellations.terms import PaymentMethod, Source
from feeds.formats import Options
from orders.models import Order
from tests.payloads import document, faults, real

ORDER: dict[str, Any] = {
    "orderId": "12-10101-12345",
    "creationDate": "2026-11-03T10:00:00.000Z",
    "lastModifiedDate": "2026-11-04T10:00:00.000Z",
    "orderFulfillmentStatus": "NOT_STARTED",
    "orderPaymentStatus": "PAID",
    "sellerId": "moss-halyard",
    "buyer": {"username": "mai.nguyen", "buyerRegistrationAddress": {"fullName": "Mai"}},
    "pricingSummary": {"total": {"value": "166.85", "currency": "USD"}},
    "paymentSummary": {"payments": [{"paymentMethod": "CREDIT_CARD"}], "refunds": []},
    "cancelStatus": {"cancelState": "NONE_REQUESTED", "cancelRequests": []},
    "lineItems": [
        {"title": "Lamp", "sku": "L1", "quantity": 2, "lineItemCost": {"value": "150.00", "currency": "USD"}}
    ],
}


def cancelled(by: str = "SELLER", reason: str = "NO_STOCK", state: str = "COMPLETED", **fields: Any) -> dict[str, Any]:
    request = {"cancelInitiator": by, "cancelReason": reason, "cancelRequestState": state,
               "cancelCompletedDate": "2026-11-04T09:00:00.000Z"}  # fmt: skip
    return {**ORDER, "cancelStatus": {"cancelState": "CANCELED", "cancelRequests": [request]}, **fields}


@pytest.mark.parametrize(
    ("place", "status", "raw_reason"),
    [
        (0, "cancelled", "BUYER_ASKED_CANCEL"),
        (1, "preparing", None),
        (2, "preparing", None),  # a request that is pending, inside a state that says it is cancelled
        (3, "cancelled", "ADDRESS_ISSUES"),
    ],
)
def test_it_reads_what_ebays_samples_say_of_cancelling(data_dir, place, status, raw_reason):
    sample = real(data_dir, "ebay/orders_cancelStatus.json")[place]
    made = document("ebay", {**ORDER, **sample, "paymentSummary": ORDER["paymentSummary"]})
    assert made.status == status
    assert [(one.source, one.raw_reason) for one in made.cancellations] == ([("seller", raw_reason)] * bool(raw_reason))


def test_what_a_seller_began_is_no_request_of_the_buyer(data_dir):
    for sample in real(data_dir, "ebay/orders_cancelStatus.json"):
        made = document("ebay", {**ORDER, **sample, "paymentSummary": ORDER["paymentSummary"]})
        assert made.request is None


@pytest.mark.parametrize(
    ("word", "state", "by"),
    [
        ("REQUESTED", "open", None),
        ("PENDING", "open", None),
        ("REJECTED", "declined", "seller"),
        ("COMPLETED", "approved", "seller"),
    ],
)
def test_it_reads_what_the_buyer_asked(word, state, by):
    said = cancelled("BUYER", "ORDER_MISTAKE", word)
    said["cancelStatus"]["cancelRequests"][0]["cancelRequestedDate"] = "2026-11-04T08:00:00.000Z"
    asked = document("ebay", said).request
    assert asked
    assert asked.requested_at
    assert (asked.state, asked.raw_reason, asked.decided_by) == (state, "ORDER_MISTAKE", by)
    assert asked.requested_at.isoformat() == "2026-11-04T08:00:00+00:00"
    assert (asked.answer_by, asked.lines, bool(asked.decided_at)) == (None, (), state == "approved")


def test_a_state_that_is_not_known_is_no_request():
    assert document("ebay", cancelled("BUYER", "OTHER", "LOST")).request is None


def test_an_excerpt_is_no_order(data_dir):
    sample = real(data_dir, "ebay/orders_cancelStatus.json")
    assert {"orderId", "sellerId"} <= {fault.field for fault in faults("ebay", sample, Options(seller=""))}


@pytest.mark.parametrize(("word", "source"), [("BUYER", "buyer"), ("SELLER", "seller"), ("", "unknown")])
def test_who_cancelled_is_who_initiated_it_never_the_reason(word, source):
    made = document("ebay", cancelled(word, "BUYER_ASKED_CANCEL"))
    assert made.cancellation
    assert made.cancellation.source == source


def test_it_says_when_and_for_how_much():
    refund = {"refundId": "R1", "amount": {"value": "166.85", "currency": "USD"}, "refundStatus": "REFUNDED",
              "refundDate": "2026-11-04T09:30:00.000Z"}  # fmt: skip
    made = document("ebay", cancelled(paymentSummary={"refunds": [refund]}, orderPaymentStatus="FULLY_REFUNDED"))
    assert made.cancellation
    assert made.cancellation.cancelled_at
    assert made.cancellation.cancelled_at.isoformat() == "2026-11-04T09:00:00+00:00"
    assert made.cancellation.was_charged is True
    [said] = made.cancellation.refunds
    assert (said.amount, said.state, said.reference) == (Decimal("166.85"), "sent", "R1")


def test_a_refund_whose_state_is_not_said_is_not_called_due():
    refund = {"refundId": "R1", "amount": {"value": "166.85", "currency": "USD"}}
    for state in ({}, {"refundStatus": "ODD"}):
        made = document("ebay", cancelled(paymentSummary={"refunds": [{**refund, **state}]}))
        assert made.cancellation
        assert made.cancellation.refunds == ()


def test_without_requests_the_time_is_that_of_the_status():
    status = {"cancelState": "CANCELED", "cancelledDate": "2026-11-04T07:00:00.000Z", "cancelRequests": []}
    made = document("ebay", {**ORDER, "cancelStatus": status})
    assert made.cancellation
    assert made.cancellation.cancelled_at
    assert made.cancellation.cancelled_at.isoformat() == "2026-11-04T07:00:00+00:00"
    own = cancelled()
    own["cancelStatus"]["cancelledDate"] = status["cancelledDate"]
    made = document("ebay", own)
    assert made.cancellation
    assert made.cancellation.cancelled_at
    assert made.cancellation.cancelled_at.hour == 9  # the request's own goes before


def test_a_cancelled_order_without_requests_is_cancelled_by_somebody_unknown():
    made = document("ebay", {**ORDER, "cancelStatus": {"cancelState": "CANCELED"}})
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.raw_reason) == (Source.UNKNOWN, "")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "preparing"),
        ({"orderPaymentStatus": "PENDING"}, "awaiting_payment"),
        ({"orderFulfillmentStatus": "FULFILLED"}, "shipped"),
        ({"orderFulfillmentStatus": "IN_PROGRESS", "orderPaymentStatus": "PENDING"}, "shipped"),
    ],
)
def test_it_knows_the_statuses(fields, status):
    assert document("ebay", {**ORDER, **fields}).status == status


@pytest.mark.parametrize(("cost", "quantity", "price"), [("150.00", 2, 75), ("10.00", 3, None), (None, 2, None)])
def test_the_price_of_one_is_the_cost_of_all_where_it_divides(cost, quantity, price):
    line = {"title": "Lamp", "quantity": quantity, "lineItemCost": {"value": cost}}
    assert document("ebay", {**ORDER, "lineItems": [line]}).lines[0].unit_price == price


def test_it_names_its_seller_and_buyer_and_how_it_was_paid():
    made = document("ebay", ORDER, Options())
    assert made.buyer
    assert (made.seller.name, made.buyer.external_id, made.buyer.name) == ("moss-halyard", "mai.nguyen", "")
    assert made.payment_method == PaymentMethod.CARD
    assert made.status == Order.Status.PREPARING


def test_what_is_no_order_is_refused_by_field():
    assert faults("ebay", {**ORDER, "orderFulfillmentStatus": "LOST"})[0].field == "orderFulfillmentStatus"
    assert faults("ebay", {**ORDER, "cancelStatus": {"cancelRequests": {}}})[0].field == "cancelStatus.cancelRequests"


@pytest.mark.parametrize("value", ["9" * 400, "-" + "9" * 400, "1e999999"])
def test_a_cost_beyond_reckoning_is_refused_by_field(value: str) -> None:
    line = {**ORDER["lineItems"][0], "lineItemCost": {"value": value, "currency": "USD"}}
    said = faults("ebay", {**ORDER, "lineItems": [line]}, Options(seller="Moss & Halyard"))
    assert [fault.field for fault in said] == ["lineItems.1.lineItemCost.value"]
