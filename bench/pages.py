"""My Orders and an order's page for buyers with few and with very many orders, among a million of others.

    .venv/bin/python bench/pages.py                                 20,000 orders, SQLite in memory
    bin/with-postgresql .venv/bin/python bench/pages.py 1000000     buyers with 10, 10,000 and 100,000 of them

What counts: a page's statements must not grow, and the buffers of 8 KB that they touch (PostgreSQL) hardly.
"""

import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("CANDOR_ENV", "test")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT_MS", "0")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

django.setup()

from itertools import batched

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from statements import ROUNDS, asked, timed

from accounts.models import User
from cancellations.loading import load_catalogue
from cancellations.models import Cancellation, Reason
from foundation.inserting import insert
from orders.models import Order, OrderLine, Seller
from orders.searching import search_text_of

SHARES = (100_000, 1_000, 10)  # the buyers' orders are so many of a million
BATCH = 10_000
CANCELLED_EVERY = 5
TITLE = "Brass floor lamp, model {}"


def main(count: int) -> None:
    """Fill the database, and print a line for each buyer and page."""
    call_command("migrate", verbosity=0)
    load_catalogue()
    sizes = sorted({10, max(10, count // 100), max(10, count // 10)})
    buyers = [User.objects.create(external_id=f"measured-{size}") for size in sizes]
    others = User.objects.bulk_create(User(external_id=f"other-{n}") for n in range(max(1, count // 50)))
    fill([*zip(buyers, sizes, strict=True)], others, count)
    print(f"{connection.vendor}, {count:,} orders; milliseconds, median of {ROUNDS}")
    print(f"{'page':34}{'orders':>9}{'statements':>12}{'buffers':>9}{'ms':>9}")
    for buyer, size in zip(buyers, sizes, strict=True):
        measure(buyer, size)


def fill(buyers: list[tuple[User, int]], others: list[User], count: int) -> None:
    """Give each buyer that many orders over two years, and the rest to the others."""
    seller = Seller.objects.create(name="Casa Lucera", slug="casa-lucera")
    reason = Reason.objects.filter(by_seller=True).order_by("code")[0]
    numbers = range(count)
    for some in batched(zip(numbers, _owners(buyers, others), strict=False), BATCH):
        _write(
            [(n, owner, _cancellation(reason) if n % CANCELLED_EVERY == 0 else None) for n, owner in some],
            seller,
            count,
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _owners(buyers: list[tuple[User, int]], others: list[User]) -> Iterator[User]:
    """Say whose each order is, so that the orders of one lie scattered as they do where time has passed."""
    left = dict(buyers)
    place = 0
    while True:
        for buyer in [buyer for buyer, some in left.items() if some]:
            left[buyer] -= 1
            yield buyer
        for _ in range(8):
            place += 1
            yield others[place % len(others)]


def _cancellation(reason: Reason) -> Cancellation:
    return Cancellation(source="seller", requested_by="seller", reason=reason, wording_version=1, cancelled_at=NOW)


@transaction.atomic
def _write(rows: list[tuple[int, User, Cancellation | None]], seller: Seller, count: int) -> None:
    insert([cancellation for _, _, cancellation in rows if cancellation])
    orders = [
        _order(n, owner, seller, cancellation, NOW - timedelta(minutes=n * 1_050_000 / count))
        for n, owner, cancellation in rows
    ]
    insert(orders)
    insert([_line(order) for order in orders])


def _order(n: int, owner: User, seller: Seller, cancellation: Cancellation | None, placed_at: datetime) -> Order:
    return Order(
        number=f"A-{n}",
        buyer=owner,
        seller=seller,
        status="cancelled" if cancellation else "delivered",
        currency="EUR",
        total=10,
        placed_at=placed_at,
        cancellation=cancellation,
        search_text=search_text_of(f"A-{n}", seller.name, [TITLE.format(n % 97)]),
    )


def _line(order: Order) -> OrderLine:
    taken = {"cancellation": order.cancellation, "cancelled_quantity": 1} if order.cancellation else {}
    return OrderLine(order=order, position=1, title=TITLE.format(order.pk % 97), quantity=1, **taken)


def measure(buyer: User, size: int) -> None:
    """Print a line for each page."""
    client = Client()
    client.force_login(buyer)
    newest = buyer.orders.latest("listed_at").number
    oldest = buyer.orders.earliest("listed_at").listed_at
    for title, address in (
        ("My Orders", "/orders/"),
        ("My Orders, cancelled", "/orders/?status=cancelled"),
        ("My Orders, two words searched", "/orders/?q=brass+lamp"),
        ("My Orders, the oldest", f"/orders/?until={oldest + timedelta(days=1):%Y-%m-%d}"),
        ("an order", f"/orders/{newest}/"),
        ("insights of the buyer", "/insights/?period=all"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)  # noqa: S101
        question = asked(lambda address=address: client.get(address))
        took = timed(lambda address=address: client.get(address))
        print(f"{title:34}{size:>9,}{question.statements:>12}{question.buffers:>9,}{took:>9.1f}", flush=True)


NOW = timezone.now()

if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "").replace("_", "")) if sys.argv[1:] else 20_000)
