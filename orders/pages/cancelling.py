"""The page on which a buyer, or a seller, cancels."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from foundation.moments import day, moment
from foundation.money import money
from orders.models import Order
from orders.pages.money import destination
from orders.previewing import Preview
from orders.words import cancelling as words
from orders.words.money import MoneyCase


@dataclass(frozen=True)
class CancelPage:
    """What is said before the button, from what the action would do."""

    order: Order
    preview: Preview

    @property
    def what(self) -> SafeString | str:
        """What happens when the button is pressed."""
        if self.preview.answer_by:
            seller = format_html("<bdi>{}</bdi>", self.order.seller.name)
            return format_html(str(words.BY_REQUEST), seller=seller, when=moment(self.preview.answer_by))
        return str(words.AT_ONCE if self.preview.taken.is_whole else words.AT_ONCE_PART)

    @property
    def money(self) -> str:
        """What comes back, and where it goes."""
        if self.preview.amount is None:
            return str(words.MONEY[self._case])
        amount = money(self.preview.amount, self.order.currency)
        return destination(self.order, self.order.payment_method, amount)

    @property
    def money_by(self) -> SafeString | str:
        """By when it is there."""
        by = self.preview.expected_by
        return format_html(str(words.MONEY_BY), day=day(by)) if by else ""

    @property
    def _case(self) -> MoneyCase:
        if self.order.is_cash_on_delivery:
            return MoneyCase.CASH
        known = {True: MoneyCase.NOTHING_RECORDED, False: MoneyCase.NOT_CHARGED}
        return known.get(self.preview.was_charged, MoneyCase.UNKNOWN)  # type: ignore[arg-type]
