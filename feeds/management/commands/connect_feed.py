"""Make a feed, and print its secret once."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from feeds.connecting import connect_feed
from feeds.json_formats import json_formats
from feeds.models import SLUG_FORM, Feed

# The feed's fields, as they are called here.
OPTIONS = {"format": "--format", "seller_name": "--seller", "currency": "--currency", "time_zone": "--time-zone"}


class Command(BaseCommand):
    """Make a feed for a marketplace's back end. Its secret is printed once."""

    help = "Make a feed for the API and print its secret, once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the two names, and for what its orders do not say themselves."""
        parser.add_argument("slug", help="its name in addresses: lower-case letters, digits and hyphens")
        parser.add_argument("name", help="its name for people")
        names = ", ".join(json_formats())
        parser.add_argument("--format", default="", help=f"what it sends, one of: {names}; else any of them")
        parser.add_argument("--seller", default="", dest="seller_name", help="the shop, where its orders do not say it")
        parser.add_argument("--currency", default="", help="of amounts without one: three letters, as in SGD")
        parser.add_argument("--time-zone", default="", help="of times without one: +07:00, or Asia/Ho_Chi_Minh")

    def handle(self, *, slug: str, name: str, **options: Any) -> None:
        """Make it."""
        if not re.fullmatch(SLUG_FORM, slug):
            raise CommandError("A feed's name in addresses has 1 to 40 lower-case letters, digits and hyphens.")
        if Feed.objects.filter(slug=slug).exists():
            raise CommandError(f"There is a feed “{slug}” already; its secret is changed in the admin.")
        said = {field: options[field] for field in OPTIONS}
        _check(Feed(slug=slug, name=name, **said))
        feed = connect_feed(slug=slug, name=name, **said)
        self.stdout.write(f"POST /api/v1/feeds/{feed.slug}/orders, GET /api/v1/feeds/{feed.slug}/events")
        self.stdout.write(f"POST /api/v1/feeds/{feed.slug}/{feed.format or '<format>'} for a platform's own orders")
        self.stdout.write(f"Secret, shown this once: {feed.secret}")


def _check(feed: Feed) -> None:
    try:
        feed.full_clean(exclude={"secret"}, validate_constraints=False)
    except ValidationError as error:
        told = [f"{OPTIONS.get(field, field)}: {' '.join(said)}" for field, said in error.message_dict.items()]
        raise CommandError("\n".join(told)) from error
