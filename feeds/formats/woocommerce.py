"""WooCommerce's orders (REST API v3, and its webhooks), with their refunds.

It says neither who cancelled nor why; a refund may carry a reason, and that is the only word there is.
"""

from datetime import UTC, datetime
from html import unescape
from typing import Any

from cancellations.models import Refund
from cancellations.terms import PaymentMethod, Source
from feeds.facts import Facts
from feeds.payloads import PayloadFormat, Status
from orders.models import Order

STATUSES = {
    "pending": Status.AWAITING_PAYMENT,
    "on-hold": Status.AWAITING_PAYMENT,
    "failed": Status.AWAITING_PAYMENT,
    "processing": Status.PREPARING,
    "completed": Status.SHIPPED,  # the shop is done with it; whether it has arrived is not said
    "cancelled": Status.CANCELLED,
    "refunded": Status.CANCELLED,
}
METHODS = {
    "cod": PaymentMethod.CASH_ON_DELIVERY,
    "bacs": PaymentMethod.BANK_TRANSFER,
    "stripe": PaymentMethod.CARD,
    "paypal": PaymentMethod.WALLET,
    "ppcp-gateway": PaymentMethod.WALLET,
}


def _utc(facts: Facts, path: str) -> datetime | None:
    return facts.moment(path, UTC)


def _plain(facts: Facts, path: str) -> str:
    return unescape(facts.text(path))  # titles come as HTML: "Ship Your Idea &ndash; Black"


def _customer(facts: Facts, path: str) -> str:
    customer = facts.text(path)
    return "" if customer == "0" else customer  # a guest


class WooCommerce(PayloadFormat):
    """One shop's order."""

    name = "woocommerce"
    origin = "woocommerce"
    TITLE = "A WooCommerce order"
    MARKS = ("line_items", "date_created_gmt", "order_key")
    ENVELOPES = ("orders",)
    NUMBER = "number"
    UPDATED = (_utc, "date_modified_gmt")
    ORDER = {
        "number": (Facts.needed, "number"),
        "currency": (Facts.text, "currency"),
        "total": (Facts.amount, "total"),
        "payment_label": (_plain, "payment_method_title"),
        "placed_at": (_utc, "date_created_gmt"),
        "paid_at": (_utc, "date_paid_gmt"),
    }
    BUYER = {"external_id": (_customer, "customer_id"), "email": (Facts.text, "billing.email")}
    LINES = "line_items"
    LINE = {
        "title": (_plain, "name"),
        "sku": (Facts.text, "sku"),
        "quantity": (Facts.count, "quantity"),
        "unit_price": (Facts.amount, "price"),
    }

    def status(self, facts: Facts) -> Order.Status | None:
        """Read the status. Refunded whole after it was completed, an order was a return, and not cancelled."""
        if facts.text("status") == "refunded" and facts.text("date_completed_gmt"):
            return Status.SHIPPED
        return facts.one_of("status", STATUSES)

    def method(self, facts: Facts, label: str) -> PaymentMethod:
        """Read the method by WooCommerce's own code of it, else by its title."""
        return METHODS.get(facts.text("payment_method")) or super().method(facts, label)

    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Read the money, and the word a refund may carry."""
        refunds = facts.parts("refunds")
        words = [refund.text("reason") for refund in refunds if refund.text("reason")]
        return {
            "source": Source.UNKNOWN,
            "raw_reason": words[0] if words else "",
            "was_charged": True if facts.text("date_paid_gmt") else None,
            "refunds": [refund for refund in map(_refund, refunds) if refund["amount"]],
        }


def _refund(refund: Facts) -> dict[str, Any]:
    """Read a refund, in an order or from the list of its refunds; the shop has given it back when it writes it down."""
    amount = refund.amount("amount" if refund.has("amount") else "total")
    return {
        "amount": abs(amount) if amount else None,
        "state": Refund.State.SENT,
        "sent_at": _utc(refund, "date_created_gmt"),
        "reference": refund.text("id"),
    }


FORMAT = WooCommerce
