"""What stands in for a shop: the demo's links out of Candor lead here, and it says what would be there."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.numbers import is_order_number
from foundation.text import fault_in

MOST_CHARACTERS = 200


@login_not_required
@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """Show which page of the marketplace's own shop this address would be."""
    said = {name: request.GET.get(name, "")[:MOST_CHARACTERS] for name in ("find", "ask", "order", "help")}
    fit = {name: "" if fault_in(value) else value for name, value in said.items()}
    order = fit["order"] if is_order_number(fit["order"]) else ""
    return render(request, "demo/shop.html", {**fit, "order": order})
