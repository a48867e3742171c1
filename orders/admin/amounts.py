"""Amounts in the admin."""

from decimal import Decimal

from foundation.money import money


def amount(value: Decimal | None, currency: str) -> str:
    """Write an amount as its currency is written; a missing currency is not guessed."""
    if value is None:
        return ""
    return money(value, currency) if currency else f"{value.normalize():f}"
