"""Requests as views see them behind the sign-in."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request of somebody who is signed in: LoginRequiredMiddleware lets no other through."""

    user: User
