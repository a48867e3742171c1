"""Try again what imports and feeds had refused.

Exit status: 0 when everything that is kept was taken, 1 when something was refused again or could not be tried, 2 when
an option cannot be used.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feeds.formats import OptionRefused, Options
from feeds.models import Run
from feeds.retrying import CannotRetry, Retried, retry_refused
from feeds.saying import add_options, options_of

NOT_DONE = 2


class Command(BaseCommand):
    """Try again what was refused, of one run or of all of which something is kept."""

    help = "Try again what was refused, once what was wrong has been put right; safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a run, and what is said of it."""
        parser.add_argument("run", nargs="?", type=int, help="the number of an import in the admin; else all of them")
        add_options(parser)

    def handle(self, *, run: int | None, **options: Any) -> None:
        """Try, and say what came of it."""
        said = _options(run, options)
        runs = Run.objects.filter(pk__in=[run]) if run else Run.objects.filter(refused__isnull=False).distinct()
        runs = runs.select_related("feed").order_by("pk")
        if run and not runs:
            raise CommandError(f"There is no import {run}.")
        if not runs:
            self.stdout.write("Nothing that was refused is kept.")
        tried = [self._try(one, said) for one in runs]
        if None in tried:
            raise CommandError("Not everything could be tried again.")
        if any(found.refused for found in tried if found):
            raise CommandError("Some orders were refused again.")

    def _try(self, run: Run, said: Options) -> Retried | None:
        try:
            found = retry_refused(run, said=said)
        except CannotRetry as error:
            self.stderr.write(f"{run}: {error}")
            return None
        self.stdout.write(f"{run}: {found.taken:,} taken, {found.refused:,} refused again.")
        return found


def _options(run: int | None, options: dict[str, Any]) -> Options:
    try:
        said = options_of(options)
    except OptionRefused as error:
        raise CommandError(str(error), returncode=NOT_DONE) from error
    if said != Options() and run is None:  # imports may be of several shops
        raise CommandError("--seller, --time-zone and --currency are said of one import: name it.", returncode=NOT_DONE)
    return said
