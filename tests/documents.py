"""Canonical documents for tests, each with what the test is about and believable values for the rest."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from cancellations.terms import PaymentMethod, Source
from orders.documents import (
    BuyerDocument,
    CancellationDocument,
    LineDocument,
    OrderDocument,
    RefundDocument,
    RequestDocument,
    SellerDocument,
)
from orders.models import CancellationRequest, Order

PLACED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ASKED = PLACED + timedelta(hours=2)
ORIGIN = "test-feed"


def order_document(number: str = "A1", **fields: Any) -> OrderDocument:
    """Make the document of an order that is being prepared: 49.90 EUR, one line, a buyer and a seller."""
    known: dict[str, Any] = {
        "version": 1,
        "seller": SellerDocument(name="Minh Long Ceramics"),
        "buyer": BuyerDocument(external_id="mai.nguyen"),
        "status": Order.Status.PREPARING,
        "currency": "EUR",
        "total": Decimal("49.90"),
        "payment_method": PaymentMethod.CARD,
        "placed_at": PLACED,
        "lines": [line_document()],
    }
    return OrderDocument(**{"number": number, **known, **fields})


def cancelled_document(number: str = "A1", **fields: Any) -> OrderDocument:
    """Make the document of an order that its buyer cancelled."""
    cancellation = fields.pop("cancellation", None) or cancellation_document()
    return order_document(number, **{"status": Order.Status.CANCELLED, "cancellation": cancellation, **fields})


def cancellation_document(**fields: Any) -> CancellationDocument:
    """Say that the buyer changed their mind."""
    return CancellationDocument(**{"source": Source.BUYER, "reason": "changed_mind", **fields})


def line_document(**fields: Any) -> LineDocument:
    """Sell two bowls."""
    known = {"title": "Ceramic bowl", "variant": "Blue", "sku": "BOWL-B", "quantity": 2, "unit_price": Decimal("24.95")}
    return LineDocument(**{**known, **fields})


def part_cancelled_line(**fields: Any) -> LineDocument:
    """Sell two bowls, one of which the seller does not have."""
    cancellation = cancellation_document(source=Source.SELLER, reason="out_of_stock")
    return line_document(**{"cancelled_quantity": 1, "cancellation": cancellation, **fields})


def refund_document(**fields: Any) -> RefundDocument:
    """Pay 49.90 back to the card, some day."""
    return RefundDocument(**{"amount": Decimal("49.90"), "method": PaymentMethod.CARD, **fields})


def request_document(state: str = "open", **fields: Any) -> RequestDocument:
    """Ask the seller to cancel, two hours after the order was placed, because of the address; the seller answers."""
    known = {"state": CancellationRequest.State(state), "reason": "change_address", "requested_at": ASKED}
    by_seller = {"decided_by": Source.SELLER} if state in {"approved", "declined"} else {}
    return RequestDocument(**{**known, **by_seller, **fields})
