"""Addresses of the orders behind a figure."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from insights.windows import Window
from orders.models import Seller


def orders_behind(view: str, window: Window | None, **filters: str) -> str:
    """Return the address of a list of orders: those of a window that count, narrowed by the filters of My Orders."""
    days = {"since": window.since.isoformat(), "until": window.until.isoformat()} if window else {}
    return f"{reverse(view)}?{urlencode({**days, 'replaced': 'no', **filters})}"


@dataclass(frozen=True)
class SellerOrders:
    """The addresses of a seller's orders of one window, or of a part of it."""

    seller: Seller
    window: Window

    def __call__(self, window: Window | None = None, /, **filters: str) -> str:
        """Return where the orders are that these filters keep."""
        return orders_behind("selling:orders", window or self.window, seller=self.seller.slug, **filters)
