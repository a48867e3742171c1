"""TikTok Shop's orders (Order API 202309), with their cancellation records and cancelled lines where those come along.

A record of a cancellation, or of a line, says nothing of the order itself, and a document is the whole order: they are
read together with it, from the same file or message.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cancellations.terms import PaymentMethod, Source
from feeds.facts import Facts, facts_in, priced_in
from feeds.formats import Record
from feeds.payloads import PayloadFormat, Status, source_of
from feeds.refusals import Fault, RecordRefused
from foundation.numbers import is_order_number
from orders.documents import OrderDocument
from orders.models import CancellationRequest, Order

State = CancellationRequest.State
STATUSES = {
    "unpaid": Status.AWAITING_PAYMENT,
    "on_hold": Status.PREPARING,
    "awaiting_shipment": Status.PREPARING,
    "awaiting_collection": Status.PREPARING,
    "partially_shipping": Status.SHIPPED,
    "in_transit": Status.SHIPPED,
    "delivered": Status.DELIVERED,
    "completed": Status.DELIVERED,
    "cancelled": Status.CANCELLED,
}
# An operator is TikTok's own staff.
SOURCES = {"buyer": Source.BUYER, "seller": Source.SELLER, "system": Source.SYSTEM, "operator": Source.SYSTEM}
DONE = "CANCELLATION_REQUEST_COMPLETE"
# Who ended a request that is called cancelled, or completed, is not said: such a record is read as no request. None of
# its words says that a request was declined.
REQUESTS = {
    "CANCELLATION_REQUEST_PENDING": State.OPEN,
    "CANCELLATION_REQUEST_SUCCESS": State.APPROVED,
}
ALONE = "It says nothing of the order itself: send it together with its order."
RECORDS = "cancellations"  # where the records of an order are put for reading


def _updated(facts: Facts, path: str) -> datetime | None:
    """Read when the order or a record beside it was changed last."""
    times = [one.moment(path) for one in (facts, *facts.parts(RECORDS))]
    return max((time for time in times if time), default=None)


class TikTok(PayloadFormat):
    """Every line item of TikTok's is a single piece, so each is a line of its own."""

    name = "tiktok"
    origin = "tiktok"
    TITLE = "TikTok Shop's order"
    MARKS = ("status", "create_time", "line_items")
    ENVELOPES = ("data.orders", "data.cancellations", "orders", "cancellations", "raw")
    NUMBER = "id"
    UPDATED = (_updated, "update_time")
    REVISION = 4  # prices in another currency than the order's
    ORDER = {
        "number": (Facts.needed, "id"),
        "currency": (Facts.text, "payment.currency"),
        "total": (Facts.amount, "payment.total_amount"),
        "payment_label": (Facts.text, "payment_method_name"),
        "placed_at": (Facts.moment, "create_time"),
        "paid_at": (Facts.moment, "paid_time"),
        "ship_by": (Facts.moment, "rts_sla_time"),
        "delivered_at": (Facts.moment, "delivery_time"),
        "carrier": (Facts.text, "shipping_provider"),
        "tracking_number": (Facts.text, "tracking_number"),
    }
    BUYER = {"external_id": (Facts.text, "user_id"), "email": (Facts.text, "buyer_email")}
    LINES = "line_items"
    LINE = {
        "title": (Facts.needed, "product_name"),
        "variant": (Facts.text, "sku_name"),
        "sku": (Facts.text, "seller_sku"),
        "unit_price": (priced_in("currency"), "sale_price"),
    }

    @classmethod
    def recognises(cls, sample: Any) -> bool:
        """Tell by an order, or by the record of a cancellation."""
        first = next(cls.payloads(sample), None)
        is_record = isinstance(first, dict) and {"cancel_id", "order_id"} <= first.keys()
        return is_record or super().recognises(sample)

    @classmethod
    def payloads(cls, value: Any) -> Any:
        """Take orders and records out of TikTok's answers; a line that was laid aside keeps the id of its order."""
        for one in value if isinstance(value, list) else [value]:
            is_line = isinstance(one, dict) and isinstance(one.get("raw"), dict)
            yield from [{**one["raw"], "order_id": one.get("order_id")}] if is_line else super().payloads(one)

    def record(self, payload: Any, row: int) -> Record:
        """Lay a payload aside, under the number of the order that it is about."""
        laid = super().record(payload, row)
        number = Facts(payload).text("order_id") or laid.cells["number"]
        key = number if is_order_number(number) else laid.key
        return Record(key, row, {**laid.cells, "number": number})

    def document(self, records: Sequence[Record]) -> OrderDocument:
        """Make one document of the newest statement about the order and the records beside it."""
        said = [facts_in(record.cells["payload"], record.row, self.options.zone) for record in records]
        orders = [facts for facts in said if not facts.has("order_id")]
        if not orders:
            raise RecordRefused([Fault(records[0].row, "line_items", ALONE)])
        order = max(orders, key=lambda facts: facts.amount("update_time") or 0)
        beside = [facts.values for facts in said if facts.has("order_id")]
        together = _together(order.values, beside)
        return self.make(Facts(together, row=order.row, faults=order.faults, zone=order.zone))

    def asked_of(self, payload: Mapping[str, Any]) -> set[str]:
        """Name the fields of an order, or of a record or a line apart as if it stood in one."""
        if "order_id" not in payload:
            return {*super().asked_of(payload), "line_items.*.id"}
        place = RECORDS if "cancel_id" in payload else self.LINES
        asked = super().asked_of({place: [payload]})
        apart = {path.removeprefix(f"{place}.*.") for path in asked if path.startswith(f"{place}.*.")}
        return {*apart, "id", "cancel_id", "order_id"}

    def status(self, facts: Facts) -> Order.Status | None:
        """Read the status."""
        return facts.one_of("status", STATUSES)

    def method(self, facts: Facts, label: str) -> PaymentMethod:
        """Cash on delivery is said apart from the method's name."""
        return PaymentMethod.CASH_ON_DELIVERY if facts.flag("is_cod") else super().method(facts, label)

    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Take what the order says; where it is silent, its record, then its lines if they all say the same.

        A record names how much goes back, never how far it is: none is called due for that.
        """
        done = [record for record in facts.parts(RECORDS) if record.text("cancel_status") == DONE]
        record = done[-1] if done else Facts({})
        who, why = _order_says(facts)
        return {
            "source": source_of(who or record.text("role"), SOURCES),
            "raw_reason": record.text("cancel_reason") or why,
            "cancelled_at": facts.moment("cancel_time"),
            "was_charged": True if facts.moment("paid_time") else None,
        }

    def request(self, facts: Facts) -> dict[str, Any] | None:
        """Read the last record of what the buyer asked; a seller's own cancellation is no request."""
        by_buyer = [record for record in facts.parts(RECORDS) if record.text("role").casefold() == "buyer"]
        record = max(by_buyer, key=lambda one: one.amount("create_time") or 0, default=None)
        if record is None or record.text("cancel_status") not in REQUESTS:
            return None
        lines = _asked_for(record, facts.parts(self.LINES))
        return None if lines is None else {**_request(record), "lines": lines}

    def lines(self, facts: Facts, *, is_cancelled: bool) -> list[dict[str, Any]]:
        """Read the items. In a cancelled order, one that ended otherwise than the order keeps its own cancellation."""
        already_said = _order_says(facts) if is_cancelled else None
        return [{**self.line(line), **_ending(line, already_said)} for line in facts.parts(self.LINES)]


