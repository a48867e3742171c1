"""What an ending comes to: when it was, whether money had been taken, and how far that money is on its way back."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from cancellations.models import Refund
from cancellations.terms import PaymentMethod
from feeds.demo.files import working_days
from feeds.demo.lives import Life
from feeds.demo.stories import Ending, Item
from foundation.working_days import add_working_days


@dataclass(frozen=True)
class Ended:
    """An ending that has come, of an order or of a part of it, and what that was worth."""

    life: Life
    ending: Ending
    amount: Decimal

    @cached_property
    def at(self) -> datetime:
        """When it came."""
        return self.life.end_of(self.ending)

    @property
    def was_charged(self) -> bool:
        """Tell whether money had been taken."""
        return self.life.paid_at is not None and self.life.paid_at <= self.at

    @property
    def has_refund(self) -> bool:
        """Tell whether something is said about money that goes back."""
        return self.was_charged and self.ending.refund != "none"

    @property
    def method(self) -> PaymentMethod:
        """The way the money goes back: the way it came."""
        return self.life.story.payment

    @property
    def expected_by(self) -> date:
        """The day that the marketplace promises."""
        return add_working_days(self.life.clock.day_of(self.at), working_days()[self.method])

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent, if it was by now."""
        return None if self.ending.refund == "due" else self.life.clock.past(self._is_sent_at)

    @property
    def completed_at(self) -> datetime | None:
        """When it arrived, if it has by now."""
        return None if self.ending.refund else self.life.clock.past(self._arrives_at)

    @property
    def state(self) -> Refund.State:
        """How far the money has come by now."""
        if self.completed_at:
            return Refund.State.COMPLETED
        if self.sent_at:
            return Refund.State.FAILED if self.ending.refund == "failed" else Refund.State.SENT
        return Refund.State.DUE

    @property
    def failure(self) -> str:
        """What the payment provider said, once it has."""
        return self.ending.failure if self.state == Refund.State.FAILED else ""

    @property
    def reference(self) -> str:
        """What the marketplace calls the payment, once it is sent."""
        return f"RF-{self._draw('reference', 10**7, 10**8 - 1)}" if self.sent_at else ""

    @cached_property
    def _is_sent_at(self) -> datetime:
        """A wallet is paid back within minutes, everything else in the morning of the next working day."""
        minutes = self._draw("refund sent", 2, 50)
        if self.method == PaymentMethod.WALLET:
            return self.at + timedelta(minutes=minutes)
        return self.life.clock.at(add_working_days(self.life.clock.day_of(self.at), 1), time(8, minutes))

    @cached_property
    def _arrives_at(self) -> datetime:
        if self.method == PaymentMethod.WALLET:
            return self._is_sent_at + timedelta(minutes=1)
        days = self._draw("refund days", 1, working_days()[self.method] - 1)
        return self.life.clock.at(add_working_days(self.life.clock.day_of(self._is_sent_at), days), time(6, 30))

    def _draw(self, what: str, least: int, most: int) -> int:
        return self.life.draw(f"{what} {self.ending.by} {self.ending.reason}", least, most)


def whole_of(life: Life) -> Ended | None:
    """Return how the whole order ended, if it has."""
    ending = life.story.ending
    return Ended(life, ending, life.story.total) if ending and life.clock.past(life.ends_at) else None


def part_of(life: Life, item: Item) -> Ended | None:
    """Return how a part of an item ended by itself, if it has."""
    if not item.ending or not life.clock.past(life.end_of(item.ending)):
        return None
    return Ended(life, item.ending, life.story.product(item).price * item.cancelled)
