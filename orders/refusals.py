"""What cannot be done to an order, as exceptions whose message is a sentence for people."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import Order


class Change(NamedTuple):
    """How many of an item could be cancelled when a page was opened, and how many are left by now."""

    title: str
    shown: int
    left: int


class Refusal(Exception):
    """Something that cannot be done, and why."""

    changes: Sequence[Change] = ()

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


class CannotTake(Refusal):
    """Some of what is to be cancelled is not in the order, or not any more."""


class NotAsShown(Refusal):
    """What can be cancelled is not what the page showed: it was sent twice, or somebody was quicker."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(
            _(
                "This time nothing has been done: what can be cancelled has changed since that page was opened. "
                "If you want to cancel more, look at the order as it is now and choose again."
            )
        )
        self.changes = changes


class CannotAsk(Refusal):
    """The seller cannot be asked to cancel, since it can be done at once, was asked already, or was refused."""


class CannotContest(Refusal):
    """The reason was contested already, or the correction would change nothing."""


class AlreadyDecided(Refusal):
    """Somebody was quicker: the request, contest or refund is no longer open."""


class NotReportedAnyMore(Refusal):
    """The origin no longer speaks of what it had reported, so that has been forgotten here."""


class NotCancelledAnyMore(Refusal):
    """The origin has opened the order again, so there is nothing to decide about how it ended."""

    def __init__(self) -> None:
        super().__init__(_("This order was opened again by its origin: it is not cancelled any more."))


class UnfitNote(Refusal):
    """The note is too long, or holds characters that cannot be stored or shown."""
