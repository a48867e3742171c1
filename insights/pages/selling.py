"""The seller's insight: what ended, why, and what of it is theirs to fix."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from cancellations import wordings
from cancellations.terms import Responsible, Source
from foundation.money import money
from foundation.shares import percent
from insights import words
from insights.charts import Column, Columns, bar, columns
from insights.definitions import FEWEST_SELLERS, RECORD_DAYS, share
from insights.models import Cursor
from insights.pages.figures import Figures, is_cancelled, reason_of
from insights.pages.links import orders_behind
from insights.pages.promises import Shipping, items_table, waiting
from insights.tables import Cell, Table
from insights.windows import Window
from orders.models import Seller

DAYS = (7, 30, 90)
MOST_DATES = 10
FIRST = {"who": lazy("Cancelled by"), "side": lazy("Side"), "reasons": lazy("Reason")}


@dataclass(frozen=True)
class Advice:
    """What a seller can fix, for one reason."""

    label: str
    orders: int
    text: str
    href: str


class SellerInsight:
    """Everything that the seller's page shows of one window."""

    def __init__(self, seller: Seller, *, days: int) -> None:
        self.seller, self.days = seller, days
        self.window = Window.of_days(days, until=timezone.localdate())
        self.figures = Figures(seller, self.window)
        self.shipping = Shipping(seller, self.window)

    # What is said first

    @property
    def sentence(self) -> str:
        """The seller's own share, with its numerator and denominator."""
        own = self.figures.share
        if own is None:
            return _("There were no orders in the last {days} days.").format(days=self.days)
        return words.seller_sentence(ended=self.figures.ended, orders=self.figures.orders, share=own, days=self.days)

    @property
    def change(self) -> str:
        """How the share has changed."""
        own = self.figures.share
        return "" if own is None else words.change_sentence(own, self.figures.share_before, days=self.days)

    @property
    def typical(self) -> str:
        """What is typical here, over the days of the record; nothing under so few sellers."""
        if self.seller.record_typical is None:
            return _("Fewer than {fewest} sellers have enough orders to compare with.").format(fewest=FEWEST_SELLERS)
        sentence = _("For the typical seller here it is {share}, over {days} days.")
        return sentence.format(share=percent(self.seller.record_typical), days=RECORD_DAYS)

    @cached_property
    def read_at(self) -> datetime | None:
        """Up to when the figures are complete."""
        return Cursor.objects.values_list("read_at", flat=True).first()

    @property
    def own_href(self) -> str:
        """Where the orders that ended on the seller's side are."""
        return self._orders(side=Responsible.SELLER)

    @property
    def all_href(self) -> str:
        """Where all orders that count are."""
        return self._orders()

    # Tables

    @cached_property
    def by_source(self) -> Table:
        """Who cancelled."""
        return self._split(
            "who",
            _("Who cancelled"),
            [
                (str(words.BY_FOR_SELLER[Source(source)]), count, {"cancelled_by": source}, source)
                for source, count in self.figures.by(lambda row: row["source"]).most_common()
            ],
        )

    @cached_property
    def by_side(self) -> Table:
        """Whose doing it was."""
        return self._split(
            "side",
            _("On whose side the reason lay"),
            [
                (
                    str(words.SIDE_FOR_SELLER[Responsible(side)]),
                    count,
                    {"side": side},
                    "own" if side == "seller" else "",
                )
                for side, count in self.figures.by(lambda row: reason_of(row).responsible).most_common()
            ],
        )

    @property
    def splits(self) -> list[Table]:
        """Who, and on whose side: the two that stand beside each other."""
        return [self.by_source, self.by_side]

    @cached_property
    def by_reason(self) -> Table:
        """Why, the most frequent reason first."""
        return self._split(
            "reasons",
            _("Why"),
            [
                (words.label(pk), count, {"reason": code}, "own" if responsible == "seller" else "")
                for (pk, code, responsible), count in self._reasons
            ],
        )

    @cached_property
    def over_time(self) -> Table:
        """Who cancelled, by day or week."""
        sources = self._sources
        head = [_("Orders of"), *(str(words.BY_FOR_SELLER[source]) for source in sources), _("all")]
        rows = [
            [Cell(words.days_between(part)), *(self._count(part, source) for source in sources), self._count(part)]
            for part in self.window.parts()
        ]
        title = _("Cancelled orders over time") if self.days > DAYS[0] else _("Cancelled orders by day")
        return Table("time", title, head, rows if sources else [], empty=self._nothing)

    @cached_property
    def chart(self) -> Columns:
        """The same, drawn."""
        parts = []
        for part in self.window.parts():
            said = words.days_between(part)
            counts = [(source, self._cancelled_in(part, source)) for source in self._sources]
            named = [(s, n, f"{said}: {n} × {words.BY_FOR_SELLER[s]}") for s, n in counts]
            parts.append(Column(words.short_day(part.since), named))
        return columns(parts, is_rtl=get_language_bidi())

    @property
    def legend(self) -> list[tuple[str, str]]:
        """What the colours of the chart stand for."""
        return [(source, str(words.BY_FOR_SELLER[source])) for source in self._sources]

    @cached_property
    def items(self) -> Table:
        """What was out of stock or wrongly priced."""
        return items_table(self.seller, self.window)

    @cached_property
    def parts(self) -> Table:
        """What was cancelled of orders that did not end."""
        rows = []
        for row in self.figures.rows:
            if row["is_now"] and is_cancelled(row) and row["part_lines"]:
                worth = row["part_worth"]
                amount = money(worth, row["currency"]) if row["currency"] else ""
                cells = [Cell(words.label(row["reason_id"])), Cell(str(words.BY_FOR_SELLER[Source(row["source"])]))]
                rows.append([*cells, Cell(row["part_lines"]), Cell(worth, text=amount)])
        rows.sort(key=lambda cells: cells[2].value, reverse=True)
        head = [_("Reason"), _("Cancelled by"), _("Items"), _("Worth")]
        return Table("parts", _("Items cancelled from orders that went on"), head, rows, empty=self._nothing)

    @cached_property
    def leaving(self) -> Table:
        """The days on which orders that ended on the seller's side leave the window."""
        days = [(day, sum(n for (_s, own), n in counts.items() if own)) for day, counts in self.figures.by_day.items()]
        left, rows = self.figures.ended, []
        for day, count in [(day, count) for day, count in days if count][:MOST_DATES]:
            left -= count
            rows.append(
                [
                    Cell(self.window.leaves_on(day).isoformat(), text=words.short_day(self.window.leaves_on(day))),
                    Cell(count, href=self._orders(Window(day, day), side=Responsible.SELLER)),
                    Cell(left),
                ]
            )
        head = [_("On"), _("leave the window"), _("then left")]
        title = _("When old cancellations leave these {days} days").format(days=self.days)
        return Table("leaving", title, head, rows, empty=_("Nothing on your side is in this window."))

    # What to do

    @cached_property
    def advice(self) -> list[Advice]:
        """What to do about each reason on the seller's side, the most frequent first."""
        found = []
        for (pk, code, responsible), count in self._reasons:
            text = wordings.newest_wording(pk, get_language() or "en").seller_advice
            if responsible == Responsible.SELLER and text:
                found.append(Advice(words.label(pk), count, text, self._orders(reason=code)))
        return found

    @cached_property
    def waiting(self) -> Table:
        """Buyers who wait for an answer."""
        return waiting(self.seller)

    @cached_property
    def unanswered(self) -> int:
        """How many orders ended because nobody answered the buyer."""
        codes = {"seller_unresponsive", "seller_did_not_respond"}
        return sum(count for (_pk, code, _side), count in self._reasons if code in codes)

    @cached_property
    def upheld(self) -> int:
        """How many contests of buyers were upheld."""
        return self.figures.sum("upheld")

    @property
    def upheld_href(self) -> str:
        """Where those orders are."""
        return self._orders(contest="upheld")

    @property
    def tables(self) -> dict[str, Table]:
        """Every table that can be downloaded, by its key."""
        tables: Iterable[Table] = (
            self.by_source,
            self.by_side,
            self.by_reason,
            self.over_time,
            self.items,
            self.parts,
            self.leaving,
            self.waiting,
            self.shipping.table,
        )
        return {table.key: table for table in tables}

    @cached_property
    def _reasons(self) -> list[tuple[tuple[int, str, str], int]]:
        def key(row: dict[str, int]) -> tuple[int, str, str]:
            reason = reason_of(row)
            return reason.pk, reason.code, reason.responsible

        return self.figures.by(key).most_common()

    @property
    def _nothing(self) -> str:
        return _("No cancellations in this period.")

    @cached_property
    def _sources(self) -> list[Source]:
        found = self.figures.by(lambda row: row["source"])
        return [source for source in Source if found[source]]

    def _cancelled_in(self, part: Window, source: str = "") -> int:
        days = [counts for day, counts in self.figures.by_day.items() if day in part]
        return sum(n for counts in days for (by, _own), n in counts.items() if not source or by == source)

    def _count(self, part: Window, source: str = "") -> Cell:
        asked = {"cancelled_by": source} if source else {"status": "cancelled"}
        count = self._cancelled_in(part, source)
        return Cell(count, href=self._orders(part, **asked) if count else "")

    def _split(self, key: str, title: str, found: list[tuple[str, int, dict[str, str], str]]) -> Table:
        most, is_rtl = max((count for _n, count, *_ in found), default=0), get_language_bidi()
        rows = []
        for name, count, asked, series in found:
            of_all = share(count, self.figures.orders) or Decimal(0)
            drawn = bar(count, most, is_rtl=is_rtl)
            note = _("yours to fix") if series == "own" and key == "reasons" else ""
            cells = [Cell(name, bar=drawn, series=series, note=note), Cell(count, href=self._orders(**asked))]
            rows.append([*cells, Cell(of_all, text=percent(of_all))])
        head = [FIRST[key], _("Orders"), _("of all orders")]
        return Table(key, title, [*map(str, head)], rows, empty=self._nothing)

    def _orders(self, window: Window | None = None, /, **filters: str) -> str:
        return orders_behind("selling:orders", window or self.window, seller=self.seller.slug, **filters)
