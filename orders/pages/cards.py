"""The cards of My Orders: each answers without a click."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.safestring import SafeString

from cancellations.models import Cancellation, Refund
from foundation.money import money
from foundation.rows import instances
from orders.models import CancellationRequest, Order
from orders.pages.record import SellerRecord
from orders.pages.why import WhyCard, part_card, why_card
from orders.rules import CancelRule, cancel_rule, may_ask_again
from orders.titles import order_title
from orders.words.request import request_brief


@dataclass(frozen=True)
class OrderCard:
    """One order in a list, from an order that was read `for_cards`."""

    order: Order

    @property
    def title(self) -> str:
        """What people call the order: its first item and how many of it, else its number."""
        item, quantity = self.order.title, self.order.title_quantity  # type: ignore[attr-defined]
        return order_title(self.order.number, item, quantity)

    @property
    def other_items(self) -> int:
        """How many pieces the title does not name."""
        return (self.order.quantity or 0) - (self.order.title_quantity or 0)  # type: ignore[attr-defined]

    @property
    def record(self) -> SellerRecord:
        """What is known of the seller, for whoever thinks of buying again."""
        return SellerRecord(self.order.seller)

    @property
    def total(self) -> str:
        """What the order cost ("" where that is not stated)."""
        order = self.order
        return money(order.total, order.currency) if order.total is not None else ""

    @property
    def is_part_cancelled(self) -> bool:
        """Tell whether some items were cancelled and others were not."""
        return bool(self.order.cancelled_quantity) and not self.order.is_cancelled  # type: ignore[attr-defined]

    @cached_property
    def why(self) -> WhyCard | None:
        """Who ended the order, or the latest part of it, and why."""
        refunds = instances(Refund, self.order.refund_rows)  # type: ignore[attr-defined]
        return why_card(self.order, refunds, other_refunds=tuple(self._part_refunds)) or self._part

    @property
    def _part(self) -> WhyCard | None:
        ended = instances(Cancellation, self.order.part_rows)  # type: ignore[attr-defined]
        return part_card(self.order, ended[0], self._part_refunds) if ended else None

    @property
    def _part_refunds(self) -> list[Refund]:
        return instances(Refund, self.order.part_refund_rows)  # type: ignore[attr-defined]

    @property
    def rule(self) -> CancelRule:
        """Whether the buyer can cancel now."""
        return cancel_rule(self.order, now=timezone.now())

    @property
    def request_news(self) -> SafeString:
        """Who must act until when ("" where nothing was asked)."""
        asked = self.open_request
        return request_brief(asked, seller=self.order.seller.name) if asked else SafeString()

    @cached_property
    def last_request(self) -> CancellationRequest | None:
        """What the buyer asked last."""
        asked = instances(CancellationRequest, self.order.request_rows)  # type: ignore[attr-defined]
        return asked[0] if asked else None

    @property
    def open_request(self) -> CancellationRequest | None:
        """What the buyer has asked and the seller has not answered, while the order is open."""
        last = self.last_request
        return last if last and last.is_open and not self.order.is_cancelled else None

    @property
    def can_ask(self) -> bool:
        """Tell whether the seller can be asked to cancel; whether a refused order has changed, only its page knows."""
        last = self.last_request
        has_not_been_refused = last is None or may_ask_again(last, now=timezone.now(), has_changed=False)
        return self.rule.allows_asking and has_not_been_refused
