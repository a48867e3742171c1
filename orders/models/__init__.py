"""What was bought: sellers, orders, their lines, requests to cancel, and what happened to them."""

from orders.models.conflict import Conflict
from orders.models.event import Event
from orders.models.mail import Mail
from orders.models.order import EarlierPart, Order, OrderLine
from orders.models.request import CancellationRequest, RequestedLine
from orders.models.seller import Seller

__all__ = [
    "CancellationRequest",
    "Conflict",
    "EarlierPart",
    "Event",
    "Mail",
    "Order",
    "OrderLine",
    "RequestedLine",
    "Seller",
]
