"""Which language somebody reads, and where that is remembered."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.models import User

LANGUAGE_KEY = "language"  # of a session


def choose_language(request: HttpRequest, answer: HttpResponse, language: str) -> None:
    """Remember the language in this browser and, of somebody who is signed in, for every browser and for mail."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=language)
        request.session[LANGUAGE_KEY] = language
