"""The page of one order."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.requests import SignedInRequest
from orders.pages.detail import OrderPage


def order_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one of the reader's orders, and why it was cancelled."""
    order = get_object_or_404(request.user.orders.for_display(), number=number)
    return render(request, "orders/order_detail.html", {"page": OrderPage(order), "order": order, "section": "orders"})
