"""The seller's page of an order: the very card the buyer sees, the answer to a request, the seller's cancellation."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from cancellations.terms import Source
from orders.cancel_form import CancelForm
from orders.cancelling import cancel_order, check_status
from orders.forms import DeclineForm
from orders.models import Order
from orders.pages.cancelling import cancel_page
from orders.pages.detail import OrderPage
from orders.querysets import OrderQuerySet
from orders.refusals import CannotTake, NotReportedAnyMore, Refusal
from orders.requesting import approve_request, check_can_be_declined, decline_request
from orders.rules import CancelRule, Window
from orders.shown import check_shown
from orders.views.asked import asked_of
from orders.views.pressing import pressed
from orders.views.refusing import CONFLICT, refused
from orders.words import cancelling as words


def selling_order(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one of the reader's own sellers' orders."""
    order = get_object_or_404(_orders(request).for_display(), number=number)
    return render(
        request,
        "selling/order.html",
        {"order": order, "page": OrderPage(order, is_for_seller=True), "section": "selling"},
    )


def _page(request: SignedInRequest, number: str, asked: int) -> str:
    order = _order(request, number)
    with suppress(NotReportedAnyMore):
        asked_of(order, asked)
    return reverse("selling_orders:detail", args=[number])


@pressed(_page)
def request_approve(request: SignedInRequest, number: str, asked: int) -> HttpResponse:
    """Cancel, as the buyer asked."""
    order = _order(request, number)
    try:
        approve_request(asked_of(order, asked), by=request.user)
    except Refusal as refusal:
        return refused(request, order, refusal, is_for_seller=True)
    messages.success(request, words.APPROVED)
    return redirect("selling_orders:detail", number)


@require_http_methods(["GET", "POST"])
def request_decline(request: SignedInRequest, number: str, asked: int) -> HttpResponse:
    """Do not cancel, and say why not."""
    order = _order(request, number)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    try:
        wanted = asked_of(order, asked)
        if form.is_bound and form.is_valid():
            decline_request(wanted, by=request.user, answer=form.cleaned_data["answer"])
            messages.success(request, words.DECLINED)
            return redirect("selling_orders:detail", number)
        check_can_be_declined(wanted)
    except Refusal as refusal:
        return refused(request, order, refusal, is_for_seller=True)
    page = OrderPage(get_object_or_404(_orders(request).for_display(), pk=order.pk), is_for_seller=True)
    return render(request, "selling/decline.html", {"order": order, "page": page, "form": form, "section": "selling"})


@require_http_methods(["GET", "POST"])
def selling_cancel(request: SignedInRequest, number: str) -> HttpResponse:
    """Let the seller cancel, all of it or line by line, with a reason that the buyer reads."""
    order = _order(request, number)
    form = CancelForm(order, Source.SELLER, request.POST if request.method == "POST" else None)
    try:
        check_status(order)
        check_shown(order.lines.all(), form.shown)
        if form.is_bound and form.is_valid() and "cancel" in request.POST:
            if form.is_as_promised:
                return _cancel(request, order, form)
            form.overtake(words.NOT_AS_PROMISED)
    except CannotTake as refusal:
        form.add_error(None, str(refusal))
    except Refusal as refusal:
        return refused(request, order, refusal, is_for_seller=True)
    page = cancel_page(order, form, CancelRule(Window.AT_ONCE), is_for_seller=True)
    context = {"order": order, "form": form, "page": page, "section": "selling"}
    return render(request, "selling/cancel.html", context, status=CONFLICT if form.is_overtaken else 200)


def _cancel(request: SignedInRequest, order: Order, form: CancelForm) -> HttpResponse:
    note, reason, quantities, shown = form.cleaned_data["note"], form.chosen_reason, form.quantities, form.shown
    cancel_order(
        order, quantities=quantities, source=Source.SELLER, reason=reason, by=request.user, note=note, shown=shown
    )
    messages.success(request, words.DONE_BY_SELLER)
    return redirect("selling_orders:detail", order.number)


def _orders(request: SignedInRequest) -> OrderQuerySet:
    return Order.objects.filter(seller__members=request.user)


def _order(request: SignedInRequest, number: str) -> Order:
    order: Order = get_object_or_404(_orders(request).select_related("seller", "cancellation"), number=number)
    return order
