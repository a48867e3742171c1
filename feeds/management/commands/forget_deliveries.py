"""Forget old receipts."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from feeds.models import Delivery

KEPT_DAYS = 30


class Command(BaseCommand):
    """Forget the receipts of messages that came more than thirty days ago; signatures expire after five minutes."""

    help = "Forget the receipts of messages that came more than thirty days ago."

    def handle(self, **options: Any) -> None:
        """Do it, and say how many."""
        old = Delivery.objects.filter(received_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
        count, _by_table = old.delete()
        self.stdout.write(f"Forgot {count} receipts.")
