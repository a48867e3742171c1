"""What was refused: told to administrators as problems, and kept for a while so that it can be tried again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from feeds.formats import Format, Record
from feeds.models import Problem, Refused, Run
from feeds.models.run import MOST_CHARACTERS_KEPT
from feeds.refusals import Fault, RecordRefused
from foundation.text import fault_in
from orders.documents import OrderDocument

MOST_KEPT = 10_000  # of one run: a file that is refused from beginning to end is better imported again


@dataclass
class Refusal:
    """One order that was refused, everything that is wrong with it, and what is kept of it."""

    number: str
    faults: list[Fault]
    kept: list[Record] = field(default_factory=list)


def read_order(form: Format, records: Sequence[Record]) -> OrderDocument | Refusal:
    """Make the document of an order, or say why that cannot be done."""
    try:
        return form.document(records)
    except RecordRefused as refusal:
        number = records[0].cells.get("number", "")
        return Refusal("" if fault_in(number) else number[:100], refusal.faults, form.kept(records))


def keep_refused(run: Run, refusals: Sequence[Refusal]) -> None:
    """Write down what is wrong with orders that a run refused, and what it takes to try them again."""
    if not refusals:
        return
    room = MOST_KEPT - run.refused.count()
    texts = [_as_text(refusal.kept) for refusal in refusals[:room]] if room > 0 else []
    rows = [Refused(run=run, records=text) if text else None for text in texts]
    Refused.objects.bulk_create([row for row in rows if row])
    rows += [None] * (len(refusals) - len(rows))
    problems = [problems_of(run, refusal, row) for refusal, row in zip(refusals, rows, strict=True)]
    Problem.objects.bulk_create([problem for found in problems for problem in found])


def problems_of(run: Run, refusal: Refusal, row: Refused | None) -> list[Problem]:
    """Say what is wrong with an order, a problem for each fault."""
    return [
        Problem(
            run=run,
            refused=row,
            row=fault.row,
            number=refusal.number,
            field=fault.field[:100],
            sentence=fault.sentence[:500],
        )
        for fault in refusal.faults
    ]


def records_of(refused: Refused) -> list[Record]:
    """Read back what was kept of an order."""
    return [Record(*record) for record in json.loads(refused.records)]


def _as_text(records: Sequence[Record]) -> str:
    text = json.dumps(records) if records else ""
    return text if len(text) <= MOST_CHARACTERS_KEPT else ""
