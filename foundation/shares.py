"""Shares as people read them."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format


def percent(share: Decimal) -> str:
    """Write a share of one in per cent, with one decimal."""
    return f"{one_decimal(share * 100)}\u00a0%"


def one_decimal(number: Decimal) -> str:
    """Write a number with one decimal, rounded: number_format would only cut it."""
    return number_format(number.quantize(Decimal("0.1"), ROUND_HALF_UP), 1, force_grouping=True)
