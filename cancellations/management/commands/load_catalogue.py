"""Bring the catalogue that comes with Candor into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cancellations.catalogue_files import FOLDER, CatalogueError
from cancellations.loading import load_catalogue


class Command(BaseCommand):
    """Add the reasons, wordings, aliases and refund times that are missing; change none that are there."""

    help = "Adds the reasons, wordings, aliases and refund times that are missing; changes none that are there."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let a marketplace load a catalogue of its own."""
        parser.add_argument("--folder", type=Path, default=FOLDER, help="Where the files are; Candor's own by default.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the catalogue and say what was added."""
        try:
            loaded = load_catalogue(options["folder"])
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Added to the catalogue: {loaded}.")
