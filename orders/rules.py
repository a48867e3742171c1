"""When a buyer may cancel: at once while unpaid and for an hour after paying, then by asking, then no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import TextChoices

from orders.models import CancellationRequest, Event, Order

OPEN_STATUSES = {Order.Status.AWAITING_PAYMENT, Order.Status.PREPARING}
ASK_AGAIN_AFTER = timedelta(hours=24)
CHANGES = {Event.Kind.CHANGED, Event.Kind.PART_CANCELLED}  # what makes it fair to ask once more


class Window(TextChoices):
    """What a buyer can do about an order right now."""

    AT_ONCE = "at_once"
    AT_ONCE_UNTIL = "at_once_until"
    BY_REQUEST = "by_request"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class CancelRule:
    """The rule that holds, and the moment it changes (AT_ONCE_UNTIL) or changed (the others), where it is known."""

    window: Window
    at: datetime | None = None

    @property
    def allows_cancelling(self) -> bool:
        """Tell whether the buyer can cancel at once."""
        return self.window in {Window.AT_ONCE, Window.AT_ONCE_UNTIL}

    @property
    def allows_asking(self) -> bool:
        """Tell whether the buyer can ask the seller to cancel."""
        return self.window == Window.BY_REQUEST


def is_change(kind: str, facts: Mapping[str, Any]) -> bool:
    """Tell whether an event makes it fair to ask once more: a statement that repeats what was known does not."""
    return kind in CHANGES and not facts.get("is_repeated")


def may_ask_again(last: CancellationRequest, *, now: datetime, has_changed: bool) -> bool:
    """Tell whether a buyer may ask once more: after a refusal once the order has changed, or a day later.

    A refusal whose time the origin does not state holds nobody up.
    """
    if last.state != CancellationRequest.State.DECLINED or last.decided_at is None:
        return not last.is_open
    return has_changed or now >= last.decided_at + ASK_AGAIN_AFTER


def cancel_rule(order: Order, *, now: datetime) -> CancelRule:
    """Find the rule for an order. An order whose payment has no time counts from when it was placed."""
    match order.status:
        case Order.Status.AWAITING_PAYMENT:
            return CancelRule(Window.AT_ONCE)
        case Order.Status.PREPARING:
            return _while_preparing(order.paid_at or order.placed_at, now)
        case Order.Status.SHIPPED:
            return CancelRule(Window.SHIPPED, order.shipped_at)
        case Order.Status.DELIVERED:
            return CancelRule(Window.DELIVERED, order.delivered_at)
    return CancelRule(Window.CANCELLED, order.cancellation.cancelled_at if order.cancellation else None)


def _while_preparing(since: datetime | None, now: datetime) -> CancelRule:
    if since is None:
        return CancelRule(Window.BY_REQUEST)
    until = since + timedelta(minutes=settings.CANCEL_INSTANT_MINUTES)
    return CancelRule(Window.AT_ONCE_UNTIL if now < until else Window.BY_REQUEST, until)
