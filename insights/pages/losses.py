"""What a seller lost beside whole orders, to whom, and until when it counts: items, parts, and days."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cancellations.terms import Responsible, Source
from foundation.money import money
from insights import words
from insights.models import SellerItem
from insights.pages.figures import Figures, Row, is_cancelled, reason_of
from insights.pages.links import SellerOrders
from insights.tables import Cell, Table
from insights.windows import DAY, Window
from orders.figures import NO_CURRENCY

MOST_ITEMS = 200


def items_table(orders: SellerOrders) -> Table:
    """Tell which items were cancelled most often because of their stock or price."""
    days = (orders.window.since, orders.window.until)
    rows = SellerItem.objects.filter(seller=orders.seller, day__range=days)
    sums = rows.values("title", "variant", "sku", "reason").annotate(all=Sum("orders"), pieces=Sum("quantity"))
    found = [
        [
            Cell(row["title"]),
            Cell(row["variant"]),
            Cell(row["sku"]),
            Cell(words.label(row["reason"])),
            Cell(row["all"], href=_orders_of_item(orders, {**row})),
            Cell(row["pieces"]),
        ]
        for row in sums.order_by("-all", "title", "variant", "sku", "reason")[: MOST_ITEMS + 1]
    ]
    head = [_("Item"), _("Variant"), _("SKU"), _("Reason"), _("Orders"), _("Pieces")]
    empty = _("No item was cancelled because of its stock or its price.")
    title, is_cut = _("Out of stock or wrongly priced"), len(found) > MOST_ITEMS
    return Table("items", title, head, found[:MOST_ITEMS], empty=empty, is_cut=is_cut)


def parts_table(figures: Figures, orders: SellerOrders) -> Table:
    """Tell what was cancelled of orders that did not end."""
    parts = [row for row in figures.rows if row["is_now"] and is_cancelled(row) and row["part_lines"]]
    rows = [
        [
            Cell(words.label(row["reason_id"])),
            Cell(str(words.BY_FOR_SELLER[Source(row["source"])])),
            Cell(row["part_orders"], href=_orders_of_part(orders, row)),
            Cell(row["part_lines"]),
            _worth(row),
        ]
        for row in sorted(parts, key=lambda row: -row["part_lines"])
    ]
    head = [_("Reason"), _("Cancelled by"), _("Orders"), _("Items"), _("Worth")]
    empty = _("No item was cancelled from an order that went on.")
    return Table("parts", _("Items cancelled from orders that went on"), head, rows, empty=empty)


def leaving_table(figures: Figures, orders: SellerOrders) -> Table:
    """Tell the days on which orders that ended on the seller's side leave the window."""
    window, left, rows = figures.window, figures.ended, []
    for day, count in _own_days(figures):
        left -= count
        leaves = window.leaves_on(day)
        later = Window(day + DAY, window.until)
        rows.append(
            [
                Cell(leaves.isoformat(), text=words.short_day(leaves)),
                Cell(count, href=orders(Window(day, day), side=Responsible.SELLER)),
                Cell(left, href=orders(later, side=Responsible.SELLER) if left else ""),
            ]
        )
    title = _("When old cancellations leave these {days} days").format(days=window.days)
    head = [pgettext("before a date", "On"), _("leave the window"), _("then left")]
    return Table("leaving", title, head, rows, empty=_("Nothing on your side is in this window."))


def _orders_of_item(orders: SellerOrders, row: Row) -> str:
    names = {"item": row["title"], "variant": row["variant"], "sku": row["sku"]}
    named = {name: value for name, value in names.items() if value}
    return orders(**named, lost=reason_of({"reason_id": row["reason"]}).code)


def _orders_of_part(orders: SellerOrders, row: Row) -> str:
    return orders(part=f"{row['source']}-{reason_of(row).code}", currency=row["currency"] or NO_CURRENCY)


def _worth(row: Row) -> Cell:
    worth, currency = row["part_worth"], row["currency"]
    return Cell(worth.normalize() + 0, text=money(worth, currency) if currency else "", currency=currency)


def _own_days(figures: Figures) -> Iterator[tuple[date, int]]:
    for day, counts in figures.by_day.items():
        if own := sum(count for (_source, is_own), count in counts.items() if is_own):
            yield day, own
