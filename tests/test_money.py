"""Amounts as people read them."""

from decimal import Decimal

import pytest
from babel.numbers import parse_decimal
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from foundation.constraints import MOST_MONEY
from foundation.money import money


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("1234.5", "EUR", "€1,234.50"),
        ("0", "USD", "$0.00"),
        ("12000", "JPY", "¥12,000"),
        ("189000", "VND", "₫189,000"),
        ("1.234", "KWD", "KWD\u00a01.234"),
        ("1000000000000", "EUR", "€1,000,000,000,000.00"),
        ("9.90", "XYZ", "XYZ\u00a09.90"),
    ],
)
def test_it_writes_an_amount_with_its_currencys_own_decimals(amount: str, currency: str, written: str) -> None:
    assert money(Decimal(amount), currency) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "€1,234.50"), ("de", "1.234,50\u00a0€"), ("vi", "1.234,50\u00a0€"), ("not-a-language", "€1,234.50")],
)
def test_it_writes_it_in_the_readers_language(language: str, written: str) -> None:
    with translation.override(language):
        assert money(Decimal("1234.50"), "EUR") == written


def test_it_writes_english_where_no_language_is_active() -> None:
    with translation.override(None):
        assert money(Decimal("1234.50"), "EUR") == "€1,234.50"


@given(st.decimals(min_value=0, max_value=MOST_MONEY, places=2))
def test_it_never_changes_an_amount_that_can_be_paid(amount: Decimal) -> None:
    assert parse_decimal(money(amount, "EUR").removeprefix("€"), locale="en") == amount


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("89", "GBP", "\u200f89.00\xa0\u200eUK£\u200e"),
        ("89", "CHF", "\u200f89.00\xa0\u200eCHF\u200e"),
        ("89", "EUR", "\u200f89.00\xa0€"),
        ("1234.5", "KWD", "\u200f1,234.500\xa0د.ك.\u200f"),
    ],
)
def test_from_the_right_a_foreign_symbol_stays_as_it_is_written(amount: str, currency: str, written: str) -> None:
    with translation.override("ar"):
        assert money(Decimal(amount), currency) == written
