"""Figures as rows: shown as a table, with bars where that helps, and downloaded as CSV."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from foundation.csv_files import BYTE_ORDER_MARK, harmless
from insights.charts import Box

FEWEST_WIDE = 4
MOST_AT_ONCE, FEW_MORE = 10, 5


@dataclass(frozen=True)
class Cell:
    """One value: as it is shown, where it leads, and the bar that is drawn for it."""

    value: str | int | Decimal
    text: str = ""
    href: str = ""
    bar: Box | None = None
    series: str = ""
    note: str = ""
    currency: str = ""

    @property
    def shown(self) -> str:
        """What people read."""
        if self.text or isinstance(self.value, str):
            return self.text or str(self.value)
        return number_format(self.value, force_grouping=True)

    @property
    def is_number(self) -> bool:
        """Tell whether to align it as a number."""
        return not isinstance(self.value, str)


@dataclass(frozen=True)
class Figure:
    """One number by itself: what it is called, what is shown, and where the orders behind it are."""

    name: str
    shown: str
    href: str = ""
    note: str = ""
    note_href: str = ""

    @classmethod
    def of(cls, name: str, count: int, href: str) -> "Figure":
        """Return a count that leads to its orders; to none there is no way."""
        return cls(name, number_format(count, force_grouping=True), href if count else "")


@dataclass(frozen=True)
class Table:
    """Some figures: a key that its download is called by, a title, and rows whose first cell names them."""

    key: str
    title: str
    head: Sequence[str]
    rows: list[list[Cell]] = field(default_factory=list)
    empty: str = ""
    is_cut: bool = False  # there are more rows than these

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The titles, each with whether numbers stand below it."""
        columns = zip(*self.rows, strict=True)  # a share that is not known has no number in the first row, say
        return [
            (title, any(cell.is_number for cell in column)) for title, column in zip(self.head, columns, strict=False)
        ]

    @property
    def is_wide(self) -> bool:
        """Tell whether a phone has no room for its columns beside each other."""
        return len(self.head) >= FEWEST_WIDE or any(cell.note for row in self.rows for cell in row[1:])

    @property
    def first_rows(self) -> list[list[tuple[str, Cell]]]:
        """The rows that are seen at once, each value with its title: all, where there are only a few more."""
        return [self._titled(row) for row in self.rows[: self._at_once]]

    @property
    def more_rows(self) -> list[list[tuple[str, Cell]]]:
        """The rows that are folded away."""
        return [self._titled(row) for row in self.rows[self._at_once :]]

    @property
    def _at_once(self) -> int:
        return len(self.rows) if len(self.rows) <= MOST_AT_ONCE + FEW_MORE else MOST_AT_ONCE

    def _titled(self, row: list[Cell]) -> list[tuple[str, Cell]]:
        """Put its title beside each value but the first, where a phone shows one below the other."""
        titles = ["", *self.head[1:]] if self.is_wide else [""] * len(row)
        return list(zip(titles, row, strict=True))


def as_csv(table: Table, *, name: str) -> HttpResponse:
    """Return a table as a file that spreadsheets open without running anything in it."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{table.key}.csv"'},
    )
    response.write(BYTE_ORDER_MARK)
    writer = csv.writer(response)
    money = [place for place in range(len(table.head)) if any(row[place].currency for row in table.rows)]
    writer.writerow([harmless(title) for title in _with_currencies(table.head, money, lambda _title: _("Currency"))])
    for row in table.rows:
        writer.writerow([harmless(value) for value in _values(row, money)])
    return response


def _values(row: Sequence[Cell], money: Sequence[int]) -> list[str | int | Decimal]:
    cells = _with_currencies(row, money, lambda cell: Cell(cell.currency))
    return [cell.value for cell in cells]


def _with_currencies[Kind](row: Sequence[Kind], money: Sequence[int], currency: Callable[[Kind], Kind]) -> list[Kind]:
    """Put a column of currencies after each column of money: a number alone would not say of what."""
    wide: list[Kind] = []
    for place, entry in enumerate(row):
        wide += [entry, currency(entry)] if place in money else [entry]
    return wide
