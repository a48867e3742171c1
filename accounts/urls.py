"""Addresses of sign-in and of the account page."""

from allauth.mfa.totp.views import activate_totp
from allauth.socialaccount.providers.openid_connect.views import callback, login
from django.conf import settings
from django.urls import include, path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.generic import RedirectView

from accounts.views import account, language, unless_issuer_is_away

# The QR code is an image inside the page.
with_qr_code = csp_override({**settings.SECURE_CSP, "img-src": [CSP.SELF, "data:"]})

urlpatterns = [
    path("", account, name="account"),
    path("language/", language, name="language"),
    path("2fa/totp/activate/", with_qr_code(activate_totp), name="mfa_activate_totp"),
    # The marketplace's subject is the account: there is nothing to connect by hand, or to take away.
    path("3rdparty/", RedirectView.as_view(pattern_name="account"), name="socialaccount_connections"),
    path("oidc/<provider_id>/login/", unless_issuer_is_away(login), name="openid_connect_login"),
    path("oidc/<provider_id>/login/callback/", unless_issuer_is_away(callback), name="openid_connect_callback"),
    path("", include("allauth.urls")),
]
