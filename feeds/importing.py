"""Import one file: read it whole, then record its orders in batches, and keep what was refused."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from pathlib import Path

from django.db import reset_queries, transaction
from django.utils import timezone

from feeds.closing import close_earlier
from feeds.formats import Format, Options, Record
from feeds.models import Run
from feeds.recognising import AUTO
from feeds.refusals import FileRefused
from feeds.refusing import Refusal, keep_refused
from feeds.spool import Spool
from feeds.taking import reading_of_file, refused, take_orders, taken
from foundation.memory import rarely_collecting
from orders.recording import NotUnderstood, Outcome

ORDERS_AT_ONCE = 500
MOST_LISTED = 100

# Told how many rows have been read (total unknown), then how many orders have been dealt with, of how many.
type Progress = Callable[[str, int, int | None], None]


@dataclass
class Tally:
    """What came of the orders of one file, or of several."""

    what: Counter[str] = field(default_factory=Counter)  # new, changed, unchanged, stale, refused
    cancelled_by: Counter[str] = field(default_factory=Counter)
    not_understood: Counter[NotUnderstood] = field(default_factory=Counter)
    read_otherwise: int = 0  # of the stale ones

    def count(self, outcomes: Sequence[Outcome], *, refused: int) -> None:
        """Count what became of a batch."""
        self.what.update(outcome.what for outcome in outcomes)
        self.what["refused"] += refused
        self.cancelled_by.update(outcome.cancelled_by for outcome in outcomes if outcome.cancelled_by)
        self.not_understood.update(words for outcome in outcomes for words in outcome.not_understood)
        self.read_otherwise += sum(outcome.is_read_otherwise for outcome in outcomes)

    def add(self, other: "Tally") -> None:
        """Add another file's."""
        self.what += other.what
        self.cancelled_by += other.cancelled_by
        self.not_understood += other.not_understood
        self.read_otherwise += other.read_otherwise


@dataclass
class Report:
    """What came of one file: `refusal` says why it was refused whole, if it was."""

    path: Path
    tally: Tally = field(default_factory=Tally)
    refused: list[Refusal] = field(default_factory=list)  # the first of them; all are kept as Problems
    refusal: str = ""


class Import:
    """The import of one file. A rehearsal tells what would happen, and writes nothing.

    A correction takes this reading of orders that were read with another seller, currency or time zone before. What
    imports before `since`, when this one or those beside it began, refused of orders that are taken now is closed.
    """

    def __init__(
        self,
        path: Path,
        form: Format,
        *,
        is_rehearsal: bool = False,
        is_correction: bool = False,
        since: datetime | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.form = form
        self.is_rehearsal = is_rehearsal
        self.reading = reading_of_file(form, is_correction=is_correction)
        self.progress = progress or (lambda *_: None)
        self.report = Report(path)
        self.run = _run_of(path, form.name, form.options)
        self.since = since or self.run.started_at

    def carry_out(self) -> Report:
        """Import the file, batch by batch; each is kept even where a later one fails or the process is ended."""
        self._save_run()
        try:
            with Spool() as spool, rarely_collecting():
                spool.fill(self._watched(self.form.records(self.report.path)))
                self.run.context = self.form.context()
                self._record(spool)
            self._end(Run.State.FINISHED)
        except FileRefused as refusal:
            self.report.refusal = str(refusal)
            self._end(Run.State.REFUSED)
        return self.report

    def _watched(self, records: Iterator[Record]) -> Iterator[Record]:
        for count, record in enumerate(records, 1):
            if count % ORDERS_AT_ONCE == 0:
                self.progress("reading", count, None)
            yield record

    def _record(self, spool: Spool) -> None:
        total, done = spool.order_count(), 0
        for batch in batched(spool.orders(), ORDERS_AT_ONCE):
            self._record_batch(batch)
            reset_queries()  # with DEBUG, Django remembers every statement
            done += len(batch)
            self.progress("recording", done, total)

    def _record_batch(self, batch: Sequence[list[Record]]) -> None:
        with transaction.atomic():
            answers = take_orders(self.form, batch, origin=self.form.origin, reading=self.reading)
            refusals = refused(answers)
            outcomes = taken(answers)
            self.report.tally.count(outcomes, refused=len(refusals))
            self.run.count(outcomes, refused=len(refusals))
            self._save_run()
            if self.is_rehearsal:
                transaction.set_rollback(True)
            else:
                close_earlier(self.form, answers, feed=None, before=self.since, file_name=self.run.file_name)
                keep_refused(self.run, refusals)
        room = MOST_LISTED - len(self.report.refused)
        self.report.refused += refusals[:room]

    def _end(self, state: Run.State) -> None:
        self.run.state, self.run.ended_at = state, timezone.now()
        self.run.refusal = self.report.refusal[:1000]
        self._save_run()

    def _save_run(self) -> None:
        if not self.is_rehearsal:
            self.run.save()


def refuse_unrecognised(path: Path, said: Options, refusal: FileRefused, *, is_rehearsal: bool = False) -> Report:
    """Refuse a file whose format nobody named, and which does not tell it, as one that cannot be read is refused."""
    run = _run_of(path, AUTO, said)
    run.state, run.ended_at, run.refusal = Run.State.REFUSED, timezone.now(), str(refusal)[:1000]
    if not is_rehearsal:
        run.save()
    return Report(path, refusal=str(refusal))


def _run_of(path: Path, form: str, said: Options) -> Run:
    name = path.name.encode(errors="replace").decode()
    run = Run(format=form, file_name=name[:255])
    run.options = said
    return run
