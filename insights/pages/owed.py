"""Money that a buyer waits for."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cancellations.models import Cancellation, Refund
from cancellations.terms import PaymentMethod
from foundation.moments import plain_day
from foundation.money import money
from insights.tables import Cell, Table
from orders.belonging import WAYS, number_of
from orders.models import EarlierPart, Order, OrderLine
from orders.pages.cards import OrderCard
from orders.pages.detail import OrderPage
from orders.pages.money import case_of
from orders.pages.why import WhyCard
from orders.words.money import MoneyCase

MOST_OWED = 200
OPEN = [Refund.State.DUE, Refund.State.SENT, Refund.State.FAILED]
STATE = {
    MoneyCase.DUE: gettext_lazy("due"),
    MoneyCase.SENT: gettext_lazy("sent, on its way"),
    MoneyCase.OVERDUE: gettext_lazy("overdue"),
    MoneyCase.FAILED: gettext_lazy("failed; see the order"),
    MoneyCase.NOTHING_RECORDED: gettext_lazy("paid; no refund is recorded yet"),
}


def owed_table(buyer: User) -> Table:
    """List the money that is not with the buyer yet, the earliest expected first, then what nobody has promised."""
    today = timezone.localdate()
    rows = [_of_refund(refund, today) for refund in _open_refunds(buyer)]
    rows += [_of_order(card) for card in _without_refund(buyer)]
    rows += [_of_part(card) for card in _parts_without_refund(buyer)]
    head = [_("Order"), _("Amount"), _("State"), _("Expected by")]
    return Table(
        "owed",
        _("Money still to come back"),
        head,
        rows[:MOST_OWED],
        empty=_("No refund is open."),
        is_cut=len(rows) > MOST_OWED,
    )


def _of_refund(refund: Refund, today: date) -> list[Cell]:
    by = None if refund.state == Refund.State.FAILED else refund.expected_by  # a failed one has no day any more
    number = refund.number  # type: ignore[attr-defined]
    return _row(number, refund.amount, refund.currency, case_of(refund, today=today), by)


def _of_order(card: OrderCard) -> list[Cell]:
    """Tell of what was paid, less what is refunded of it otherwise; how much of that comes back, nobody has said."""
    order = card.order
    amount = _rest(card.why) if card.why else order.total
    return _row(order.number, amount, order.currency, MoneyCase.NOTHING_RECORDED, None)


def _of_part(card: WhyCard) -> list[Cell]:
    """Tell of what the items cost, and of no more than is left of what was paid."""
    prices, rest = [portion.price for portion in card.portions], _rest(card)
    known = [price for price in prices if price is not None]
    amount = sum(known, Decimal(0)) if known and len(known) == len(prices) else None
    if amount is not None and rest is not None:
        amount = min(amount, rest)
    return _row(card.order.number, amount, card.order.currency, MoneyCase.NOTHING_RECORDED, None)


def _rest(card: WhyCard) -> Decimal | None:
    """Return what is left of the total after the order's other refunds; None where the total is not stated."""
    order = card.order
    elsewhere = sum((one.amount for one in card.other_refunds if one.currency == order.currency), Decimal(0))
    return None if order.total is None else order.total - elsewhere


def _row(number: str, amount: Decimal | None, currency: str, case: MoneyCase, by: date | None) -> list[Cell]:
    return [
        Cell(number, href=reverse("orders:detail", args=[number])),
        _amount(amount, currency),
        Cell(str(STATE[case])),
        Cell(by.isoformat() if by else "", text=plain_day(by) if by else _("not stated")),
    ]


def _amount(amount: Decimal | None, currency: str) -> Cell:
    if amount is None:
        return Cell("", text=_("not stated"))
    return Cell(amount, text=money(amount, currency), currency=currency)


def _open_refunds(buyer: User) -> list[Refund]:
    """Find those of whole orders, of parts, and of parts whose line a later cancellation has taken from again."""
    whole, *parts = (Cancellation.objects.filter(**{f"{way}__buyer": buyer}).order_by().values("pk") for way in WAYS)
    found = Refund.objects.filter(state__in=OPEN, cancellation__in=whole.union(*parts))
    found = found.annotate(number=number_of("cancellation__"))
    return list(found.order_by(F("expected_by").asc(nulls_last=True), "pk")[: MOST_OWED + 1])


def _without_refund(buyer: User) -> list[OrderCard]:
    """Find the cancelled orders that were paid and of which no refund is recorded, though one is to be expected."""
    charged = Q(paid_at__isnull=False) | Q(cancellation__was_charged=True)
    orders = Order.objects.filter(charged, buyer=buyer, cancellation__refunds__isnull=True).cancelled()
    orders = orders.exclude(payment_method=PaymentMethod.CASH_ON_DELIVERY).newest_first().for_cards()
    cards = [OrderCard(order) for order in orders[: MOST_OWED + 1]]
    return [card for card in cards if card.why and card.why.money[0].case == MoneyCase.NOTHING_RECORDED]


def _parts_without_refund(buyer: User) -> list[WhyCard]:
    """Find the same of what was cancelled of orders that go on."""
    gone: dict[str, Any] = {"cancellation__isnull": False, "cancellation__refunds__isnull": True}
    latest = OrderLine.objects.filter(order__buyer=buyer, order__cancellation=None, **gone).values("order")
    earlier = EarlierPart.objects.filter(line__order__buyer=buyer, line__order__cancellation=None, **gone)
    found = Order.objects.filter(pk__in=latest.union(earlier.values("line__order")))
    found = found.exclude(payment_method=PaymentMethod.CASH_ON_DELIVERY).newest_first().for_display()
    cards = [card for order in found[: MOST_OWED + 1] for card in OrderPage(order).parts]
    return [card for card in cards if card.money[0].case == MoneyCase.NOTHING_RECORDED]
