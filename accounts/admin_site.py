"""The admin's own site: sign-in goes through allauth, and staff need a second factor."""

from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class CandorAdminSite(admin.AdminSite):
    """Django's admin for staff who have proved a second factor."""

    site_header = _("Candor")
    site_title = _("Candor")
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person is active staff with a second factor; one statement a request."""
        if not super().has_permission(request):
            return False
        if not hasattr(request, "_second_factor"):  # asked many times a request
            request._second_factor = is_mfa_enabled(request.user, SECOND_FACTORS)  # type: ignore[attr-defined]
        return bool(request._second_factor)  # type: ignore[attr-defined]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuse a NUL in the address: a filter of a list would hand it to PostgreSQL, which fails on it."""

        @wraps(view)
        def clean_view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if any("\x00" in value for _name, values in request.GET.lists() for value in values):
                raise BadRequest("The address contains a NUL byte.")
            return view(request, *args, **kwargs)

        return super().admin_view(clean_view, cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send staff without a second factor to set one up, and everybody else to sign in."""
        user = request.user
        if user.is_authenticated and user.is_active and user.is_staff and not self.has_permission(request):
            messages.warning(request, _("Administrators need a second factor. Set one up to go on."))
            return redirect("mfa_activate_totp")
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response
