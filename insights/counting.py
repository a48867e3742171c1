"""Counting one seller's orders from the orders themselves: what the summary must always be equal to."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from cancellations.models import Contest
from insights.definitions import STOCK_OR_PRICE, working_days
from insights.models import MOST_DAYS, WORTH_DIGITS, SellerDay, SellerItem, SellerShipping
from insights.windows import Window
from orders.models import EarlierPart, Order, OrderLine
from orders.querysets import OrderQuerySet

type Key = tuple[date, str, str, int | None]
type Counts = QuerySet[Any, Any]

WORTH: "DecimalField[Any, Any]" = DecimalField(max_digits=WORTH_DIGITS, decimal_places=3)
CHUNK = 10_000


def count_days(seller: int, window: Window) -> list[SellerDay]:
    """Count orders, their lines and worth, cancelled parts and upheld contests, by day, currency, source and reason."""
    rows: dict[Key, SellerDay] = {}
    for counted in (_orders(seller, window), _lines(seller, window), *_parts(seller, window)):
        for found in counted:
            day, currency, source, reason = (found.pop(name) for name in ("day", "currency_", "source_", "reason_"))
            key = (day, currency, source or "", reason)
            row = rows.setdefault(key, _nothing_of(seller, key))
            for name, count in found.items():
                setattr(row, name, getattr(row, name) + count)
    return list(rows.values())


def count_shipping(seller: int, window: Window) -> list[SellerShipping]:
    """Count after how many working days orders were sent, and by how many they missed what was promised."""
    sent = _of(seller, window).filter(shipped_at__isnull=False)
    columns = sent.values_list("listed_at", "paid_at", "shipped_at", "ship_by")
    tally = Counter(_shipping(*times) for times in columns.iterator(CHUNK))
    return [
        SellerShipping(seller_id=seller, day=day, took=took, late=late, orders=orders)
        for (day, took, late), orders in tally.items()
    ]


def count_items(seller: int, window: Window) -> list[SellerItem]:
    """Count the items that were cancelled because of their stock or price, in whole orders and in parts."""
    ended = OrderLine.objects.filter(order__in=_of(seller, window), cancellation__reason__code__in=STOCK_OR_PRICE)
    columns = ended.order_by().values(
        "title", "variant", "sku", day=TruncDate("order__listed_at"), reason_id=F("cancellation__reason")
    )
    counted = columns.annotate(orders=Count("order", distinct=True), quantity=Sum("cancelled_quantity"))
    return [SellerItem(seller_id=seller, **row) for row in counted]


def _of(seller: int, window: Window) -> OrderQuerySet:
    return Order.objects.filter(seller=seller).between(window.since, window.until).order_by()


def _orders(seller: int, window: Window) -> Counts:
    upheld = Contest.objects.filter(cancellation=OuterRef("cancellation_id"), state=Contest.State.UPHELD)
    orders = _of(seller, window).values(
        day=TruncDate("listed_at"),
        currency_=F("currency"),
        source_=F("cancellation__source"),
        reason_=F("cancellation__reason"),
    )
    counted: Counts = orders.annotate(
        orders=Count("pk"), worth=_worth(Sum("total")), upheld=Count("pk", filter=Q(Exists(upheld)))
    )
    return counted


def _lines(seller: int, window: Window) -> Counts:
    lines = OrderLine.objects.filter(order__in=_of(seller, window)).order_by()
    return lines.values(
        day=TruncDate("order__listed_at"),
        currency_=F("order__currency"),
        source_=F("order__cancellation__source"),
        reason_=F("order__cancellation__reason"),
    ).annotate(lines=Count("pk"))


def _parts(seller: int, window: Window) -> Iterator[Counts]:
    """Count the parts of orders that were not cancelled as a whole: the latest of each line, and the earlier ones."""
    orders = _of(seller, window).filter(cancellation=None)
    earlier = EarlierPart.objects.filter(line=OuterRef("pk")).order_by().values("line").annotate(all=Sum("quantity"))
    latest = OrderLine.objects.filter(order__in=orders, cancellation__isnull=False).annotate(
        own=F("cancelled_quantity") - Coalesce(Subquery(earlier.values("all")), 0)
    )
    yield _parted(latest, line="", quantity="own")
    yield _parted(EarlierPart.objects.filter(line__order__in=orders), line="line__", quantity="quantity")


def _parted(parts: QuerySet[Any], *, line: str, quantity: str) -> Counts:
    worth = Sum(F(f"{line}unit_price") * F(quantity), output_field=WORTH)
    found = parts.order_by().values(
        day=TruncDate(f"{line}order__listed_at"),
        currency_=F(f"{line}order__currency"),
        source_=F("cancellation__source"),
        reason_=F("cancellation__reason"),
    )
    counted: Counts = found.annotate(part_lines=Count("pk"), part_worth=_worth(worth))
    return counted


def _worth(total: Any) -> Coalesce:
    return Coalesce(total, 0, output_field=WORTH)


def _nothing_of(seller: int, key: Key) -> SellerDay:
    day, currency, source, reason = key
    return SellerDay(seller_id=seller, day=day, currency=currency, source=source, reason_id=reason)


def _shipping(
    listed_at: datetime, paid_at: datetime | None, shipped_at: datetime, ship_by: datetime | None
) -> tuple[date, int, int | None]:
    begun, sent = timezone.localdate(paid_at or listed_at), timezone.localdate(shipped_at)
    late = None if ship_by is None else lateness(ship_by, shipped_at)
    return timezone.localdate(listed_at), min(working_days(begun, sent), MOST_DAYS), late


def lateness(promised: datetime, at: datetime) -> int:
    """Count by how many working days a promise was missed: by less than one is by one, in time is by none."""
    if at <= promised:
        return 0
    days = working_days(timezone.localdate(promised), timezone.localdate(at))
    return min(max(days, 1), MOST_DAYS)
