"""Conflicts with the origin in the admin: the open ones, what was accepted here, and how each was settled."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from foundation.admin import ActedOnAdmin
from foundation.forms import FitTexts
from orders.admin.orders import FoundByOrder
from orders.models import Conflict, Order
from orders.notes import MOST_CHARACTERS
from orders.pages.detail import OrderPage
from orders.refusals import Refusal
from orders.settling import settle_conflict


class SettlingForm(FitTexts, forms.Form):
    """How a conflict ended, in a sentence."""

    answer = forms.CharField(
        label=_("How it was settled"),
        max_length=MOST_CHARACTERS,
        help_text=_("The buyer and the seller read this: whether the parcel arrives, comes back or was stopped."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class SettledFilter(admin.SimpleListFilter):
    """Whether somebody has to look into it; without a choice, those where somebody has."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both, and all; the open ones are listed without being asked for."""
        return [("settled", _("Settled")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Call the list without a choice by its name."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the chosen ones."""
        if self.value() == "all":
            return queryset
        return queryset.filter(settled_at__isnull=False) if self.value() == "settled" else queryset.open()


@admin.register(Conflict)
class ConflictAdmin(ActedOnAdmin, FoundByOrder):
    """What origins say against cancellations that were made here, newest first."""

    path_to_order = "order__"
    act_address, act_label = "admin:conflict-settle", _("Settle…")
    list_display = ["order", "next_step", "said", "said_at", "recorded_at", "accepted"]
    list_filter = [SettledFilter]
    list_select_related = ["order", "cancellation__reason"]
    fields = [
        "order",
        ("said", "said_at", "recorded_at"),
        "cancellation",
        "answer",
        ("settled_by", "settled_at"),
    ]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Show how they were settled to those who may not settle them, too."""
        columns = super().get_list_display(request)
        return columns if self.has_act_permission(request) else [*columns, "answer"]

    @admin.display(description=_("accepted here"))
    def accepted(self, conflict: Conflict) -> str:
        """Say who cancelled here, and why."""
        ended = conflict.cancellation
        return f"{ended.get_source_display()}: {ended.reason.code}"

    @admin.display(description=_("settle"))
    def next_step(self, conflict: Conflict) -> str:
        """Lead to the form that settles it, or say how it was settled."""
        return self.act(conflict) or conflict.answer

    def is_open(self, conflict: Conflict) -> bool:
        """Tell whether nobody has settled it yet."""
        return not conflict.is_settled

    def get_urls(self) -> list[URLPattern]:
        """Add the form that settles one."""
        view = self.admin_site.admin_view(self.settle_view)
        return [path("<int:conflict_id>/settle/", view, name="conflict-settle"), *super().get_urls()]

    def settle_view(self, request: HttpRequest, conflict_id: int) -> HttpResponse:
        """Show what is recorded, and take the sentence."""
        self.may_act(request)
        conflict = get_object_or_404(Conflict, pk=conflict_id)
        form = SettlingForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                settle_conflict(conflict, by=request.user, answer=form.cleaned_data["answer"])  # type: ignore[arg-type]
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Settled. The buyer and the seller read it on the order's page."))
                return redirect("admin:orders_conflict_changelist")
        order = Order.objects.for_display().get(pk=conflict.order_id)
        context = {**self.admin_site.each_context(request), "title": _("Settle a conflict"), "opts": self.opts}
        said = {"conflict": conflict, "order": order, "page": OrderPage(order, is_for_seller=True)}
        if form.is_bound or not conflict.is_settled:
            said["form"] = form
        return render(request, "admin/orders/settle_conflict.html", {**context, **said})
