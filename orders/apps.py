"""The orders app."""

from django.apps import AppConfig
from django.urls import register_converter

from orders.converters import OrderNumberConverter


class OrdersConfig(AppConfig):
    """The orders app."""

    name = "orders"

    def ready(self) -> None:
        """Teach addresses what the number of an order is."""
        register_converter(OrderNumberConverter, "number")
