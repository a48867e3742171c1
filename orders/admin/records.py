"""Who ended an order and why, the money that goes back, and what buyers say of it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cancellations.models import Cancellation, Feedback
from foundation.admin import ReadOnlyAdmin
from foundation.text import one_line
from orders.belonging import cancellations_of, number_of


class UnderstoodFilter(admin.SimpleListFilter):
    """Whether the origin's words are mapped to a reason."""

    title = _("the origin's words")
    parameter_name = "understood"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the ones that wait for an alias."""
        return [("no", _("not understood yet"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Cancellation]:
        """Keep the chosen ones."""
        chosen: QuerySet[Cancellation] = queryset.waiting_for_words() if self.value() == "no" else queryset
        return chosen


class RecordAdmin(ReadOnlyAdmin):
    """A record of a cancellation, with the number of the order, whole or in part, that it ended."""

    search_fields = ["pk"]  # shows the search box; what it finds is said below
    search_help_text = _("An order's number.")
    path_to_cancellation = "cancellation__"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read the order's number with each record."""
        number = number_of(self.path_to_cancellation)
        records: QuerySet[Any] = super().get_queryset(request).annotate(order_number=number)
        return records

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[Any, bool]:
        """Find by the order's number."""
        number = one_line(search_term)
        found = {f"{self.path_to_cancellation}pk__in": cancellations_of(number)} if number else {}
        return queryset.filter(**found), False

    @admin.display(description=_("order"))
    def order_number(self, record: Any) -> str:
        """Name the order."""
        return record.order_number or ""


@admin.register(Cancellation)
class CancellationAdmin(RecordAdmin):
    """Who ended an order, why and when."""

    path_to_cancellation = ""
    list_display = ["__str__", "order_number", "source", "reason", "raw_reason", "cancelled_at"]
    list_filter = [UnderstoodFilter, "source", "reason"]
    list_select_related = ["reason"]
    fields = [
        "order_number",
        ("source", "requested_by", "cancelled_by"),
        ("reason", "wording_version"),
        ("note", "note_by"),
        "raw_reason",
        "origin",
        ("cancelled_at", "recorded_at", "was_charged"),
    ]


@admin.register(Feedback)
class FeedbackAdmin(RecordAdmin):
    """Whether the explanation helped."""

    list_display = ["given_at", "order_number", "is_helpful", "given_by"]
    list_filter = ["is_helpful"]
    list_select_related = ["given_by"]
    fields = ["order_number", "cancellation", "is_helpful", "given_by", "given_at"]
