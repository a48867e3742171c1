"""Bring the summary of insights up to date."""

import logging
import time
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections

from insights.freshness import ask_for_refresh
from insights.refreshing import rebuild, refresh
from insights.tasks import refresh_summary

logger = logging.getLogger("candor.insights")


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
        if every:
            self._go_on(every)
        self._say(refresh())

    def _go_on(self, every: int) -> NoReturn:
        """Refresh for ever: a database that is away for a while, or lets it wait too long, does not end it."""
        while True:
            close_old_connections()  # those that were cut; a new one is opened when it is needed
            try:
                if read := refresh():
                    self._say(read)
            except (OperationalError, InterfaceError) as error:
                logger.warning("The summary could not be refreshed.", extra={"outcome": type(error).__name__})
            time.sleep(every)

    def _leave_to_worker(self) -> None:
        if not refresh_summary.get_backend().supports_defer:
            raise CommandError("There is no worker without TASKS_BACKEND=database: use --every 30 instead.")
        asked = ask_for_refresh()
        self.stdout.write("The worker begins." if asked else "The worker is at it already.")

    def _say(self, read: int) -> None:
        self.stdout.write(f"The summary is up to date: {read} events read.")
