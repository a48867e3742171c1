"""The buyer cancels, asks the seller to, or takes that back."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from cancellations.terms import Source
from orders.cancel_form import CancelForm
from orders.cancelling import cancel_order, check_status
from orders.models import Order
from orders.pages.cancelling import cancel_page
from orders.querysets import OrderQuerySet
from orders.refusals import CannotTake, NotReportedAnyMore, Refusal
from orders.requesting import check_may_ask, request_cancellation, withdraw_request
from orders.rules import CancelRule, cancel_rule
from orders.shown import check_shown
from orders.views.asked import asked_of
from orders.views.pressing import pressed
from orders.views.refusing import CONFLICT, refused
from orders.words import cancelling as words


@require_http_methods(["GET", "POST"])
def order_cancel(request: SignedInRequest, number: str) -> HttpResponse:
    """Say what cancelling would do; do it, or ask the seller to, when the button is pressed."""
    order = get_object_or_404(_orders(request), number=number)
    rule = cancel_rule(order, now=timezone.now())
    form = CancelForm(order, Source.BUYER, request.POST if request.method == "POST" else None)
    try:
        _check(order, rule)
        check_shown(order.lines.all(), form.shown)
        if _is_pressed(request, form, rule):
            return _act(request, order, form, rule)
    except CannotTake as refusal:
        form.add_error(None, str(refusal))
    except Refusal as refusal:
        return refused(request, order, refusal)
    context = {"order": order, "form": form, "page": cancel_page(order, form, rule), "section": "orders"}
    return render(request, "orders/order_cancel.html", context, status=CONFLICT if form.is_overtaken else 200)


def _page(request: SignedInRequest, number: str, asked: int) -> str:
    order: Order = get_object_or_404(_orders(request), number=number)
    with suppress(NotReportedAnyMore):
        asked_of(order, asked)
    return order.get_absolute_url()


@pressed(_page)
def request_withdraw(request: SignedInRequest, number: str, asked: int) -> HttpResponse:
    """Take back what the seller was asked."""
    order = get_object_or_404(_orders(request), number=number)
    try:
        withdraw_request(asked_of(order, asked), by=request.user)
    except Refusal as refusal:
        return refused(request, order, refusal)
    messages.success(request, words.WITHDRAWN)
    return redirect(order)


def _orders(request: SignedInRequest) -> OrderQuerySet:
    return request.user.orders.select_related("seller", "cancellation")


def _check(order: Order, rule: CancelRule) -> None:
    """Raise Refusal where the buyer can neither cancel nor ask."""
    check_status(order)
    if rule.allows_asking:
        check_may_ask(order, now=timezone.now())


def _is_pressed(request: SignedInRequest, form: CancelForm, rule: CancelRule) -> bool:
    """Tell whether that was asked for which can be done now; a page may promise what has become impossible since."""
    if not form.is_bound or not form.is_valid() or "preview" in request.POST:
        return False
    expected, other = ("ask", "cancel") if rule.allows_asking else ("cancel", "ask")
    if other in request.POST:
        form.overtake(words.NOW_BY_REQUEST if rule.allows_asking else words.NOW_AT_ONCE)
    elif expected in request.POST and not form.is_as_promised:
        form.overtake(words.NOT_AS_PROMISED)
    return expected in request.POST and not form.errors


def _act(request: SignedInRequest, order: Order, form: CancelForm, rule: CancelRule) -> HttpResponse:
    note, reason, quantities, shown = form.cleaned_data["note"], form.chosen_reason, form.quantities, form.shown
    if rule.allows_asking:
        request_cancellation(order, by=request.user, reason=reason, note=note, quantities=quantities, shown=shown)
        messages.success(request, words.ASKED)
        return redirect(order)
    cancel_order(
        order, quantities=quantities, source=Source.BUYER, reason=reason, by=request.user, note=note, shown=shown
    )
    order.refresh_from_db()
    messages.success(request, words.DONE if order.is_cancelled else words.DONE_PART)
    return redirect(order)
