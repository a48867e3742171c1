"""Mercado Libre's orders (the resource /orders)."""

from datetime import datetime
from typing import Any

from cancellations.models import Refund
from cancellations.terms import PaymentMethod, Source
from feeds.facts import Facts, priced_in
from feeds.payloads import PayloadFormat, Status, source_of
from orders.models import Order

STATUSES = {
    "confirmed": Status.AWAITING_PAYMENT,
    "payment_required": Status.AWAITING_PAYMENT,
    "payment_in_process": Status.AWAITING_PAYMENT,
    "partially_paid": Status.AWAITING_PAYMENT,
    "paid": Status.PREPARING,
    "partially_refunded": Status.PREPARING,
    "pending_cancel": Status.CANCELLED,  # cancelled, and the refund is held up
    "cancelled": Status.CANCELLED,
}
SOURCES = {"buyer": Source.BUYER, "seller": Source.SELLER, "meli": Source.SYSTEM}
METHODS = {
    "credit_card": PaymentMethod.CARD,
    "debit_card": PaymentMethod.CARD,
    "prepaid_card": PaymentMethod.CARD,
    "account_money": PaymentMethod.WALLET,
    "bank_transfer": PaymentMethod.BANK_TRANSFER,
}
CHARGED = {"approved", "refunded", "charged_back", "in_mediation"}
NOT_CHARGED = {"rejected", "cancelled", "pending", "in_process", "authorized"}


def _updated(facts: Facts, path: str) -> datetime | None:
    return facts.moment(path) or facts.moment("date_last_updated")


class MercadoLibre(PayloadFormat):
    """An order of one buyer and one seller. What happened to the parcel stands in another resource."""

    name = "mercadolibre"
    origin = "mercadolibre"
    TITLE = "A Mercado Libre order"
    MARKS = ("order_items", "date_created", "currency_id")
    ENVELOPES = ("results", "orders")
    SELLER = "seller.nickname"
    NUMBER = "id"
    UPDATED = (_updated, "last_updated")
    REVISION = 2  # amounts in another currency than the order's
    ORDER = {
        "number": (Facts.needed, "id"),
        "currency": (Facts.text, "currency_id"),
        "total": (Facts.amount, "total_amount"),
        "placed_at": (Facts.moment, "date_created"),
    }
    BUYER = {"external_id": (Facts.text, "buyer.id")}
    LINES = "order_items"
    LINE = {
        "title": (Facts.needed, "item.title"),
        "sku": (Facts.text, "item.seller_sku"),
        "quantity": (Facts.count, "quantity"),
        "unit_price": (priced_in("currency_id"), "unit_price"),
    }

    def fields(self, facts: Facts) -> dict[str, Any]:
        """Gather the fields; when it was paid stands in its payments."""
        paid = [payment.moment("date_approved") for payment in facts.parts("payments")]
        return {**super().fields(facts), "paid_at": min((time for time in paid if time), default=None)}

    def status(self, facts: Facts) -> Order.Status | None:
        """Read the status; that it has arrived is a tag."""
        status = facts.one_of("status", STATUSES)
        tags = facts.raw("tags")
        is_delivered = isinstance(tags, list) and "delivered" in tags
        return Status.DELIVERED if is_delivered and status == Status.PREPARING else status

    def method(self, facts: Facts, label: str) -> PaymentMethod:
        """Read the type of the payments; several types have no single answer."""
        types = {payment.text("payment_type") for payment in facts.parts("payments")} - {""}
        if len(types) != 1:
            return PaymentMethod.UNKNOWN
        return METHODS.get(types.pop(), PaymentMethod.OTHER)

    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Read who asked for it, why and when, and the payments that went back."""
        detail = facts.part("cancel_detail")
        payments = facts.parts("payments")
        return {
            "source": source_of(detail.text("requested_by"), SOURCES),
            "raw_reason": detail.text("code") or detail.text("description"),
            "cancelled_at": detail.moment("date"),
            "was_charged": _was_charged({payment.text("status") for payment in payments}),
            "refunds": [refund for refund in map(_refund, payments) if refund["amount"]],
        }


def _was_charged(states: set[str]) -> bool | None:
    if states & CHARGED:
        return True
    return False if states and states <= NOT_CHARGED else None


def _refund(payment: Facts) -> dict[str, Any]:
    """Read what of a payment went back: the part it names, or all of it where its state is refunded."""
    part = payment.amount_in("transaction_amount_refunded", "currency_id")
    whole = payment.amount_in("total_paid_amount", "currency_id") if payment.text("status") == "refunded" else None
    return {"amount": part or whole, "state": Refund.State.SENT, "reference": payment.text("id")}


FORMAT = MercadoLibre
