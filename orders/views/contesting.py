"""The buyer contests a reason, or votes on an explanation."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from cancellations.models import Contest
from orders.contesting import CONTESTED, contest_reason
from orders.feedback import give_feedback
from orders.forms import ContestForm
from orders.models import Order
from orders.pages.detail import OrderPage
from orders.pages.why import WhyCard
from orders.refusals import CannotContest, Refusal
from orders.views.pressing import pressed
from orders.views.refusing import refused
from orders.words import cancelling as words


@require_http_methods(["GET", "POST"])
def reason_contest(request: SignedInRequest, number: str, cancellation: int) -> HttpResponse:
    """Let the buyer say that this is not what happened."""
    order, card = _card(request, number, cancellation)
    form = ContestForm(request.POST if request.method == "POST" else None)
    if not form.is_bound and card.contest and not card.can_be_contested:
        return refused(request, order, CannotContest(CONTESTED[Contest.State(card.contest.state)]))
    if form.is_bound and form.is_valid():
        try:
            contest_reason(order, card.ended, by=request.user, statement=form.cleaned_data["statement"])
        except Refusal as refusal:
            return refused(request, order, refusal)
        else:
            messages.success(request, words.CONTESTED)
            return redirect(order)
    return render(request, "orders/contest.html", {"order": order, "card": card, "form": form, "section": "orders"})


@pressed(lambda request, number, cancellation: _card(request, number, cancellation)[0].get_absolute_url())
def explanation_vote(request: SignedInRequest, number: str, cancellation: int) -> HttpResponse:
    """Note whether the card explained what happened."""
    order, card = _card(request, number, cancellation)
    if (vote := request.POST.get("helpful")) not in {"yes", "no"}:
        return HttpResponseBadRequest(render_to_string("400.html", request=request))
    give_feedback(card.ended, by=request.user, is_helpful=vote == "yes")
    return redirect(f"{order.get_absolute_url()}#vote-{card.ended.pk}")  # where the buttons are that were pressed


def _card(request: SignedInRequest, number: str, cancellation: int) -> tuple[Order, WhyCard]:
    """Find the card among those of the reader's own order. Raise Http404."""
    order = get_object_or_404(request.user.orders.for_display(), number=number)
    for card in OrderPage(order).cards:
        if card.ended.pk == cancellation:
            return order, card
    raise Http404
