"""What a cancellation would do, said before the button. Writes nothing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings

from cancellations.refund_times import expected_by
from orders.cancelling import was_charged
from orders.models import Order
from orders.portions import Take, refunded_already
from orders.rules import CancelRule


@dataclass(frozen=True)
class Preview:
    """What would be taken, what would come back and by when, and whether the seller is asked first."""

    taken: Take
    was_charged: bool | None
    amount: Decimal | None
    expected_by: date | None
    answer_by: datetime | None
    is_paid_back: bool = False  # nothing is left to come back, because earlier refunds are all that was paid

    @property
    def is_request(self) -> bool:
        """Tell whether the seller is asked first."""
        return self.answer_by is not None


def preview(order: Order, taken: Take, *, rule: CancelRule, now: datetime) -> Preview:
    """Work out what cancelling this would do now; the amount and the day are those that the action records.

    Of a request, the day counts from the last moment at which it can be answered.
    """
    charged = was_charged(order)
    refunded = refunded_already(order)
    amount = taken.owed(refunded) if charged else None
    answer_by = now + timedelta(hours=settings.CANCEL_ANSWER_HOURS) if rule.allows_asking else None
    return Preview(
        taken,
        charged,
        amount,
        expected_by(order.payment_method, since=answer_by or now) if amount else None,
        answer_by,
        is_paid_back=order.total is not None and refunded >= order.total > 0,
    )
