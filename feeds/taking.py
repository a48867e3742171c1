"""Take orders that somebody sent, in whatever format: recorded, or refused with what it takes to try them again."""

from collections.abc import Sequence

from feeds.formats import Format, Record
from feeds.refusals import Fault
from feeds.refusing import Refusal, read_order
from orders.documents import OrderDocument
from orders.recording import Outcome, Reading, What, record_orders


def take_orders(
    form: Format,
    orders: Sequence[Sequence[Record]],
    *,
    origin: str,
    dialect: str = "",
    reading: Reading = Reading.STATED,
) -> list[Outcome | Refusal]:
    """Read and record orders, each given by its records; answer for each, in the given order.

    An order is refused by its format, which cannot read it, or by what is known of its number.
    """
    said = [read_order(form, records) for records in orders]
    documents = [one for one in said if isinstance(one, OrderDocument)]
    outcomes = iter(record_orders(documents, origin=origin, dialect=dialect, reading=reading))
    return [
        one if isinstance(one, Refusal) else _told(form, records, next(outcomes))
        for records, one in zip(orders, said, strict=True)
    ]


def reading_of_file(form: Format, *, is_correction: bool = False) -> Reading:
    """Tell who answers for what a file says: whoever named its options, where its format takes any."""
    if not form.TAKES_OPTIONS:
        return Reading.STATED
    return Reading.CORRECTED if is_correction else Reading.ADDED_TO


def taken(answers: Sequence[Outcome | Refusal]) -> list[Outcome]:
    """Return what became of those that were not refused."""
    return [one for one in answers if isinstance(one, Outcome)]


def refused(answers: Sequence[Outcome | Refusal]) -> list[Refusal]:
    """Return those that were refused."""
    return [one for one in answers if isinstance(one, Refusal)]


def _told(form: Format, records: Sequence[Record], outcome: Outcome) -> Outcome | Refusal:
    if outcome.what != What.REFUSED:
        return outcome
    fault = Fault(records[0].row, "number", outcome.refusal)
    return Refusal(outcome.number, [fault], form.kept(records))
