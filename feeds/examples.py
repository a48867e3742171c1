"""What messages look like, for the page of the API. A test sends each of them."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "number": "1042-7731",
    "version": 3,
    "seller": {"name": "Casa Lucera"},
    "buyer": {"external_id": "b-7731", "email": "mai@example.org"},
    "status": "cancelled",
    "currency": "EUR",
    "total": "148.00",
    "payment_method": "card",
    "payment_label": "Card ending 4242",
    "placed_at": "2026-11-03T19:20:00+01:00",
    "paid_at": "2026-11-03T19:22:00+01:00",
    "lines": [{"title": "Brass floor lamp", "quantity": 1, "unit_price": "139.00"}],
    "cancellation": {
        "source": "system",
        "reason": "seller_did_not_ship",
        "cancelled_at": "2026-11-13T00:05:00+01:00",
        "refunds": [{"amount": "148.00", "method": "card", "state": "due", "expected_by": "2026-11-21"}],
    },
}
PLATFORM_EXAMPLES: dict[str, Any] = {
    "shopify": {
        "id": 820982911946154508,
        "name": "#1042",
        "created_at": "2026-11-03T19:20:00+01:00",
        "updated_at": "2026-11-05T08:02:11+01:00",
        "cancelled_at": "2026-11-05T08:02:00+01:00",
        "cancel_reason": "inventory",
        "currency": "EUR",
        "total_price": "148.00",
        "financial_status": "refunded",
        "fulfillment_status": None,
        "email": "mai@example.org",
        "payment_gateway_names": ["Card"],
        "line_items": [{"id": 866550311766439020, "title": "Brass floor lamp", "quantity": 1, "price": "139.00"}],
        "refunds": [],
    },
    "tiktok": {
        "data": {
            "orders": [
                {
                    "id": "576461413038785752",
                    "status": "CANCELLED",
                    "create_time": 1793729600,
                    "update_time": 1793902700,
                    "cancel_time": 1793902690,
                    "cancellation_initiator": "SYSTEM",
                    "cancel_reason": "Seller did not ship in time",
                    "payment": {"currency": "GBP", "total_amount": "39.00"},
                    "payment_method_name": "Card",
                    "user_id": "7494104250178603000",
                    "line_items": [
                        {"id": "577086512123755123", "product_name": "Brass floor lamp", "sale_price": "39.00"}
                    ],
                }
            ]
        }
    },
    "woocommerce": [
        {
            "id": 727,
            "number": "727",
            "order_key": "wc_order_58d2d042d1d",
            "status": "cancelled",
            "currency": "USD",
            "date_created_gmt": "2026-11-03T18:20:00",
            "date_modified_gmt": "2026-11-05T07:02:11",
            "date_paid_gmt": "2026-11-03T18:22:00",
            "total": "29.35",
            "customer_id": 26,
            "payment_method": "stripe",
            "payment_method_title": "Card",
            "line_items": [{"id": 315, "name": "Brass floor lamp", "quantity": 1, "price": 29.35}],
            "refunds": [{"id": 726, "reason": "Out of stock", "total": "-29.35"}],
        }
    ],
}
