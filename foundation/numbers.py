"""The number of an order: what one may look like, wherever it is written."""

from re import compile as pattern

NUMBER = r"[A-Za-z0-9._-]{1,64}"
NO_ADDRESSES = [".", ".."]  # to whoever follows an address, a way through folders

_NUMBER = pattern(NUMBER)


def is_order_number(text: str) -> bool:
    """Tell whether an order may have this number, and so an address."""
    return bool(_NUMBER.fullmatch(text)) and text not in NO_ADDRESSES
