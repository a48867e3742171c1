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
from feeds.refusals import Fault, FileRefused, RecordRefused
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
MOMENTS = ("placed_at", "paid_at", "shipped_at", "delivered_at", "cancelled_at")
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
REVISION = 2  # no refund is called due for its amount alone
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
        """Make one document of the rows of an order; what is said of the order stands on each of them."""
        order = _Row(records[0], self.options)
        rows = [order, *(_Row(record, self.options) for record in records[1:])]
        fields = order.order()
        is_cancelled = fields["status"] == Status.CANCELLED
        lines = [row.line(is_of_cancelled=is_cancelled) for row in rows]
        if found := [fault for row in rows for fault in row.faults]:
            raise RecordRefused(found)
        try:
            return OrderDocument.model_validate({**fields, "lines": lines})
        except ValidationError as error:
            row = records[0].row
            raise RecordRefused(
                [Fault(row, _column(field), sentence) for field, sentence in faults_of(error)]
            ) from error


class _Row:
    """One row, read."""

    def __init__(self, record: Record, options: Options) -> None:
        self.record = record
        self.options = options
        self.faults: list[Fault] = []

    def order(self) -> dict[str, Any]:
        label = self.text("payment_label")
        is_cash = method_of(label) == PaymentMethod.CASH_ON_DELIVERY
        status = self.read("status", _status)
        times = {name: self.read(name, self._moment) for name in MOMENTS}
        cancelled_at = times.pop("cancelled_at")
        cancellation = {**self._who_and_why(), "cancelled_at": cancelled_at}
        cancellation["was_charged"] = False if is_cash else bool(times["paid_at"]) or None
        return {
            "number": self.text("number"),
            "version": version_of(None, status, [time for time in (*times.values(), cancelled_at) if time], REVISION),
            "seller": {"name": self.options.seller},
            "buyer": {"external_id": self.text("buyer")} if self.text("buyer") else None,
            "status": Status.PREPARING if is_cash and status == Status.AWAITING_PAYMENT else status,
            "currency": self.options.currency,
            "total": self.read("total", cells.amount),
            "payment_method": method_of(label),
            "payment_label": label[:LONGEST_LABEL],
            **times,
            "paid_at": None if is_cash else times["paid_at"],
            "carrier": self.text("carrier"),
            "tracking_number": self.text("tracking_number"),
            "cancellation": cancellation if status == Status.CANCELLED else None,
        }

    def line(self, *, is_of_cancelled: bool) -> dict[str, Any]:
        quantity = self.read("quantity", cells.whole_number)
        is_part = self.text("kind") == IS_CANCELLED and not is_of_cancelled
        return {
            **{name: self.text(name) for name in ("title", "variant", "sku")},
            "quantity": quantity,
            "unit_price": self.read("unit_price", cells.amount),
            **({"cancelled_quantity": quantity, "cancellation": self._who_and_why()} if is_part else {}),
        }

    def text(self, name: str) -> str:
        return cells.present(self.record.cells.get(name, ""))

    def read[T](self, name: str, reader: Callable[[str], T]) -> T | None:
        text = self.text(name)
        try:
            return reader(text) if text or name in NEEDED else None
        except ValueError as error:
            self.faults.append(Fault(self.record.row, COLUMNS[name], str(error)))
            return None

    def _who_and_why(self) -> dict[str, Any]:
        return {"source": source_of(self.text("source"), SOURCES), "raw_reason": self.text("reason")}

    def _moment(self, text: str) -> datetime:
        try:
            return datetime.strptime(text, WHEN).replace(tzinfo=self.options.zone)
        except ValueError:
            raise ValueError("It must be a date and time, as in 23/11/2026 09:00:00.") from None


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
