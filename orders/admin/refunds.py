"""Refunds in the admin: looked up, and recorded as sent, completed or failed; every record leaves an event."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cancellations.models import Refund
from orders.admin.amounts import amount
from orders.admin.records import RecordAdmin
from orders.refunding import LEADS_TO, record_refund
from orders.refusals import Refusal

State = Refund.State


class RefundForm(forms.Form):
    """How far the money has come."""

    state = forms.ChoiceField(label=_("It was"), widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("Reference"), max_length=100, required=False, help_text=_("The payment provider's; for the records.")
    )
    failure = forms.CharField(
        label=_("What went wrong"),
        max_length=500,
        required=False,
        help_text=_("Only for a refund that failed. The buyer reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, refund: Refund, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        states = [state for state, before in LEADS_TO.items() if refund.state in before]
        self.fields["state"].choices = [(state.value, state.label) for state in states]  # type: ignore[attr-defined]


@admin.register(Refund)
class RefundAdmin(RecordAdmin):
    """Money that goes back."""

    list_display = ["price", "order_number", "state", "method", "expected_by", "completed_at", "next_step"]
    actions = ["record_sent", "record_completed"]
    list_filter = ["state", "method"]
    fields = [
        "order_number",
        "cancellation",
        ("price", "method", "state"),
        ("due_at", "expected_by", "sent_at", "completed_at"),
        "reference",
        "failure",
        "recorded_at",
    ]

    @admin.display(description=_("amount"))
    def price(self, refund: Refund) -> str:
        """Write the amount with its currency."""
        return amount(refund.amount, refund.currency)

    @admin.display(description=_("record"))
    def next_step(self, refund: Refund) -> str:
        """Lead to the form that records how far the money has come."""
        if refund.state == State.COMPLETED:
            return ""
        return format_html('<a href="{}">{}</a>', reverse("admin:refund-record", args=[refund.pk]), _("Record…"))

    @admin.action(description=_("Record as sent"))
    def record_sent(self, request: HttpRequest, refunds: QuerySet[Refund]) -> None:
        """Record that the chosen refunds were sent."""
        self._record(request, refunds, State.SENT)

    @admin.action(description=_("Record as completed"))
    def record_completed(self, request: HttpRequest, refunds: QuerySet[Refund]) -> None:
        """Record that the chosen refunds have arrived."""
        self._record(request, refunds, State.COMPLETED)

    def get_urls(self) -> list[URLPattern]:
        """Add the form."""
        view = self.admin_site.admin_view(self.record_view)
        return [path("<int:refund_id>/record/", view, name="refund-record"), *super().get_urls()]

    def record_view(self, request: HttpRequest, refund_id: int) -> HttpResponse:
        """Record how far one refund has come."""
        may_record(request)
        refund = get_object_or_404(Refund.objects.select_related("cancellation"), pk=refund_id)
        form = RefundForm(refund, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                record_refund(refund, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Recorded. The buyer sees it on the order's page."))
                return redirect("admin:cancellations_refund_changelist")
        context = {**self.admin_site.each_context(request), "title": _("Record a refund"), "opts": self.opts}
        open_form = None if refund.state == State.COMPLETED else form
        said = {"refund": refund, "price": self.price(refund), "form": open_form}
        return render(request, "admin/orders/record_refund.html", {**context, **said})

    def _record(self, request: HttpRequest, refunds: QuerySet[Refund], state: Refund.State) -> None:
        may_record(request)
        for refund in refunds.select_related("cancellation"):
            try:
                record_refund(refund, state=state, by=request.user)  # type: ignore[arg-type]
            except Refusal as refusal:
                messages.warning(request, f"{amount(refund.amount, refund.currency)}: {refusal}")
            else:
                messages.success(request, f"{amount(refund.amount, refund.currency)}: {state.label}")


def may_record(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the administrator may change refunds."""
    if not request.user.has_perm("cancellations.change_refund"):
        raise PermissionDenied
