"""Addresses of the orders behind a figure."""

from urllib.parse import urlencode

from django.urls import reverse

from insights.windows import Window


def orders_behind(view: str, window: Window | None, **filters: str) -> str:
    """Return the address of a list of orders: those of a window that count, narrowed by the filters of My Orders."""
    days = {"since": window.since.isoformat(), "until": window.until.isoformat()} if window else {}
    return f"{reverse(view)}?{urlencode({**days, 'replaced': 'no', **filters})}"
