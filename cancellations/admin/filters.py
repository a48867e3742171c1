"""Which reasons to list."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cancellations.terms import Source


class GivenByFilter(admin.SimpleListFilter):
    """Who may give the reason."""

    title = _("given by")
    parameter_name = "given_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer everybody who can give a reason, and nobody known."""
        return [(source.value, source.label) for source in Source]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep what the chosen one may give."""
        chosen = self.value()
        return queryset.given_by(chosen) if chosen in dict(self.lookup_choices) else queryset


class RetiredFilter(admin.SimpleListFilter):
    """Whether the reason may still be given."""

    title = _("in use")
    parameter_name = "retired"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both."""
        return [("no", _("In use")), ("yes", _("Retired"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the chosen ones."""
        if self.value() == "no":
            return queryset.current()
        return queryset.retired() if self.value() == "yes" else queryset
