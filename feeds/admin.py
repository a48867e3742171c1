"""What imports did, and what they refused."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from feeds.models import Problem, Run
from foundation.admin import ReadOnlyAdmin


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """Imports, newest first."""

    list_display = [
        "file_name",
        "format",
        "seller_name",
        "state",
        "started_at",
        "new_count",
        "changed_count",
        "unchanged_count",
        "problems",
    ]
    list_filter = ["state", "format"]
    search_fields = ["file_name", "seller_name"]
    search_help_text = _("A file's name or a seller's.")
    fieldsets = [
        (None, {"fields": ["file_name", "format", "seller_name", "state", "started_at", "ended_at", "refusal"]}),
        (_("Orders"), {"fields": ["new_count", "changed_count", "unchanged_count", "stale_count", "problems"]}),
    ]

    @admin.display(description=_("refused"))
    def problems(self, run: Run) -> str:
        """Count the records that were refused, and lead to them."""
        if not run.refused_count:
            return "0"
        address = reverse("admin:feeds_problem_changelist", query={"run__id__exact": run.pk})
        return format_html('<a href="{}">{}</a>', address, run.refused_count)


@admin.register(Problem)
class ProblemAdmin(ReadOnlyAdmin):
    """Records that were refused, each with what was wrong."""

    list_display = ["sentence", "number", "row", "field", "run"]
    list_select_related = ["run"]
    search_fields = ["number__exact", "run__file_name"]
    search_help_text = _("An order's number or a file's name.")
    fields = ["run", "row", "number", "field", "sentence"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Problem]:
        """Read the run with each."""
        return super().get_queryset(request).select_related("run")
