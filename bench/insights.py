"""Counting a seller's orders live beside reading the summary, side by side in one run.

    CANDOR_ENV=test .venv/bin/python bench/insights.py 10000 100000        (SQLite, in memory)
    CANDOR_ENV=test bin/with-postgresql .venv/bin/python bench/insights.py 10000 100000 1000000

One seller has that many orders in 90 days, 5 % of them cancelled. What counts are the ratios, not the milliseconds.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("CANDOR_ENV", "test")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cancellations.loading import load_catalogue
from cancellations.models import Cancellation, Reason
from insights.counting import count_days
from insights.pages.figures import Figures
from insights.pages.selling import SellerInsight
from insights.refreshing import rebuild, refresh
from insights.windows import Window
from orders.models import Event, Order, Seller

BATCH = 10_000
CANCELLED_EVERY = 20
ROUNDS = 7


def main(sizes: list[int]) -> None:
    """Measure each size in a database of its own, one after the other."""
    call_command("migrate", verbosity=0)
    load_catalogue()
    print(f"{connection.vendor}: milliseconds, median of {ROUNDS}")
    print(f"{'orders':>10} {'live':>9} {'summary':>9} {'ratio':>7} {'page':>7} {'one event':>10} {'rebuild':>9}")
    for size in sizes:
        seller = Seller.objects.create(name=f"Seller of {size}", slug=f"seller-{size}")
        fill(seller, size)
        measure(seller, size)


def fill(seller: Seller, size: int) -> None:
    """Give the seller orders, spread evenly over 90 days."""
    reasons = list(Reason.objects.filter(by_seller=True))
    now = timezone.now()
    for begin in range(0, size, BATCH):
        numbers = range(begin, min(begin + BATCH, size))
        ended = [n for n in numbers if n % CANCELLED_EVERY == 0]
        made = Cancellation.objects.bulk_create(
            Cancellation(
                source="seller",
                requested_by="seller",
                reason=reasons[n // CANCELLED_EVERY % len(reasons)],
                wording_version=1,
                cancelled_at=now,
            )
            for n in ended
        )
        cancellations = dict(zip(ended, made, strict=True))
        Order.objects.bulk_create(
            Order(
                number=f"{seller.pk}-{n}",
                seller=seller,
                status="cancelled" if n in cancellations else "delivered",
                currency="EUR",
                total=10,
                placed_at=now - timedelta(minutes=1 + n * 89 * 1440 / size),
                cancellation=cancellations.get(n),
            )
            for n in numbers
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def measure(seller: Seller, size: int) -> None:
    """Print one line."""
    rebuilt = timed(rebuild, rounds=1)
    window = Window.of_days(90, until=timezone.localdate())
    live = timed(lambda: count_days(seller.pk, window))
    summary = timed(lambda: Figures(seller, window).rows)
    page = timed(lambda: SellerInsight(seller, days=90).tables)
    event = timed(lambda: refresh_one(seller))
    ratio = live / summary
    print(f"{size:>10,} {live:>9.1f} {summary:>9.2f} {ratio:>6.0f}x {page:>7.1f} {event:>10.1f} {rebuilt:>9.0f}")


def refresh_one(seller: Seller) -> None:
    """Let one order change, and bring the summary up to date."""
    order = Order.objects.filter(seller=seller).latest("listed_at")
    Event.objects.create(order=order, kind=Event.Kind.CHANGED, actor="system")
    refresh()


def timed(act: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """Return the median of some runs, in milliseconds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
