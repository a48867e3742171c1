"""Make a feed, and print its secret once."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feeds.connecting import connect_feed
from feeds.models import Feed


class Command(BaseCommand):
    """Make a feed for a marketplace's back end. Its secret is printed once."""

    help = "Make a feed for the API and print its secret, once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the two names."""
        parser.add_argument("slug", help="its name in addresses: lower-case letters, digits and hyphens")
        parser.add_argument("name", help="its name for people")

    def handle(self, *, slug: str, name: str, **options: Any) -> None:
        """Make it."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", slug):
            raise CommandError("A feed's name in addresses has 1 to 40 lower-case letters, digits and hyphens.")
        if Feed.objects.filter(slug=slug).exists():
            raise CommandError(f"There is a feed “{slug}” already; its secret is changed in the admin.")
        feed = connect_feed(slug=slug, name=name)
        self.stdout.write(f"POST /api/v1/feeds/{feed.slug}/orders, GET /api/v1/feeds/{feed.slug}/events")
        self.stdout.write(f"Secret, shown this once: {feed.secret}")
