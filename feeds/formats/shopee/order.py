"""The rows of one order in a Shopee export: what they say together, and what is wrong with them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from cancellations.terms import PaymentMethod
from feeds import cells
from feeds.formats import Record
from feeds.formats.shopee import reading
from feeds.formats.shopee.words import NEEDED, Edition
from feeds.refusals import Fault, RecordRefused, other_than
from orders.documents import OrderDocument
from orders.faults import faults_of
from orders.models import Order

Status = Order.Status

# To be raised whenever the same file is to be read differently: then the newer reading wins over the recorded one.
REVISION = 1
# An export says what an order has come to, not when it changed: the further on, the newer.
RANKS = [Status.AWAITING_PAYMENT, Status.PREPARING, Status.SHIPPED, Status.DELIVERED, Status.CANCELLED]
# Which column a field of the document comes from.
COLUMNS = {
    "placed_at": "placed",
    "paid_at": "paid",
    "shipped_at": "shipped",
    "payment_label": "method",
    "tracking_number": "tracking",
    "buyer.external_id": "buyer",
    "cancellation.raw_reason": "reason",
    "unit_price": "price",
}
# An order may leave in several parcels; then there is no single answer, and none is given.
OF_A_PARCEL = {"carrier", "tracking", "ship_by", "shipped"}
LONGEST_LABEL = 64


class ExportedOrder:
    """The rows of one order."""

    def __init__(self, records: Sequence[Record], *, edition: Edition, titles: Mapping[str, str], zone: tzinfo) -> None:
        self.records = records
        self.edition = edition
        self.titles = titles
        self.zone = zone
        self.faults: list[Fault] = []

    def document(self, *, seller: str, currency: str) -> OrderDocument:
        """Make the document. Raise RecordRefused with everything that is wrong."""
        facts = self._facts()
        lines = [self._line_facts(record) for record in self.records]
        if self.faults:
            raise RecordRefused(self.faults)
        try:
            return OrderDocument.model_validate(
                {**facts, "seller": {"name": seller}, "currency": currency, "lines": lines}
            )
        except ValidationError as error:
            raise RecordRefused([self._fault(field, sentence) for field, sentence in faults_of(error)]) from error

    # What the order says

    def _facts(self) -> dict[str, Any]:
        label = self._stated("method")
        method = reading.method_of(label)
        is_cash = method == PaymentMethod.CASH_ON_DELIVERY
        status = self._read("status", lambda text: reading.status_of(text, self.edition)) or Status.AWAITING_PAYMENT
        times = {column: self._moment(column) for column in ("placed", "paid", "shipped", "completed")}
        # A time of payment on a cash-on-delivery order is not a payment: no money has moved.
        paid_at = None if is_cash else times["paid"]
        return {
            "number": self.records[0].cells["number"],
            "version": _version(status, times.values()),
            "buyer": self._buyer(),
            # Cash on delivery never waits for a payment; the export calls it so until the order is confirmed.
            "status": Status.PREPARING if is_cash and status == Status.AWAITING_PAYMENT else status,
            "total": self._total(is_cancelled=status == Status.CANCELLED),
            "payment_method": method,
            "payment_label": label[:LONGEST_LABEL],
            "placed_at": times["placed"],
            "paid_at": paid_at,
            "ship_by": self._moment("ship_by"),
            "shipped_at": times["shipped"],
            "carrier": reading.carrier_of(self._stated("carrier")),
            "tracking_number": self._stated("tracking"),
            "cancellation": self._cancellation(is_cash, paid_at) if status == Status.CANCELLED else None,
        }

    def _buyer(self) -> dict[str, str] | None:
        name = self._stated("buyer")
        return {"external_id": name} if name else None

    def _total(self, *, is_cancelled: bool) -> Decimal | None:
        total = self._read("total", self._amount)
        # Nothing in total: what has been paid for a cancelled order, not what it came to.
        return None if is_cancelled and not total else total

    def _cancellation(self, is_cash: bool, paid_at: datetime | None) -> dict[str, Any]:
        source, words = reading.who_and_why(self._stated("reason"), self.edition)
        # Without a time of payment it is not known whether money was taken; with cash on delivery it never was.
        return {"source": source, "raw_reason": words, "was_charged": False if is_cash else bool(paid_at) or None}

    def _line_facts(self, record: Record) -> dict[str, Any]:
        def cell(column: str) -> str:
            return cells.present(record.cells.get(column, ""))

        return {
            "title": cell("title"),
            "variant": cell("variant"),
            "sku": cell("variant_sku") or cell("sku"),
            "quantity": self._read_cell(record, "quantity", cells.whole_number),
            "unit_price": self._read_cell(record, "price", self._amount) if cell("price") else None,
        }

    # How it says it

    def _stated(self, column: str) -> str:
        """Return what all rows that say anything say of the order; a row that says something else is a fault."""
        stated = [(record, cells.present(record.cells.get(column, ""))) for record in self.records]
        stated = [(record, text) for record, text in stated if text]
        others = [(record, text) for record, text in stated if text != stated[0][1]]
        if others and column in OF_A_PARCEL:
            return ""
        for record, _ in others:
            first = stated[0][0].row
            self._find(record, column, other_than(first))
        return stated[0][1] if stated else ""

    def _read[T](self, column: str, reader: Callable[[str], T]) -> T | None:
        text = self._stated(column)
        if not text and column not in NEEDED:
            return None
        try:
            return reader(text)
        except ValueError as error:
            self._find(self.records[0], column, str(error))
            return None

    def _read_cell[T](self, record: Record, column: str, reader: Callable[[str], T]) -> T | None:
        try:
            return reader(record.cells[column])
        except ValueError as error:
            self._find(record, column, str(error))
            return None

    def _moment(self, column: str) -> datetime | None:
        return self._read(column, lambda text: cells.moment(text, self.zone))

    def _amount(self, text: str) -> Decimal:
        return cells.amount(text, grouped_by=self.edition.grouped_by, in_thousands=self.edition.in_thousands)

    # What is wrong with it

    def _find(self, record: Record, column: str, sentence: str) -> None:
        self.faults.append(Fault(record.row, self.titles.get(column, column), sentence))

    def _fault(self, field: str, sentence: str) -> Fault:
        """Say where in the table a fault of the document stands."""
        first, _, rest = field.partition(".")
        place, _, name = rest.partition(".")
        record = self.records[int(place) - 1] if first == "lines" and place.isdigit() else self.records[0]
        column = COLUMNS.get(name or field, name or field)
        return Fault(record.row, self.titles.get(column, column), sentence)


def _version(status: Order.Status, times: Iterable[datetime | None]) -> int:
    """Return how new the statement is, by itself: how far the order has come, when last, and how it was read."""
    last = max((int(time.timestamp()) for time in times if time), default=0)
    return (RANKS.index(status) * 10**11 + max(last, 0)) * 100 + REVISION
