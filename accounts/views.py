"""The account page; every other page of sign-in is allauth's view in our templates."""

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import SignedInRequest


def account(request: SignedInRequest) -> HttpResponse:
    """Show how the person signs in, and where each part is changed."""
    kinds = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    second_factor = {
        "has_app": Authenticator.Type.TOTP in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
    }
    return render(request, "accounts/account.html", {"section": "account", **second_factor})
