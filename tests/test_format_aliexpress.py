"""AliExpress's orders: a closed list of ends."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cancellations.terms import PaymentMethod, Source
from feeds.formats import Options
from orders.models import Order
from tests.payloads import document, faults

ORDER: dict[str, Any] = {
    "id": 8012345678901234,
    "order_status": "WAIT_SELLER_SEND_GOODS",
    "gmt_create": "2026-11-03 02:10:00",
    "gmt_modified": "2026-11-03 02:20:00",
    "gmt_pay_success": "2026-11-03 02:15:00",
    "order_amount": {"amount": "19.90", "currency_code": "USD"},
    "payment_type": "mb",
    "buyerloginid": "mai123",
    "buyer_signer_fullname": "Mai Nguyen",
    "seller_signer_fullname": "Sparrow & Volt",
    "receipt_address": {"mobile_no": "0912345678"},
    "child_order_list": {
        "global_aeop_tp_child_order_dto": [
            {"product_name": "Cable", "sku_code": "C1", "product_count": 2, "product_price": {"amount": "9.95"}}
        ]
    },
}


def finished(reason: str | None, **fields: Any) -> dict[str, Any]:
    return {**ORDER, "order_status": "FINISH", "order_end_reason": reason, **fields}


def test_it_reads_an_answer_of_the_api():
    answer = {"aliexpress_solution_order_info_get_response": {"result": {"data": ORDER}}}
    made = document("aliexpress", answer, Options())
    assert (made.number, made.status, made.seller.name) == (
        "8012345678901234",
        Order.Status.PREPARING,
        "Sparrow & Volt",
    )
    assert made.placed_at == datetime(2026, 11, 3, 10, 10, tzinfo=UTC)  # its times are those of the Pacific coast
    assert made.buyer
    assert (made.buyer.external_id, made.buyer.name) == ("mai123", "")
    assert [(line.title, line.quantity) for line in made.lines] == [("Cable", 2)]
    assert [part for part in ("0912345678", "Nguyen") if part in made.model_dump_json()] == []


@pytest.mark.parametrize(
    ("reason", "source"),
    [
        ("buyer_cancel_notpay_order", "buyer"),
        ("buyer_cancel_order_in_risk", "buyer"),
        ("buyer_pay_timeout", "system"),
        ("seller_send_goods_timeout", "system"),
        ("risk_reject_closed", "system"),
        ("cancel_order_close_trade", "unknown"),
    ],
)
def test_who_ended_it_is_what_its_code_means(reason, source):
    made = document("aliexpress", finished(reason))
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.raw_reason) == (source, reason)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("buyer_accept_goods", "delivered"),
        ("buyer_accept_goods_timeout", "delivered"),
        ("seller_response_issue_timeout", "shipped"),
    ],
)
def test_an_end_that_is_no_cancellation_is_none(reason, status):
    made = document("aliexpress", finished(reason))
    assert (made.status, made.cancellation) == (status, None)


@pytest.mark.parametrize("reason", ["trade_success", "totally_new_end_reason", "buyer_has_a_new_code"])
def test_an_end_that_is_not_listed_is_refused_not_guessed(reason):
    assert faults("aliexpress", finished(reason)) == [(1, "order_end_reason", "This value is not known.")]


def test_a_request_to_cancel_is_no_cancellation():
    assert document("aliexpress", {**ORDER, "order_status": "IN_CANCEL"}).status == Order.Status.PREPARING


def test_an_order_in_cancelling_has_a_request_that_waits():
    asked = document("aliexpress", {**ORDER, "order_status": "IN_CANCEL"}).request
    assert asked
    assert (asked.state, asked.requested_at, asked.answer_by, asked.raw_reason) == ("open", None, None, "")
    assert document("aliexpress", ORDER).request is None


def test_it_says_when_and_for_how_much():
    money = {"refund_status": "refund_ok", "refund_cash_amt": {"amount": "19.90"}, "refund_time": "2026-11-05 00:00:00"}
    made = document(
        "aliexpress", finished("seller_send_goods_timeout", gmt_trade_end="2026-11-04 00:00:00", refund_info=money)
    )
    assert made.cancellation
    assert made.cancellation.cancelled_at == datetime(2026, 11, 4, 8, tzinfo=UTC)
    assert [(refund.state, str(refund.amount)) for refund in made.cancellation.refunds] == [("sent", "19.900")]
    assert made.cancellation.was_charged is True


@pytest.mark.parametrize("money", [None, {"refund_status": "refund_cancel", "refund_cash_amt": {"amount": "19.90"}}])
def test_a_refund_that_was_called_off_is_none(money):
    made = document("aliexpress", finished("risk_reject_closed", refund_info=money))
    assert made.cancellation
    assert made.cancellation.refunds == ()


def test_without_a_payment_it_is_not_known_whether_money_was_taken():
    made = document("aliexpress", finished("buyer_pay_timeout", gmt_pay_success=None))
    assert made.cancellation
    assert (made.cancellation.was_charged, made.cancellation.source) == (None, Source.SYSTEM)


def test_cash_on_delivery_is_never_paid_before():
    made = document("aliexpress", finished("buyer_cancel_order", cod=True))
    assert made.cancellation
    assert (made.paid_at, made.payment_method) == (None, PaymentMethod.CASH_ON_DELIVERY)
    assert made.cancellation.was_charged is False


def test_what_is_no_order_is_refused_by_field():
    assert faults("aliexpress", {**ORDER, "order_status": "ODD"})[0].field == "order_status"
    assert faults("aliexpress", finished(None))[0] == (1, "order_end_reason", "It is missing.")
    assert faults("aliexpress", {**ORDER, "gmt_create": "soon"})[0].field == "gmt_create"
