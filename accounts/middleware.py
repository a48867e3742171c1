"""When a session ends."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse


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
