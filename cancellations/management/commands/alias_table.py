"""Write down how the words of feeds are understood as the catalogue is shipped."""

from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cancellations.catalogue_files import AliasEntry, read_catalogue

PLACE = Path(settings.BASE_DIR) / "docs" / "aliases.md"
HEAD = """\
# How the words of feeds are understood

As shipped, in `cancellations/catalogue/aliases.toml`; `manage.py alias_table` writes this page. Administrators add and
change aliases in the admin. Words are compared without regard to case, runs of white space and a full stop at the end.
What is not here is shown as the origin's own words, and queued.
"""


def table() -> str:
    """Return the page, as the file holds it."""
    entries = sorted(read_catalogue().aliases, key=lambda entry: entry.origin)  # else as in the file
    parts = [_section(origin, list(group)) for origin, group in groupby(entries, key=lambda entry: entry.origin)]
    return "\n".join([HEAD, *parts])


def _section(origin: str, entries: list[AliasEntry]) -> str:
    rows = [f"| {entry.source} | {entry.text.replace('|', chr(92) + '|')} | `{entry.reason}` |" for entry in entries]
    head = ["| who cancelled | the origin's code or words | our reason |", "|---|---|---|"]
    return "\n".join([f"## {origin}", "", *head, *rows, ""])


class Command(BaseCommand):
    """Write the shipped aliases to docs/aliases.md."""

    help = "Write the shipped aliases to docs/aliases.md."

    def handle(self, **options: Any) -> None:
        """Write it."""
        PLACE.write_text(table(), encoding="utf-8")
        self.stdout.write("Wrote docs/aliases.md.")
