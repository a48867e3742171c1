"""What feeds say: canonical documents become orders, in bulk, and the newest statement about each order wins."""

from orders.recording.batch import record_orders
from orders.recording.outcomes import NotUnderstood, Outcome, What
from orders.recording.readings import Reading

__all__ = ["NotUnderstood", "Outcome", "Reading", "What", "record_orders"]
