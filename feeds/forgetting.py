"""Forgetting what nobody needs any more: receipts of messages, and what is kept of refused orders."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from feeds.models import Delivery, Refused

KEPT_DAYS = 30
AT_ONCE = 1_000


def forget_deliveries() -> int:
    """Forget the receipts of old messages, and say how many. Signatures expire after five minutes.

    The runs that they made, with their problems, stay; and so does every event, whether anybody has read it or not.
    """
    count, _by_table = Delivery.objects.filter(received_at__lt=_long_ago()).delete()
    return count


def forget_refused() -> int:
    """Forget what is kept of refused orders, and say of how many. What was wrong with them stays listed."""
    count, before = 0, _long_ago()
    while forgotten := _forget_some(before):
        count += forgotten
    return count


@transaction.atomic
def _forget_some(before: datetime) -> int:
    """Forget the next ones, locked first as by those who try them again: their problems let go of them."""
    old = Refused.objects.select_for_update().filter(refused_at__lt=before).order_by("pk")
    some = list(old.values_list("pk", flat=True)[:AT_ONCE])
    Refused.objects.filter(pk__in=some).delete()
    return len(some)


def _long_ago() -> datetime:
    return timezone.now() - timedelta(days=KEPT_DAYS)
