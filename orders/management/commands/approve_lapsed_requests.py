"""Approve the requests that sellers have left unanswered."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from orders.requesting import approve_lapsed


class Command(BaseCommand):
    """Approve every request whose deadline has passed. To be run every minute; in several places does no harm."""

    help = "Approve every cancellation request whose deadline has passed without an answer."

    def handle(self, **options: Any) -> None:
        """Do it, and say how many."""
        closed = approve_lapsed(now=timezone.now())
        self.stdout.write(f"Closed {closed} request{'' if closed == 1 else 's'}.")
