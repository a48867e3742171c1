"""Forget sessions that have ended, where they were signed in from, and counters of attempts that have run out."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.forgetting import forget_counters, forget_sessions


class Command(BaseCommand):
    """Forget ended sessions with their network addresses, and counters that have run out; safe to run twice."""

    help = "Forget sessions that have ended, where they were signed in from, and counters that have run out."

    def handle(self, **options: Any) -> None:
        """Do it, and say how many."""
        sessions, counters = forget_sessions(), forget_counters()
        self.stdout.write(f"Forgot where {sessions} sessions were signed in from, and {counters} counters of attempts.")
