"""The receipt of a cancellation."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.requests import SignedInRequest
from orders.pages.detail import OrderPage
from orders.pages.receipt import Receipt


def receipt(request: SignedInRequest, number: str) -> HttpResponse:
    """Show everything that is recorded about what was cancelled, to be printed and kept."""
    order = get_object_or_404(request.user.orders.for_display(), number=number)
    page = OrderPage(order)
    if not page.cards:
        raise Http404
    made = Receipt(page, buyer=str(request.user), made_at=timezone.now())
    return render(request, "orders/receipt.html", {"order": order, "receipt": made, "section": "orders"})
