"""What My Orders can be narrowed by, read from the address."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cancellations.terms import Source
from foundation.text import fault_in
from orders.figures import ABOUT_ENDINGS, FigureFilters
from orders.models import Order
from orders.querysets import OrderQuerySet

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 1, 1)
DAY_FORMAT = "%Y-%m-%d"


class DayInput(forms.DateInput):
    """The browser's own field for a date."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        """Write a date; anything else the browser would leave out, and complain about on its console."""
        try:
            day: date = forms.DateField(input_formats=[DAY_FORMAT]).clean(value)
        except forms.ValidationError:
            return None
        return day.isoformat()


class DayField(forms.DateField):
    """A day that an order could have been placed on."""

    widget = DayInput

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=[DAY_FORMAT], required=False, **options)
        self.error_messages["invalid"] = _("This is not a date. Write it like 2026-11-23.")

    def clean(self, value: Any) -> date | None:
        """Refuse days so far away that no order has them."""
        day: date | None = super().clean(value)
        if day and not EARLIEST <= day < LATEST:
            raise forms.ValidationError(_("The date must lie between 1990 and 2100."))
        return day


class OrderFilters(FigureFilters):
    """The filters of a list of orders. A wrong value is named on the page, and left out."""

    q = forms.CharField(
        label=_("Search your orders"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"max_length": _("A search has at most 100 characters.")},
    )
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))
    status = forms.ChoiceField(
        choices=[("", _("All")), *Order.Status.choices],
        required=False,
        error_messages={"invalid_choice": _("There is no such state of an order.")},
    )
    cancelled_by = forms.ChoiceField(
        choices=Source.choices,
        required=False,
        error_messages={"invalid_choice": _("Orders are cancelled by the buyer, the seller or the system.")},
    )
    reason = forms.SlugField(
        required=False,
        max_length=40,
        error_messages=dict.fromkeys(["invalid", "max_length"], _("There is no such reason.")),
    )

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.label_suffix = ""

    def clean_q(self) -> str:
        """Refuse characters that no order can contain."""
        words: str = self.cleaned_data["q"]
        if fault := fault_in(words):
            raise forms.ValidationError(gettext(fault))
        return words

    def clean(self) -> dict[str, Any]:
        """Refuse a range that ends before it begins."""
        found: dict[str, Any] = super().clean() or {}
        if (since := found.get("since")) and (until := found.get("until")) and until < since:
            self.add_error("until", _("This day lies before the first one."))
        return found

    def value(self, name: str) -> Any:
        """Return a filter's value when it is right, else None."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    @property
    def is_about_cancelled(self) -> bool:
        """Tell whether only cancelled orders are asked for, so that who and why can narrow the list."""
        is_of_endings = any(self.value(name) for name in ABOUT_ENDINGS)
        return bool(self.value("status") == "cancelled" or self.source or self.reason_code or is_of_endings)

    @property
    def state(self) -> str:
        """The state that is asked for; who and why imply cancelled."""
        return "cancelled" if self.is_about_cancelled else self.value("status") or ""

    @property
    def source(self) -> str:
        """Who is asked for to have cancelled."""
        return self.value("cancelled_by") or ""

    @property
    def reason_code(self) -> str:
        """The reason that is asked for."""
        return self.value("reason") or ""

    def narrow(self, orders: OrderQuerySet) -> OrderQuerySet:
        """Keep the orders found by dates and words: what the facets count. Dates first: they set what is searched."""
        found = self.narrow_to_figure(orders.between(self.value("since"), self.value("until")))
        return found.searched(self.value("q") or "")

    def select(self, orders: OrderQuerySet) -> OrderQuerySet:
        """Keep the orders that every filter asks for."""
        found = self.narrow(orders).with_status(self.state)
        return found.cancelled_by(self.source).cancelled_for(self.reason_code)
