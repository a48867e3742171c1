"""Amazon's orders (Selling Partner API, Orders 2026-01-01).

A cancellation is said per item, and asking for it apart from doing it: a request alone cancels nothing.
"""

from typing import Any

from cancellations.terms import Source
from feeds.facts import Facts
from feeds.payloads import PayloadFormat, Status, source_of
from orders.models import Order

STATUSES = {
    "pending_availability": Status.AWAITING_PAYMENT,
    "pending": Status.AWAITING_PAYMENT,
    "unshipped": Status.PREPARING,
    "partially_shipped": Status.SHIPPED,
    "shipped": Status.SHIPPED,
    "cancelled": Status.CANCELLED,
    "canceled": Status.CANCELLED,
}
SOURCES = {"buyer": Source.BUYER, "merchant": Source.SELLER, "amazon": Source.SYSTEM}


class Amazon(PayloadFormat):
    """An order as a seller's programs read it. Its buyer is an address that Amazon made up for this seller."""

    name = "amazon"
    origin = "amazon"
    TITLE = "An Amazon order"
    MARKS = ("orderId", "orderItems", "fulfillment")
    ENVELOPES = ("orders", "order", "payload.orders")
    NUMBER = "orderId"
    UPDATED = (Facts.moment, "lastUpdatedTime")
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
        "unit_price": (Facts.amount, "product.price.unitPrice.amount"),
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

    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Say nothing of the order as a whole: what its items say is put together from them."""
        return {"source": Source.UNKNOWN}

    def line(self, facts: Facts) -> dict[str, Any]:
        """Read an item: what was ordered and not sent is cancelled, all of it where that leaves nothing."""
        said = super().line(facts)
        execution = facts.part("cancellation.cancellationExecution")
        ordered = said["quantity"] or 0
        if not (execution.values and ordered):
            return said
        left = ordered - (facts.count("fulfillment.quantityFulfilled") or 0)
        return {**said, "cancelled_quantity": left if left > 0 else ordered, "cancellation": _ending(facts, execution)}


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
