"""Correct what the aliases say otherwise than it is recorded."""

from typing import Any

from django.core.management.base import BaseCommand

from orders.correcting import correct_all


class Command(BaseCommand):
    """Finish what a killed correction left, and what a newer catalogue understands; run twice, it does nothing."""

    help = "Gives every cancellation the reason that its words mean now. Run it every hour, and after load_catalogue."

    def handle(self, *args: Any, **options: Any) -> None:
        """Correct, and say how many."""
        self.stdout.write(f"Corrected: {correct_all()}.")
