"""Which mails a person wants."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import MutedMail, User
from orders.audiences import BUYERS_CHOICES, SELLERS_CHOICES, MailChoice


def mail_choices(user: User) -> list[MailChoice]:
    """Return what this person may do without: what sellers are mailed, only for those who act for one."""
    return [*BUYERS_CHOICES, *(SELLERS_CHOICES if user.sellers.exists() else [])]


def wanted_mails(user: User) -> list[str]:
    """Return which of all choices the person has not muted."""
    muted = set(user.muted_mails.values_list("kind", flat=True))
    return [choice for choice in MailChoice.values if choice not in muted]


@transaction.atomic
def choose_mails(user: User, *, wanted: Collection[str]) -> None:
    """Mute what was offered and is not wanted, and nothing else that was offered."""
    offered = mail_choices(user)
    unwanted = [MutedMail(user=user, kind=choice) for choice in offered if choice not in wanted]
    MutedMail.objects.filter(user=user, kind__in=[choice for choice in offered if choice in wanted]).delete()
    MutedMail.objects.bulk_create(unwanted, ignore_conflicts=True)
