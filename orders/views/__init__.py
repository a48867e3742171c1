"""The buyer's pages."""

from orders.views.detail import order_detail
from orders.views.home import home
from orders.views.listing import order_list

__all__ = ["home", "order_detail", "order_list"]
