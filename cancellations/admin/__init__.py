"""The catalogue in the admin. What cancellations left behind is in orders/admin, which knows the order of each."""

from cancellations.admin.reasons import ReasonAdmin
from cancellations.admin.refund_times import RefundTimeAdmin

__all__ = ["ReasonAdmin", "RefundTimeAdmin"]
