"""Write down how the words of feeds are understood as the catalogue is shipped."""

from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cancellations.catalogue_files import AliasEntry, LeftOpenEntry, read_catalogue

PLACE = Path(settings.BASE_DIR) / "docs" / "aliases.md"
HEAD = """\
# How the words of feeds are understood

As shipped, in `cancellations/catalogue/aliases.toml`; `manage.py alias_table` writes this page. Administrators add and
change aliases in the admin. Words are compared without regard to case, runs of white space and a full stop at the end.
What is not here is shown as the origin's own words, and queued.
"""
LEFT_OPEN = """\
## Left open

Known, and without an alias on purpose: an open question is better than a wrong answer.
"""


def table() -> str:
    """Return the page, as the file holds it."""
    catalogue = read_catalogue()
    entries = sorted(catalogue.aliases, key=lambda entry: entry.origin)  # else as in the file
    parts = [_section(origin, list(group)) for origin, group in groupby(entries, key=lambda entry: entry.origin)]
    return "\n".join([HEAD, *parts, _left_open(catalogue.left_open)])


def _section(origin: str, entries: list[AliasEntry]) -> str:
    rows = [f"| {entry.source} | {entry.text.replace('|', chr(92) + '|')} | `{entry.reason}` |" for entry in entries]
    head = ["| who cancelled | the origin's code or words | our reason |", "|---|---|---|"]
    return "\n".join([f"## {origin}", "", *head, *rows, ""])


def _left_open(entries: list[LeftOpenEntry]) -> str:
    rows = [f"| {entry.origin} | {entry.source} | {', '.join(entry.texts)} | {entry.why} |" for entry in entries]
    head = ["| origin | who cancelled | the origin's codes or words | why |", "|---|---|---|---|"]
    return "\n".join([LEFT_OPEN, *head, *rows, ""])


class Command(BaseCommand):
    """Write the shipped aliases to docs/aliases.md."""

    help = "Write the shipped aliases to docs/aliases.md."

    def handle(self, **options: Any) -> None:
        """Write it."""
        PLACE.write_text(table(), encoding="utf-8")
        self.stdout.write("Wrote docs/aliases.md.")
