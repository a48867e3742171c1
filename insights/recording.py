"""A seller's record: how many of the orders of 90 days ended on their side, and how soon they usually send.

It is kept on the seller's own row, where an order page reads it without a statement more. Rows are written one by one,
each in a transaction of its own, so that a feed that writes several sellers at once can never wait in a circle.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from insights.definitions import COUNTED, ON_THE_SELLERS_SIDE, RECORD_DAYS, share, typical, usual
from insights.models import Cursor, SellerDay, SellerShipping
from insights.windows import Window
from orders.models import Seller
from orders.pages.record import FEWEST_ORDERS


def keep_records(sellers: Iterable[int], *, today: date) -> None:
    """Write the records of these sellers; on the first call of a day, as windows move on, those of everybody."""
    if Cursor.objects.filter(recorded_on=today).exists():
        record_sellers(sellers, today)
    else:
        record_everybody(today)


def record_sellers(sellers: Iterable[int], today: date) -> None:
    """Write the records of these sellers."""
    for seller in sellers:
        _record(seller, today)


def record_everybody(today: date) -> None:
    """Write every seller's record, and what is typical of them all."""
    record_sellers(_active(today), today)
    middle = _typical()
    for seller in Seller.objects.exclude(record_typical=middle).values_list("pk", flat=True):
        Seller.objects.filter(pk=seller).update(record_typical=middle)
    Cursor.objects.update(recorded_on=today)


def _active(today: date) -> list[int]:
    """Return the sellers with orders in the window, or with a record of some from an earlier one."""
    window = Window.of_days(RECORD_DAYS, until=today)
    recent = SellerDay.objects.filter(day__range=(window.since, window.until)).values("seller")
    return list(Seller.objects.filter(Q(record_orders__gt=0) | Q(pk__in=recent)).values_list("pk", flat=True))


@transaction.atomic
def _record(pk: int, today: date) -> None:
    seller = Seller.objects.select_for_update().filter(pk=pk).first()  # lock first, count second
    if seller is None:
        return  # deleted: its orders went to another one
    window = Window.of_days(RECORD_DAYS, until=today)
    seller.record_orders, seller.record_ended = _share(pk, window)
    seller.record_days, seller.record_on = _usual_days(pk, window), today
    seller.save(update_fields=["record_orders", "record_ended", "record_days", "record_on"])


def _share(seller: int, window: Window) -> tuple[int, int]:
    days = SellerDay.objects.filter(COUNTED, seller=seller, day__range=(window.since, window.until))
    ended = Coalesce(Sum("orders", filter=ON_THE_SELLERS_SIDE), 0)
    counts = days.aggregate(all=Coalesce(Sum("orders"), 0), ended=ended)
    return counts["all"], counts["ended"]


def _usual_days(seller: int, window: Window) -> int | None:
    days = SellerShipping.objects.filter(seller=seller, day__range=(window.since, window.until))
    return usual(dict(days.values_list("took").annotate(all=Sum("orders"))))


def _typical() -> Decimal | None:
    enough = Seller.objects.filter(record_orders__gte=FEWEST_ORDERS)
    shares = [share(ended or 0, orders or 0) for ended, orders in enough.values_list("record_ended", "record_orders")]
    return typical([one for one in shares if one is not None])
