"""Send the mail that is due and that nobody else is sending."""

from typing import Any

from django.core.management.base import BaseCommand

from orders.models import Mail
from orders.sending import given_up, send_due


class Command(BaseCommand):
    """Send what a failed, slow or killed sender left; safe to run every minute, in several places at once."""

    help = "Sends the mail that is due: what a failed, slow or killed sender left. Run it every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many."""
        self.stdout.write(f"Sent {send_due(Mail.objects.all())}; given up in all: {given_up().count()}.")
