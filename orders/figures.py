"""What a figure leads to: filters of a list of orders that come from a link, and that nobody types in."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cancellations import wordings
from cancellations.codes import CODE_FORM, REPLACED, UNANSWERED
from cancellations.models import Contest
from cancellations.terms import Responsible, Source
from foundation.text import Words, fault_in
from foundation.working_days import add_working_days
from orders.models import CancellationRequest, EarlierPart, Order, OrderLine
from orders.querysets import OrderQuerySet

# Working days too late: what the address says, the fewest, and the most.
LATE = {"1": (1, 1), "2": (2, 2), "3-5": (3, 5), "6-10": (6, 10), "11": (11, None)}
ANY_PART = "any"
NO_CURRENCY = "none"
# What stands in a chip; the value is left out where there is only one.
FIGURE_CHIPS = {
    "seller": _("seller: {value}"),
    "side": _("on the side of: {value}"),
    "replaced": _("without split and merged orders"),
    "contest": _("corrected after a contest"),
    "unanswered": _("ended without an answer to the buyer"),
    "request": _("waiting for an answer"),
    "sent": pgettext_lazy("of an order", "sent"),
    "promise": _("{value}"),
    "late": _("working days too late: {value}"),
    "part": _("some items cancelled"),
    "currency": _("in {value}"),
    "item": _("cancelled item: {value}"),
}
# Of some items that were cancelled by somebody for a reason.
PART_CHIP = _("some items cancelled · by: {who} · {reason}")
VALUES: dict[str, dict[str, Any]] = {
    "side": dict(Responsible.choices),
    "promise": {"missed": _("sent too late"), "made": _("sent, with a promised day")},
    "late": {"3-5": "3–5", "6-10": "6–10", "11": _("more than 10")},
    "currency": {NO_CURRENCY: _("a currency that is not stated")},
}
# What is about how orders, or parts of them, ended; another tab of the list is about something else.
ABOUT_ENDINGS = ("side", "contest", "unanswered")
ABOUT_PARTS = ("part", "item", "variant", "sku", "lost")
ABOUT_ITEM = ("variant", "sku", "lost")

FIRST_MONDAY = date(2001, 1, 1)


def _only(*values: str) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[(value, value) for value in values], required=False)


class ItemField(forms.CharField):
    """The title, variant or SKU of an item, letter by letter."""

    def __init__(self, max_length: int) -> None:
        super().__init__(required=False, strip=False, max_length=max_length)

    def clean(self, value: Any) -> str:
        """Refuse characters that no item can contain."""
        words: str = super().clean(value)
        if fault := fault_in(words):
            raise forms.ValidationError(gettext(fault))
        return words


class FigureFilters(forms.Form):
    """Narrow a list to the orders that a figure counts."""

    seller = forms.SlugField(required=False, max_length=80, allow_unicode=True)
    side = forms.ChoiceField(choices=Responsible.choices, required=False)
    replaced = _only("no")
    contest = _only("upheld")
    unanswered = _only("yes")
    request = _only("open")
    sent = _only("yes")
    promise = _only("missed", "made")
    late = _only(*LATE)
    part = forms.RegexField(rf"\A[a-z]+(-{CODE_FORM})?\Z", required=False, max_length=60)
    currency = forms.RegexField(rf"([A-Z]{{3}}|{NO_CURRENCY})\Z", required=False)
    item = ItemField(500)
    variant = ItemField(300)
    sku = ItemField(100)
    lost = forms.SlugField(required=False, max_length=40)

    @property
    def figure(self) -> dict[str, str]:
        """What is asked for, by name."""
        self.is_valid()
        return {name: value for name in FIGURE_CHIPS if (value := self.cleaned_data.get(name))}

    @property
    def figure_parameters(self) -> dict[str, str]:
        """What is asked for, as an address says it: an item is named by several parameters."""
        named = ABOUT_ITEM if "item" in self.figure else ()
        return {**self.figure, **{name: value for name in named if (value := self.cleaned_data.get(name))}}

    def figure_chip(self, name: str, *, who: Mapping[Source, Words]) -> str:
        """Say what a filter keeps; `who` calls those who cancel as the reader does."""
        value = self.figure[name]
        if name == "part" and value != ANY_PART:
            source, _hyphen, reason = value.partition("-")
            return str(PART_CHIP).format(who=_named(source, who), reason=_label(reason))
        if name == "item":
            value = " · ".join(self._item_in_words())
        return str(FIGURE_CHIPS[name]).format(value=VALUES.get(name, {}).get(value, value))

    def narrow_to_figure(self, orders: OrderQuerySet) -> OrderQuerySet:
        """Keep the orders that the figure counts."""
        for name, value in self.figure.items():
            orders = orders.filter(self._item() if name == "item" else CONDITIONS[name](value))
        return orders

    def _item_in_words(self) -> Iterator[str]:
        """Name the item, and the reason for which it was cancelled."""
        for name in ("item", "variant", "sku", "lost"):
            if value := self.cleaned_data.get(name):
                yield _label(value) if name == "lost" else value

    def _item(self) -> Q:
        item = {"title": "item", "variant": "variant", "sku": "sku"}
        named = {field: self.cleaned_data.get(name) or "" for field, name in item.items()}
        return _some_line(named, {"reason__code": self.cleaned_data.get("lost") or ""})


def _named(source: str, who: Mapping[Source, Words]) -> Words:
    return who[Source(source)] if source in Source else source


def _label(code: str) -> str:
    return wordings.label_of(code)


def _replaced(_value: str) -> Q:
    return Q(cancellation__isnull=True) | ~Q(cancellation__reason__code=REPLACED)


def _contest(_value: str) -> Q:
    upheld = Contest.objects.filter(cancellation=OuterRef("cancellation_id"), state=Contest.State.UPHELD)
    return Q(Exists(upheld), status="cancelled")


def _request(_value: str) -> Q:
    waiting = CancellationRequest.objects.filter(order=OuterRef("pk"), state=CancellationRequest.State.OPEN)
    return Q(Exists(waiting))


def _promise(value: str) -> Q:
    return Q(shipped_at__gt=F("ship_by")) if value == "missed" else Q(shipped_at__isnull=False, ship_by__isnull=False)


def _late(value: str) -> Q:
    least, most = LATE[value]
    return _late_by(least) if most is None else _late_by(least) & ~_late_by(most + 1)


def _late_by(count: int) -> Q:
    """Say which orders were sent so many working days too late, or more; by less than one is by one."""
    if count == 1:
        return Q(shipped_at__gt=F("ship_by"))
    days, found = TruncDate("shipped_at") - TruncDate("ship_by"), Q()
    for weekday in range(1, 8):
        promised = FIRST_MONDAY + timedelta(days=weekday - 1)
        needed = add_working_days(promised, count) - promised
        found |= Q(GreaterThanOrEqual(days, needed), ship_by__iso_week_day=weekday)
    return found


def _part(value: str) -> Q:
    source, _hyphen, reason = value.partition("-")
    ended = {} if source == ANY_PART else {"source": source, "reason__code": reason}
    return ~Q(status=Order.Status.CANCELLED) & _some_line({}, ended)


def _some_line(line: dict[str, str], ended: dict[str, str]) -> Q:
    """Say which orders have such a line of which some was cancelled like this, the last time or earlier."""
    how = {f"cancellation__{name}": value for name, value in ended.items()}
    latest = OrderLine.objects.filter(order=OuterRef("pk"), cancellation__isnull=False, **line, **how)
    of_line = {f"line__{name}": value for name, value in line.items()}
    return Q(Exists(latest)) | Q(Exists(EarlierPart.objects.filter(line__order=OuterRef("pk"), **of_line, **how)))


CONDITIONS: dict[str, Callable[[str], Q]] = {
    "seller": lambda value: Q(seller__slug=value),
    "side": lambda value: Q(status="cancelled", cancellation__reason__responsible=value),
    "replaced": _replaced,
    "contest": _contest,
    "unanswered": lambda _value: Q(status="cancelled", cancellation__reason__code__in=UNANSWERED),
    "request": _request,
    "sent": lambda _value: Q(shipped_at__isnull=False),
    "promise": _promise,
    "late": _late,
    "part": _part,
    "currency": lambda value: Q(currency="" if value == NO_CURRENCY else value),
}
