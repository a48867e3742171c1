"""The receipt of what was cancelled: everything that is recorded, for somebody who was not there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cancellations.models import Refund
from cancellations.terms import Source
from foundation.moments import day, zoned_moment
from orders.models import Order
from orders.pages.detail import OrderPage
from orders.pages.money import headline_of
from orders.pages.timeline import Entry
from orders.pages.why import WhyCard
from orders.portions import Portion
from orders.rules import OPEN_STATUSES
from orders.words import receipt as words
from orders.words.money import MoneyCase
from orders.words.who import ACTOR, told_wish

NOT_TAKEN = {MoneyCase.NOT_CHARGED, MoneyCase.CASH}
# How an order stands while nobody can be taken to have paid it: with cash on delivery, and without.
STATUSES_BEFORE_PAYMENT = {
    True: {*OPEN_STATUSES, Order.Status.SHIPPED, Order.Status.CANCELLED},
    False: {Order.Status.AWAITING_PAYMENT, Order.Status.CANCELLED},
}


@dataclass(frozen=True)
class RefundRow:
    """One refund, with every time that is recorded."""

    amount: str
    state: str
    due: SafeString | str
    expected: SafeString | str
    sent: SafeString | str
    completed: SafeString | str


@dataclass(frozen=True)
class Part:
    """One cancellation: who, when, why, what, and the money."""

    card: WhyCard
    who: SafeString
    asked_by: SafeString | str
    when: SafeString | str
    portions: list[Portion]
    refunds: list[RefundRow]
    without_refund: str


@dataclass(frozen=True)
class Receipt:
    """What the receipt says of an order that was read `for_display`."""

    page: OrderPage
    buyer: str
    made_at: datetime

    @property
    def made(self) -> SafeString:
        """When the receipt was made."""
        return zoned_moment(self.made_at)

    @property
    def placed(self) -> SafeString | str:
        """When the order was placed."""
        return _when(self._order.placed_at)

    @property
    def paid(self) -> SafeString | str:
        """When the order was paid, or that it was not."""
        return str(words.NOT_PAID) if self._is_unpaid else _when(self._order.paid_at)

    @property
    def history(self) -> list[tuple[SafeString | str, Entry]]:
        """What happened, oldest first, with the times, and with names."""
        named = [
            replace(entry, by=self.buyer) if entry.by == str(ACTOR[Source.BUYER]) else entry
            for entry in self.page.timeline
        ]
        return [(_when(entry.at), entry) for entry in reversed(named)]

    @property
    def parts(self) -> Iterator[Part]:
        """Each cancellation, that of the whole order first."""
        for card in self.page.cards:
            ended = card.ended
            yield Part(
                card,
                who=self._name(ended.source),
                asked_by=self._name(wish) if (wish := told_wish(ended)) != ended.source else "",
                when=_when(ended.cancelled_at),
                portions=self._rest if card.is_whole else list(card.portions),
                refunds=[self._refund(refund) for refund in card.refunds],
                without_refund="" if card.refunds else card.money[0].headline,
            )

    @property
    def _order(self) -> Order:
        return self.page.order

    @property
    def _is_unpaid(self) -> bool:
        """Tell whether it is known that no money was taken: by every cancellation, and for what goes on."""
        not_taken = all(line.case in NOT_TAKEN for card in self.page.cards for line in card.money)
        return not_taken and self._order.status in STATUSES_BEFORE_PAYMENT[self._order.is_cash_on_delivery]

    @property
    def _rest(self) -> list[Portion]:
        """What the cancellation of the whole order took: all that no earlier one had."""
        taken = [portion for card in self.page.parts for portion in card.portions]
        lines = [row.line for row in self.page.lines]
        left = [
            Portion(line, line.quantity - sum(one.quantity for one in taken if one.line.pk == line.pk))
            for line in lines
        ]
        return [portion for portion in left if portion.quantity]

    def _refund(self, refund: Refund) -> RefundRow:
        has_failed = refund.state == Refund.State.FAILED  # then it is expected on no day
        return RefundRow(
            amount=headline_of(self._order, refund),
            state=str(words.REFUND[Refund.State(refund.state)]),
            due=_when(refund.due_at),
            expected=day(refund.expected_by) if refund.expected_by and not has_failed else "",
            sent=zoned_moment(refund.sent_at) if refund.sent_at else "",
            completed=zoned_moment(refund.completed_at) if refund.completed_at else "",
        )

    def _name(self, source: str) -> SafeString:
        names = {"buyer": self.buyer, "seller": self._order.seller.name, "marketplace": settings.MARKETPLACE_NAME}
        isolated = {role: format_html("<bdi>{}</bdi>", name) for role, name in names.items()}
        who = words.WHO if settings.MARKETPLACE_NAME else words.WHO_AT_A_NAMELESS_MARKETPLACE
        return format_html(str(who[Source(source)]), **isolated)


def _when(at: datetime | None) -> SafeString | str:
    return zoned_moment(at) if at else str(words.NOT_STATED)