def _together(order: Mapping[str, Any], beside: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Put the records of an order into it, and in place of its lines what is said of them apart."""
    records = [one for one in beside if "cancel_id" in one]
    apart = {str(one.get("id")): one for one in beside if "cancel_id" not in one}
    lines = order.get("line_items")
    if isinstance(lines, list):
        lines = [apart.get(str(line.get("id")), line) if isinstance(line, dict) else line for line in lines]
    return {**order, "line_items": lines, RECORDS: records}


def _order_says(facts: Facts) -> tuple[str, str]:
    """Return who cancelled and why, as the order says it, else as all of its lines do."""
    lines = {_line_says(line) for line in facts.parts("line_items")}
    [(who, why)] = lines if len(lines) == 1 else [("", "")]
    return facts.text("cancellation_initiator") or who, facts.text("cancel_reason") or why


def _line_says(line: Facts) -> tuple[str, str]:
    return line.text("cancel_user"), line.text("cancel_reason")


def _ending(line: Facts, already_said: tuple[str, str] | None) -> dict[str, Any]:
    said = _line_says(line)
    if line.text("display_status") != "CANCELLED" or said in {already_said, ("", "")}:
        return {"quantity": 1}
    cancellation = {"source": source_of(said[0], SOURCES), "raw_reason": said[1]}
    return {"quantity": 1, "cancelled_quantity": 1, "cancellation": cancellation}


def _request(record: Facts) -> dict[str, Any]:
    state = REQUESTS[record.text("cancel_status")]
    return {
        "state": state,
        "raw_reason": record.text("cancel_reason"),
        "requested_at": record.moment("create_time"),
        "decided_at": None if state == State.OPEN else record.moment("update_time"),
        "answer_by": _answer_by(record) if state == State.OPEN else None,
    }


def _answer_by(record: Facts) -> datetime | None:
    """Read by when the seller has to act next: the first of the times that are named."""
    times = [one.moment("deadline") for one in record.parts("seller_next_action_response")]
    return min((time for time in times if time), default=None)


def _asked_for(record: Facts, lines: Sequence[Facts]) -> list[dict[str, int]] | None:
    """Find the pieces that a record names, by their own ids, else by what they are.

    None named, or all of them, is the whole order; None where one is named that the order does not have.
    """
    pieces = list(enumerate(lines, 1))
    found = []
    for asked in record.parts("cancel_line_items"):
        piece = next((piece for piece in pieces if _is_piece(asked, piece[1])), None)
        if piece is None:
            return None
        pieces.remove(piece)
        found.append({"position": piece[0], "quantity": 1})
    return found if pieces else []


def _is_piece(asked: Facts, line: Facts) -> bool:
    if own := asked.text("order_line_item_id"):
        return own == line.text("id")
    return asked.has("sku_id") and asked.text("sku_id") == line.text("sku_id")


FORMAT = TikTok
