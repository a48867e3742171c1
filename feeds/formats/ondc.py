"""ONDC's answers about an order (on_cancel, on_status, on_confirm; retail 1.2), as its network sends them: JSON.

Who cancelled is a participant's address: the buyer's app is the buyer, the seller's is the seller. A third one can
only be the carrier, and only with a code that carriers may use (the network's list of cancellation codes).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cancellations.terms import PaymentMethod, Source
from feeds.facts import MISSING, Facts
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
ENDED = {"Cancel", "RTO"}  # the types of fulfilments that take up what was cancelled
AT = "message.order"
CURRENCY = f"{AT}.quote.price.currency"


def _total(facts: Facts, path: str) -> Decimal | None:
    """Read what was paid, where that is in the currency of the quote."""
    paid_in = facts.text(f"{AT}.payment.params.currency")
    return facts.amount(path) if paid_in in {"", facts.text(CURRENCY)} else None


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
        "currency": (Facts.text, CURRENCY),
        # What is left of the quote after a cancellation is not what the order came to; what was paid is.
        "total": (_total, f"{AT}.payment.params.amount"),
        "placed_at": (Facts.moment, f"{AT}.created_at"),
    }
    BUYER = {"email": (Facts.text, f"{AT}.billing.email")}
    REVISION = 3  # amounts in another currency than the order's
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
        """Read whose app cancelled, with which code, and who had asked; where that is silent, who began it."""
        said = facts.part(f"{AT}.cancellation")
        asked = _request(facts)
        code = said.text("reason.id") or asked.get("reason_id", "")
        asker = _asker(asked)
        return {
            "source": _source(facts, said.text("cancelled_by") or asked.get("initiated_by", ""), code),
            "requested_by": _source(facts, asker, asked.get("reason_id", "")) if asker else None,
            "raw_reason": code,
            "cancelled_at": said.moment("time"),
            "was_charged": CHARGED.get(facts.text(f"{AT}.payment.status")),
        }

    def lines(self, facts: Facts, *, is_cancelled: bool) -> list[dict[str, Any]]:
        """Read the items, each put together of its entries: what was moved to a fulfilment that ended is cancelled.

        Their titles and prices stand in the quote.
        """
        quote = {
            one.text("@ondc/org/item_id"): one
            for one in facts.parts(f"{AT}.quote.breakup")
            if one.text("@ondc/org/title_type") == "item"
        }
        endings = _endings(facts)
        said: dict[tuple[str, str], dict[str, Any]] = {}
        for entry in facts.parts(self.LINES):
            quoted = quote.get(entry.text("id"), Facts({}))
            title = quoted.text("title") or entry.needed("id")
            new = {
                "title": title,
                "unit_price": quoted.amount_in("item.price.value", "item.price.currency"),
                "quantity": 0,
            }
            line = said.setdefault((entry.text("id"), entry.text("parent_item_id")), new)
            count = _count(entry)
            line["quantity"] += count
            if count and entry.text("fulfillment_id") in endings:
                line["cancelled_quantity"] = line.get("cancelled_quantity", 0) + count
                line["cancellation"] = endings[entry.text("fulfillment_id")]
        lines = [line for line in said.values() if line["quantity"]]
        is_all = all(line.get("cancelled_quantity") == line["quantity"] for line in lines)
        # Of an order that was cancelled as a whole, the order itself says who and why.
        return [_without_ending(line) for line in lines] if is_cancelled and is_all else lines


def _count(entry: Facts) -> int:
    """Count the pieces of an entry; one from which all were moved away has none."""
    count = entry.count("quantity.count")
    if count is None and entry.raw("quantity.count") in (None, ""):
        entry.find("quantity.count", MISSING)
    if count is not None and count < 0:
        entry.find("quantity.count", "It must be at least 0.")
    return count or 0


def _without_ending(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in {"cancelled_quantity", "cancellation"}}


def _endings(facts: Facts) -> dict[str, dict[str, Any]]:
    """Say who cancelled and why, of each fulfilment of cancelled pieces: as it says, or the one they were in before."""
    fulfilments = facts.parts(f"{AT}.fulfillments")
    requests = {one.text("id"): _request_of(one) for one in fulfilments}
    moved = {request["rto_id"]: request for request in requests.values() if "rto_id" in request}
    ended = [one.text("id") for one in fulfilments if one.text("type") in ENDED]
    return {name: _ending(facts, requests[name] or moved.get(name, {})) for name in ended}


def _ending(facts: Facts, asked: Mapping[str, str]) -> dict[str, Any]:
    code = asked.get("reason_id", "")
    return {"source": _source(facts, _asker(asked), code), "raw_reason": code}


def _source(facts: Facts, participant: str, code: str) -> Source:
    if participant and participant == facts.text("context.bap_id"):
        return Source.BUYER
    if participant and participant == facts.text("context.bpp_id"):
        return Source.SELLER
    return Source.SYSTEM if participant and code in CARRIERS_CODES else Source.UNKNOWN


def _request(facts: Facts) -> dict[str, str]:
    """Return what the tag cancel_request says, by code."""
    said: dict[str, str] = {}
    for one in facts.parts(f"{AT}.fulfillments"):
        said |= _request_of(one)
    return said


def _request_of(fulfilment: Facts) -> dict[str, str]:
    asked = [tag for tag in fulfilment.parts("tags") if tag.text("code") == "cancel_request"]
    return {one.text("code"): one.text("value") for tag in asked for one in tag.parts("list")}


def _asker(asked: Mapping[str, str]) -> str:
    return asked.get("cancelled_by") or asked.get("initiated_by", "")


FORMAT = Ondc
