"""Refunds in the admin: looked up, and recorded as sent, completed or failed; every record leaves an event."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cancellations.models import Refund
from foundation.admin import ActedOnAdmin
from foundation.forms import FitTexts
from orders.admin.amounts import amount
from orders.admin.records import RecordAdmin
from orders.belonging import orders_of
from orders.refunding import LEADS_TO, record_refund
from orders.refusals import Refusal

State = Refund.State


class RefundForm(FitTexts, forms.Form):
    """How far the money has come."""

    state = forms.ChoiceField(label=_("It was"), widget=forms.RadioSelect)
    on = forms.DateField(
        label=_("On"),
        initial=timezone.localdate,
        help_text=_("The day on which the money moved, in the marketplace's time zone."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
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
        self.refund = refund
        states = [state for state, before in LEADS_TO.items() if refund.state in before]
        self.fields["state"].choices = [(state.value, state.label) for state in states]  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        """Refuse a day that has not come, and one before the cancellation."""
        on: date = self.cleaned_data["on"]
        ended = self.refund.cancellation.cancelled_at
        if on > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        if ended and on < timezone.localdate(ended):
            raise forms.ValidationError(_("It was cancelled later than that."))
        return on

    def clean(self) -> dict[str, Any]:
        """Refuse to say what went wrong with a refund that did not fail: nobody would read it."""
        said = super().clean()
        if said.get("failure") and said.get("state") in {State.SENT, State.COMPLETED}:
            self.add_error("failure", _("This belongs to a refund that failed. Leave it empty, or choose “failed”."))
        return said

    @property
    def said(self) -> dict[str, Any]:
        """What is to be recorded."""
        said = {name: self.cleaned_data[name] for name in ("state", "reference", "failure")}
        return {**said, "at": moment_on(self.cleaned_data["on"], self.refund)}


class OverdueFilter(admin.SimpleListFilter):
    """Whether the day has passed on which the money should have been with the buyer."""

    title = _("overdue")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the ones that are late."""
        return [("yes", _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the chosen ones."""
        return queryset.overdue(today=timezone.localdate()) if self.value() == "yes" else queryset


class MethodFilter(admin.ChoicesFieldListFilter):
    """What the money goes back to, under a name that can follow "By"."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title = _("payment method")


@admin.register(Refund)
class RefundAdmin(ActedOnAdmin, RecordAdmin):
    """Money that goes back."""

    act_address, act_label = "admin:refund-record", _("Record…")
    list_display = ["price", "next_step", "order_number", "state", "method", "expected_by", "completed_at"]
    actions = ["record_sent", "record_completed"]
    list_filter = [OverdueFilter, "state", ("method", MethodFilter)]
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
        return self.act(refund)

    def is_open(self, refund: Refund) -> bool:
        """Tell whether the money has not arrived yet."""
        return bool(refund.state != State.COMPLETED)

    @admin.action(permissions=["act"], description=_("Record as sent"))
    def record_sent(self, request: HttpRequest, refunds: QuerySet[Refund]) -> None:
        """Record that the chosen refunds were sent."""
        self._record(request, refunds, State.SENT)

    @admin.action(permissions=["act"], description=_("Record as completed"))
    def record_completed(self, request: HttpRequest, refunds: QuerySet[Refund]) -> None:
        """Record that the chosen refunds have arrived."""
        self._record(request, refunds, State.COMPLETED)

    def get_urls(self) -> list[URLPattern]:
        """Add the form."""
        view = self.admin_site.admin_view(self.record_view)
        return [path("<int:refund_id>/record/", view, name="refund-record"), *super().get_urls()]

    def record_view(self, request: HttpRequest, refund_id: int) -> HttpResponse:
        """Record how far one refund has come."""
        self.may_act(request)
        refund = get_object_or_404(Refund.objects.select_related("cancellation"), pk=refund_id)
        orders = orders_of([refund.cancellation_id])
        form = RefundForm(refund, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                record_refund(refund, by=request.user, **form.said)  # type: ignore[arg-type]
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                done = _("Recorded. The buyer sees it on the order's page.")
                messages.success(request, format_html("{} {}", name_of(refund, orders), done))
                return redirect("admin:cancellations_refund_changelist")
        context = {**self.admin_site.each_context(request), "title": _("Record a refund"), "opts": self.opts}
        open_form = None if refund.state == State.COMPLETED else form
        said = {"refund": refund, "name": name_of(refund, orders), "form": open_form}
        return render(request, "admin/orders/record_refund.html", {**context, **said})

    def _record(self, request: HttpRequest, refunds: QuerySet[Refund], state: Refund.State) -> None:
        chosen = list(refunds.select_related("cancellation"))
        orders = orders_of(refund.cancellation_id for refund in chosen)
        for refund in chosen:
            try:
                record_refund(refund, state=state, by=request.user)  # type: ignore[arg-type]
            except Refusal as refusal:
                messages.warning(request, format_html("{}: {}", name_of(refund, orders), refusal))
            else:
                messages.success(request, format_html("{}: {}", name_of(refund, orders), state.label))


def name_of(refund: Refund, orders: Mapping[int, tuple[int, str]]) -> SafeString:
    """Name a refund by its order, which is linked, and its amount."""
    price = amount(refund.amount, refund.currency)
    if refund.cancellation_id not in orders:
        return format_html("{}", price)  # its origin has opened the order again
    order, number = orders[refund.cancellation_id]
    address = reverse("admin:orders_order_change", args=[order])
    return format_html('<a href="{}"><bdi dir="ltr">{}</bdi></a> · {}', address, number, price)


def moment_on(on: date, refund: Refund) -> datetime:
    """Return when on that day the money moved: today, now; else at noon, and not before what is known of that day."""
    if on == timezone.localdate():
        return timezone.now()
    noon = timezone.make_aware(datetime.combine(on, time(12)))
    known = (refund.cancellation.cancelled_at, refund.due_at, refund.sent_at)
    return max([noon, *(at for at in known if at and timezone.localdate(at) == on)])
