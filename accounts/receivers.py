"""What we record when allauth says that something happened (docs/decisions/0010-sign-in.md)."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset
from django.dispatch import receiver

from accounts.claiming import prove_address
from accounts.models import User


@receiver(password_reset)
def prove_by_reset(user: User, **_: Any) -> None:
    """Take a reset by mail as proof of the address, so that a claim needs no second mail.

    With several addresses the link may have gone to any of them, so none is proved.
    """
    addresses = set(EmailAddress.objects.filter(user=user).values_list("email", flat=True)[:2])
    if user.email and addresses <= {user.email}:
        prove_address(user)
