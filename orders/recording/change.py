"""What one document changes about one order: its fields, its cancellation, its lines, the money, and what is told.

What it changes about the buyer's request stands in requests.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from cancellations.mapping import ReasonBook
from cancellations.models import Cancellation, Refund
from cancellations.terms import Source
from orders.documents import CancellationDocument, LineDocument, OrderDocument, RefundDocument
from orders.models import Conflict, Event, Order, OrderLine, Seller
from orders.recording.requests import RequestChange
from orders.recording.rows import Rows
from orders.recording.statements import (
    LINE_FIELDS,
    ORDER_FIELDS,
    REFUND_FIELDS,
    fill,
    fill_cancellation,
    pair_refunds,
)
from orders.searching import search_text_of

UNDER_WAY = {Order.Status.SHIPPED, Order.Status.DELIVERED}
REFUND_DATES = {Refund.State.DUE: "due_at", Refund.State.SENT: "sent_at", Refund.State.COMPLETED: "completed_at"}


@dataclass(frozen=True)
class Writing:
    """What every change of one batch needs."""

    origin: str
    dialect: str  # whose words its reasons are
    book: ReasonBook
    rows: Rows


class Change:
    """One document, the newest about its order, and the order it is about, new or locked and read with its parts."""

    def __init__(self, document: OrderDocument, order: Order, writing: Writing) -> None:
        self.document = document
        self.order = order
        self.writing = writing
        self.rows = writing.rows
        self.is_new = order.pk is None
        self.before = order.cancellation
        self.previous: dict[str, Any] = {} if self.is_new else {"previous_status": order.status}
        self.stated: dict[str, Any] = {
            "origin": writing.origin,
            "version": document.version,
            "status": document.status,
        }

    def apply(self, *, seller: Seller, buyer: User | None) -> None:
        """Gather the rows that the document makes, changes and removes."""
        self._state_order(seller, buyer)
        self._settle_cancellation()
        lines = self._settle_lines()
        RequestChange(self.document, self.order, self.writing, lines).apply()
        self.rows.put(self.order)

    # The order

    def _state_order(self, seller: Seller, buyer: User | None) -> None:
        document, order = self.document, self.order
        was = _counted_under(order)
        repeated: dict[str, Any] = {"is_repeated": True} if self._repeats_what_is_known() else {}
        fill(order, document, ORDER_FIELDS)
        order.seller, order.origin = seller, self.writing.origin
        if order.buyer_id is None or not self._is_spoken_of_here():
            order.buyer = buyer
        order.origin_version, order.origin_digest = document.version, document.digest
        lines = document.lines
        items = [*(line.title for line in lines), *(f"{line.variant} {line.sku}" for line in lines)]
        order.search_text = search_text_of(document.number, seller.name, items)
        if self.is_new:
            self._tell(Event.Kind.RECORDED, at=document.placed_at, **self.stated)
        else:
            moved: dict[str, Any] = {"was": was} if was != _counted_under(order) else {}
            self._tell(Event.Kind.CHANGED, at=None, **self.stated, **moved, **repeated)

    def _is_spoken_of_here(self) -> bool:
        """Tell whether something was cancelled, asked or contested here: then it stays with the buyer it is about."""
        if any(request.is_made_here for request in self.order.requests.all()):
            return True
        ended = [self.before, *(line.cancellation for line in self.order.lines.all())]
        return any(one and (one.is_made_here or getattr(one, "is_contested", False)) for one in ended)

    def _repeats_what_is_known(self) -> bool:
        """Tell whether the document says nothing new of the order and its items: then nobody may ask again for it."""
        if self.is_new or self.order.status != self.document.status:
            return False
        fields = [*LINE_FIELDS, "quantity"]
        known = [_said(line, fields) for line in sorted(self.order.lines.all(), key=lambda line: line.position)]
        said = [_said(line, fields) for line in self.document.lines]
        return known == said and _said(self.order, ORDER_FIELDS) == _said(self.document, ORDER_FIELDS)

    # Its cancellation

    def _settle_cancellation(self) -> None:
        document, order, before = self.document, self.order, self.before
        if before and before.is_made_here:
            self._keep(before, document.cancellation, is_contradicted=document.status in UNDER_WAY)
        elif document.cancellation:
            order.status = document.status
            order.cancellation = self._record(before, document.cancellation, Event.Kind.CANCELLED, **self.previous)
        else:
            order.status, order.cancellation = document.status, None
            if before:
                self._take_back(before)

    def _keep(
        self, made_here: Cancellation, said: CancellationDocument | None, *, is_contradicted: bool, **facts: Any
    ) -> None:
        """Leave a cancellation as it was made here; its money may have moved since, or the origin may contradict it."""
        if said:
            self._settle_refunds(made_here, said.refunds)
        elif is_contradicted:
            at = self.document.delivered_at or self.document.shipped_at
            self.rows.put(Conflict(order=self.order, cancellation=made_here, said=self.document.status, said_at=at))
            self._tell(Event.Kind.CONFLICT, at=at, cancellation=made_here, **self.stated, **facts)

    def _record(
        self, known: Cancellation | None, said: CancellationDocument, kind: Event.Kind, **facts: Any
    ) -> Cancellation:
        cancellation = known or Cancellation()
        cancellation.origin = self.writing.dialect
        fill_cancellation(cancellation, said, self.writing.book)
        self.rows.put(cancellation)
        if known is None:
            facts |= {"source": cancellation.source, "reason": cancellation.reason.code}
            self._tell(kind, actor=said.source, at=said.cancelled_at, cancellation=cancellation, **facts)
        self._settle_refunds(cancellation, said.refunds)
        return cancellation

    def _take_back(self, cancellation: Cancellation, **facts: Any) -> None:
        self.rows.taken_back.append(cancellation)
        self._tell(Event.Kind.REOPENED, at=None, cancellation=cancellation, **facts)

    # Its lines

    def _settle_lines(self) -> dict[int, OrderLine]:
        """Settle each line; return those that stay, by position."""
        known = {} if self.is_new else {line.position: line for line in self.order.lines.all()}
        lines: dict[int, OrderLine] = {}
        for position, said in enumerate(self.document.lines, 1):
            line = known.pop(position, None) or self._new_line(position)
            fill(line, said, LINE_FIELDS)
            self._settle_line(line, said)
            self.rows.put(line)
            lines[position] = line
        for line in known.values():
            own = self._own_cancellation(line)
            if own and own.is_made_here:
                lines[line.position] = line
                continue
            self.rows.remove(line)
            self.rows.taken_back += [own] if own else []
        return lines

    def _new_line(self, position: int) -> OrderLine:
        line = self.rows.blanks.make(OrderLine)
        line.order, line.position = self.order, position
        return line

    def _settle_line(self, line: OrderLine, said: LineDocument) -> None:
        if line.cancellation and line.cancellation.is_made_here:
            self._keep_line(line, said)
            return
        own = self._own_cancellation(line)
        line.quantity = said.quantity
        if said.cancellation:
            line.cancelled_quantity = said.cancelled_quantity
            taken = [[line.position, said.cancelled_quantity]]
            line.cancellation = self._record(own, said.cancellation, Event.Kind.PART_CANCELLED, lines=taken)
            return
        line.cancellation = self.order.cancellation
        line.cancelled_quantity = line.quantity if line.cancellation else 0
        if own and not line.cancellation:
            self._take_back(own, lines=[[line.position, line.quantity]])

    def _keep_line(self, line: OrderLine, said: LineDocument) -> None:
        """Leave what was cancelled of the line here; of a whole order, that has been settled with the order."""
        if own := self._own_cancellation(line):
            is_sent_all_the_same = self.document.status in UNDER_WAY and said.quantity >= line.quantity
            kept = [[line.position, line.cancelled_quantity]]
            self._keep(own, said.cancellation, is_contradicted=is_sent_all_the_same, lines=kept)

    def _own_cancellation(self, line: OrderLine) -> Cancellation | None:
        """Return the line's part-cancellation: not the one that it has because the whole order was cancelled."""
        return None if line.cancellation == self.before else line.cancellation

    # The money

    def _settle_refunds(self, cancellation: Cancellation, said: tuple[RefundDocument, ...]) -> None:
        known = list(cancellation.refunds.all()) if cancellation.pk else []
        pairs, rest = pair_refunds(known, said)
        for row, document in pairs:
            self._settle_refund(row or Refund(cancellation=cancellation), document)
        for row in rest:
            if not cancellation.is_made_here:
                self.rows.remove(row)

    def _settle_refund(self, refund: Refund, said: RefundDocument) -> None:
        is_news = refund.pk is None or refund.state != said.state
        fill(refund, said, REFUND_FIELDS)
        refund.currency = self.document.currency
        self.rows.put(refund)
        if is_news:
            at = getattr(said, REFUND_DATES.get(said.state, ""), None)
            facts = {"amount": str(refund.amount), "currency": refund.currency}
            actor = refund.cancellation.source
            self._tell(Event.Kind(f"refund_{said.state}"), actor=actor, at=at, refund=refund, **facts)

    # What is told

    def _tell(self, kind: Event.Kind, *, at: datetime | None, actor: str = Source.UNKNOWN, **facts: Any) -> None:
        self.rows.tell(self.order, kind, actor=actor, at=at, **facts)


def _said(of: object, fields: Iterable[str]) -> list[Any]:
    return [getattr(of, field) for field in fields]


def _counted_under(order: Order) -> dict[str, Any]:
    """Return where insights count the order: what they are told when it moves."""
    return {"seller": order.seller_id, "listed_at": (order.placed_at or order.recorded_at).isoformat()}
