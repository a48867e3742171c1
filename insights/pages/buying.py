"""The buyer's insight: what ended their orders, what comes back, and what keeps it from happening again."""

from collections import Counter
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cancellations import wordings
from cancellations.terms import Responsible, Source
from insights import words
from insights.definitions import OFTEN
from insights.pages.advice import Advice, worded
from insights.pages.ended import BuyerOrders
from insights.pages.overtime import OverTime, ended_by
from insights.pages.owed import owed_table
from insights.pages.splits import Part, split_table
from insights.tables import Cell, Figure, Table
from insights.windows import Window
from orders.figures import ANY_PART
from orders.models import Seller
from orders.pages.record import SellerRecord
from orders.words.who import FACET

PERIODS = {"30d": gettext_lazy("30 days"), "12m": gettext_lazy("12 months"), "all": gettext_lazy("All")}
PERIOD_WORDS = {
    "30d": gettext_lazy("in the last 30 days"),
    "12m": gettext_lazy("in the last 12 months"),
    "all": gettext_lazy("so far"),
}
MOST_REASONS, REST = 5, "rest"
ONES_OWN = {Responsible.BUYER, Responsible.PAYMENT_PROVIDER}


class BuyerInsight:
    """Everything that the buyer's page shows of one period."""

    def __init__(self, buyer: User, *, period: str) -> None:
        self.buyer, self.period = buyer, period
        today = timezone.localdate()
        known = {"30d": Window.of_days(30, until=today), "12m": Window.of_months(12, until=today)}
        self.orders = BuyerOrders(buyer, known.get(period))

    @property
    def sentence(self) -> str:
        """How many orders were cancelled, and why most of them were."""
        period, count = str(PERIOD_WORDS[self.period]), self.orders.count
        if not count:
            return _("You placed no orders {period}.").format(period=period)
        if not self.orders.ended:
            return words.none_cancelled_sentence(orders=count, period=period)
        return words.buyer_sentence(reasons=self.orders.reasons, orders=count, period=period)

    @property
    def lead(self) -> list[Figure]:
        """The numbers of the first sentence, and orders of which only some was cancelled."""
        orders, ended, partly = self.orders, len(self.orders.ended), self.orders.partly
        whole = Figure.of(_("Cancelled"), ended, orders.href(status="cancelled"))
        part = Figure.of(_("Cancelled in part"), partly, orders.href(part=ANY_PART))
        return [whole, *([part] if partly else []), Figure.of(_("Orders"), orders.count, orders.href())]

    # Tables

    @cached_property
    def by_source(self) -> Table:
        """Who cancelled."""
        parts = [
            Part(str(FACET[Source(by)]), count, self.orders.href(cancelled_by=by), by)
            for by, count in Counter(one.source for one in self.orders.ended).most_common()
        ]
        title, first = _("Who cancelled"), _("Cancelled by")
        return split_table("who", title, first, parts, empty=words.nothing_cancelled())

    @cached_property
    def by_reason(self) -> Table:
        """Why."""
        parts = [
            Part(words.label(pk), count, self.orders.href(reason=wordings.reason(pk).code))
            for pk, count in self.orders.reasons
        ]
        return split_table("reasons", _("Why"), _("Reason"), parts, empty=words.nothing_cancelled())

    @cached_property
    def sellers(self) -> Table:
        """With whom, and who cancelled there."""
        sources = self.orders.sources
        both = Counter((one.slug, one.seller) for one in self.orders.ended)
        records = {
            one.slug: SellerRecord(one) for one in Seller.objects.filter(slug__in={slug for slug, _name in both})
        }
        split = Counter((one.slug, one.source) for one in self.orders.ended)
        rows = [
            [
                Cell(name),
                *(self._cell(split[slug, by], seller=slug, cancelled_by=by) for by in sources),
                self._cell(count, seller=slug, status="cancelled"),
                _record(records[slug]),
            ]
            for (slug, name), count in both.most_common()
        ]
        head = [
            _("Seller"),
            *(str(FACET[by]) for by in sources),
            _("all"),
            _("The seller's record"),
        ]
        return Table("sellers", _("Sellers, and who cancelled"), head, rows, empty=words.nothing_cancelled())

    @cached_property
    def over_time(self) -> OverTime:
        """Who cancelled, by week, month or year."""
        return OverTime(
            "time",
            _("Over time: who cancelled"),
            self.orders.window,
            {source: str(FACET[source]) for source in self.orders.sources},
            count=self.orders.cancelled_in,
            href=lambda part, source: self.orders.href(part, **ended_by(source)),
            empty=words.nothing_cancelled(),
        )

    @cached_property
    def why_over_time(self) -> OverTime:
        """Why, by week, month or year: the reasons that came most often; the others are drawn as one."""
        most = {f"reason-{n}": pk for n, (pk, _count) in enumerate(self.orders.reasons[:MOST_REASONS], 1)}
        has_rest = len(self.orders.reasons) > len(most)

        def count(part: Window, series: str) -> int:
            if series == REST:
                return self.orders.ended_in(part) - sum(self.orders.ended_in(part, pk) for pk in most.values())
            return self.orders.ended_in(part, most.get(series))

        def href(part: Window, series: str) -> str:
            wanted = {"reason": wordings.reason(most[series]).code} if series else {"status": "cancelled"}
            return self.orders.href(part, **wanted)

        return OverTime(
            "why-time",
            _("Over time: why"),
            self.orders.window,
            {series: words.label(pk) for series, pk in most.items()},
            count=count,
            href=href,
            empty=words.nothing_cancelled(),
            rest={REST: _("other reasons")} if has_rest else {},
        )

    @cached_property
    def owed(self) -> Table:
        """Money that has not come back yet, of any period."""
        return owed_table(self.buyer)

    @property
    def tables(self) -> dict[str, Table]:
        """Every table that can be downloaded, by its key."""
        over_time = (self.over_time.table, self.why_over_time.table)
        tables = (self.by_source, self.by_reason, *over_time, self.sellers, self.owed)
        return {table.key: table for table in tables}

    # What helps

    @cached_property
    def advice(self) -> list[Advice]:
        """What helps against reasons that came more than once and that the buyer can do something about."""
        found = []
        for pk, count in self.orders.reasons:
            reason, text = wordings.reason(pk), worded(pk).prevention
            if count >= OFTEN and reason.responsible in ONES_OWN and reason.names_a_cause and text:
                found.append(Advice(words.label(pk), count, text, self.orders.href(reason=reason.code)))
        return found

    def _cell(self, count: int, **filters: str) -> Cell:
        return Cell(count, href=self.orders.href(**filters) if count else "")


def _record(record: SellerRecord) -> Cell:
    """Say which share of everybody's orders there ended on the seller's side, where there are enough to say it."""
    if not record.is_shown:
        return Cell("")
    share = _("{share} ended on their side.").format(share=record.share)
    return Cell(record.share, text=" ".join([share, record.rating]).strip())
