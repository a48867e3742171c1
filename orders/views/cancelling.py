"""The buyer cancels, asks the seller to, or takes that back."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from cancellations.terms import Source
from orders.cancelling import cancel_lines, cancel_order
from orders.forms import CancelForm
from orders.models import CancellationRequest, Order
from orders.pages.cancelling import CancelPage
from orders.portions import as_quantities, take
from orders.previewing import preview
from orders.refusals import CannotTake, Refusal
from orders.requesting import request_cancellation, withdraw_request
from orders.rules import CancelRule, cancel_rule
from orders.views.refusing import refused
from orders.words import cancelling as words


@require_http_methods(["GET", "POST"])
def order_cancel(request: SignedInRequest, number: str) -> HttpResponse:
    """Say what cancelling would do; do it, or ask the seller to, when the button is pressed."""
    order = get_object_or_404(request.user.orders.select_related("seller", "cancellation"), number=number)
    rule = cancel_rule(order, now=timezone.now())
    if not (rule.allows_cancelling or rule.allows_asking):
        return refused(request, order)
    form = CancelForm(order, Source.BUYER, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and "preview" not in request.POST:
        try:
            return _act(request, order, form, rule)
        except CannotTake as refusal:
            form.add_error(None, str(refusal))
        except Refusal as refusal:
            return refused(request, order, refusal)
    return render(request, "orders/order_cancel.html", _context(order, form, rule))


@require_POST
def request_withdraw(request: SignedInRequest, number: str) -> HttpResponse:
    """Take back what the seller was asked."""
    order = get_object_or_404(request.user.orders.select_related("seller", "cancellation"), number=number)
    asked = order.requests.order_by("-pk").first()
    try:
        if asked:
            withdraw_request(asked, by=request.user)
    except Refusal as refusal:
        return refused(request, order, refusal)
    messages.success(request, words.WITHDRAWN)
    return redirect(order)


def _act(request: SignedInRequest, order: Order, form: CancelForm, rule: CancelRule) -> HttpResponse:
    note, reason = form.cleaned_data["note"], form.chosen_reason
    taken = take(order, form.quantities)
    quantities = None if taken.is_whole else as_quantities(taken.portions)
    if rule.allows_asking:
        request_cancellation(order, by=request.user, reason=reason, note=note, quantities=quantities)
        messages.success(request, words.ASKED)
    elif quantities is None:
        cancel_order(order, source=Source.BUYER, reason=reason, by=request.user, note=note)
        messages.success(request, words.DONE)
    else:
        cancel_lines(order, quantities, source=Source.BUYER, reason=reason, by=request.user, note=note)
        messages.success(request, words.DONE_PART)
    return redirect(order)


def _context(order: Order, form: CancelForm, rule: CancelRule) -> dict[str, object]:
    taken = take(order, None)
    if form.is_bound:
        with suppress(CannotTake):  # the form says it beside the field
            taken = take(order, form.quantities)
    page = CancelPage(order, preview(order, taken, rule=rule, now=timezone.now()))
    asked = order.requests.filter(state=CancellationRequest.State.OPEN).first()
    return {"order": order, "form": form, "page": page, "asked": asked, "section": "orders"}
