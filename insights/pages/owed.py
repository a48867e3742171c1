"""Money that a buyer waits for."""

from datetime import date

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cancellations.models import Refund
from foundation.moments import plain_day
from foundation.money import money
from insights.tables import Cell, Table
from orders.pages.money import case_of
from orders.words.money import MoneyCase

MOST_OWED = 50
OPEN = [Refund.State.DUE, Refund.State.SENT, Refund.State.FAILED]
STATE = {
    MoneyCase.DUE: gettext_lazy("due"),
    MoneyCase.SENT: gettext_lazy("sent, on its way"),
    MoneyCase.OVERDUE: gettext_lazy("overdue"),
    MoneyCase.FAILED: gettext_lazy("failed; see the order"),
}


def owed_table(buyer: User) -> Table:
    """List the refunds that are not with the buyer yet, the earliest expected first."""
    today = timezone.localdate()
    rows = []
    for refund in _open_refunds(buyer):
        number = refund.number  # type: ignore[attr-defined]
        by = refund.expected_by
        rows.append(
            [
                Cell(number, href=reverse("orders:detail", args=[number])),
                Cell(refund.amount, text=money(refund.amount, refund.currency), currency=refund.currency),
                Cell(str(STATE[case_of(refund, today=today)])),
                Cell(by.isoformat() if by else "", text=plain_day(by) if by else _("not stated")),
            ]
        )
    head = [_("Order"), _("Amount"), _("State"), _("Expected by")]
    return Table("owed", _("Money still to come back"), head, rows, empty=_("No refund is open."))


def _open_refunds(buyer: User) -> list[Refund]:
    whole = _refunds().filter(cancellation__order__buyer=buyer).annotate(number=F("cancellation__order__number"))
    parts = _refunds().filter(cancellation__lines__order__buyer=buyer, cancellation__order=None)
    named = parts.annotate(number=F("cancellation__lines__order__number")).distinct()
    found = [*whole[:MOST_OWED], *named[:MOST_OWED]]
    return sorted(found, key=lambda refund: refund.expected_by or date.max)


def _refunds() -> QuerySet[Refund]:
    return Refund.objects.filter(state__in=OPEN).order_by(F("expected_by").asc(nulls_last=True), "pk")
