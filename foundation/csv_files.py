"""Files of comma-separated values that a spreadsheet opens without running anything in them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.http import HttpResponseBase, StreamingHttpResponse

# A spreadsheet would take a cell that begins like this for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"  # else Excel takes UTF-8 for something older

type Value = str | int | Decimal


def harmless(value: Value) -> Value:
    """Put an apostrophe before text that a spreadsheet would run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def streamed(name: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> HttpResponseBase:
    """Return rows as a download that is written while they are read: memory does not grow with them."""
    return StreamingHttpResponse(
        _lines(head, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _lines(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([harmless(title) for title in head])
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


class _Echo:
    """Gives every line that is written straight back."""

    def write(self, line: str) -> str:
        return line
