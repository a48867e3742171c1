"""The account page and the choice of a language; every other page of sign-in is allauth's view in our templates."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.languages import choose_language
from accounts.requests import SignedInRequest


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
