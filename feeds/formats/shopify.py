"""Shopify's orders (Admin REST API, and the webhooks orders/*).

Shopify says why in six codes and never who: nobody is concluded from a code.
"""

from collections import Counter
from typing import Any

from cancellations.models import Refund
from cancellations.terms import Source
from feeds.facts import Facts
from feeds.payloads import PayloadFormat, Status
from orders.models import Order

FULFILLED = {"fulfilled": Status.SHIPPED, "partial": Status.SHIPPED}
WAITING = {"pending", "partially_paid", "expired"}
CHARGED = {"paid": True, "partially_paid": True, "partially_refunded": True, "refunded": True}
NOT_CHARGED = {"pending": False, "authorized": False, "voided": False, "expired": False}
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

    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Read why, when and the money; who is not said."""
        return {
            "source": Source.UNKNOWN,
            "raw_reason": facts.text("cancel_reason"),
            "cancelled_at": facts.moment("cancelled_at"),
            "was_charged": {**CHARGED, **NOT_CHARGED}.get(facts.text("financial_status")),
            "refunds": [_refund(one) for refund in facts.parts("refunds") for one in _paid_back(refund)],
        }

    def lines(self, facts: Facts, *, is_cancelled: bool) -> list[dict[str, Any]]:
        """Read the items; one that was refunded before it was sent, "restocked" as cancelled, is cancelled."""
        said = super().lines(facts, is_cancelled=is_cancelled)
        taken_back = Counter[str]()
        for refund in facts.parts("refunds") if not is_cancelled else []:
            for one in refund.parts("refund_line_items"):
                if one.text("restock_type") == "cancel":
                    taken_back[one.text("line_item_id")] += one.count("quantity") or 0
        for line, fields in zip(facts.parts(self.LINES), said, strict=True):
            if count := taken_back[line.text("id")]:
                fields.update(cancelled_quantity=count, cancellation={"source": Source.UNKNOWN})
        return said


def _paid_back(refund: Facts) -> list[Facts]:
    return [one for one in refund.parts("transactions") if one.text("kind") == "refund" and one.amount("amount")]


def _refund(transaction: Facts) -> dict[str, Any]:
    state = REFUND_STATES.get(transaction.text("status"), Refund.State.DUE)
    sent_at = transaction.moment("processed_at") if state == Refund.State.SENT else None
    amount, reference = transaction.amount("amount"), transaction.text("id")
    return {"amount": amount, "state": state, "sent_at": sent_at, "reference": reference}


FORMAT = Shopify
