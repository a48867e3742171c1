"""Addresses of sign-in and of the account page."""

from allauth.mfa.totp.views import activate_totp
from django.conf import settings
from django.urls import include, path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.generic import RedirectView

from accounts.views import account, language

# The QR code is an image inside the page.
with_qr_code = csp_override({**settings.SECURE_CSP, "img-src": [CSP.SELF, "data:"]})

urlpatterns = [
    path("", account, name="account"),
    path("language/", language, name="language"),
    path("2fa/totp/activate/", with_qr_code(activate_totp), name="mfa_activate_totp"),
    # The marketplace's subject is the account: there is nothing to connect by hand, or to take away.
    path("3rdparty/", RedirectView.as_view(pattern_name="account"), name="socialaccount_connections"),
    path("", include("allauth.urls")),
]
