"""The words that are not mapped yet, with what an administrator needs to judge them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from cancellations.models import Alias
from cancellations.terms import Source
from cancellations.unmapped import LOOKED_AT, Group, details, origins_waiting, waiting
from foundation.admin import capped
from orders.belonging import orders_of

PER_PAGE = 50


class FindForm(forms.Form):
    """Which words to list; what is no choice lists all."""

    q = forms.CharField(label=_("Words"), required=False, max_length=500)
    origin = forms.ChoiceField(label=_("Origin"), required=False)
    source = forms.ChoiceField(label=_("Cancelled by"), required=False, choices=[("", _("All")), *Source.choices])
    order = forms.ChoiceField(
        label=pgettext_lazy("in which to list", "Order"),
        required=False,
        choices=[("used", _("Most used first")), ("newest", _("Newest first"))],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(origin, origin or _("here")) for origin in origins_waiting()]
        self.fields["origin"].choices = [("", _("All")), *names]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen and can be."""
        self.is_valid()
        said = self.cleaned_data
        found = {name: said[name] for name in ("origin", "source", "order") if said.get(name)}
        return {**found, "search": said.get("q", "")}


def unmapped_view(request: HttpRequest) -> HttpResponse:
    """List the words that wait, the most used first."""
    may_map(request)
    form = FindForm(request.GET, label_suffix="")
    pages = Paginator(waiting(**form.chosen), PER_PAGE)
    page = pages.get_page(request.GET.get("p"))
    groups = details(page.object_list)
    context = {
        **admin.site.each_context(request),
        "title": _("Words that are not mapped yet"),
        "opts": Alias._meta,
        "form": form,
        "page": page,
        "rows": shown(groups),
        "looked_at": number_format(LOOKED_AT, force_grouping=True),
        "is_filtered": any(request.GET.get(name) for name in ("q", "origin", "source")),
    }
    return render(request, "admin/orders/unmapped.html", context)


def shown(groups: list[Group]) -> list[dict[str, Any]]:
    """Put beside each group what a page says of it, and the orders that it leads to."""
    orders = orders_of(pk for group in groups for pk in group.examples)
    return [
        {
            "group": group,
            "used": capped(group.used),
            "source": Source(group.words.source).label,
            "orders": [orders[pk] for pk in group.examples if pk in orders],
        }
        for group in groups
    ]


def can_map(user: User | AnonymousUser) -> bool:
    """Tell whether an administrator may say what words mean."""
    return user.has_perms(["cancellations.add_alias", "cancellations.change_alias"])


def may_map(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the administrator may say what words mean."""
    if not can_map(request.user):
        raise PermissionDenied
