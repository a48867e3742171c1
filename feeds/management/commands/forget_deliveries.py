"""Forget old receipts, and what is kept of orders that were refused long ago."""

from typing import Any

from django.core.management.base import BaseCommand

from feeds.forgetting import forget_deliveries, forget_refused


class Command(BaseCommand):
    """Forget receipts of messages, and refused orders, of more than thirty days ago."""

    help = "Forget receipts of messages, and what is kept of refused orders, of more than thirty days ago."

    def handle(self, **options: Any) -> None:
        """Do it, and say how many."""
        receipts, orders = forget_deliveries(), forget_refused()
        self.stdout.write(f"Forgot {receipts} receipts, and what was kept of {orders} refused orders.")
