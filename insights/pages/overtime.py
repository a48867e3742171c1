"""Who cancelled, over time: the same numbers as a chart and as a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from cancellations.terms import Source
from insights import words
from insights.charts import Column, Columns, columns
from insights.tables import Cell, Table
from insights.windows import Window


@dataclass(frozen=True)
class OverTime:
    """Cancelled orders of the parts of a window, by who cancelled.

    `count` says how many there were in a part, by a source or (for the empty text) in all; `href` where they are.
    """

    title: str
    window: Window
    sources: Sequence[Source]
    who: Mapping[Source, object]
    count: Callable[[Window, str], int]
    href: Callable[[Window, str], str]
    empty: str

    @cached_property
    def table(self) -> Table:
        """The numbers."""
        head = [_("Orders of"), *(name for _source, name in self.legend), _("all")]
        rows = [self._row(part) for part in self.window.parts()]
        return Table("time", self.title, head, rows if self.sources else [], empty=self.empty)

    @cached_property
    def chart(self) -> Columns:
        """The same, drawn."""
        return columns([self._column(part) for part in self.window.parts()], is_rtl=get_language_bidi())

    @cached_property
    def legend(self) -> list[tuple[str, str]]:
        """What the colours of the chart stand for."""
        return [(source, str(self.who[source])) for source in self.sources]

    def _row(self, part: Window) -> list[Cell]:
        return [Cell(words.name_of(part, of=self.window)), *(self._cell(part, by) for by in (*self.sources, ""))]

    def _cell(self, part: Window, source: str) -> Cell:
        count = self.count(part, source)
        return Cell(count, href=self.href(part, source) if count else "")

    def _column(self, part: Window) -> Column:
        days, counts = words.name_of(part, of=self.window), []
        for source, name in self.legend:
            count = self.count(part, source)
            title = _("{days}: {count} × {who}").format(days=days, count=count, who=name)
            counts.append((source, count, title))
        return Column(words.short_name_of(part, of=self.window), counts)


def ended_by(source: str) -> dict[str, str]:
    """Return the filters for orders that a source ended; the empty text stands for all that were cancelled."""
    return {"cancelled_by": source} if source else {"status": "cancelled"}
