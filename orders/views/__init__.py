"""The pages of buyers, and the seller's page of an order."""

from orders.views.cancelling import order_cancel, request_withdraw
from orders.views.contesting import explanation_vote, reason_contest
from orders.views.detail import order_detail
from orders.views.home import home
from orders.views.listing import order_list
from orders.views.notifications import notifications
from orders.views.receipt import receipt

__all__ = [
    "explanation_vote",
    "home",
    "notifications",
    "order_cancel",
    "order_detail",
    "order_list",
    "reason_contest",
    "receipt",
    "request_withdraw",
]
