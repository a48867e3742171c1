"""Counting one seller's orders from the orders themselves: what the summary must always be equal to."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from cancellations.models import Contest
from foundation.working_days import working_days
from insights.definitions import COUNTED_ORDERS, STOCK_OR_PRICE
from insights.models import MOST_DAYS, WORTH_DIGITS, SellerDay, SellerItem, SellerShipping
from insights.windows import Window
from orders.models import EarlierPart, Order, OrderLine
from orders.querysets import OrderQuerySet

type Key = tuple[date, str, str, int | None]
type Item = tuple[Any, ...]
type Counts = QuerySet[Any, Any]
type Taken = tuple[QuerySet[Any], str, str]

WORTH: "DecimalField[Any, Any]" = DecimalField(max_digits=WORTH_DIGITS, decimal_places=3)
CHUNK = 10_000
KEY = ("day", "currency_", "source_", "reason_")


def count_days(seller: int, window: Window) -> list[SellerDay]:
    """Count orders, cancelled parts and their worth, and upheld contests, by day, currency, source and reason."""
    rows: dict[Key, SellerDay] = {}
    parts = [_parted(*part) for part in _parts(seller, window)]
    for counted in (_orders(seller, window), *parts, _part_orders(seller, window)):
        for found in counted:
            day, currency, source, reason = (found.pop(name) for name in KEY)
            key = (day, currency, source or "", reason)
            row = rows.setdefault(key, _nothing_of(seller, key))
            for name, count in found.items():
                setattr(row, name, getattr(row, name) + count)
    return list(rows.values())


def count_shipping(seller: int, window: Window) -> list[SellerShipping]:
    """Count after how many working days orders were sent, and by how many they missed what was promised."""
    sent = _of(seller, window).filter(COUNTED_ORDERS, shipped_at__isnull=False)
    columns = sent.values_list("listed_at", "paid_at", "shipped_at", "ship_by")
    tally = Counter(_shipping(*times) for times in columns.iterator(CHUNK))
    return [
        SellerShipping(seller_id=seller, day=day, took=took, late=late, orders=orders)
        for (day, took, late), orders in tally.items()
    ]


def count_items(seller: int, window: Window) -> list[SellerItem]:
    """Count the items that were cancelled because of their stock or price, in whole orders and in parts."""
    orders: dict[Item, set[int]] = defaultdict(set)
    pieces: Counter[Item] = Counter()
    for taken, line, quantity in _taken(_of(seller, window).filter(COUNTED_ORDERS)):
        names = [f"{line}{name}" for name in ("title", "variant", "sku", "order")]
        lost = taken.filter(cancellation__reason__code__in=STOCK_OR_PRICE).order_by()
        rows = lost.values_list(TruncDate(f"{line}order__listed_at"), "cancellation__reason", *names, quantity)
        for *item, order, count in rows.iterator(CHUNK):
            orders[tuple(item)].add(order)
            pieces[tuple(item)] += count
    return [_item(seller, item, orders=len(orders[item]), quantity=pieces[item]) for item in orders]


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
    counted: Counts = orders.annotate(orders=Count("pk"), upheld=Count("pk", filter=Q(Exists(upheld))))
    return counted


def _parts(seller: int, window: Window) -> Iterator[Taken]:
    """Find the parts of orders that were not cancelled as a whole."""
    return _taken(_of(seller, window).filter(cancellation=None))


def _taken(orders: OrderQuerySet) -> Iterator[Taken]:
    """Find what was taken from lines: the latest of each, less what was before, and the earlier ones.

    Each with the way to its line, and with the name of its quantity.
    """
    earlier = EarlierPart.objects.filter(line=OuterRef("pk")).order_by().values("line").annotate(all=Sum("quantity"))
    latest = OrderLine.objects.filter(order__in=orders, cancellation__isnull=False)
    yield latest.annotate(own=F("cancelled_quantity") - Coalesce(Subquery(earlier.values("all")), 0)), "", "own"
    yield EarlierPart.objects.filter(line__order__in=orders), "line__", "quantity"


def _parted(parts: QuerySet[Any], line: str, quantity: str) -> Counts:
    worth = Coalesce(Sum(F(f"{line}unit_price") * F(quantity), output_field=WORTH), 0, output_field=WORTH)
    counted: Counts = parts.order_by().values(**_key_of(line)).annotate(part_lines=Count("pk"), part_worth=worth)
    return counted


def _part_orders(seller: int, window: Window) -> Iterator[dict[str, Any]]:
    """Count the orders of which some was cancelled: once for each source and reason, however many parts."""
    (latest, line, _), (earlier, of_line, _) = _parts(seller, window)
    both = (
        latest.order_by()
        .values_list(*_key_of(line).values(), f"{line}order")
        .union(earlier.order_by().values_list(*_key_of(of_line).values(), f"{of_line}order"))
    )
    for key, count in Counter(tuple(key) for *key, _order in both.order_by().iterator(CHUNK)).items():
        yield {**dict(zip(KEY, key, strict=True)), "part_orders": count}


def _key_of(line: str) -> dict[str, Any]:
    """Say what parts are counted by; `line` is the way to their line."""
    return {
        "day": TruncDate(f"{line}order__listed_at"),
        "currency_": F(f"{line}order__currency"),
        "source_": F("cancellation__source"),
        "reason_": F("cancellation__reason"),
    }


def _nothing_of(seller: int, key: Key) -> SellerDay:
    day, currency, source, reason = key
    return SellerDay(seller_id=seller, day=day, currency=currency, source=source, reason_id=reason)


def _item(seller: int, item: Item, **counts: int) -> SellerItem:
    day, reason, title, variant, sku = item
    return SellerItem(seller_id=seller, day=day, reason_id=reason, title=title, variant=variant, sku=sku, **counts)


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
