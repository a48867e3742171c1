"""Amazon's orders (Selling Partner API, Orders 2026-01-01).

A cancellation is said per item, and asking for it apart from doing it: a request alone cancels nothing. Neither has a
date.
"""

from typing import Any

from cancellations.terms import PaymentMethod, Source
from feeds.facts import Facts, priced_in
from feeds.payloads import PayloadFormat, Status, source_of
from orders.models import CancellationRequest, Order

STATUSES = {
    "pending_availability": Status.AWAITING_PAYMENT,
    "pending": Status.AWAITING_PAYMENT,
    "unshipped": Status.PREPARING,
    "partially_shipped": Status.SHIPPED,
    "shipped": Status.SHIPPED,
    "unfulfillable": Status.PREPARING,  # "cannot be fulfilled": nothing was sent, and nobody is said to have cancelled
    "cancelled": Status.CANCELLED,
    "canceled": Status.CANCELLED,
}
SOURCES = {"buyer": Source.BUYER, "merchant": Source.SELLER, "amazon": Source.SYSTEM}
METHODS = {"cashondelivery": PaymentMethod.CASH_ON_DELIVERY, "creditcard": PaymentMethod.CARD}

State = CancellationRequest.State
GRANTED: dict[str, Any] = {"state": State.APPROVED, "decided_by": Source.SELLER}


class Amazon(PayloadFormat):
    """An order as a seller's programs read it. Its buyer is an address that Amazon made up for this seller."""

    name = "amazon"
    origin = "amazon"
    TITLE = "An Amazon order"
    MARKS = ("orderId", "orderItems", "fulfillment")
    ENVELOPES = ("orders", "order", "payload.orders")
    NUMBER = "orderId"
    UPDATED = (Facts.moment, "lastUpdatedTime")
    REVISION = 4  # prices in another currency than the order's; codes of payments
    ORDER = {
        "number": (Facts.needed, "orderId"),
        "currency": (Facts.text, "proceeds.grandTotal.currencyCode"),
        "total": (Facts.amount, "proceeds.grandTotal.amount"),
        "placed_at": (Facts.moment, "createdTime"),
        "ship_by": (Facts.moment, "fulfillment.shipByWindow.latestDateTime"),
    }
    BUYER = {"email": (Facts.text, "buyer.buyerEmail")}
    LINES = "orderItems"
    LINE = {
        "title": (Facts.needed, "product.title"),
        "sku": (Facts.text, "product.sellerSku"),
        "quantity": (Facts.count, "quantityOrdered"),
        "unit_price": (priced_in("product.price.unitPrice.currencyCode"), "product.price.unitPrice.amount"),
    }

    def fields(self, facts: Facts) -> dict[str, Any]:
        """Gather the fields; several packages have no single carrier."""
        said = super().fields(facts)
        packages = facts.parts("packages")
        if len(packages) == 1:
            said["carrier"], said["tracking_number"] = packages[0].text("carrier"), packages[0].text("trackingNumber")
            said["shipped_at"] = packages[0].moment("shipTime")
        return said

    def status(self, facts: Facts) -> Order.Status | None:
        """Read the status; that all of it has arrived, its packages say."""
        status = facts.one_of("fulfillment.fulfillmentStatus", STATUSES)
        packages = {one.text("packageStatus.status") for one in facts.parts("packages")}
        is_delivered = packages == {"DELIVERED"} and facts.text("fulfillment.fulfillmentStatus") == "SHIPPED"
        return Status.DELIVERED if is_delivered else status

    def label(self, facts: Facts) -> str:
        """Read how it is paid; several ways have no single name."""
        ways = {one.text("paymentMethod") for one in facts.parts("payment.paymentExecutions")}
        return ways.pop() if len(ways) == 1 else ""

    def readable(self, label: str) -> str:
        """Print none: Amazon's are codes."""
        return ""

    def method(self, facts: Facts, label: str) -> PaymentMethod:
        """Read the method by Amazon's own code."""
        return METHODS.get(label.casefold(), PaymentMethod.OTHER if label else PaymentMethod.UNKNOWN)

    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Say nothing of the order as a whole: what its items say is put together from them."""
        return {"source": Source.UNKNOWN}

    def line(self, facts: Facts) -> dict[str, Any]:
        """Read an item: what was ordered and not sent is cancelled, all of it where that leaves nothing."""
        said = super().line(facts)
        execution = facts.part("cancellation.cancellationExecution")
        if not (execution.values and said["quantity"]):
            return said
        return {**said, "cancelled_quantity": _not_sent(facts), "cancellation": _ending(facts, execution)}

    def request(self, facts: Facts) -> dict[str, Any] | None:
        """Read what the buyer asked and nobody has carried out; else what the seller carried out, and so granted."""
        items = list(enumerate(facts.parts(self.LINES), 1))
        asked = [(position, item) for position, item in items if _is_asked(item) and item.count("quantityOrdered")]
        waiting = [(position, item) for position, item in asked if not _ended_by(item)]
        granted = [(position, item) for position, item in asked if _ended_by(item) == Source.SELLER]
        if waiting:
            return {**_request(waiting, of=len(items)), "state": State.OPEN}
        return {**_request(granted, of=len(items)), **GRANTED} if granted else None


def _request(asked: list[tuple[int, Facts]], *, of: int) -> dict[str, Any]:
    """Put together what is asked of each item; different reasons have no one word."""
    reasons = {item.text("cancellation.cancellationRequest.cancelReason") for _position, item in asked}
    lines = [{"position": position, "quantity": _not_sent(item)} for position, item in asked]
    is_whole = len(asked) == of and all(_not_sent(item) == item.count("quantityOrdered") for _position, item in asked)
    return {"raw_reason": reasons.pop() if len(reasons) == 1 else "", "lines": [] if is_whole else lines}


def _is_asked(item: Facts) -> bool:
    return source_of(item.text("cancellation.cancellationRequest.requester"), SOURCES) == Source.BUYER


def _ended_by(item: Facts) -> Source | None:
    execution = item.part("cancellation.cancellationExecution")
    return source_of(execution.text("cancelledBy"), SOURCES) if execution.values else None


def _not_sent(item: Facts) -> int:
    """Count what was ordered and not sent: all of it where that leaves nothing."""
    ordered = item.count("quantityOrdered") or 0
    left = ordered - (item.count("fulfillment.quantityFulfilled") or 0)
    return left if left > 0 else ordered


def _ending(item: Facts, execution: Facts) -> dict[str, Any]:
    request = item.part("cancellation.cancellationRequest")
    asked = source_of(request.text("requester"), SOURCES) if request.values else None
    reason = execution.text("cancelReason") or request.text("cancelReason")
    return {
        "source": source_of(execution.text("cancelledBy"), SOURCES),
        "requested_by": asked,
        "raw_reason": reason,
    }


FORMAT = Amazon
