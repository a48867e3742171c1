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
from orders.belonging import WAYS
from orders.pages.money import case_of
from orders.words.money import MoneyCase

MOST_OWED = 200
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
    rows, found = [], _open_refunds(buyer)
    for refund in found[:MOST_OWED]:
        number = refund.number  # type: ignore[attr-defined]
        by = None if refund.state == Refund.State.FAILED else refund.expected_by  # a failed one has no day any more
        rows.append(
            [
                Cell(number, href=reverse("orders:detail", args=[number])),
                Cell(refund.amount, text=money(refund.amount, refund.currency), currency=refund.currency),
                Cell(str(STATE[case_of(refund, today=today)])),
                Cell(by.isoformat() if by else "", text=plain_day(by) if by else _("not stated")),
            ]
        )
    head = [_("Order"), _("Amount"), _("State"), _("Expected by")]
    return Table(
        "owed",
        _("Money still to come back"),
        head,
        rows,
        empty=_("No refund is open."),
        is_cut=len(found) > MOST_OWED,
    )


def _open_refunds(buyer: User) -> list[Refund]:
    """Find those of whole orders, of parts, and of parts whose line a later cancellation has taken from again."""
    found: dict[int, Refund] = {}
    for way in WAYS:
        of_buyer = _refunds().filter(**{f"cancellation__{way}__buyer": buyer}).distinct()
        for refund in of_buyer.annotate(number=F(f"cancellation__{way}__number"))[: MOST_OWED + 1]:
            found.setdefault(refund.pk, refund)
    return sorted(found.values(), key=_when)


def _when(refund: Refund) -> tuple[date, int]:
    return refund.expected_by or date.max, refund.pk


def _refunds() -> QuerySet[Refund]:
    return Refund.objects.filter(state__in=OPEN).order_by(F("expected_by").asc(nulls_last=True), "pk")
