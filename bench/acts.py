"""One act on one database, in a process of its own: prints what it took, as JSON. bench/imports.py runs these.

bench/acts.py import FILE        import it
bench/acts.py dump FOLDER        write all rows into files, as COPY reads them
bench/acts.py copy FOLDER        COPY them into empty tables (SQLite: INSERT ... SELECT from the other file)
bench/acts.py fixture FILE       write all rows as loaddata reads them
bench/acts.py loaddata FILE      load them, one save per row, in one transaction
bench/acts.py loop FILE          import it as a loop that people write: look, save, commit, row by row
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from itertools import batched, groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection, models, transaction

from accounts.models import User
from cancellations.mapping import ReasonBook
from cancellations.models import Cancellation, Refund
from feeds.connecting import connect_feed
from feeds.formats import Options
from feeds.formats.shopee import FORMAT
from feeds.importing import Import
from orders.documents import OrderDocument
from orders.models import Event, Order, OrderLine, Seller
from orders.recording import record_orders

SELLER = "Bench"
# A row points only at rows of a table before its own, and at the catalogue.
TABLES: list[type[models.Model]] = [User, Seller, Cancellation, Order, OrderLine, Refund, Event]


def act_import(path: Path) -> None:
    """Import the file as `manage.py import_orders` does."""
    Import(path, FORMAT(Options(seller=SELLER))).carry_out()


def act_dump(folder: Path) -> None:
    """Write the rows of every table into a file, where there is a server that reads such files."""
    for table in TABLES if connection.vendor == "postgresql" else ():
        with (
            (folder / table._meta.db_table).open("wb") as file,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {_target(table)} TO STDOUT") as rows,
        ):
            file.writelines(rows)


def act_copy(folder: Path) -> None:
    """Put the rows where they belong by the database's own quickest way, in one transaction."""
    if connection.vendor == "postgresql":
        _copy_from_files(folder)
    else:
        _copy_from_database(folder)


@transaction.atomic
def _copy_from_files(folder: Path) -> None:
    for table in TABLES:
        with (
            (folder / table._meta.db_table).open("rb") as file,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {_target(table)} FROM STDIN") as rows,
        ):
            while block := file.read(1_000_000):
                rows.write(block)


def _copy_from_database(file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ATTACH %s AS source", [str(file)])
        with transaction.atomic():
            for table in TABLES:
                fields, name = _fields(table), table._meta.db_table
                cursor.execute(f'INSERT INTO main."{name}" ({fields}) SELECT {fields} FROM source."{name}"')  # noqa: S608


def _target(table: type[models.Model]) -> str:
    return f'"{table._meta.db_table}" ({_fields(table)})'


def _fields(table: type[models.Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in table._meta.concrete_fields if not field.generated)


def act_fixture(path: Path) -> None:
    """Write the rows as a fixture."""
    call_command("dumpdata", *(table._meta.label for table in TABLES), format="jsonl", output=str(path), verbosity=0)


def act_loaddata(path: Path) -> None:
    """Load a fixture."""
    call_command("loaddata", str(path), verbosity=0)


def act_loop(path: Path) -> None:
    """Look up and save row by row, each in a transaction of its own."""
    book = ReasonBook.load(FORMAT.origin)
    for document in _documents(path):
        _save(document, book)


def act_batches(path: Path) -> None:
    """Record 500 documents at once."""
    for lines in batched(path.read_text().splitlines(), 500):
        record_orders([OrderDocument.model_validate_json(line) for line in lines], origin=SELLER)


def act_singles(path: Path) -> None:
    """Record one document at once."""
    for line in path.read_text().splitlines():
        record_orders([OrderDocument.model_validate_json(line)], origin=SELLER)


def act_feed(name: Path) -> dict[str, str]:
    """Make a feed."""
    return {"secret": connect_feed(slug=str(name), name=SELLER).secret}


def _documents(path: Path) -> Iterator[OrderDocument]:
    form = FORMAT(Options(seller=SELLER))
    for _, records in groupby(sorted(form.records(path)), key=lambda record: record.key):
        yield form.document(list(records))


def _save(document: OrderDocument, book: ReasonBook) -> None:
    seller, _ = Seller.objects.get_or_create(name=document.seller.name, defaults={"slug": "bench"})
    buyer, _ = User.objects.get_or_create(external_id=document.buyer.external_id if document.buyer else "nobody")
    order, _ = Order.objects.get_or_create(
        number=document.number, defaults={"status": "preparing", "seller": seller, "buyer": buyer}
    )
    for field in ("currency", "total", "payment_method", "placed_at", "paid_at", "shipped_at", "tracking_number"):
        setattr(order, field, getattr(document, field))
    if said := document.cancellation:
        reason = book.understand(said.source, raw=said.raw_reason).reason
        order.cancellation = Cancellation.objects.create(
            origin="shopee",
            source=said.source,
            requested_by=said.source,
            reason=reason,
            raw_reason=said.raw_reason,
            wording_version=1,
        )
    order.status = document.status
    order.save()
    for position, line in enumerate(document.lines, 1):
        item, _ = OrderLine.objects.get_or_create(
            order=order, position=position, defaults={"title": line.title, "quantity": line.quantity}
        )
        item.variant, item.sku, item.unit_price = line.variant, line.sku, line.unit_price
        if order.cancellation:
            item.cancellation, item.cancelled_quantity = order.cancellation, item.quantity
        item.save()
    Event.objects.create(order=order, kind=Event.Kind.RECORDED, actor="unknown")
    if order.cancellation:
        Event.objects.create(order=order, kind=Event.Kind.CANCELLED, actor=order.cancellation.source)


def main(name: str, path: Path) -> None:
    """Carry out the act, and print what it took and how many rows there are now."""
    connection.ensure_connection()
    began, worked = time.perf_counter(), sum(os.times()[:4])
    said = globals()[f"act_{name}"](path) or {}
    took = {"seconds": time.perf_counter() - began, "processor": sum(os.times()[:4]) - worked}
    rows = {table._meta.model_name: table._default_manager.count() for table in TABLES}
    print(json.dumps({**took, **rows, **said}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
