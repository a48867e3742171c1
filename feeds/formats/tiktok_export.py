"""The order export of TikTok Shop's Seller Centre: one row per item, a row of descriptions under the header."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cancellations.terms import PaymentMethod, Source
from feeds import cells
from feeds.formats import Format, OptionRefused, Options, Record
from feeds.payloads import LONGEST_LABEL, Status, method_of, source_of, version_of
from feeds.refusals import Fault, FileRefused, RecordRefused, other_than
from feeds.tables import Header, read_table
from orders.documents import OrderDocument
from orders.faults import faults_of

COLUMNS = {
    "number": "Order ID",
    "status": "Order Status",
    "kind": "Cancelation/Return Type",
    "source": "Cancel By",
    "reason": "Cancel Reason",
    "cancelled_at": "Cancelled Time",
    "placed_at": "Created Time",
    "paid_at": "Paid Time",
    "shipped_at": "Shipped Time",
    "delivered_at": "Delivered Time",
    "total": "Order Amount",
    "payment_label": "Payment Method",
    "buyer": "Buyer Username",
    "carrier": "Shipping Provider Name",
    "tracking_number": "Tracking ID",
    "title": "Product Name",
    "variant": "Variation",
    "sku": "Seller SKU",
    "unit_price": "SKU Unit Original Price",
    "quantity": "Quantity",
}
NEEDED = ("number", "status", "source", "reason", "title", "quantity")
MOMENTS = ("placed_at", "paid_at", "shipped_at", "delivered_at")
# An order may leave in several parcels; then there is no single answer, and none is given.
OF_A_PARCEL = {"shipped_at", "delivered_at", "carrier", "tracking_number"}
WHEN = "%d/%m/%Y %H:%M:%S"
# English, and Thai as sellers there get it.
STATUSES = {
    "unpaid": Status.AWAITING_PAYMENT,
    "ค้างชำระ": Status.AWAITING_PAYMENT,
    "to ship": Status.PREPARING,
    "ที่จะจัดส่ง": Status.PREPARING,
    "shipped": Status.SHIPPED,
    "จัดส่งแล้ว": Status.SHIPPED,
    "delivered": Status.DELIVERED,
    "completed": Status.DELIVERED,
    "เสร็จสมบูรณ์": Status.DELIVERED,
    "canceled": Status.CANCELLED,
    "cancelled": Status.CANCELLED,
    "ยกเลิกแล้ว": Status.CANCELLED,
}
SOURCES = {
    "buyer": Source.BUYER,
    "user": Source.BUYER,
    "seller": Source.SELLER,
    "system": Source.SYSTEM,
    "operator": Source.SYSTEM,
}
REVISION = 3  # who, why and when of each row
IS_CANCELLED = "Cancel"  # of one item, in the column of kinds; the other kind is a return


class TikTokExport(Format):
    """An export says neither its shop, nor its time zone, nor its currency.

    Its Order Refund Amount has no state beside it, and is not read: nothing is called due for its amount alone.
    """

    name = "tiktok-export"
    origin = "tiktok"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        if not (options.seller and options.zone and options.currency):
            raise OptionRefused(
                "A TikTok Shop export does not say its shop, time zone and currency: "
                "give --seller, --time-zone (as in +07:00) and --currency (as in VND)."
            )

    @classmethod
    def recognises(cls, sample: Any) -> bool:
        """Tell by the header."""
        return isinstance(sample, Header) and {COLUMNS[name] for name in NEEDED} <= set(sample)

    def records(self, path: Path) -> Iterator[Record]:
        """Read the rows under the header and its descriptions."""
        rows = read_table(path)
        header = next(rows, None)
        places = _places(header.cells if header else ())
        for row in rows:
            said = {name: row.cells[place] if place < len(row.cells) else "" for name, place in places.items()}
            is_description = row.number == 2 and not said["number"].isdecimal()
            if any(said.values()) and not is_description:
                yield Record(said["number"] or f"row {row.number}", row.number, said)

    def document(self, records: Sequence[Record]) -> OrderDocument:
        """Make one document of the rows of an order; what is said of the order stands on each of them, and alike."""
        return _Order(records, self.options).document()


class _Order:
    """The rows of one order."""

    def __init__(self, records: Sequence[Record], options: Options) -> None:
        self.rows = [_Row(record, options) for record in records]
        self.options = options

    def document(self) -> OrderDocument:
        fields = self._fields()
        if found := [fault for row in self.rows for fault in row.faults]:
            raise RecordRefused(found)
        try:
            return OrderDocument.model_validate(fields)
        except ValidationError as error:
            row = self.rows[0].record.row
            raise RecordRefused(
                [Fault(row, _column(field), sentence) for field, sentence in faults_of(error)]
            ) from error

    def _fields(self) -> dict[str, Any]:
        label, buyer = self._stated("payment_label"), self._stated("buyer")
        is_cash = method_of(label) == PaymentMethod.CASH_ON_DELIVERY
        status = self._read("status", _status)
        times = {name: self._read(name, self.rows[0].moment) for name in MOMENTS}
        was_charged = False if is_cash else bool(times["paid_at"]) or None
        ended = [time for row in self.rows if (time := row.cancelled_at)]
        return {
            "number": self._stated("number"),
            "version": version_of(None, status, [time for time in (*times.values(), *ended) if time], REVISION),
            "seller": {"name": self.options.seller},
            "buyer": {"external_id": buyer} if buyer else None,
            "status": Status.PREPARING if is_cash and status == Status.AWAITING_PAYMENT else status,
            "currency": self.options.currency,
            "total": self._read("total", cells.amount),
            "payment_method": method_of(label),
            "payment_label": label[:LONGEST_LABEL],
            **times,
            "paid_at": None if is_cash else times["paid_at"],
            "carrier": self._stated("carrier"),
            "tracking_number": self._stated("tracking_number"),
            **self._ending(status, was_charged=was_charged),
        }

    def _ending(self, status: Status | None, *, was_charged: bool | None) -> dict[str, Any]:
        """Say of the order what all its cancelled rows say; where they differ, each keeps its own."""
        is_cancelled = status == Status.CANCELLED
        ended = [row for row in self.rows if (any(row.who_and_why) if is_cancelled else row.is_part)]
        said = {row.who_and_why for row in ended}
        own = ended if len(said) > 1 or not is_cancelled else []
        [(source, reason)] = said if len(said) == 1 else [("", "")]
        times = [time for row in self.rows if (time := row.cancelled_at)]
        order = _cancellation(source, reason, max(times, default=None), was_charged=was_charged)
        return {
            "cancellation": order if is_cancelled else None,
            "lines": [row.line(is_own=row in own, was_charged=was_charged) for row in self.rows],
        }

    def _stating(self, name: str) -> "_Row | None":
        """Return the first row that says it of the order; a row that says something else is a fault."""
        stating = [row for row in self.rows if row.text(name)]
        others = [row for row in stating if row.text(name) != stating[0].text(name)]
        if others and name in OF_A_PARCEL:
            return None
        for row in others:
            row.find(name, other_than(stating[0].record.row))
        return stating[0] if stating else None

    def _stated(self, name: str) -> str:
        row = self._stating(name)
        return row.text(name) if row else ""

    def _read[T](self, name: str, reader: Callable[[str], T]) -> T | None:
        row = self._stating(name)
        if row is None and name not in NEEDED:
            return None
        return (row or self.rows[0]).read(name, reader)  # which finds that what is needed is missing


class _Row:
    """One row, read."""

    def __init__(self, record: Record, options: Options) -> None:
        self.record = record
        self.options = options
        self.faults: list[Fault] = []
        self.who_and_why = (self.text("source"), self.text("reason"))
        self.is_part = self.text("kind") == IS_CANCELLED
        self.cancelled_at = self.read("cancelled_at", self.moment)

    def line(self, *, is_own: bool, was_charged: bool | None) -> dict[str, Any]:
        quantity = self.read("quantity", cells.whole_number)
        ending = _cancellation(*self.who_and_why, self.cancelled_at, was_charged=was_charged)
        return {
            **{name: self.text(name) for name in ("title", "variant", "sku")},
            "quantity": quantity,
            "unit_price": self.read("unit_price", cells.amount),
            **({"cancelled_quantity": quantity, "cancellation": ending} if is_own else {}),
        }

    def text(self, name: str) -> str:
        return cells.present(self.record.cells.get(name, ""))

    def read[T](self, name: str, reader: Callable[[str], T]) -> T | None:
        text = self.text(name)
        try:
            return reader(text) if text or name in NEEDED else None
        except ValueError as error:
            self.find(name, str(error))
            return None

    def find(self, name: str, sentence: str) -> None:
        self.faults.append(Fault(self.record.row, COLUMNS[name], sentence))

    def moment(self, text: str) -> datetime:
        try:
            return datetime.strptime(text, WHEN).replace(tzinfo=self.options.zone)
        except ValueError:
            raise ValueError("It must be a date and time, as in 23/11/2026 09:00:00.") from None


def _cancellation(source: str, reason: str, at: datetime | None, *, was_charged: bool | None) -> dict[str, Any]:
    return {
        "source": source_of(source, SOURCES),
        "raw_reason": reason,
        "cancelled_at": at,
        "was_charged": was_charged,
    }


def _places(header: Sequence[str]) -> dict[str, int]:
    missing = [COLUMNS[name] for name in NEEDED if COLUMNS[name] not in header]
    if missing:
        raise FileRefused(f"It has no column {', '.join(missing)}, which a TikTok Shop export has.")
    doubled = [title for title in COLUMNS.values() if list(header).count(title) > 1]
    if doubled:
        raise FileRefused(f"It has the column {doubled[0]} more than once.")
    return {name: list(header).index(title) for name, title in COLUMNS.items() if title in header}


def _status(text: str) -> Status:
    status = STATUSES.get(cells.key_of(text))
    if status is None:
        raise ValueError("This status is not known." if text else "It is missing.")
    return status


def _column(field: str) -> str:
    names = [name for name in field.split(".") if name in COLUMNS]
    return COLUMNS[names[-1]] if names else field or "order"


FORMAT = TikTokExport
