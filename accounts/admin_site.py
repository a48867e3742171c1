"""The admin's own site: sign-in goes through allauth, and staff need a second factor."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin, messages
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

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send staff without a second factor to set one up, and everybody else to sign in."""
        user = request.user
        if user.is_authenticated and user.is_active and user.is_staff and not self.has_permission(request):
            messages.warning(request, _("Administrators need a second factor. Set one up to go on."))
            return redirect("mfa_activate_totp")
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response
