"""Where the shop itself helps on. Candor has no shop: its addresses are settings, and what is not set is not shown."""

from collections.abc import Iterable
from string import Formatter
from urllib.parse import quote

from django.conf import settings
from django.core.checks import CheckMessage, Error

from cancellations.models import Cancellation, Reason
from cancellations.terms import Responsible, Source
from orders.models import Order
from orders.words.money import MoneyCase

# What an address may hold, by setting.
PLACEHOLDERS = {"ASK_SELLER_URL": {"seller", "number"}, "FIND_ITEM_URL": {"item"}}
# The money about which the page says to ask the marketplace, or that the marketplace may ask.
ASK_ABOUT = {MoneyCase.FAILED, MoneyCase.OVERDUE, MoneyCase.CASH_UNKNOWN, MoneyCase.NOTHING_RECORDED}


def address_of_seller(order: Order) -> str:
    """Return where the buyer can write to the seller about the order; "" where that is not known."""
    return _filled(settings.ASK_SELLER_URL, seller=order.seller.name, number=order.number)


def address_of_item(title: str) -> str:
    """Return where the buyer can look for the item at other sellers; "" where that is not known."""
    return _filled(settings.FIND_ITEM_URL, item=title) if title else ""


def leads_to_marketplace(ended: Cancellation, reason: Reason, money: Iterable[MoneyCase]) -> bool:
    """Tell whether the marketplace is whom to ask first: about its decision, about money, or why it ended."""
    is_unexplained = reason.responsible == Responsible.UNKNOWN and ended.requested_by != Source.BUYER
    return is_unexplained or reason.responsible == Responsible.MARKETPLACE or not ASK_ABOUT.isdisjoint(money)


def check_addresses(**kwargs: object) -> list[CheckMessage]:
    """Refuse to start with an address that could not be filled or followed."""
    return [
        Error(f"{setting} is {getattr(settings, setting)!r}: {fault}", id="orders.E001")
        for setting in PLACEHOLDERS
        if (fault := _fault_in(getattr(settings, setting), PLACEHOLDERS[setting]))
    ]


def _filled(address: str, **values: str) -> str:
    return address.format(**{name: quote(value, safe="") for name, value in values.items()})


def _fault_in(address: str, known: set[str]) -> str:
    if address and not address.startswith(("https://", "http://", "/")):
        return "it must begin with https://"
    try:
        names = {name for _text, name, _spec, _conversion in Formatter().parse(address) if name is not None}
    except ValueError:
        names = {""}
    allowed = " and ".join(f"{{{name}}}" for name in sorted(known))
    return "" if names <= known else f"it may hold {allowed}, and no other braces."
