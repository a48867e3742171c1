"""The account page and the choice of a language; every other page of sign-in is allauth's view in our templates."""

import logging
from collections.abc import Callable
from functools import wraps

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods
from requests import RequestException

from accounts.languages import choose_language
from accounts.requests import SignedInRequest
from foundation.errors import RETRY_AFTER_SECONDS

logger = logging.getLogger("candor.sso")


def account(request: SignedInRequest) -> HttpResponse:
    """Show how the person signs in, and where each part is changed."""
    kinds = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    second_factor = {
        "has_app": Authenticator.Type.TOTP in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
    }
    return render(request, "accounts/account.html", {"section": "account", **second_factor})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Offer the languages that Candor speaks, and go back to where somebody came from."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = ""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        status = 400 if request.method == "POST" else 200
        return render(request, "accounts/language.html", status=status)
    answer = redirect(back or "home")
    choose_language(request, answer, chosen)
    return answer


def unless_issuer_is_away(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say in words, with a 503, that the single sign-on's issuer does not answer, or not as it should."""

    @wraps(view)
    def answered(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except RequestException as error:
            logger.warning("The single sign-on's issuer is away.", extra={"outcome": type(error).__name__})
            answer = render(request, "accounts/issuer_away.html", status=503)
            answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return answer

    return answered
