"""How an account becomes somebody's: by a proven address, or by the marketplace's word for who it is."""

from collections.abc import Collection

from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.db import transaction

from accounts.models import User


def has_proved_address(user: User) -> bool:
    """Tell whether the person has shown that they read the mail of their address."""
    return bool(EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists())


def prove_address(user: User) -> None:
    """Record that the person reads the mail of their address."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def owner_of(subject: str, proved: Collection[str]) -> User | None:
    """Find the account of a marketplace's subject, else one that only a proven address names."""
    known: User | None = User.objects.filter(external_id=subject).first()
    return known or User.objects.filter(email__in=proved, external_id=None).first()


@transaction.atomic
def claim_account(user: User, *, subject: str, proved: Collection[str]) -> None:
    """Give the account to the person whom the marketplace calls `subject` and whose addresses it has `proved`."""
    user.external_id = subject
    user.email = user.email or _free_one_of(proved)
    if user.email in proved and not has_proved_address(user):
        # Whoever chose a password before the address was proved may be somebody else who typed it.
        user.set_unusable_password()
        prove_address(user)
    user.save(update_fields=["external_id", "email", "password"])


def _free_one_of(addresses: Collection[str]) -> str | None:
    return next((address for address in addresses if not filter_users_by_email(address)), None)
