"""Lists that can be downloaded, as they are filtered on the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path

from foundation.csv_files import streamed

AT_ONCE = 1_000


@dataclass(frozen=True)
class Table:
    """What the file is called, what stands above its columns, and how a row is written under that."""

    name: str
    head: Sequence[Any]
    row: Callable[[Any], list[Any]]


class DownloadsCsv(admin.ModelAdmin):
    """A list with a link to the same rows as a file, all of them."""

    change_list_template = "admin/feeds/downloadable.html"
    table: ClassVar[Table]

    def get_urls(self) -> list[URLPattern]:
        """Add the download."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_csv"
        return [path("csv/", self.admin_site.admin_view(self.csv_view), name=name), *super().get_urls()]

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the rows of the list, of all its pages, read while they are sent."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request).iterator(chunk_size=AT_ONCE)
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        head = [str(title) for title in self.table.head]
        return streamed(self.table.name, head, map(self.table.row, rows))
