"""The admin's own site: sign-in goes through allauth, and staff need a second factor."""

from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.second_factor import has_second_factor, has_shown_second_factor


class CandorAdminSite(admin.AdminSite):
    """Django's admin for staff who have proved a second factor."""

    site_header = _("Candor")
    site_title = _("Candor")
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether this is a session of active staff that has shown a second factor; one statement a request."""
        return super().has_permission(request) and has_shown_second_factor(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuse a NUL in the address: a filter of a list would hand it to PostgreSQL, which fails on it."""

        @wraps(view)
        def clean_view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if any("\x00" in value for _name, values in request.GET.lists() for value in values):
                raise BadRequest("The address contains a NUL byte.")
            return view(request, *args, **kwargs)

        return super().admin_view(clean_view, cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send staff to set a second factor up or to show it, and everybody else to sign in."""
        if super().has_permission(request) and not self.has_permission(request):
            return _ask_for_it(request) if has_second_factor(request) else _have_it_set_up(request)
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response


def _have_it_set_up(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("Administrators need a second factor. Set one up to go on."))
    return redirect("mfa_activate_totp")


def _ask_for_it(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("Show your second factor to go on to the administration."))
    way = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    return redirect(f"{way}?{urlencode({'next': request.GET.get('next') or reverse('admin:index')})}")
