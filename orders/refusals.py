"""What cannot be done to an order, as exceptions whose message is a sentence for people."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import Order


class Refusal(Exception):
    """Something that cannot be done, and why."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class CannotCancel(Refusal):
    """It is too late: the order is shipped, delivered or cancelled, since a moment that may not be stated."""

    SENTENCES = {
        Order.Status.SHIPPED: _("The order has been sent, so it can no longer be cancelled."),
        Order.Status.DELIVERED: _("The order has been delivered, so it can no longer be cancelled."),
        Order.Status.CANCELLED: _("The order has been cancelled already."),
    }

    def __init__(self, status: str, *, at: datetime | None) -> None:
        super().__init__(self.SENTENCES[Order.Status(status)])
        self.status = status
        self.at = at


class CannotGiveReason(Refusal):
    """The reason is retired, is not this source's to give, or says what did not happen."""


class UnfitNote(Refusal):
    """The note is too long, or holds characters that cannot be stored or shown."""
