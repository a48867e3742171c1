"""What a person says of files at the command line, because the files do not."""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from babel.numbers import is_currency

from feeds.formats import OptionRefused, Options
from feeds.zones import zone_of
from foundation.text import fault_in, one_line

LONGEST_NAME = 200


def add_options(parser: ArgumentParser) -> None:
    """Take a seller, a time zone and a currency."""
    parser.add_argument("--seller", default="", help="the shop whose export it is")
    parser.add_argument("--time-zone", default="", help="of times without one: +07:00, or Asia/Ho_Chi_Minh")
    parser.add_argument("--currency", default="", help="of amounts without one: three letters, as in SGD")


def options_of(said: Mapping[str, Any]) -> Options:
    """Read them. Raise OptionRefused."""
    return Options(
        seller=_seller(said["seller"]),
        zone=_zone(said["time_zone"]) if said["time_zone"] else None,
        currency=_currency(said["currency"]),
    )


def _seller(name: str) -> str:
    if fault_in(name) or len(one_line(name)) > LONGEST_NAME:
        raise OptionRefused(f"--seller is a name of at most {LONGEST_NAME} characters.")
    return one_line(name)


def _currency(code: str) -> str:
    if code and not is_currency(code):
        raise OptionRefused("--currency is a code of three capital letters, as in SGD.")
    return code


def _zone(text: str) -> tzinfo:
    try:
        return zone_of(text)
    except ValueError:
        raise OptionRefused("--time-zone is an offset, as in +07:00, or a name, as in Asia/Ho_Chi_Minh.") from None
