"""The request that a button or a form names."""

from django.http import Http404

from orders.models import CancellationRequest, Order
from orders.requesting import find_request


def asked_of(order: Order, asked: int) -> CancellationRequest:
    """Find what was asked about an order by its own key, so that nothing is answered but what was on the page.

    Raise Http404 if that was never asked, NotReportedAnyMore if its origin has dropped it.
    """
    try:
        return find_request(order, asked)
    except CancellationRequest.DoesNotExist:
        raise Http404 from None
