"""Cancelled orders, split by one thing: a row for each value, with a bar, and the orders behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from foundation.shares import percent
from insights.charts import bar
from insights.definitions import share
from insights.tables import Cell, Table


@dataclass(frozen=True)
class Part:
    """The orders with one value: its name, how many, where they are; the colour, and what is said beside the name."""

    name: str
    orders: int
    href: str
    series: str = ""
    note: str = ""


def split_table(key: str, title: str, first: str, parts: Sequence[Part], *, of: int = 0, empty: str) -> Table:
    """Set the parts out, and the share of each in so many orders, where that is asked for."""
    most, is_rtl = max((part.orders for part in parts), default=0), get_language_bidi()
    rows = []
    for part in parts:
        name = Cell(part.name, bar=bar(part.orders, most, is_rtl=is_rtl), series=part.series, note=part.note)
        rows.append([name, Cell(part.orders, href=part.href), *_share(part.orders, of)])
    return Table(key, title, [first, _("Orders"), *([_("of all orders")] if of else [])], rows, empty=empty)


def _share(count: int, of: int) -> list[Cell]:
    of_all = share(count, of)
    return [] if of_all is None else [Cell(of_all, text=percent(Decimal(of_all)))]
