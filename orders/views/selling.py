"""The seller's page of an order: the very card the buyer sees, the answer to a request, the seller's cancellation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from cancellations.terms import Source
from orders.cancelling import cancel_lines, cancel_order
from orders.forms import CancelForm, DeclineForm
from orders.models import CancellationRequest, Order
from orders.pages.detail import OrderPage
from orders.portions import as_quantities, take
from orders.querysets import OrderQuerySet
from orders.refusals import CannotTake, Refusal, UnfitNote
from orders.requesting import approve_request, decline_request
from orders.rules import OPEN_STATUSES


def selling_order(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one of the reader's own sellers' orders."""
    order = get_object_or_404(_orders(request).for_display(), number=number)
    return render(request, "selling/order.html", {"order": order, "page": OrderPage(order, is_for_seller=True)})


@require_POST
def request_approve(request: SignedInRequest, number: str) -> HttpResponse:
    """Cancel, as the buyer asked."""
    order, asked = _asked(request, number)
    try:
        approve_request(asked, by=request.user)
    except Refusal as refusal:
        return _refused(request, order, refusal)
    messages.success(request, _("The order is cancelled, as the buyer asked."))
    return redirect("selling_orders:detail", number)


@require_http_methods(["GET", "POST"])
def request_decline(request: SignedInRequest, number: str) -> HttpResponse:
    """Do not cancel, and say why not."""
    order, asked = _asked(request, number)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            decline_request(asked, by=request.user, answer=form.cleaned_data["answer"])
        except UnfitNote as refusal:
            form.add_error("answer", str(refusal))
        except Refusal as refusal:
            return _refused(request, order, refusal)
        else:
            messages.success(request, _("Your answer has been sent to the buyer. The order goes on."))
            return redirect("selling_orders:detail", number)
    return render(request, "selling/decline.html", {"order": order, "asked": asked, "form": form})


@require_http_methods(["GET", "POST"])
def selling_cancel(request: SignedInRequest, number: str) -> HttpResponse:
    """Let the seller cancel, all of it or line by line, with a reason that the buyer reads."""
    order = get_object_or_404(_orders(request).select_related("seller", "cancellation"), number=number)
    if order.status not in OPEN_STATUSES:
        return _refused(request, order, None)
    form = CancelForm(order, Source.SELLER, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _cancel(request, order, form)
        except (CannotTake, UnfitNote) as refusal:
            form.add_error(None, str(refusal))
        except Refusal as refusal:
            return _refused(request, order, refusal)
    return render(request, "selling/cancel.html", {"order": order, "form": form})


def _cancel(request: SignedInRequest, order: Order, form: CancelForm) -> HttpResponse:
    taken = take(order, form.quantities)
    note, reason = form.cleaned_data["note"], form.chosen_reason
    if taken.is_whole:
        cancel_order(order, source=Source.SELLER, reason=reason, by=request.user, note=note)
    else:
        quantities = as_quantities(taken.portions)
        cancel_lines(order, quantities, source=Source.SELLER, reason=reason, by=request.user, note=note)
    messages.success(request, _("Cancelled. The buyer reads the reason you gave."))
    return redirect("selling_orders:detail", order.number)


def _orders(request: SignedInRequest) -> OrderQuerySet:
    return Order.objects.filter(seller__members=request.user)


def _asked(request: SignedInRequest, number: str) -> tuple[Order, CancellationRequest]:
    """Find what the buyer of one of the reader's own sellers' orders asked last. Raise Http404."""
    order = get_object_or_404(_orders(request).select_related("seller", "cancellation"), number=number)
    return order, get_object_or_404(order.requests.select_related("reason").order_by("-pk")[:1])


def _refused(request: SignedInRequest, order: Order, refusal: Refusal | None) -> HttpResponse:
    now = Order.objects.for_display().get(pk=order.pk)
    context = {"order": now, "page": OrderPage(now, is_for_seller=True), "refusal": refusal}
    return render(request, "selling/refused.html", context, status=409)
