"""ONDC's answers about an order (on_cancel, on_status, on_confirm; retail 1.2), as its network sends them: JSON.

Who cancelled is a participant's address: the buyer's app is the buyer, the seller's is the seller. A third one can
only be the carrier, and only with a code that carriers may use (the network's list of cancellation codes).
"""

from typing import Any

from cancellations.terms import PaymentMethod, Source
from feeds.facts import Facts
from feeds.payloads import PayloadFormat, Status
from orders.models import Order

STATES = {
    "created": Status.PREPARING,
    "accepted": Status.PREPARING,
    "in-progress": Status.PREPARING,
    "completed": Status.DELIVERED,
    "cancelled": Status.CANCELLED,
}
ON_THE_WAY = {"Order-picked-up", "Out-for-delivery", "In-transit", "At-destination-hub"}
# "Who can use code?" names the logistics service provider.
CARRIERS_CODES = {"008", "011", "012", "013", "014", "015", "016", "017", "020", "021", "997"}
CHARGED = {"PAID": True, "NOT-PAID": False}
AT = "message.order"


class Ondc(PayloadFormat):
    """One message of the network. Buyers are known by their e-mail address alone."""

    name = "ondc"
    origin = "ondc"
    TITLE = "An ONDC message"
    MARKS = ("context.bap_id", AT)
    ENVELOPES = ("value",)  # as the network's own examples are wrapped
    SELLER = f"{AT}.provider.descriptor.name"
    NUMBER = f"{AT}.id"
    UPDATED = (Facts.moment, f"{AT}.updated_at")
    ORDER = {
        "number": (Facts.needed, f"{AT}.id"),
        "currency": (Facts.text, f"{AT}.quote.price.currency"),
        # What is left of the quote after a cancellation is not what the order came to; what was paid is.
        "total": (Facts.amount, f"{AT}.payment.params.amount"),
        "placed_at": (Facts.moment, f"{AT}.created_at"),
    }
    BUYER = {"email": (Facts.text, f"{AT}.billing.email")}
    LINES = f"{AT}.items"
    LINE = {"quantity": (Facts.count, "quantity.count")}

    def status(self, facts: Facts) -> Order.Status | None:
        """Read the state, and that of the parcel while it is under way."""
        state = facts.one_of(f"{AT}.state", STATES)
        codes = {one.text("state.descriptor.code") for one in facts.parts(f"{AT}.fulfillments")}
        return Status.SHIPPED if state == Status.PREPARING and codes & ON_THE_WAY else state

    def method(self, facts: Facts, label: str) -> PaymentMethod:
        """Tell cash on delivery; the rest is not said."""
        is_cash = facts.text(f"{AT}.payment.type") == "ON-FULFILLMENT"
        return PaymentMethod.CASH_ON_DELIVERY if is_cash else PaymentMethod.UNKNOWN

    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Read whose app cancelled, with which code, and who had asked."""
        said = facts.part(f"{AT}.cancellation")
        asked = _request(facts)
        code = said.text("reason.id") or asked.get("reason_id", "")
        asker = asked.get("cancelled_by", "")
        return {
            "source": _source(facts, said.text("cancelled_by"), code),
            "requested_by": _source(facts, asker, asked.get("reason_id", "")) if asker else None,
            "raw_reason": code,
            "cancelled_at": said.moment("time"),
            "was_charged": CHARGED.get(facts.text(f"{AT}.payment.status")),
        }

    def lines(self, facts: Facts, *, is_cancelled: bool) -> list[dict[str, Any]]:
        """Read the items; their titles and prices stand in the quote."""
        quote = {
            one.text("@ondc/org/item_id"): one
            for one in facts.parts(f"{AT}.quote.breakup")
            if one.text("@ondc/org/title_type") == "item"
        }
        said = []
        for line in facts.parts(self.LINES):
            quoted = quote.get(line.text("id"), Facts({}))
            price = quoted.amount("item.price.value")
            said.append({**self.line(line), "title": quoted.text("title") or line.needed("id"), "unit_price": price})
        return said


def _source(facts: Facts, participant: str, code: str) -> Source:
    if participant and participant == facts.text("context.bap_id"):
        return Source.BUYER
    if participant and participant == facts.text("context.bpp_id"):
        return Source.SELLER
    return Source.SYSTEM if participant and code in CARRIERS_CODES else Source.UNKNOWN


def _request(facts: Facts) -> dict[str, str]:
    """Return what the tag cancel_request says, by code."""
    tags = [tag for one in facts.parts(f"{AT}.fulfillments") for tag in one.parts("tags")]
    asked = [tag for tag in tags if tag.text("code") == "cancel_request"]
    return {one.text("code"): one.text("value") for tag in asked for one in tag.parts("list")}


FORMAT = Ondc
