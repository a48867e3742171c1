"""Records laid aside on disk until their file has been read to its end, then given back order by order.

So memory does not grow with the file, the rows of an order may stand anywhere in it, and a file that turns out to be
damaged at its end has written nothing.
"""

import marshal
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from types import TracebackType
from typing import Self

from feeds.formats import Record
from orders.documents import MOST_LINES

NAMELESS = ""  # a temporary file that is on disk, and gone with the process, even where that is killed
TABLE = "CREATE TABLE records (key TEXT, row INTEGER, cells BLOB, PRIMARY KEY (key, row)) WITHOUT ROWID"


class Spool:
    """A temporary database of records."""

    def __enter__(self) -> Self:
        self._database = sqlite3.connect(NAMELESS, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(TABLE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def fill(self, records: Iterable[Record]) -> None:
        """Take in all records of a file; whatever stops their reading is raised here."""
        rows = ((record.key, record.row, marshal.dumps(record.cells)) for record in records)
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO records VALUES (?, ?, ?)", rows)
        self._database.execute("COMMIT")

    def order_count(self) -> int:
        """Count the orders."""
        return int(self._database.execute("SELECT count(DISTINCT key) FROM records").fetchone()[0])

    def orders(self) -> Iterator[list[Record]]:
        """Give the records back, those of one order together, orders by number; of a boundless order, enough."""
        rows = self._database.execute("SELECT key, row, cells FROM records ORDER BY key, row")
        records = (Record(key, row, marshal.loads(cells)) for key, row, cells in rows)  # noqa: S302  (written above)
        for _key, group in groupby(records, key=lambda record: record.key):
            yield list(islice(group, MOST_LINES + 1))
