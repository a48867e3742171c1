"""My Orders: the cards of one page, tabs, facets and chips."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cancellations import wordings
from cancellations.terms import Source
from foundation.text import Words
from orders import searching
from orders.figures import ABOUT_ENDINGS, ABOUT_PARTS
from orders.filters import OrderFilters
from orders.models import Order
from orders.pages.cards import OrderCard
from orders.paging import BadCursor, Page, page_of
from orders.querysets import MOST_COUNTED, OrderQuerySet
from orders.words.who import FACET

TABS = [("", _("All")), *Order.Status.choices]
CHIPS = {"q": _("“{value}”"), "since": _("from {value}"), "until": _("to {value}")}


@dataclass(frozen=True)
class Choice:
    """One tab, facet or chip: what it says, how many orders it has, where it leads."""

    label: str
    address: str
    count: str = ""
    is_on: bool = False


class OrderListing:
    """One page of a reader's orders, as the address asks for it."""

    who: Mapping[Source, Words] = FACET
    searched: Words = _("Order number, item or seller")
    fixed: tuple[str, ...] = ()  # filters that the reader does not take away

    def __init__(self, orders: OrderQuerySet, query: QueryDict, *, reader: int) -> None:
        self.orders, self.query, self.reader = orders, query, reader
        self.filters = OrderFilters(query)

    @property
    def page(self) -> Page:
        """The orders of this page."""
        return self._found[0]

    @property
    def cursor_fault(self) -> str:
        """What is wrong with the cursor in the address; the first page is shown instead."""
        return self._found[1]

    @cached_property
    def cards(self) -> list[OrderCard]:
        """The cards of this page."""
        return [OrderCard(order) for order in self.page.orders]

    @cached_property
    def tabs(self) -> list[Choice]:
        """The states an order can be in, with the number of orders in each."""
        others = dict.fromkeys(["cancelled_by", "reason", *ABOUT_ENDINGS, *ABOUT_PARTS], "")
        return [
            Choice(
                str(label),
                self._address(**others, status=status),
                count=_capped(self._counts[f"count_{status or 'all'}"]),
                is_on=self.filters.state == status,
            )
            for status, label in TABS
        ]

    @cached_property
    def facets_by_source(self) -> list[Choice]:
        """Who cancelled, within the reason that is chosen."""
        reason, source = self.filters.reason_code, self.filters.source
        return self._choices(
            "cancelled_by",
            self._tally(lambda row: str(row["source"]), lambda row: not reason or self._code(row) == reason),
            chosen=source,
            name=lambda value: str(self.who[Source(value)]),
        )

    @cached_property
    def facets_by_reason(self) -> list[Choice]:
        """Why, within the source that is chosen."""
        source, reason = self.filters.source, self.filters.reason_code
        return self._choices(
            "reason",
            self._tally(self._code, lambda row: not source or row["source"] == source),
            chosen=reason,
            name=lambda code: self._labels.get(code, code),
        )

    @cached_property
    def chips(self) -> list[Choice]:
        """The words and dates that narrow the list, each with the address without it."""
        return [
            Choice(str(text).format(value=_written(value)), self._address(**{name: ""}))
            for name, text in CHIPS.items()
            if (value := self.filters.value(name))
        ] + [
            Choice(self.filters.figure_chip(name, who=self.who), self._address(**_without(name)))
            for name in self.filters.figure
            if name not in self.fixed
        ]

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but the tab narrows the list."""
        return bool(self.chips or self.filters.source or self.filters.reason_code)

    @property
    def looked_through(self) -> str:
        """How many orders a search looks through."""
        return number_format(searching.SEARCHED_ORDERS, force_grouping=True)

    @property
    def has_orders(self) -> bool:
        """Tell whether the reader has any order at all."""
        return self._counts["count_all"] > 0

    @property
    def without_filters(self) -> str:
        """The address of the same tab without filters."""
        figure = dict.fromkeys({*self.filters.figure, *ABOUT_PARTS} - set(self.fixed), "")
        return self._address(**{"q": "", "since": "", "until": "", "cancelled_by": "", "reason": "", **figure})

    @property
    def newer(self) -> str:
        """The address of the page of newer orders, if there is one."""
        return self._address(after=self.page.newer) if self.page.newer else ""

    @property
    def older(self) -> str:
        """The address of the page of older orders, if there is one."""
        return self._address(after=self.page.older) if self.page.older else ""

    @property
    def is_past_the_end(self) -> bool:
        """Tell whether the orders that this page began with are no longer in the list."""
        return bool(self.query.get("after")) and not self.cursor_fault and not self.cards

    @property
    def newest(self) -> str:
        """The address of the newest orders of this list."""
        return self._address()

    @cached_property
    def _found(self) -> tuple[Page, str]:
        """Read the page; the counts of the tabs ride in the same statement."""
        found = self.filters.select(self.orders).for_cards().annotate(**self.orders.with_capped_counts())
        try:
            return page_of(found, cursor=self.query.get("after", ""), reader=self.reader), ""
        except BadCursor as fault:
            return page_of(found, cursor="", reader=self.reader), str(fault)

    @cached_property
    def _counts(self) -> dict[str, int]:
        columns = self.orders.with_capped_counts()
        if self.page.orders:
            return {name: getattr(self.page.orders[0], name) for name in columns}
        return dict(User.objects.filter(pk=self.reader).values(**columns).get())

    @cached_property
    def _facet_rows(self) -> list[dict[str, object]]:
        if not self.filters.is_about_cancelled:
            return []
        return list(self.filters.narrow(self.orders).facets())

    @cached_property
    def _labels(self) -> dict[str, str]:
        ids = {int(str(row["reason_id"])) for row in self._facet_rows}
        if chosen := wordings.find_reason(self.filters.reason_code):
            ids.add(chosen.pk)
        return {wordings.reason(pk).code: wordings.newest_wording(pk).label for pk in ids}

    def _code(self, row: dict[str, object]) -> str:
        return wordings.reason(int(str(row["reason_id"]))).code

    def _tally(
        self, key: Callable[[dict[str, object]], str], wanted: Callable[[dict[str, object]], bool]
    ) -> Counter[str]:
        tally: Counter[str] = Counter()
        for row in self._facet_rows:
            if wanted(row):
                tally[key(row)] += int(str(row["orders"]))
        return tally

    def _choices(self, field: str, tally: Counter[str], *, chosen: str, name: Callable[[str], str]) -> list[Choice]:
        if chosen and chosen not in tally:
            tally[chosen] = 0
        return [
            Choice(
                name(value),
                self._address(**{"status": "cancelled", field: "" if value == chosen else value}),
                count=_capped(count),
                is_on=value == chosen,
            )
            for value, count in sorted(tally.items(), key=lambda entry: (entry[0] != chosen, -entry[1]))
        ]

    def _address(self, **changes: str) -> str:
        """Return this page's address with some parameters changed; the place in the list is left out unless given."""
        query = self.query.copy()
        for name, value in {"after": "", **changes}.items():
            if value:
                query[name] = value
            else:
                query.pop(name, None)
        return f"?{query.urlencode()}" if query else "?"


def _capped(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def _without(figure: str) -> dict[str, str]:
    """Return what goes from the address with a figure's chip; an item is named by several parameters."""
    return dict.fromkeys(ABOUT_PARTS if figure == "item" else [figure], "")


def _written(value: str | date) -> str:
    return value if isinstance(value, str) else date_format(value, "DATE_FORMAT")
