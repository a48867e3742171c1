"""One form of an order's number: for addresses, documents and what is told back."""

import pytest
from django.urls import NoReverseMatch, reverse
from pydantic import TypeAdapter, ValidationError

from foundation.numbers import is_order_number
from orders.fields import Number

NUMBERS = ["1042-7731", "a", "...", ".a", "A_b.c-9", "x" * 64, ".", "..", "", "a b", "a/b", "é", "a\n", "٣", "x" * 65]


def has_an_address(number: str) -> bool:
    try:
        return bool(reverse("orders:detail", args=[number]))
    except NoReverseMatch:
        return False


def is_taken(number: str) -> bool:
    try:
        return TypeAdapter(Number).validate_python(number) == number
    except ValidationError:
        return False


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_a_number_has_an_address_and_is_taken_from_documents(number: str) -> None:
    assert is_order_number(number) == has_an_address(number) == is_taken(number)


def test_some_are_numbers_and_some_are_not() -> None:
    assert [is_order_number(number) for number in NUMBERS] == [True] * 6 + [False] * 9
