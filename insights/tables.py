"""Figures as rows: shown as a table, with bars where that helps, and downloaded as CSV."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import HttpResponse
from django.utils.formats import number_format

from foundation.csv_files import BYTE_ORDER_MARK, harmless
from insights.charts import Box


@dataclass(frozen=True)
class Cell:
    """One value: as it is shown, where it leads, and the bar that is drawn for it."""

    value: str | int | Decimal
    text: str = ""
    href: str = ""
    bar: Box | None = None
    series: str = ""
    note: str = ""

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
class Table:
    """Some figures: a key that its download is called by, a title, and rows whose first cell names them."""

    key: str
    title: str
    head: Sequence[str]
    rows: list[list[Cell]] = field(default_factory=list)
    empty: str = ""


def as_csv(table: Table, *, name: str) -> HttpResponse:
    """Return a table as a file that spreadsheets open without running anything in it."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{table.key}.csv"'},
    )
    response.write(BYTE_ORDER_MARK)
    writer = csv.writer(response)
    writer.writerow([harmless(title) for title in table.head])
    writer.writerows([harmless(cell.value) for cell in row] for row in table.rows)
    return response
