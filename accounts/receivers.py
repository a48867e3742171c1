"""What we record when allauth says that something happened (docs/decisions/0010-sign-in.md)."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset, user_signed_up
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.claiming import prove_address
from accounts.languages import LANGUAGE_KEY
from accounts.models import User
from accounts.second_factor import KINDS, begin_with


@receiver(password_reset)
def prove_by_reset(user: User, **_: Any) -> None:
    """Take a reset by mail as proof of the address, so that a claim needs no second mail.

    With several addresses the link may have gone to any of them, so none is proved.
    """
    addresses = set(EmailAddress.objects.filter(user=user).values_list("email", flat=True)[:2])
    if user.email and addresses <= {user.email}:
        prove_address(user)


@receiver(user_signed_up)
def write_in_the_language_of_the_form(user: User, **_: Any) -> None:
    """Take the language that somebody signs up in as theirs."""
    User.objects.filter(pk=user.pk, language="").update(language=get_language() or "")


@receiver(user_logged_in)
def speak_their_language(request: HttpRequest, user: User, **_: Any) -> None:
    """Note in the session which language they chose, wherever that was."""
    if user.language:
        request.session[LANGUAGE_KEY] = user.language


@receiver(authenticator_added)  # allauth has no hook in which to do it
def begin_with_the_new_factor(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Keep this session alone: whoever signed in elsewhere may have had no more than the password."""
    if authenticator.type in KINDS:
        begin_with(request, user, authenticator)
