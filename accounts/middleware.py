"""When a session ends, and which language a request is answered in."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from accounts.languages import LANGUAGE_KEY


class SessionEndMiddleware:
    """End a session thirty days after its sign-in, however often it was used since. Costs no statement."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            sign_ins = request.session.get("account_authentication_methods")  # written by allauth
            if sign_ins and time.time() - sign_ins[0]["at"] > settings.SESSION_COOKIE_AGE:
                logout(request)
        return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """Speak the language of whoever is signed in, else the one chosen in this browser, else the browser's own."""

    def process_request(self, request: HttpRequest) -> None:
        """Let the session's language go before the cookie's. Costs no statement: the session is read anyway."""
        super().process_request(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and (spoken := request.session.get(LANGUAGE_KEY)) in dict(settings.LANGUAGES):
            translation.activate(spoken)
            request.LANGUAGE_CODE = spoken
