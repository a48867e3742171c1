"""What is remembered of somebody who signs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User


@receiver(user_logged_in)
def remember_who_sells(request: HttpRequest, user: User, **_: Any) -> None:
    """Note in the session whether to show the way to Selling: asked once, and not on every page."""
    if user.sellers.exists():
        request.session["sells"] = True
