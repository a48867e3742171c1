"""How an order was paid, where marketplaces say it in codes: understood, and not printed."""

from typing import Any

import pytest

from feeds.payloads import unless_code
from tests import test_format_aliexpress, test_format_amazon, test_format_ebay, test_format_shopify
from tests.payloads import document


def paid(name: str, word: str) -> dict[str, Any]:
    """Return an order of the format that was paid in this way."""
    if name == "ebay":
        return {**test_format_ebay.ORDER, "paymentSummary": {"payments": [{"paymentMethod": word}]}}
    if name == "amazon":
        return {**test_format_amazon.ORDER, "payment": {"paymentExecutions": [{"paymentMethod": word}]}}
    if name == "aliexpress":
        return {**test_format_aliexpress.ORDER, "payment_type": word}
    return {**test_format_shopify.ORDER, "payment_gateway_names": [word]}


@pytest.mark.parametrize(
    ("name", "word", "method"),
    [
        ("ebay", "CREDIT_CARD", "card"),
        ("ebay", "PAYPAL", "wallet"),
        ("ebay", "EBAY", "other"),
        ("amazon", "CreditCard", "card"),
        ("amazon", "CashOnDelivery", "cash_on_delivery"),
        ("amazon", "Other", "other"),
        ("aliexpress", "mb", "other"),
        ("shopify", "shopify_payments", "card"),
        ("shopify", "paypal", "wallet"),
        ("shopify", "bogus", "other"),
    ],
)
def test_a_code_is_understood_and_not_printed(name: str, word: str, method: str) -> None:
    made = document(name, paid(name, word))
    assert (made.payment_label, made.payment_method) == ("", method)


@pytest.mark.parametrize(
    ("word", "method"),
    [("Card", "card"), ("Cash on Delivery (COD)", "cash_on_delivery"), ("Bank transfer", "bank_transfer")],
)
def test_what_a_shop_calls_it_is_printed(word: str, method: str) -> None:
    made = document("shopify", paid("shopify", word))
    assert (made.payment_label, made.payment_method) == (word, method)


@pytest.mark.parametrize("name", ["Card", "Klarna", "iDEAL", "Visa ending 4242", "thẻ", "Ví ShopeePay"])
def test_names_for_people_are_no_codes(name: str) -> None:
    assert unless_code(name) == name
