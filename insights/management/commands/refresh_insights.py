"""Bring the summary of insights up to date."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from insights.freshness import ask_for_refresh
from insights.refreshing import rebuild, refresh
from insights.tasks import refresh_summary


class Command(BaseCommand):
    """Count again what has changed: once, for ever, or by a worker."""

    help = "Bring the summary that the insight pages read up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how often, by whom, and whether to begin anew."""
        parser.add_argument("--rebuild", action="store_true", help="Count everything again, as after a change of zone.")
        by = parser.add_mutually_exclusive_group()
        by.add_argument("--every", type=int, metavar="SECONDS", help="Go on until interrupted.")
        by.add_argument("--by-worker", action="store_true", help="Have the worker (db_worker) do it from now on.")

    def handle(self, *, every: int | None, by_worker: bool, **options: Any) -> None:
        """Refresh, or leave it to the worker; with an interval, again and again."""
        if options["rebuild"]:
            rebuild()
        if by_worker:
            self._leave_to_worker()
            return
        self._say(refresh())
        while every:
            time.sleep(every)
            if read := refresh():
                self._say(read)

    def _leave_to_worker(self) -> None:
        if not refresh_summary.get_backend().supports_defer:
            raise CommandError("There is no worker without TASKS_BACKEND=database: use --every 30 instead.")
        asked = ask_for_refresh()
        self.stdout.write("The worker begins." if asked else "The worker is at it already.")

    def _say(self, read: int) -> None:
        self.stdout.write(f"The summary is up to date: {read} events read.")
