"""Why an order ended: the reason catalogue, the cancellation records, refunds, contests."""

from cancellations.models.cancellation import Cancellation
from cancellations.models.contest import Contest, Feedback
from cancellations.models.reason import Alias, Reason, Wording
from cancellations.models.refund import Refund, RefundTime

__all__ = ["Alias", "Cancellation", "Contest", "Feedback", "Reason", "Refund", "RefundTime", "Wording"]
