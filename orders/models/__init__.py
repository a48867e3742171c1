"""What was bought: sellers, orders, their lines, requests to cancel, and what happened to them."""

from orders.models.event import Event
from orders.models.mail import Mail
from orders.models.order import Order, OrderLine
from orders.models.request import CancellationRequest, RequestedLine
from orders.models.seller import Seller

__all__ = ["CancellationRequest", "Event", "Mail", "Order", "OrderLine", "RequestedLine", "Seller"]
