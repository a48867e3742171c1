"""What is looked up in the admin: orders, sellers, requests, and the records of cancellations.

The latter are here because whoever looks one up knows the order's number, which cancellations does not.
"""

from orders.admin.aliases import AliasAdmin
from orders.admin.conflicts import ConflictAdmin
from orders.admin.contests import ContestAdmin
from orders.admin.orders import CancellationRequestAdmin, EventAdmin, OrderAdmin
from orders.admin.records import CancellationAdmin, FeedbackAdmin
from orders.admin.refunds import RefundAdmin
from orders.admin.sellers import SellerAdmin

__all__ = [
    "AliasAdmin",
    "CancellationAdmin",
    "CancellationRequestAdmin",
    "ConflictAdmin",
    "ContestAdmin",
    "EventAdmin",
    "FeedbackAdmin",
    "OrderAdmin",
    "RefundAdmin",
    "SellerAdmin",
]
