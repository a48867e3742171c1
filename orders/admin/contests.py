"""Contests in the admin: a queue, both sides' facts side by side, and the decision."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from cancellations.models import Contest, Reason
from cancellations.terms import Source
from foundation.admin import ActedOnAdmin
from foundation.forms import FitTexts
from orders.admin.records import RecordAdmin
from orders.belonging import order_of
from orders.contesting import reject_contest, uphold_contest
from orders.models import Order
from orders.pages.detail import OrderPage
from orders.refusals import NotCancelledAnyMore, Refusal

SOURCES = [(source.value, source.label) for source in (Source.BUYER, Source.SELLER, Source.SYSTEM)]


class DecisionForm(FitTexts, forms.Form):
    """What an administrator makes of a contest."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("uphold", _("Uphold: correct the reason")), ("reject", _("Reject: the reason stands"))],
        widget=forms.RadioSelect,
    )
    source = forms.ChoiceField(label=_("Cancelled by"), choices=SOURCES, required=False)
    reason = forms.ModelChoiceField(label=_("Reason"), queryset=Reason.objects.current(), required=False)
    answer = forms.CharField(
        label=_("Answer"),
        max_length=2_000,
        required=False,
        help_text=_("The buyer reads this. Needed to reject."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for what the decision needs."""
        said = super().clean()
        if said.get("decision") == "uphold" and not said.get("reason"):
            self.add_error("reason", _("Choose the reason that is true."))
        if said.get("decision") == "reject" and not (said.get("answer") or "answer" in self.errors):
            self.add_error("answer", _("Tell the buyer why the reason stands."))
        return said


@admin.register(Contest)
class ContestAdmin(ActedOnAdmin, RecordAdmin):
    """What buyers say is not true."""

    act_address, act_label = "admin:contest-decide", _("Decide…")
    list_display = ["__str__", "next_step", "order_number", "state", "raised_by", "raised_at"]
    list_filter = ["state"]
    list_select_related = ["raised_by"]
    fields = [
        "order_number",
        "cancellation",
        "statement",
        ("raised_by", "raised_at"),
        "state",
        "answer",
        ("decided_by", "decided_at"),
    ]

    @admin.display(description=_("decide"))
    def next_step(self, contest: Contest) -> str:
        """Lead to the decision."""
        return self.act(contest)

    def is_open(self, contest: Contest) -> bool:
        """Tell whether nobody has decided it yet."""
        return bool(contest.state == Contest.State.OPEN)

    def get_urls(self) -> list[URLPattern]:
        """Add the decision."""
        view = self.admin_site.admin_view(self.decide_view)
        return [path("<int:contest_id>/decide/", view, name="contest-decide"), *super().get_urls()]

    def decide_view(self, request: HttpRequest, contest_id: int) -> HttpResponse:
        """Show both sides, and take the decision."""
        self.may_act(request)
        contests = Contest.objects.select_related("cancellation__reason", "raised_by", "decided_by")
        contest = get_object_or_404(contests, pk=contest_id)
        initial = {"source": contest.cancellation.source, "reason": contest.cancellation.reason_id}
        form = DecisionForm(request.POST if request.method == "POST" else None, initial=initial)
        if form.is_bound and form.is_valid():
            try:
                _decide(contest, form.cleaned_data, request)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                contest = contests.get(pk=contest_id)  # somebody may have decided it in between
            else:
                messages.success(request, _("Decided. The buyer reads it on the order's page."))
                return redirect("admin:cancellations_contest_changelist")
        try:
            order = Order.objects.for_display().get(pk=order_of(contest.cancellation).pk)
        except NotCancelledAnyMore as refusal:
            messages.warning(request, str(refusal))
            return redirect("admin:cancellations_contest_changelist")
        context = {**self.admin_site.each_context(request), "title": _("Decide a contest"), "opts": self.opts}
        said = {"contest": contest, "order": order, "page": OrderPage(order, is_for_seller=True)}
        if form.is_bound or contest.state == Contest.State.OPEN:
            said["form"] = form
        return render(request, "admin/orders/decide_contest.html", {**context, **said})


def _decide(contest: Contest, said: dict[str, Any], request: HttpRequest) -> None:
    by: Any = request.user
    if said["decision"] == "reject":
        reject_contest(contest, by=by, answer=said["answer"])
    else:
        source = Source(said["source"] or contest.cancellation.source)
        uphold_contest(contest, by=by, source=source, reason=said["reason"], answer=said["answer"])
