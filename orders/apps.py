"""The orders app."""

from django.apps import AppConfig
from django.core.checks import register
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from orders.converters import OrderNumberConverter


class OrdersConfig(AppConfig):
    """The orders app."""

    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Teach addresses what the number of an order is, and look at where the shop helps on."""
        from orders.ways_out import check_addresses  # noqa: PLC0415  (the models must be there)

        register_converter(OrderNumberConverter, "number")
        register(check_addresses)
