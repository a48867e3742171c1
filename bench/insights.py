"""Counting a seller's orders live beside reading the summary, side by side in one run.

    CANDOR_ENV=test .venv/bin/python bench/insights.py 10000 100000        (SQLite, in memory)
    CANDOR_ENV=test bin/with-postgresql .venv/bin/python bench/insights.py 10000 100000 1000000

One seller has that many orders in 90 days, 5 % of them cancelled. What counts are the ratios, not the milliseconds;
a page's statements and the buffers of 8 KB that they touch (PostgreSQL) are the same on every machine.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("CANDOR_ENV", "test")
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT_MS", "0")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from statements import ROUNDS, asked, timed

from cancellations.loading import load_catalogue
from cancellations.models import Cancellation, Reason
from foundation.inserting import insert
from insights.counting import count_days
from insights.pages.figures import Figures
from insights.pages.selling import SellerInsight
from insights.refreshing import rebuild, refresh
from insights.windows import Window
from orders.models import Event, Order, Seller

BATCH = 10_000
CANCELLED_EVERY = 20


def main(sizes: list[int]) -> None:
    """Measure each size in a database of its own, one after the other."""
    call_command("migrate", verbosity=0)
    load_catalogue()
    print(
        f"{connection.vendor}: milliseconds, median of {ROUNDS}; buffers of live counting, of the summary, of the page"
    )
    print(
        f"{'orders':>10} {'live':>9} {'summary':>9} {'ratio':>7} {'page':>7} {'one event':>10} {'rebuild':>9}"
        f" {'statements':>11} {'buffers':>23}"
    )
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
        made = [
            Cancellation(
                source="seller",
                requested_by="seller",
                reason=reasons[n // CANCELLED_EVERY % len(reasons)],
                wording_version=1,
                cancelled_at=now,
            )
            for n in ended
        ]
        cancellations = dict(zip(ended, made, strict=True))
        placed = {n: now - timedelta(minutes=1 + n * 89 * 1440 / size) for n in numbers}
        with transaction.atomic():
            insert(made)
            insert([_order(seller, n, cancellations.get(n), placed[n]) for n in numbers])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _order(seller: Seller, n: int, cancellation: Cancellation | None, placed_at: datetime) -> Order:
    return Order(
        number=f"{seller.pk}-{n}",
        seller=seller,
        status="cancelled" if cancellation else "delivered",
        currency="EUR",
        total=10,
        placed_at=placed_at,
        cancellation=cancellation,
    )


def measure(seller: Seller, size: int) -> None:
    """Print one line."""
    rebuilt = timed(rebuild, rounds=1)
    window = Window.of_days(90, until=timezone.localdate())
    acts = (
        lambda: count_days(seller.pk, window),
        lambda: Figures(seller, window).rows,
        lambda: SellerInsight(seller, days=90).tables,
    )
    live, summary, page = (timed(act) for act in acts)
    questions = [asked(act) for act in acts]
    event = timed(lambda: refresh_one(seller))
    buffers = " ".join(f"{question.buffers:>7,}" for question in questions)
    print(
        f"{size:>10,} {live:>9.1f} {summary:>9.2f} {live / summary:>6.0f}x {page:>7.1f} {event:>10.1f} {rebuilt:>9.0f}"
        f" {questions[-1].statements:>11} {buffers}"
    )


def refresh_one(seller: Seller) -> None:
    """Let one order change, and bring the summary up to date."""
    order = Order.objects.filter(seller=seller).latest("listed_at")
    Event.objects.create(order=order, kind=Event.Kind.CHANGED, actor="system")
    refresh()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
