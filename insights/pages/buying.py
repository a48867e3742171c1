"""The buyer's insight: what ended their orders, what comes back, and what keeps it from happening again."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from cancellations import wordings
from cancellations.terms import Responsible, Source
from insights import words
from insights.charts import Column, Columns, bar, columns
from insights.definitions import NOT_COUNTED
from insights.pages.links import orders_behind
from insights.pages.owed import owed_table
from insights.tables import Cell, Table
from insights.windows import Window
from orders.models import Order

PERIODS = {"30d": lazy("30 days"), "12m": lazy("12 months"), "all": lazy("All")}
PERIOD_WORDS = {"30d": lazy("in the last 30 days"), "12m": lazy("in the last 12 months"), "all": lazy("so far")}
# A buyer with more orders than this reads about the newest of them, and is told so.
MOST_ORDERS, MOST_CANCELLED = 5_000, 1_000
OFTEN, MOST_SELLERS = 2, 20
ONES_OWN = {Responsible.BUYER, Responsible.PAYMENT_PROVIDER}
COLUMNS = ("listed_at", "seller__slug", "seller__name", "cancellation__source", "cancellation__reason_id")


@dataclass(frozen=True)
class Ended:
    """One cancelled order, as far as the figures need it."""

    day: date
    slug: str
    seller: str
    source: str
    reason: int


@dataclass(frozen=True)
class Advice:
    """What helps against a reason that keeps coming back."""

    label: str
    orders: int
    text: str
    href: str


class BuyerInsight:
    """Everything that the buyer's page shows of one period."""

    def __init__(self, buyer: User, *, period: str) -> None:
        self.buyer, self.period = buyer, period
        today = timezone.localdate()
        known = {"30d": Window.of_days(30, until=today), "12m": Window.of_months(12, until=today)}
        self.asked = known.get(period)

    @property
    def sentence(self) -> str:
        """How many orders were cancelled, and why most of them were."""
        period = str(PERIOD_WORDS[self.period])
        if not self.orders:
            return _("You placed no orders {period}.").format(period=period)
        usual = words.label(self._reasons[0][0]) if self.ended else ""
        return words.buyer_sentence(cancelled=len(self.ended), orders=self.orders, period=period, usual=usual)

    @cached_property
    def orders(self) -> int:
        """How many orders count, up to a limit."""
        count: int = self._counted()[:MOST_ORDERS].count()
        return count

    @cached_property
    def ended(self) -> list[Ended]:
        """The cancelled orders, the newest first, up to a limit."""
        rows = self._counted().cancelled().newest_first().values_list(*COLUMNS)[:MOST_CANCELLED]
        return [Ended(timezone.localdate(at), *rest) for at, *rest in rows]

    @property
    def is_cut(self) -> bool:
        """Tell whether there is more than what was looked at."""
        return self.orders == MOST_ORDERS or len(self.ended) == MOST_CANCELLED

    @property
    def orders_href(self) -> str:
        """Where all orders that count are."""
        return self._orders()

    @property
    def cancelled_href(self) -> str:
        """Where the cancelled orders are."""
        return self._orders(status="cancelled")

    @cached_property
    def window(self) -> Window:
        """The days that the figures are of."""
        today = timezone.localdate()
        return self.asked or Window(min((one.day for one in self.ended), default=today), today)

    # Tables

    @cached_property
    def by_source(self) -> Table:
        """Who cancelled."""
        found = Counter(one.source for one in self.ended).most_common()
        named = [(str(words.BY_FOR_BUYER[Source(by)]), count, {"cancelled_by": by}, by) for by, count in found]
        return self._split("who", _("Who cancelled"), named)

    @cached_property
    def by_reason(self) -> Table:
        """Why."""
        named = [(words.label(pk), count, {"reason": wordings.reason(pk).code}, "") for pk, count in self._reasons]
        return self._split("reasons", _("Why"), named)

    @cached_property
    def sellers(self) -> Table:
        """With whom, and who cancelled there."""
        both = Counter((one.slug, one.seller) for one in self.ended)
        split = Counter((one.slug, one.source) for one in self.ended)
        rows = [
            [
                Cell(name),
                *(self._link(split[slug, by], seller=slug, cancelled_by=by) for by in self._sources),
                self._link(count, seller=slug, status="cancelled"),
            ]
            for (slug, name), count in both.most_common(MOST_SELLERS)
        ]
        head = [_("Seller"), *(str(words.BY_FOR_BUYER[by]) for by in self._sources), _("all")]
        return Table("sellers", _("Sellers, and who cancelled"), head, rows, empty=self._nothing)

    @cached_property
    def over_time(self) -> Table:
        """Who cancelled, by week, month or year."""
        head = [_("Orders of"), *(str(words.BY_FOR_BUYER[source]) for source in self._sources), _("all")]
        rows = [
            [
                Cell(words.name_of(part, of=self.window)),
                *(self._cell(part, source) for source in self._sources),
                self._cell(part),
            ]
            for part in self.window.parts()
        ]
        return Table("time", _("Over time"), head, rows if self.ended else [], empty=self._nothing)

    @cached_property
    def chart(self) -> Columns:
        """The same, drawn."""
        parts = []
        for part in self.window.parts():
            name = words.name_of(part, of=self.window)
            counts = [(source, self._cancelled_in(part, source)) for source in self._sources]
            label = words.short_name_of(part, of=self.window)
            parts.append(Column(label, [(s, n, f"{name}: {n} × {words.BY_FOR_BUYER[s]}") for s, n in counts]))
        return columns(parts, is_rtl=get_language_bidi())

    @property
    def legend(self) -> list[tuple[str, str]]:
        """What the colours of the chart stand for."""
        return [(source, str(words.BY_FOR_BUYER[source])) for source in self._sources]

    @cached_property
    def owed(self) -> Table:
        """Money that has not come back yet, of any period."""
        return owed_table(self.buyer)

    @property
    def tables(self) -> dict[str, Table]:
        """Every table that can be downloaded, by its key."""
        tables = (self.by_source, self.by_reason, self.over_time, self.sellers, self.owed)
        return {table.key: table for table in tables}

    # What helps

    @cached_property
    def advice(self) -> list[Advice]:
        """What helps against reasons that came more than once and that the buyer can do something about."""
        found = []
        for pk, count in self._reasons:
            reason = wordings.reason(pk)
            text = wordings.newest_wording(pk, get_language() or "en").prevention
            if count >= OFTEN and reason.responsible in ONES_OWN and text:
                found.append(Advice(words.label(pk), count, text, self._orders(reason=reason.code)))
        return found

    def _counted(self) -> Any:
        orders = Order.objects.filter(buyer=self.buyer)
        if self.asked:
            orders = orders.between(self.asked.since, self.asked.until)
        return orders.filter(Q(cancellation=None) | ~Q(cancellation__reason__code__in=NOT_COUNTED))

    @cached_property
    def _reasons(self) -> list[tuple[int, int]]:
        return Counter(one.reason for one in self.ended).most_common()

    @cached_property
    def _sources(self) -> list[Source]:
        found = {one.source for one in self.ended}
        return [source for source in Source if source in found]

    @property
    def _nothing(self) -> str:
        return _("No cancellations in this period.")

    def _cancelled_in(self, part: Window, source: str = "") -> int:
        return sum(one.day in part and (not source or one.source == source) for one in self.ended)

    def _cell(self, part: Window, source: str = "") -> Cell:
        count = self._cancelled_in(part, source)
        asked = {"cancelled_by": source} if source else {"status": "cancelled"}
        return Cell(count, href=orders_behind("orders:list", part, **asked) if count else "")

    def _link(self, count: int, **filters: str) -> Cell:
        return Cell(count, href=self._orders(**filters) if count else "")

    def _split(self, key: str, title: str, found: list[tuple[str, int, dict[str, str], str]]) -> Table:
        most = max((count for _name, count, *_ in found), default=0)
        rows = [
            [
                Cell(name, bar=bar(count, most, is_rtl=get_language_bidi()), series=series),
                Cell(count, href=self._orders(**asked)),
            ]
            for name, count, asked, series in found
        ]
        first = _("Cancelled by") if key == "who" else _("Reason")
        return Table(key, title, [first, _("Orders")], rows, empty=self._nothing)

    def _orders(self, **filters: str) -> str:
        return orders_behind("orders:list", self.asked, **filters)
