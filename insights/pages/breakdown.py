"""A seller's cancelled orders: by who, by whose doing, by reason, and over time."""

from functools import cached_property

from django.utils.translation import gettext as _

from cancellations.terms import Responsible, Source
from insights import words
from insights.pages.advice import Advice, worded
from insights.pages.figures import Figures, Row, reason_of
from insights.pages.links import SellerOrders
from insights.pages.overtime import OverTime, ended_by
from insights.pages.splits import Part, split_table
from insights.tables import Table
from insights.windows import MOST_DAILY, Window

OWN = "own"


class Breakdown:
    """Who and why, as the seller's page shows it."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.orders = SellerOrders(figures.seller, figures.window)

    @cached_property
    def by_source(self) -> Table:
        """Who cancelled."""
        parts = [
            Part(str(words.BY_FOR_SELLER[Source(by)]), count, self.orders(cancelled_by=by), by)
            for by, count in self.figures.by(lambda row: row["source"]).most_common()
        ]
        return self._split("who", _("Who cancelled"), _("Cancelled by"), parts)

    @cached_property
    def by_side(self) -> Table:
        """Whose doing it was."""
        parts = [
            Part(str(words.SIDE_FOR_SELLER[Responsible(side)]), count, self.orders(side=side), _series(side))
            for side, count in self.figures.by(lambda row: reason_of(row).responsible).most_common()
        ]
        return self._split("side", _("On whose side the reason lay"), _("Side"), parts)

    @cached_property
    def by_reason(self) -> Table:
        """Why, the most frequent reason first; only the seller's own share is theirs to fix."""
        parts = [
            Part(words.label(pk), count, self.orders(reason=code), _series(side), _note(side))
            for (pk, code, side), count in self.reasons
        ]
        return self._split("reasons", _("Why"), _("Reason"), parts)

    @cached_property
    def over_time(self) -> OverTime:
        """Who cancelled, by day or week."""
        is_daily = self.figures.window.days <= MOST_DAILY
        return OverTime(
            "time",
            _("Cancelled orders by day") if is_daily else _("Cancelled orders over time"),
            self.figures.window,
            {source: str(words.BY_FOR_SELLER[source]) for source in self._sources},
            count=self._cancelled_in,
            href=lambda part, source: self.orders(part, **ended_by(source)),
            empty=words.nothing_cancelled(),
        )

    @cached_property
    def advice(self) -> list[Advice]:
        """What to do about each reason on the seller's side, the most frequent first."""
        return [
            Advice(words.label(pk), count, text, self.orders(reason=code))
            for (pk, code, side), count in self.reasons
            if side == Responsible.SELLER and (text := worded(pk).seller_advice)
        ]

    @cached_property
    def reasons(self) -> list[tuple[tuple[int, str, str], int]]:
        """The reasons, each as its key, code and side, and how many orders ended for it."""
        return self.figures.by(_reason_key).most_common()

    @property
    def _sources(self) -> list[Source]:
        found = self.figures.by(lambda row: row["source"])
        return [source for source in Source if found[source]]

    def _cancelled_in(self, part: Window, source: str) -> int:
        days = [counts for day, counts in self.figures.by_day.items() if day in part]
        return sum(n for counts in days for (by, _own), n in counts.items() if not source or by == source)

    def _split(self, key: str, title: str, first: str, parts: list[Part]) -> Table:
        return split_table(key, title, first, parts, of=self.figures.orders, empty=words.nothing_cancelled())


def _reason_key(row: Row) -> tuple[int, str, str]:
    reason = reason_of(row)
    return reason.pk, reason.code, reason.responsible


def _series(side: str) -> str:
    return OWN if side == Responsible.SELLER else ""


def _note(side: str) -> str:
    return _("yours to fix") if side == Responsible.SELLER else ""
