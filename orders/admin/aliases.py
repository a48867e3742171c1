"""How feeds name the reasons: the aliases, and the words that have none yet."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from cancellations.admin.aliases import AliasForm
from cancellations.models import Alias
from orders.admin.mapping import map_view
from orders.admin.unmapped import can_map, unmapped_view
from orders.understanding import forget_alias, keep_alias

CORRECTED = _(
    "What was recorded with these words is corrected, at once or within minutes; the orders' histories say so."
)


@admin.register(Alias)
class AliasAdmin(admin.ModelAdmin):
    """The words of origins, and the reason that each stands for. Whatever they ended follows."""

    form = AliasForm
    change_list_template = "admin/orders/alias_list.html"
    delete_confirmation_template = "admin/orders/alias_delete.html"
    delete_selected_confirmation_template = "admin/orders/alias_delete_selected.html"
    list_display = ["text", "origin", "source", "reason"]
    list_filter = ["origin", "source"]
    list_select_related = ["reason"]
    search_fields = ["text", "reason__code"]
    show_full_result_count = False
    search_help_text = _("Search the origin's words and our codes.")

    def get_urls(self) -> list[URLPattern]:
        """Add the words that are not mapped yet, and the page that maps them."""
        return [
            path("unmapped/", self.admin_site.admin_view(unmapped_view), name="unmapped-words"),
            path("unmapped/map/", self.admin_site.admin_view(self.map_view), name="map-words"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the words that are not mapped yet only whoever may map them."""
        return super().changelist_view(request, {"can_map": can_map(request.user), **(extra_context or {})})

    def map_view(self, request: HttpRequest) -> HttpResponse:
        """Map some words in one step, and keep in the admin's log who did."""
        return map_view(request, log=self.log_change)

    def save_model(self, request: HttpRequest, obj: Alias, form: ModelForm, change: bool) -> None:
        """Save it, and have corrected what it was about before and what it is about now."""
        keep_alias(obj, by=request.user)  # type: ignore[arg-type]
        messages.info(request, CORRECTED)

    def delete_model(self, request: HttpRequest, obj: Alias) -> None:
        """Delete it, and have its words shown again."""
        forget_alias(obj, by=request.user)  # type: ignore[arg-type]
        messages.info(request, CORRECTED)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete each by the same rules."""
        for alias in queryset:
            self.delete_model(request, alias)
