"""What imports and feeds' messages did, and what was refused of them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from feeds.admin.downloads import DownloadsCsv, Table
from feeds.admin.retrying import retry_problems, retry_runs
from feeds.formats import formats
from feeds.models import Problem, Run
from foundation.admin import ReadOnlyAdmin

COUNTS = ["new_count", "changed_count", "unchanged_count", "stale_count", "refused_count", "taken_later_count"]


class Retries(admin.ModelAdmin):
    """Lists from which refused orders can be tried again, by whoever may change imports."""

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Tell whether the administrator may."""
        return request.user.has_perm("feeds.change_run")


class FormatFilter(admin.SimpleListFilter):
    """Which format it was: one of those there are, so that the database need not look for them."""

    title = _("format")
    parameter_name = "format"
    path = "format"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer all formats."""
        return [(name, name) for name in sorted(formats())]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep those of the chosen one."""
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset


class FormatOfRunFilter(FormatFilter):
    """Which format its import was of."""

    path = "run__format"


class KeptFilter(admin.SimpleListFilter):
    """Whether a refused order can be tried again."""

    title = _("whether it can be tried again")
    parameter_name = "kept"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both."""
        return [("yes", _("Yes")), ("no", _("No: nothing is kept"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the chosen ones."""
        chosen = {"yes": False, "no": True}.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(refused__isnull=chosen)


def _import_as_row(run: Run) -> list[Any]:
    ended = run.ended_at.isoformat() if run.ended_at else ""
    feed = run.feed.slug if run.feed else ""
    first = [run.pk, run.started_at.isoformat(), ended, feed, run.file_name, run.format, run.seller_name]
    return [*first, run.state, *(getattr(run, name) for name in COUNTS), run.refusal]


def _problem_as_row(problem: Problem) -> list[Any]:
    run = problem.run
    of_run = [run.pk, run.file_name, run.feed.slug if run.feed else "", run.format]
    said = [problem.row, problem.number, problem.field, problem.sentence]
    return [*of_run, *said, str(_("yes") if problem.refused_id else _("no"))]


IMPORTS = Table(
    "imports",
    [
        *(_("import"), _("started"), _("ended"), _("feed"), _("file or message"), _("format"), _("seller"), _("state")),
        *(_("new"), _("changed"), _("unchanged"), _("stale"), _("refused"), _("taken later")),
        _("why it was refused"),
    ],
    _import_as_row,
)
PROBLEMS = Table(
    "problems",
    [
        *(_("import"), _("file or message"), _("feed"), _("format"), _("row"), _("order"), _("field")),
        *(_("what was wrong"), _("can be tried again")),
    ],
    _problem_as_row,
)


@admin.register(Run)
class RunAdmin(Retries, DownloadsCsv, ReadOnlyAdmin):
    """Imports, and messages of which something was refused, newest first."""

    list_display = [
        "file_name",
        "feed",
        "state",
        "problems",
        "taken_later_count",
        "started_at",
        "format",
        "seller_name",
        "new_count",
        "changed_count",
        "unchanged_count",
    ]
    list_filter = ["state", FormatFilter, "feed"]
    list_select_related = ["feed"]
    search_fields = ["file_name", "seller_name"]
    search_help_text = _("A file's name, a message's id, or a seller's name.")
    actions = [retry_runs]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("file_name", "feed"),
                    ("format", "seller_name", "currency", "time_zone"),
                    "state",
                    ("started_at", "ended_at"),
                    "refusal",
                ]
            },
        ),
        (
            _("Orders"),
            {
                "fields": [
                    ("new_count", "changed_count", "unchanged_count", "stale_count"),
                    ("problems", "taken_later_count"),
                ]
            },
        ),
    ]
    table = IMPORTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        """Read the feed with each."""
        return super().get_queryset(request).select_related("feed")

    @admin.display(description=_("refused"))
    def problems(self, run: Run) -> str:
        """Count the orders that were refused, and lead to what is wrong with them."""
        if not run.refused_count:
            return "0"
        address = reverse("admin:feeds_problem_changelist", query={"run__id__exact": run.pk})
        return format_html('<a href="{}">{}</a>', address, run.refused_count)


@admin.register(Problem)
class ProblemAdmin(Retries, DownloadsCsv, ReadOnlyAdmin):
    """Orders that were refused, each with what is wrong."""

    list_display = ["sentence", "field", "number", "row", "is_kept", "run"]
    list_filter = [KeptFilter, FormatOfRunFilter, "run__feed"]
    list_select_related = ["run"]
    search_fields = ["number__exact", "field__exact", "run__file_name"]
    search_help_text = _("An order's number, a field, or the name of a file or message.")
    actions = [retry_problems]
    fields = ["run", "row", "number", "field", "sentence", "is_kept"]
    table = PROBLEMS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Problem]:
        """Read the run with each."""
        return super().get_queryset(request).select_related("run__feed")

    @admin.display(description=_("can be tried again"), boolean=True)
    def is_kept(self, problem: Problem) -> bool:
        """Tell whether what it takes to try the order again is kept."""
        return problem.refused_id is not None
