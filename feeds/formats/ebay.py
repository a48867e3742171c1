"""eBay's orders (Fulfillment API), whose cancelStatus holds the requests and what became of them."""

from decimal import Decimal
from typing import Any

from cancellations.models import Refund
from cancellations.terms import PaymentMethod, Source
from feeds.facts import Facts
from feeds.payloads import PayloadFormat, Status, source_of
from orders.models import Order

FULFILLED = {"not_started": Status.PREPARING, "in_progress": Status.SHIPPED, "fulfilled": Status.SHIPPED}
SOURCES = {"buyer": Source.BUYER, "seller": Source.SELLER, "system": Source.SYSTEM, "ebay": Source.SYSTEM}
METHODS = {
    "CREDIT_CARD": PaymentMethod.CARD,
    "PAYPAL": PaymentMethod.WALLET,
    "CASH_ON_DELIVERY": PaymentMethod.CASH_ON_DELIVERY,
    "CASH_ON_PICKUP": PaymentMethod.CASH_ON_DELIVERY,
}
UNPAID = {"PENDING", "FAILED"}
CHARGED = {"PAID": True, "PARTIALLY_REFUNDED": True, "FULLY_REFUNDED": True, "PENDING": False, "FAILED": False}
REFUND_STATES = {"REFUNDED": Refund.State.SENT, "PENDING": Refund.State.DUE, "FAILED": Refund.State.FAILED}
DONE = "COMPLETED"
SMALLEST = Decimal("0.001")


def _unit_price(facts: Facts, path: str) -> Decimal | None:
    """Divide the line's cost by its quantity, where that leaves nothing over."""
    cost, quantity = facts.amount(path), facts.count("quantity")
    return cost / quantity if cost is not None and quantity and not cost % (SMALLEST * quantity) else None


class Ebay(PayloadFormat):
    """An order of one buyer and one seller. A pending request is a request, whatever the state above it says."""

    name = "ebay"
    origin = "ebay"
    TITLE = "An eBay order"
    MARKS = ("orderId", "lineItems", "cancelStatus")
    ENVELOPES = ("orders",)
    SELLER = "sellerId"
    NUMBER = "orderId"
    UPDATED = (Facts.moment, "lastModifiedDate")
    ORDER = {
        "number": (Facts.needed, "orderId"),
        "currency": (Facts.text, "pricingSummary.total.currency"),
        "total": (Facts.amount, "pricingSummary.total.value"),
        "placed_at": (Facts.moment, "creationDate"),
    }
    BUYER = {"external_id": (Facts.text, "buyer.username")}
    LINES = "lineItems"
    LINE = {
        "title": (Facts.needed, "title"),
        "sku": (Facts.text, "sku"),
        "quantity": (Facts.count, "quantity"),
        "unit_price": (_unit_price, "lineItemCost.value"),
    }

    def status(self, facts: Facts) -> Order.Status | None:
        """Read the status."""
        requests = {request.text("cancelRequestState") for request in _requests(facts)}
        if facts.text("cancelStatus.cancelState") == "CANCELED" and (not requests or DONE in requests):
            return Status.CANCELLED
        status = facts.one_of("orderFulfillmentStatus", FULFILLED)
        is_unpaid = facts.text("orderPaymentStatus") in UNPAID
        return Status.AWAITING_PAYMENT if is_unpaid and status == Status.PREPARING else status

    def label(self, facts: Facts) -> str:
        """Read how the first payment was made."""
        payments = facts.parts("paymentSummary.payments")
        return payments[0].text("paymentMethod") if payments else ""

    def method(self, facts: Facts, label: str) -> PaymentMethod:
        """Read the method by eBay's own code."""
        return METHODS.get(label, PaymentMethod.OTHER if label else PaymentMethod.UNKNOWN)

    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Read the request that was carried out."""
        done = [request for request in _requests(facts) if request.text("cancelRequestState") == DONE]
        request = done[-1] if done else Facts({})
        refunds = facts.parts("paymentSummary.refunds")
        return {
            "source": source_of(request.text("cancelInitiator"), SOURCES),
            "raw_reason": request.text("cancelReason"),
            "cancelled_at": request.moment("cancelCompletedDate"),
            "was_charged": CHARGED.get(facts.text("orderPaymentStatus")),
            "refunds": [_refund(one) for one in refunds if one.amount("amount.value")],
        }


def _requests(facts: Facts) -> list[Facts]:
    return facts.parts("cancelStatus.cancelRequests")


def _refund(refund: Facts) -> dict[str, Any]:
    state = REFUND_STATES.get(refund.text("refundStatus"), Refund.State.DUE)
    return {
        "amount": refund.amount("amount.value"),
        "state": state,
        "sent_at": refund.moment("refundDate") if state == Refund.State.SENT else None,
        "reference": refund.text("refundId"),
    }


FORMAT = Ebay
