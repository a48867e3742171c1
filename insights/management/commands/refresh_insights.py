"""Bring the summary of insights up to date."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from insights.refreshing import rebuild, refresh


class Command(BaseCommand):
    """Count again what has changed, once or for ever."""

    help = "Bring the summary that the insight pages read up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how often, and whether to begin anew."""
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Go on until interrupted.")
        parser.add_argument("--rebuild", action="store_true", help="Count everything again, as after a change of zone.")

    def handle(self, *, every: int | None, **options: Any) -> None:
        """Refresh; with an interval, again and again."""
        if options["rebuild"]:
            rebuild()
        self._say(refresh())
        while every:
            time.sleep(every)
            if read := refresh():
                self._say(read)

    def _say(self, read: int) -> None:
        self.stdout.write(f"The summary is up to date: {read} events read.")
