"""What a figure leads to: filters of a list of orders that come from a link, and that nobody types in."""

from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cancellations.models import Contest
from cancellations.terms import Responsible
from orders.querysets import OrderQuerySet

# Split or merged orders live on under other numbers.
REPLACED = "order_replaced"
# What stands in a chip; the value is left out where there is only one.
FIGURE_CHIPS = {
    "seller": _("seller: {value}"),
    "side": _("on the side of: {value}"),
    "replaced": _("without split and merged orders"),
    "contest": _("corrected after a contest"),
    "promise": _("sent too late"),
}


class FigureFilters(forms.Form):
    """Narrow a list to the orders that a figure counts."""

    seller = forms.SlugField(required=False, max_length=80, allow_unicode=True)
    side = forms.ChoiceField(choices=Responsible.choices, required=False)
    replaced = forms.ChoiceField(choices=[("no", "no")], required=False)
    contest = forms.ChoiceField(choices=[("upheld", "upheld")], required=False)
    promise = forms.ChoiceField(choices=[("missed", "missed")], required=False)

    @property
    def figure(self) -> dict[str, str]:
        """What is asked for, by name."""
        self.is_valid()
        return {name: value for name in FIGURE_CHIPS if (value := self.cleaned_data.get(name))}

    def narrow_to_figure(self, orders: OrderQuerySet) -> OrderQuerySet:
        """Keep the orders that the figure counts."""
        for name, value in self.figure.items():
            orders = orders.filter(_condition(name, value))
        return orders


def figure_chip(name: str, value: Any) -> str:
    """Say what a filter keeps."""
    words = dict(Responsible.choices).get(value, value) if name == "side" else value
    return str(FIGURE_CHIPS[name]).format(value=words)


def _condition(name: str, value: str) -> Q:
    if name == "seller":
        return Q(seller__slug=value)
    if name == "side":
        return Q(status="cancelled", cancellation__reason__responsible=value)
    if name == "replaced":
        return Q(cancellation__isnull=True) | ~Q(cancellation__reason__code=REPLACED)
    if name == "contest":
        upheld = Contest.objects.filter(cancellation=OuterRef("cancellation_id"), state=Contest.State.UPHELD)
        return Q(Exists(upheld), status="cancelled")
    return Q(shipped_at__gt=F("ship_by"))
