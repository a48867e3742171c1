"""What the demo's administrator finds: a shop whose own back end sends orders, some of which were refused."""

import json
from datetime import timedelta
from typing import Any

from feeds.connecting import connect_feed
from feeds.demo.clock import Clock
from feeds.formats.woocommerce import WooCommerce
from feeds.models import Feed
from feeds.receiving import receive

SLUG = "casa-lucera"
SELLER = "Casa Lucera"
# The first is as it should be; the second has a status of a plug-in, the third an amount in words.
ORDERS: list[dict[str, Any]] = [
    {"number": "CL-1180", "status": "processing", "total": "74.00"},
    {"number": "CL-1181", "status": "awaiting-pickup", "total": "139.00"},
    {"number": "CL-1182", "status": "processing", "total": "to be agreed"},
]


def send_as_a_shop(clock: Clock) -> None:
    """Connect the shop's WooCommerce, and deliver a message of three orders."""
    feed = connect_feed(
        slug=SLUG, name="Casa Lucera's own shop", format=WooCommerce.name, seller_name=SELLER, currency="EUR"
    )
    orders = [_order(one, clock, days) for days, one in enumerate(ORDERS, 1)]
    receive(feed, message="orders-2026-w47", body=json.dumps(orders).encode(), form=WooCommerce)


def is_connected() -> bool:
    """Tell whether the shop is there already."""
    return Feed.objects.filter(slug=SLUG).exists()


def _order(said: dict[str, Any], clock: Clock, days: int) -> dict[str, Any]:
    placed = (clock.now - timedelta(days=days)).replace(tzinfo=None).isoformat(timespec="seconds")
    return {
        "order_key": f"wc_order_{said['number'].lower()}",
        "currency": "EUR",
        "date_created_gmt": placed,
        "date_modified_gmt": placed,
        "date_paid_gmt": placed,
        "payment_method": "bacs",
        "payment_method_title": "Bank transfer",
        "line_items": [{"id": 1, "name": "Linen table runner", "quantity": 1}],
        **said,
    }
