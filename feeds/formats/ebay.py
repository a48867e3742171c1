"""eBay's orders (Fulfillment API), whose cancelStatus holds the requests and what became of them."""

from decimal import Decimal
from typing import Any

from cancellations.models import Refund
from cancellations.terms import PaymentMethod, Source
from feeds.facts import Facts
from feeds.payloads import PayloadFormat, Status, source_of
from orders.models import CancellationRequest, Order

State = CancellationRequest.State

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
# CancelRequestStateEnum, and the PENDING of eBay's samples. A buyer's request is approved and rejected by the seller.
REQUESTS: dict[str, dict[str, Any]] = {
    "REQUESTED": {"state": State.OPEN},
    "PENDING": {"state": State.OPEN},
    "REJECTED": {"state": State.DECLINED, "decided_by": Source.SELLER},
    DONE: {"state": State.APPROVED, "decided_by": Source.SELLER},
}
SMALLEST = Decimal("0.001")


def _unit_price(facts: Facts, path: str) -> Decimal | None:
    """Divide the line's cost by its quantity, where that leaves nothing over."""
    cost, quantity = facts.amount_in(path, "lineItemCost.currency"), facts.count("quantity")
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
    REVISION = 4  # amounts in another currency than the order's; codes of payments
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

    def readable(self, label: str) -> str:
        """Print none: eBay's are codes."""
        return ""

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
            # getOrders leaves the requests empty, and says when all the same.
            "cancelled_at": request.moment("cancelCompletedDate") or facts.moment("cancelStatus.cancelledDate"),
            "was_charged": CHARGED.get(facts.text("orderPaymentStatus")),
            "refunds": [refund for refund in map(_refund, refunds) if refund],
        }

    def request(self, facts: Facts) -> dict[str, Any] | None:
        """Read the last request that a buyer initiated."""
        by_buyer = [one for one in _requests(facts) if one.text("cancelInitiator").casefold() == "buyer"]
        known = [one for one in by_buyer if one.text("cancelRequestState") in REQUESTS]
        return _request(known[-1]) if known else None


def _request(said: Facts) -> dict[str, Any]:
    stands = REQUESTS[said.text("cancelRequestState")]
    return {
        **stands,
        "raw_reason": said.text("cancelReason"),
        "requested_at": said.moment("cancelRequestedDate"),
        "decided_at": said.moment("cancelCompletedDate") if stands["state"] == State.APPROVED else None,
    }


def _requests(facts: Facts) -> list[Facts]:
    return facts.parts("cancelStatus.cancelRequests")


def _refund(refund: Facts) -> dict[str, Any] | None:
    state, amount = REFUND_STATES.get(refund.text("refundStatus")), refund.amount_in("amount.value", "amount.currency")
    if not (state and amount):  # how far it is, or how much in the order's currency, is not said: it is not called due
        return None
    return {
        "amount": amount,
        "state": state,
        "sent_at": refund.moment("refundDate") if state == Refund.State.SENT else None,
        "reference": refund.text("refundId"),
    }


FORMAT = Ebay
