"""A real shop's exports of a year (../shared/data): what is known after importing them."""

from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from cancellations.models import Cancellation, Refund
from feeds.formats import Options
from feeds.formats.shopee import FORMAT
from orders.documents import OrderDocument
from orders.models import Event, Order, OrderLine
from orders.recording import What, record_orders

SHOP = "Kệ Gỗ TopV"
OF_THIS_DATABASE = {"id", "recorded_at", "listed_at", "buyer", "seller", "cancellation"}
ELSEWHERE = (
    "buyer__external_id",
    "seller__name",
    "cancellation__source",
    "cancellation__reason__code",
    "cancellation__raw_reason",
)
LINE = ("position", "title", "variant", "sku", "quantity", "unit_price", "cancelled_quantity")


@pytest.fixture(scope="module")
def exports(data_dir: Path) -> list[Path]:
    """The twelve months."""
    return sorted((data_dir / "shopee-vn").glob("*.xlsx"))


@pytest.fixture(scope="module")
def summary(django_db_setup: None, django_db_blocker: DjangoDbBlocker, exports: list[Path]) -> Iterator[list[str]]:
    """Import the year once, for all tests of this module, and return what the command said."""
    with django_db_blocker.unblock(), transaction.atomic():
        said = StringIO()
        call_command("import_orders", *exports, format="shopee", seller=SHOP, stdout=said)
        yield said.getvalue().splitlines()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def months(exports: list[Path]) -> list[list[OrderDocument]]:
    """The documents of each month."""
    return [read(path) for path in exports]


def read(path: Path) -> list[OrderDocument]:
    export = FORMAT(Options(seller=SHOP))
    records = sorted(export.records(path))
    return [export.document(list(group)) for _, group in groupby(records, key=lambda record: record.key)]


def record(months: list[list[OrderDocument]]) -> Counter[What]:
    return Counter(outcome.what for month in months for outcome in record_orders(month, origin="shopee"))


@pytest.fixture
def imported(summary: list[str], db: None) -> None:
    """Look into the database that knows the year."""


def test_the_command_takes_every_order_and_understands_every_reason(summary):
    assert summary == [
        "Orders: 4,495 (4,495 new, 0 changed, 0 unchanged, 0 stale, 0 refused)",
        "Cancelled: 959 (747 by the buyer, 10 by the seller, 202 by the system, 0 by somebody unknown)",
        "Reasons not understood: 0",
    ]


def test_what_is_known_afterwards(imported):
    assert (Order.objects.count(), OrderLine.objects.count()) == (4495, 6052)
    cancelled = Order.objects.filter(status=Order.Status.CANCELLED)
    sources = Counter(cancelled.values_list("cancellation__source", flat=True))
    assert sources == {"buyer": 747, "seller": 10, "system": 202}
    assert not Cancellation.objects.filter(reason__code="not_stated").exists()


def test_nobody_is_blamed_because_a_reason_mentions_them(imported):
    mentions_the_seller = Cancellation.objects.filter(raw_reason__istartswith="người bán")
    assert set(mentions_the_seller.values_list("source", "reason__code")) == {
        ("buyer", "seller_unresponsive"),
        ("system", "seller_did_not_respond"),
        ("system", "seller_did_not_ship"),
    }


def test_what_the_files_do_not_say_is_missing(imported):
    assert Order.objects.filter(buyer=None).exists()
    assert not Cancellation.objects.filter(cancelled_at__isnull=False).exists()
    assert not Refund.objects.exists()


def test_cash_on_delivery_was_never_paid(imported):
    cash = Order.objects.filter(payment_method="cash_on_delivery")
    assert cash.count() == 2913
    assert not cash.filter(paid_at__isnull=False).exists()


def test_an_item_that_was_bought_twice_is_there_twice(imported):
    lines = Counter(OrderLine.objects.values_list("order", "title", "variant", "sku", "quantity", "unit_price"))
    assert sum(count - 1 for count in lines.values()) == 31


def test_a_second_time_changes_nothing(imported, months):
    before = known(), Event.objects.count()
    assert record(months) == {What.UNCHANGED: 4495}
    assert (known(), Event.objects.count()) == before


def test_the_months_end_alike_in_any_order(imported, months):
    in_order = known()
    for table in (Event, OrderLine, Order, Cancellation):
        table.objects.all().delete()
    assert record([months[place] for place in (7, 2, 11, 0, 9, 5, 3, 10, 1, 8, 4, 6)]) == {What.NEW: 4495}
    assert known() == in_order


def known() -> list[tuple[Any, ...]]:
    """Return all that is known of orders but what differs from one database to the next."""
    fields = [field.name for field in Order._meta.concrete_fields if field.name not in OF_THIS_DATABASE]
    orders = Order.objects.order_by("number").values_list(*fields, *ELSEWHERE)
    lines = OrderLine.objects.order_by("order__number", "position").values_list("order__number", *LINE)
    return [*orders, *lines]
