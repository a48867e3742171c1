"""Try again what imports and feeds had refused.

Exit status: 0 when everything that is kept could be tried, whatever came of it; 1 when something could not.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feeds.models import Run
from feeds.retrying import CannotRetry, retry_refused


class Command(BaseCommand):
    """Try again what was refused, of one run or of all of which something is kept."""

    help = "Try again what was refused, once what was wrong has been put right; safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a run."""
        parser.add_argument("run", nargs="?", type=int, help="the number of an import in the admin; else all of them")

    def handle(self, *, run: int | None, **options: Any) -> None:
        """Try, and say what came of it."""
        runs = Run.objects.filter(pk__in=[run]) if run else Run.objects.filter(refused__isnull=False).distinct()
        runs = runs.select_related("feed").order_by("pk")
        if run and not runs:
            raise CommandError(f"There is no import {run}.")
        if not runs:
            self.stdout.write("Nothing that was refused is kept.")
        failed = [one for one in runs if not self._tried(one)]
        if failed:
            raise CommandError("Not everything could be tried again.")

    def _tried(self, run: Run) -> bool:
        try:
            found = retry_refused(run)
        except CannotRetry as error:
            self.stderr.write(f"{run}: {error}")
            return False
        self.stdout.write(f"{run}: {found.taken:,} taken, {found.refused:,} refused again.")
        return True
