"""My Orders."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import SignedInRequest
from orders.pages.listing import OrderListing


def order_list(request: SignedInRequest) -> HttpResponse:
    """Show the reader's orders, as the address asks for them."""
    listing = OrderListing(request.user.orders.all(), request.GET, reader=request.user.pk)
    return render(request, "orders/order_list.html", {"listing": listing, "section": "orders"})
