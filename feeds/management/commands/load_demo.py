"""Fill the database with the demo."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PLACES = {"demo", "development", "test"}


class Command(BaseCommand):
    """Record the demo's orders and let its people in; the second time, change nothing."""

    help = "Records the demo's orders and lets its people in; the second time, changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --sign-ins."""
        parser.add_argument("--sign-ins", action="store_true", help="only say how to sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the demo, or say how to sign in to it."""
        if settings.ENVIRONMENT not in PLACES:
            raise CommandError(
                "The demo's passwords are known to everybody, so it is loaded only where CANDOR_ENV is demo, "
                f"development or test; here it is {settings.ENVIRONMENT}."
            )
        # Production has no factory-boy, and must read the sentence above all the same.
        from feeds.demo import loading, signs  # noqa: PLC0415

        self.stdout.write(signs.sign_ins() if options["sign_ins"] else signs.summary(loading.load_demo()))
