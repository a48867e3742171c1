"""The page on which a buyer, or a seller, cancels."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from foundation.moments import day, moment
from foundation.money import money
from orders.cancel_form import CancelForm
from orders.models import CancellationRequest, Order
from orders.pages.money import destination, nothing_due
from orders.portions import as_quantities, take
from orders.previewing import Preview, preview
from orders.refusals import CannotTake
from orders.rules import CancelRule
from orders.shown import as_text
from orders.words import cancelling as words
from orders.words.money import MoneyCase


@dataclass(frozen=True)
class CancelPage:
    """What is said before the button, from what the action would do."""

    order: Order
    preview: Preview
    is_promise: bool = True
    is_for_seller: bool = False

    @property
    def promised(self) -> str:
        """How many of which line the page says that its button cancels, as its form carries it."""
        return as_text(as_quantities(self.preview.taken.portions)) if self.is_promise else ""

    @property
    def is_asked_for(self) -> bool:
        """Tell whether the buyer waits for the seller's answer."""
        waiting = self.order.requests.filter(state=CancellationRequest.State.OPEN) if self.is_for_seller else []
        return any(not request.is_lapsed for request in waiting)

    @property
    def what(self) -> SafeString | str:
        """What happens when the button is pressed."""
        is_whole = self.preview.taken.is_whole
        if self.is_for_seller:
            return str(words.BY_SELLER if is_whole else words.BY_SELLER_PART)
        if self.preview.answer_by:
            seller = format_html("<bdi>{}</bdi>", self.order.seller.name)
            return format_html(str(words.BY_REQUEST), seller=seller, when=moment(self.preview.answer_by))
        return str(words.AT_ONCE if is_whole else words.AT_ONCE_PART)

    @property
    def button(self) -> str:
        """What is written on the button."""
        if self.preview.is_request:
            return str(words.BUTTON_ASK)
        return str(words.BUTTON if self.preview.taken.is_whole else words.BUTTON_PART)

    @property
    def money(self) -> str:
        """What comes back, and where it goes."""
        if self.preview.amount is None:
            return str((words.MONEY_OF_BUYER if self.is_for_seller else words.MONEY)[self._case])
        if not self.preview.amount:
            line = nothing_due(is_paid_back=self.preview.is_paid_back)
            return f"{line.headline} {line.detail}"
        amount = money(self.preview.amount, self.order.currency)
        return destination(self.order, self.order.payment_method, amount)

    @property
    def money_by(self) -> SafeString | str:
        """By when it is there."""
        by = self.preview.expected_by
        if by is None:
            return ""
        at_latest = words.MONEY_BY_AT_LATEST if self.preview.is_request else words.MONEY_BY
        return format_html(str(words.MONEY_OF_BUYER_BY if self.is_for_seller else at_latest), day=day(by))

    @property
    def _case(self) -> MoneyCase:
        if self.order.is_cash_on_delivery:
            return MoneyCase.CASH
        if self.preview.was_charged is None:
            return MoneyCase.UNKNOWN
        return MoneyCase.NOTHING_RECORDED if self.preview.was_charged else MoneyCase.NOT_CHARGED


def cancel_page(order: Order, form: CancelForm, rule: CancelRule, *, is_for_seller: bool = False) -> CancelPage:
    """Say what cancelling what is chosen in the form would do: nothing, where the form says what is wrong with that."""
    taken, is_promise = take(order, None), True
    if form.is_bound:
        try:
            is_promise = form.says_what
            taken = take(order, form.quantities) if is_promise else taken
        except CannotTake:
            is_promise = False
    return CancelPage(order, preview(order, taken, rule=rule, now=timezone.now()), is_promise, is_for_seller)
