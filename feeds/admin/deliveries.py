"""The messages that feeds delivered, and how each was answered."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from feeds.models import Delivery
from foundation.admin import ReadOnlyAdmin

MOST_LISTED = 100


class RefusedFilter(admin.SimpleListFilter):
    """Whether something of the message was refused."""

    title = _("refused")
    parameter_name = "refused"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both."""
        return [("some", _("Something was refused")), ("none", _("All was taken"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the chosen ones."""
        chosen = {"some": False, "none": True}.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(run__isnull=chosen)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Messages of the last thirty days, newest first."""

    list_display = ["message", "feed", "received_at", "applied", "unchanged", "stale", "refused"]
    list_filter = [RefusedFilter, "feed"]
    list_select_related = ["feed", "run"]
    search_fields = ["message__exact"]
    search_help_text = _("A message's id.")
    fields = [("message", "feed"), "received_at", ("applied", "unchanged", "stale", "refused"), "answers"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Read the feed and the run with each."""
        return super().get_queryset(request).select_related("feed", "run")

    @admin.display(description=_("applied"))
    def applied(self, delivery: Delivery) -> int:
        """Count the orders that were news."""
        return delivery.count("applied")

    @admin.display(description=_("unchanged"))
    def unchanged(self, delivery: Delivery) -> int:
        """Count the orders that were known so."""
        return delivery.count("unchanged")

    @admin.display(description=_("stale"))
    def stale(self, delivery: Delivery) -> int:
        """Count the orders of which something newer was known."""
        return delivery.count("stale")

    @admin.display(description=_("refused"))
    def refused(self, delivery: Delivery) -> str:
        """Count the orders that were refused, and lead to what is wrong with them."""
        count = delivery.count("refused")
        if not delivery.run_id:
            return str(count)
        address = reverse("admin:feeds_problem_changelist", query={"run__id__exact": delivery.run_id})
        return format_html('<a href="{}">{}</a>', address, count)

    @admin.display(description=_("orders"))
    def answers(self, delivery: Delivery) -> str:
        """List the first orders, each with what became of it."""
        told = ((one["number"] or _("without a number"), one["outcome"]) for one in delivery.answer[:MOST_LISTED])
        return format_html_join("\n", "<div>{}: {}</div>", told)
