"""AliExpress's orders (aliexpress.solution.order.info.get).

How an order ended is a code of a closed list, order_end_reason; who ended it is part of what each code means.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cancellations.models import Refund
from cancellations.terms import PaymentMethod, Source
from feeds.facts import Facts, priced_in
from feeds.payloads import PayloadFormat, Status, source_of, unless_code
from orders.models import CancellationRequest, Order

PACIFIC = ZoneInfo("America/Los_Angeles")  # in which its times without a zone are written
STATUSES = {
    "place_order_success": Status.AWAITING_PAYMENT,
    "wait_seller_examine_money": Status.AWAITING_PAYMENT,
    "in_cancel": Status.PREPARING,
    "risk_control": Status.PREPARING,
    "in_frozen": Status.PREPARING,
    "wait_seller_send_goods": Status.PREPARING,
    "seller_part_send_goods": Status.SHIPPED,
    "wait_buyer_accept_goods": Status.SHIPPED,
    "in_issue": Status.SHIPPED,
    "fund_processing": Status.DELIVERED,
}
FINISHED = "FINISH"
ASKED = "IN_CANCEL"  # the buyer has asked; why, when and until when is not said, nor what became of it afterwards
# An end that is no cancellation: accepted by the buyer, or a dispute about what had been sent.
ENDS = {
    "buyer_accept_goods": Status.DELIVERED,
    "buyer_accept_goods_timeout": Status.DELIVERED,
    "buyer_confirm_goods": Status.DELIVERED,
    "buyer_confirm_goods_timeout": Status.DELIVERED,
    "seller_accept_issue_no_goods_return": Status.SHIPPED,
    "seller_response_issue_timeout": Status.SHIPPED,
    "end_issue": Status.SHIPPED,
}
SOURCES = {
    "buyer_cancel_notpay_order": Source.BUYER,
    "buyer_cancel_order_in_risk": Source.BUYER,
    "buyer_cancel_order": Source.BUYER,
    "buyer_pay_timeout": Source.SYSTEM,
    "pay_timeout": Source.SYSTEM,
    "seller_send_goods_timeout": Source.SYSTEM,
    "send_goods_timeout": Source.SYSTEM,
    "risk_reject_closed": Source.SYSTEM,
    "risk_closed": Source.SYSTEM,
    "security_close": Source.SYSTEM,
    "cancel_order_close_trade": Source.UNKNOWN,  # after a request; whose, it does not say
}
ENDINGS = {**dict.fromkeys(SOURCES, Status.CANCELLED), **ENDS}
REFUND_STATES = {"wait_refund": Refund.State.DUE, "refund_frozen": Refund.State.DUE, "refund_ok": Refund.State.SENT}


def _moment(facts: Facts, path: str) -> datetime | None:
    return facts.moment(path, PACIFIC)


class AliExpress(PayloadFormat):
    """An order with its child orders, one for each item."""

    name = "aliexpress"
    origin = "aliexpress"
    TITLE = "An AliExpress order"
    MARKS = ("order_status", "child_order_list", "gmt_create")
    ENVELOPES = ("aliexpress_solution_order_info_get_response.result.data", "result.data", "data", "orders")
    SELLER = "seller_signer_fullname"
    NUMBER = "id"
    UPDATED = (_moment, "gmt_modified")
    REVISION = 3  # amounts in another currency than the order's; codes of payments
    ORDER = {
        "number": (Facts.needed, "id"),
        "currency": (Facts.text, "order_amount.currency_code"),
        "total": (Facts.amount, "order_amount.amount"),
        "payment_label": (Facts.text, "payment_type"),
        "placed_at": (_moment, "gmt_create"),
        "paid_at": (_moment, "gmt_pay_success"),
    }
    BUYER = {"external_id": (Facts.text, "buyerloginid")}
    LINES = "child_order_list.global_aeop_tp_child_order_dto"
    LINE = {
        "title": (Facts.needed, "product_name"),
        "sku": (Facts.text, "sku_code"),
        "quantity": (Facts.count, "product_count"),
        "unit_price": (priced_in("product_price.currency_code"), "product_price.amount"),
    }

    def status(self, facts: Facts) -> Order.Status | None:
        """Read the status, and of a finished order how it ended: an end that is not listed is refused."""
        if facts.text("order_status") != FINISHED:
            return facts.one_of("order_status", STATUSES)
        return facts.one_of("order_end_reason", ENDINGS)

    def readable(self, label: str) -> str:
        """Leave out a code, such as mb."""
        return unless_code(label)

    def method(self, facts: Facts, label: str) -> PaymentMethod:
        """Tell cash on delivery, which is said apart."""
        return PaymentMethod.CASH_ON_DELIVERY if facts.raw("cod") is True else super().method(facts, label)

    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Read how it ended, when, and the money."""
        reason = facts.text("order_end_reason")
        return {
            "source": source_of(reason, SOURCES),
            "raw_reason": reason,
            "cancelled_at": _moment(facts, "gmt_trade_end"),
            "was_charged": True if facts.text("gmt_pay_success") else None,
            "refunds": _refunds(facts.part("refund_info")),
        }

    def request(self, facts: Facts) -> dict[str, Any] | None:
        """Tell that the buyer waits for an answer."""
        return {"state": CancellationRequest.State.OPEN} if facts.text("order_status") == ASKED else None


def _refunds(refund: Facts) -> list[dict[str, Any]]:
    state = REFUND_STATES.get(refund.text("refund_status"))
    amount = refund.amount_in("refund_cash_amt.amount", "refund_cash_amt.currency_code")
    if not (state and amount):
        return []
    sent_at = _moment(refund, "refund_time") if state == Refund.State.SENT else None
    return [{"amount": amount, "state": state, "sent_at": sent_at}]


FORMAT = AliExpress
