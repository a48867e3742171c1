"""Amounts in another currency than the order's: left out in every format, and never shown as if they were its own."""

import copy
from typing import Any

import pytest

from tests import (
    test_format_aliexpress,
    test_format_amazon,
    test_format_ebay,
    test_format_mercadolibre,
    test_format_ondc,
    test_format_shopify,
    test_format_tiktok,
)
from tests.payloads import document

EBAY_REFUND = {"amount": {"value": "150.00", "currency": "USD"}, "refundStatus": "REFUNDED"}
ALIEXPRESS_REFUND = {"refund_status": "refund_ok", "refund_cash_amt": {"amount": "19.90", "currency_code": "USD"}}
SHOPIFY_REFUND = {"transactions": [{**test_format_shopify.PAID_BACK, "currency": "USD"}]}
SOLD = {"product_name": "Cable", "product_count": 2, "product_price": {"amount": "9.95", "currency_code": "USD"}}
CHILDREN = {"global_aeop_tp_child_order_dto": [SOLD]}
PAYMENT = {"status": "refunded", "total_paid_amount": 139.8, "currency_id": "BRL"}
PART = {**PAYMENT, "status": "approved", "transaction_amount_refunded": 9.8}
WANTED = {"item": {"title": "Lamp"}, "quantity": 2, "unit_price": 69.9, "currency_id": "BRL"}
ONDC = test_format_ondc.SAMPLE["value"]

# By what it is: the format, its payload, and the way to the currency beside the amount.
REFUNDS: dict[str, tuple[str, Any, str]] = {
    "ebay": (
        "ebay",
        test_format_ebay.cancelled(paymentSummary={"payments": [], "refunds": [EBAY_REFUND]}),
        "paymentSummary.refunds.0.amount.currency",
    ),
    "aliexpress": (
        "aliexpress",
        test_format_aliexpress.finished("buyer_cancel_order", refund_info=ALIEXPRESS_REFUND),
        "refund_info.refund_cash_amt.currency_code",
    ),
    "shopify": (
        "shopify",
        {**test_format_shopify.ORDER, **test_format_shopify.GONE, "refunds": [SHOPIFY_REFUND]},
        "refunds.0.transactions.0.currency",
    ),
    "mercadolibre": (
        "mercadolibre",
        test_format_mercadolibre.cancelled(payments=[PAYMENT]),
        "payments.0.currency_id",
    ),
    "a part of mercadolibre's": (
        "mercadolibre",
        test_format_mercadolibre.cancelled(payments=[PART]),
        "payments.0.currency_id",
    ),
}
PRICES: dict[str, tuple[Any, str]] = {
    "ebay": (test_format_ebay.ORDER, "lineItems.0.lineItemCost.currency"),
    "aliexpress": (
        {**test_format_aliexpress.ORDER, "child_order_list": CHILDREN},
        "child_order_list.global_aeop_tp_child_order_dto.0.product_price.currency_code",
    ),
    "amazon": (test_format_amazon.ORDER, "orderItems.0.product.price.unitPrice.currencyCode"),
    "mercadolibre": ({**test_format_mercadolibre.ORDER, "order_items": [WANTED]}, "order_items.0.currency_id"),
    "tiktok": (
        {**test_format_tiktok.ORDER, "line_items": [{**test_format_tiktok.LINE, "currency": "MYR"}]},
        "line_items.0.currency",
    ),
    "ondc": (ONDC, "message.order.quote.breakup.0.item.price.currency"),
}


def with_currency(payload: Any, way: str, currency: str) -> Any:
    """Write another currency into a copy of a payload."""
    changed = copy.deepcopy(payload)
    *above, last = [int(name) if name.isdecimal() else name for name in way.split(".")]
    place: Any = changed
    for name in above:
        place = place[name]
    assert place[last] != currency
    place[last] = currency
    return changed


@pytest.mark.parametrize("what", REFUNDS)
def test_a_refund_in_another_currency_is_left_out(what: str) -> None:
    name, payload, way = REFUNDS[what]
    made = document(name, payload).cancellation
    assert made
    assert len(made.refunds) == 1
    other = document(name, with_currency(payload, way, "EUR")).cancellation
    assert other
    assert (other.refunds, other.was_charged) == ((), made.was_charged)


@pytest.mark.parametrize("name", PRICES)
def test_a_price_in_another_currency_is_left_out(name: str) -> None:
    payload, way = PRICES[name]
    made = document(name, payload)
    other = document(name, with_currency(payload, way, "EUR"))
    assert (made.lines[0].unit_price is None, other.lines[0].unit_price) == (False, None)
    assert (other.currency, other.total) == (made.currency, made.total)


def test_what_was_paid_to_ondc_in_another_currency_than_the_quote_is_no_total() -> None:
    made = document("ondc", with_currency(ONDC, "message.order.payment.params.currency", "EUR"))
    assert (made.currency, made.total) == ("USD", None)


def test_the_part_of_a_refund_in_another_currency_is_left_out_too() -> None:
    items = [test_format_shopify.taken_back(1, "4.00", "6.00")]
    refund = {"refund_line_items": items, "transactions": [{**test_format_shopify.PAID_BACK, "currency": "EUR"}]}
    [first, _] = test_format_shopify.part_cancelled(refund)
    assert (first.refunds, first.was_charged) == ((), True)
