"""Pages of a list by key: a page costs the same however deep it lies.

The cursor says after (or before) which order a page begins. It is signed with the reader's id, so that it can
neither be made up nor carried to somebody else's list.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.utils.translation import gettext as _

from orders.models import Order
from orders.querysets import OrderQuerySet

PAGE_SIZE = 20
OLDER, NEWER = "older", "newer"


class BadCursor(ValueError):
    """The cursor in the address was not written by this page for this reader."""


@dataclass(frozen=True)
class Page:
    """The orders of one page, newest first, and the cursors of its neighbours ("" where there is none)."""

    orders: list[Order]
    newer: str = ""
    older: str = ""


def page_of(orders: OrderQuerySet, *, cursor: str, reader: int) -> Page:
    """Read the page that the cursor names; without one, the first. Raise BadCursor."""
    if not cursor:
        return _page(list(orders.newest_first()[: PAGE_SIZE + 1]), direction="", reader=reader)
    direction, at, pk = _read(cursor, reader)
    if direction == OLDER:
        return _page(list(orders.older_than(at, pk).newest_first()[: PAGE_SIZE + 1]), direction, reader)
    return _page(list(orders.newer_than(at, pk).oldest_first()[: PAGE_SIZE + 1]), direction, reader)


def _page(found: list[Order], direction: str, reader: int) -> Page:
    shown, has_more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    if direction == NEWER:
        shown.reverse()
    if not shown:
        return Page([])
    return Page(
        shown,
        newer=_cursor(NEWER, shown[0], reader) if direction == OLDER or (direction and has_more) else "",
        older=_cursor(OLDER, shown[-1], reader) if direction == NEWER or has_more else "",
    )


def _cursor(direction: str, order: Order, reader: int) -> str:
    return signing.dumps([direction, order.listed_at.isoformat(), order.pk], salt=_salt(reader))


def _read(cursor: str, reader: int) -> tuple[str, datetime, int]:
    try:
        direction, at, pk = signing.loads(cursor, salt=_salt(reader))
    except signing.BadSignature:
        raise BadCursor(_("This link to a page of your orders is not complete. Here are your newest orders.")) from None
    return direction, datetime.fromisoformat(at), pk


def _salt(reader: int) -> str:
    return f"orders.paging.{reader}"
