"""Shopify's orders (Admin REST API, and the webhooks orders/*).

Shopify says why in six codes and never who: nobody is concluded from a code.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from cancellations.models import Refund
from cancellations.terms import PaymentMethod, Source
from feeds.facts import Facts
from feeds.payloads import PayloadFormat, Status, unless_code
from orders.models import Order

FULFILLED = {"fulfilled": Status.SHIPPED, "partial": Status.SHIPPED}
WAITING = {"pending", "partially_paid", "expired"}
CHARGED = {"paid": True, "partially_paid": True, "partially_refunded": True, "refunded": True}
NOT_CHARGED = {"pending": False, "authorized": False, "voided": False, "expired": False}
GATEWAYS = {"shopify_payments": PaymentMethod.CARD}
REFUND_STATES = {
    "success": Refund.State.SENT,
    "pending": Refund.State.DUE,
    "failure": Refund.State.FAILED,
    "error": Refund.State.FAILED,
}


class Shopify(PayloadFormat):
    """One shop's order. Its number is the one that its customers are told, as in #1001."""

    name = "shopify"
    origin = "shopify"
    TITLE = "A Shopify order"
    MARKS = ("line_items", "financial_status", "cancelled_at")
    ENVELOPES = ("order", "orders")
    NUMBER = "name"
    UPDATED = (Facts.moment, "updated_at")
    REVISION = 2  # parts: when, and their money; amounts in another currency than the order's; codes of payments
    ORDER = {
        "number": (Facts.needed, "name"),
        "currency": (Facts.text, "currency"),
        "total": (Facts.amount, "total_price"),
        "placed_at": (Facts.moment, "created_at"),
    }
    BUYER = {"external_id": (Facts.text, "customer.id"), "email": (Facts.text, "email")}
    LINES = "line_items"
    LINE = {
        "title": (Facts.needed, "title"),
        "variant": (Facts.text, "variant_title"),
        "sku": (Facts.text, "sku"),
        "quantity": (Facts.count, "quantity"),
        "unit_price": (Facts.amount, "price"),
    }

    def fields(self, facts: Facts) -> dict[str, Any]:
        """Gather the fields; how it was paid and sent stands in lists."""
        said = super().fields(facts)
        sent = [one for one in facts.parts("fulfillments") if one.text("status") == "success"]
        if len(sent) == 1:  # several parcels have no single carrier
            said["carrier"], said["tracking_number"] = sent[0].text("tracking_company"), sent[0].text("tracking_number")
            said["shipped_at"] = sent[0].moment("created_at")
        return said

    def status(self, facts: Facts) -> Order.Status | None:
        """Read how far it has come: three fields say it together."""
        if facts.text("cancelled_at"):
            return Status.CANCELLED
        waits = facts.text("financial_status") in WAITING
        open_status = Status.AWAITING_PAYMENT if waits else Status.PREPARING
        if not facts.text("fulfillment_status"):
            return open_status
        sent = FULFILLED.get(facts.text("fulfillment_status"), open_status)
        parcels = {one.text("shipment_status") for one in facts.parts("fulfillments")}
        return Status.DELIVERED if sent == Status.SHIPPED and parcels == {"delivered"} else sent

    def label(self, facts: Facts) -> str:
        """Name the first way of paying."""
        names = facts.raw("payment_gateway_names")
        return names[0] if isinstance(names, list) and names and isinstance(names[0], str) else ""

    def readable(self, label: str) -> str:
        """Leave out a program's name; a shop names its own ways of paying, and those are for people."""
        return unless_code(label)

    def method(self, facts: Facts, label: str) -> PaymentMethod:
        """Tell Shopify's own payments, which are cards, by their code; the rest by the name."""
        return GATEWAYS.get(label) or super().method(facts, label)

    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Read why, when and the money; who is not said."""
        return {
            "source": Source.UNKNOWN,
            "raw_reason": facts.text("cancel_reason"),
            "cancelled_at": facts.moment("cancelled_at"),
            "was_charged": _was_charged(facts),
            "refunds": [_refund(one) for refund in facts.parts("refunds") for one in _paid_back(refund)],
        }

    def lines(self, facts: Facts, *, is_cancelled: bool) -> list[dict[str, Any]]:
        """Read the items; one that was refunded before it was sent, "restocked" as cancelled, is cancelled."""
        said = super().lines(facts, is_cancelled=is_cancelled)
        if is_cancelled:
            return said
        taken, is_cash = _taken_back(facts), self._is_cash(facts)
        for line, fields in zip(facts.parts(self.LINES), said, strict=True):
            if (part := taken.get(line.text("id"))) and part.count:
                was_charged = False if is_cash else _was_charged(facts)
                fields.update(cancelled_quantity=part.count, cancellation=part.ending(was_charged=was_charged))
        if said and all(fields.get("cancelled_quantity") == fields["quantity"] for fields in said):
            return [{**fields, "cancellation": _ending_of_all(taken.values())} for fields in said]
        return said

    def _is_cash(self, facts: Facts) -> bool:
        return self.method(facts, self.label(facts)) == PaymentMethod.CASH_ON_DELIVERY


@dataclass
class _Part:
    """What refunds took back of one item before it was sent: how many, when, and the money."""

    count: int = 0
    times: list[datetime] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)

    def ending(self, *, was_charged: bool | None) -> dict[str, Any]:
        """Say when the last of it was cancelled, and what goes back for it."""
        last = max(self.times, default=None)
        return {
            "source": Source.UNKNOWN,
            "cancelled_at": last,
            "was_charged": was_charged,
            "refunds": self.refunds,
        }


def _ending_of_all(parts: Iterable[_Part]) -> dict[str, Any]:
    """Say of every item alike that it is cancelled: then it is said of the order, and so is the money."""
    times = [time for part in parts for time in part.times]
    return {"source": Source.UNKNOWN, "cancelled_at": max(times, default=None)}


def _taken_back(facts: Facts) -> dict[str, _Part]:
    """Return what was taken back of each item, by its id."""
    taken: dict[str, _Part] = {}
    for refund in facts.parts("refunds"):
        items = [one for one in refund.parts("refund_line_items") if one.text("restock_type") == "cancel"]
        counts = Counter[str]()
        for one in items:
            counts[one.text("line_item_id")] += one.count("quantity") or 0
        money, created_at = _money_by_item(refund, list(counts)), refund.moment("created_at")
        for name, count in counts.items():
            part = taken.setdefault(name, _Part())
            part.count += count
            part.times += [created_at] if created_at else []
            part.refunds += money.get(name, [])
    return taken


def _money_by_item(refund: Facts, names: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Divide a refund among its cancelled items as it says itself; where that does not add up, the first has it all."""
    paid_back = [_refund(one) for one in _paid_back(refund)]
    worth: dict[str, Decimal] = {}
    for one in refund.parts("refund_line_items"):
        said = (one.amount("subtotal") or Decimal(0)) + (one.amount("total_tax") or Decimal(0))
        worth[one.text("line_item_id")] = worth.get(one.text("line_item_id"), Decimal(0)) + said
    if [one["amount"] for one in paid_back] != [sum(worth.values(), Decimal(0))]:
        return dict.fromkeys(names[:1], paid_back)
    return {name: [{**paid_back[0], "amount": worth[name]}] for name in names if worth[name] > 0}


def _was_charged(facts: Facts) -> bool | None:
    return {**CHARGED, **NOT_CHARGED}.get(facts.text("financial_status"))


def _paid_back(refund: Facts) -> list[Facts]:
    made = [one for one in refund.parts("transactions") if one.text("kind") == "refund"]
    # What the buyer paid in may be another currency.
    return [one for one in made if one.amount_in("amount", "currency")]


def _refund(transaction: Facts) -> dict[str, Any]:
    state = REFUND_STATES.get(transaction.text("status"), Refund.State.DUE)
    sent_at = transaction.moment("processed_at") if state == Refund.State.SENT else None
    amount, reference = transaction.amount("amount"), transaction.text("id")
    return {"amount": amount, "state": state, "sent_at": sent_at, "reference": reference}


FORMAT = Shopify
