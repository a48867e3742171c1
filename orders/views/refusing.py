"""The page that says what cannot be done, since when, and what can be done instead."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import SignedInRequest
from orders.models import Order
from orders.pages.detail import OrderPage
from orders.refusals import CannotAsk, CannotCancel, Refusal

CONFLICT = 409


def refused(request: SignedInRequest, order: Order, refusal: Refusal, *, is_for_seller: bool = False) -> HttpResponse:
    """Explain, with the order as it is now. Answers 409, so that a client sees it too."""
    now = Order.objects.for_display().get(pk=order.pk)
    page = OrderPage(now, is_for_seller=is_for_seller)
    template = "selling/refused.html" if is_for_seller else "orders/order_refused.html"
    context = {
        "order": now,
        "page": page,
        "refusal": refusal,
        "is_told_by_page": isinstance(refusal, CannotCancel | CannotAsk) and not now.is_cancelled,
        "section": "selling" if is_for_seller else "orders",
    }
    return render(request, template, context, status=CONFLICT)
