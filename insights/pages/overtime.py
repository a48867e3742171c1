"""Who cancelled, or why, over time: the same numbers as a chart and as a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from insights import words
from insights.charts import Column, Columns, columns
from insights.tables import Cell, Table
from insights.windows import Window


@dataclass(frozen=True)
class OverTime:
    """Cancelled orders of the parts of a window, in series: by who cancelled, or why.

    `series` are what the columns are made of, each with its name, and `rest` what is drawn above them without a
    column in the table, since no one list holds it. `count` says how many there were in a part, of a series or (for
    the empty text) in all; `href` where they are.
    """

    key: str
    title: str
    window: Window
    series: Mapping[str, str]
    count: Callable[[Window, str], int]
    href: Callable[[Window, str], str]
    empty: str
    rest: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def table(self) -> Table:
        """The numbers."""
        head = [_("Orders of"), *self.series.values(), _("all")]
        rows = [self._row(part) for part in self.window.parts()]
        return Table(self.key, self.title, head, rows if self.series else [], empty=self.empty)

    @cached_property
    def chart(self) -> Columns:
        """The same, drawn."""
        return columns([self._column(part) for part in self.window.parts()], is_rtl=get_language_bidi())

    @cached_property
    def legend(self) -> list[tuple[str, str]]:
        """What the colours of the chart stand for."""
        return [*self.series.items(), *self.rest.items()]

    def _row(self, part: Window) -> list[Cell]:
        return [Cell(words.name_of(part, of=self.window)), *(self._cell(part, one) for one in (*self.series, ""))]

    def _cell(self, part: Window, series: str) -> Cell:
        count = self.count(part, series)
        return Cell(count, href=self.href(part, series) if count else "")

    def _column(self, part: Window) -> Column:
        days, counts = words.name_of(part, of=self.window), []
        for series, name in self.legend:
            count = self.count(part, series)
            title = _("{days}: {count} × {who}").format(days=days, count=count, who=name)
            counts.append((series, count, title))
        return Column(words.short_name_of(part, of=self.window), counts)


def ended_by(source: str) -> dict[str, str]:
    """Return the filters for orders that a source ended; the empty text stands for all that were cancelled."""
    return {"cancelled_by": source} if source else {"status": "cancelled"}
