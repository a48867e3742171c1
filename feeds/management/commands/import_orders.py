"""Import files of orders.

Exit status: 0 when every order was taken, 1 when some were refused, 2 when a file was refused whole or the command
could not start.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cancellations.mapping import CatalogueMissing, ReasonBook
from cancellations.terms import Source
from feeds.formats import Format, OptionRefused, Options, formats
from feeds.importing import MOST_LISTED, Import, Report, Tally, refuse_unrecognised
from feeds.progress import Bar
from feeds.recognising import AUTO, recognise
from feeds.refusals import FileRefused
from feeds.saying import add_options, options_of

SOME_REFUSED = 1
NOT_DONE = 2
READ_OTHERWISE = (
    "Read differently before, at the same version (another --seller, --currency or --time-zone?): {:,}. "
    "Nothing was changed of these; --correct takes this reading."
)


class Command(BaseCommand):
    """Import files, one after the other."""

    help = "Import files of orders. Importing the same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the files, their format, and what they do not say themselves."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        names = ", ".join(sorted(formats()))
        parser.add_argument("--format", default=AUTO, help=f"one of: {names}; else it is told by the file")
        add_options(parser)
        parser.add_argument("--correct", action="store_true", help="take these options where others were given before")
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen, and write nothing")

    def handle(self, *, files: list[Path], dry_run: bool, correct: bool, **options: Any) -> None:
        """Import the files and say what came of them."""
        try:
            said = options_of(options)
            forms = [_form(options["format"], path, said) for path in files]
            ReasonBook.load("")  # before anything is written
        except (OptionRefused, CatalogueMissing) as error:
            raise CommandError(str(error), returncode=NOT_DONE) from error
        total, reports, since = Tally(), [], timezone.now()
        for path, form in zip(files, forms, strict=True):
            if isinstance(form, FileRefused):
                report = refuse_unrecognised(path, said, form, is_rehearsal=dry_run)
            else:
                report = _import(path, form, since=since, is_rehearsal=dry_run, is_correction=correct)
            self._tell_of(report)
            total.add(report.tally)
            reports.append(report)
        self._summarise(total, is_rehearsal=dry_run)
        if any(report.refusal for report in reports):
            raise CommandError("Not every file could be read: those were refused whole.", returncode=NOT_DONE)
        if total.what["refused"]:
            raise CommandError("Some orders were refused; the others were taken.", returncode=SOME_REFUSED)

    def _tell_of(self, report: Report) -> None:
        if report.refusal:
            self.stderr.write(f"{report.path.name} was refused: {report.refusal}")
        for refusal in report.refused:
            for fault in refusal.faults:
                order = f" (order {refusal.number})" if refusal.number else ""
                self.stderr.write(f"{report.path.name}, row {fault.row}, {fault.field}: {fault.sentence}{order}")
        if more := report.tally.what["refused"] - len(report.refused):
            self.stderr.write(f"{report.path.name}: {more:,} more orders were refused; the admin lists them all.")

    def _summarise(self, total: Tally, *, is_rehearsal: bool) -> None:
        if is_rehearsal:
            self.stdout.write("A rehearsal: nothing was written. Otherwise:")
        words = ("new", "changed", "unchanged", "stale", "refused")
        counts = ", ".join(f"{total.what[word]:,} {word}" for word in words)
        self.stdout.write(f"Orders: {total.what.total():,} ({counts})")
        sources = ", ".join(f"{total.cancelled_by[source]:,} by {_named(source)}" for source in Source)
        self.stdout.write(f"Cancelled: {total.cancelled_by.total():,} ({sources})")
        self.stdout.write(f"Reasons not understood: {total.not_understood.total():,}")
        for reason, count in total.not_understood.most_common(MOST_LISTED):
            self.stdout.write(f"  {count:,} by {_named(reason.source)}: {reason.words}")
        if total.read_otherwise:
            self.stdout.write(READ_OTHERWISE.format(total.read_otherwise))


def _named(source: str) -> str:
    return "somebody unknown" if source == Source.UNKNOWN else f"the {source}"


def _import(path: Path, form: Format, **how: Any) -> Report:
    with Bar(path.name) as bar:
        return Import(path, form, **how, progress=bar.show).carry_out()


def _form(name: str, path: Path, said: Options) -> Format | FileRefused:
    """Make the reader of a file, or say why it is of no known format; one such file does not keep out the others."""
    known = formats()
    if name != AUTO and name not in known:
        raise OptionRefused(f"There is no format of that name: --format is one of {', '.join(sorted(known))}.")
    try:
        found = recognise(path) if name == AUTO else name
    except FileRefused as refusal:
        return refusal
    return known[found](said)
