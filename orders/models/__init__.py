"""What was bought: sellers, orders, their lines, requests to cancel, and what happened to them."""

from orders.models.event import Event
from orders.models.order import Order, OrderLine
from orders.models.request import CancellationRequest
from orders.models.seller import Seller

__all__ = ["CancellationRequest", "Event", "Order", "OrderLine", "Seller"]
