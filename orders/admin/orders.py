"""Orders, and what buyers ask and what happened to them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.admin import ReadOnlyAdmin, ReadOnlyInline
from foundation.text import one_line
from orders.admin.amounts import amount
from orders.admin.finding import orders_found
from orders.models import CancellationRequest, Event, Order, OrderLine

HOW_TO_FIND = _("An order's number; or a buyer's name, e-mail address or id; or a seller's name.")


class OrderLineInline(ReadOnlyInline):
    """What was bought."""

    model = OrderLine
    fields = [("title", "variant", "sku"), ("quantity", "price", "cancelled_quantity", "cancellation")]
    ordering = ["position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderLine]:
        """Read the cancellations of lines with them."""
        return super().get_queryset(request).select_related("order", "cancellation")

    @admin.display(description=_("unit price"))
    def price(self, line: OrderLine) -> str:
        """Write the price with its currency."""
        return amount(line.unit_price, line.order.currency)


class RequestInline(ReadOnlyInline):
    """What the buyer asked the seller."""

    model = CancellationRequest
    fields = [
        ("state", "reason", "raw_reason"),
        "note",
        ("requested_at", "answer_by", "origin"),
        ("decided_at", "decided_by", "decided_origin"),
        "decline_reason",
    ]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CancellationRequest]:
        """Read reasons and people with them."""
        return super().get_queryset(request).select_related("reason", "decided_by")


class EventInline(ReadOnlyInline):
    """What happened."""

    model = Event
    fields = [("kind", "actor", "by"), ("occurred_at", "recorded_at"), "facts"]
    ordering = ["pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Read the people with them."""
        return super().get_queryset(request).select_related("by")


class FoundByOrder(ReadOnlyAdmin):
    """Records that are found by what people say of the order."""

    search_fields = ["pk"]  # shows the search box; what it finds is said below
    search_help_text = HOW_TO_FIND
    path_to_order = ""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[Any, bool]:
        """Find by the order's number, its buyer or its seller."""
        words = one_line(search_term)
        return (orders_found(queryset, words, path=self.path_to_order) if words else queryset), False


@admin.register(Order)
class OrderAdmin(FoundByOrder):
    """Orders, found by number, buyer or seller."""

    list_display = ["number", "status", "buyer", "seller", "price", "placed_at"]
    list_filter = ["status", "payment_method"]
    list_select_related = ["buyer", "seller"]
    inlines = [OrderLineInline, RequestInline, EventInline]
    fieldsets = [
        (None, {"fields": [("number", "placed_at"), ("status", "cancellation"), ("buyer", "seller")]}),
        (_("Money"), {"fields": [("price", "payment_method", "payment_label", "paid_at")]}),
        (_("Delivery"), {"fields": [("ship_by", "shipped_at", "delivered_at"), ("carrier", "tracking_number")]}),
        (_("What is recorded"), {"fields": [("origin", "origin_version", "recorded_at")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """Read what the page names with the order."""
        return super().get_queryset(request).select_related("buyer", "seller", "cancellation")

    @admin.display(description=_("total"))
    def price(self, order: Order) -> str:
        """Write the total with its currency."""
        return amount(order.total, order.currency)


@admin.register(CancellationRequest)
class CancellationRequestAdmin(FoundByOrder):
    """What buyers asked sellers."""

    path_to_order = "order__"
    list_display = ["order", "state", "reason", "requested_at", "answer_by", "decided_at"]
    list_filter = ["state"]
    list_select_related = ["order", "reason"]
    fields = ["order", *RequestInline.fields]


@admin.register(Event)
class EventAdmin(FoundByOrder):
    """What happened, newest first."""

    path_to_order = "order__"
    list_display = ["order", "kind", "actor", "occurred_at", "recorded_at"]
    list_filter = ["kind", "actor"]
    list_select_related = ["order"]
    fields = ["order", *EventInline.fields]
