"""When everything happens in an order's life: at sensible hours, on working days, and never after the clock's now."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zlib import crc32

from cancellations.terms import PaymentMethod
from feeds.demo.clock import Clock, span
from feeds.demo.stories import Ending, Story
from foundation.working_days import add_working_days
from orders.models import Order

LAST_MINUTE = time(23, 59)
PACKING_BEGINS = time(8)
A_MOMENT = timedelta(minutes=15)
A_DAY = 24 * 60
# What each reason waits for, and how many minutes later it ends the order.
WAITS_FOR: dict[str, tuple[str, int, int]] = {
    "payment_not_received": ("placed", A_DAY, A_DAY + 4),
    "payment_failed": ("placed", 2, 9),
    "payment_difficult": ("placed", 6, 40),
    "change_payment": ("placed", 4, 50),
    "risk_check": ("placed", 8, 45),
    "technical_error": ("placed", 1, 6),
    "order_replaced": ("placed", 70, 200),
    "arrives_too_late": ("placed", 300, 1200),
    "seller_unresponsive": ("placed", 1500, 2600),
    "seller_did_not_respond": ("placed", 2 * A_DAY, 2 * A_DAY + 5),
    "out_of_stock": ("packing", 0, 480),
    "item_damaged": ("packing", 0, 480),
    "pricing_error": ("packing", 0, 300),
    "cannot_ship_there": ("packing", 0, 480),
    "buyer_asked": ("packing", 20, 400),
    "suspected_fraud": ("packing", 0, 480),
    "seller_other": ("packing", 0, 480),
    "marketplace_decision": ("packing", 60, 480),
    "policy_violation": ("packing", 60, 480),
    "seller_did_not_ship": ("promised", 4, 9),
    "pickup_failed": ("promised", 600, 1100),
    "delivery_failed": ("sent", 4 * A_DAY, 7 * A_DAY),
    "delivery_refused": ("sent", 2 * A_DAY, 4 * A_DAY),
    "damaged_in_transit": ("sent", 2 * A_DAY, 4 * A_DAY),
    "customs_stopped": ("sent", 6 * A_DAY, 10 * A_DAY),
    "lost_in_transit": ("sent", 14 * A_DAY, 18 * A_DAY),
}
USUALLY = ("placed", 6, 400)


@dataclass(frozen=True)
class Life:
    """One order's moments. Those with a verb of their own (`shipped_at`) are None until they have come."""

    story: Story
    clock: Clock

    @cached_property
    def placed_at(self) -> datetime:
        """When it was bought."""
        return self.clock.moment(self.story.placed)

    @property
    def paid_at(self) -> datetime | None:
        """When the money came in."""
        if self.story.is_never_paid or (self.ends_at and self.ends_at <= self.begins_at):
            return None
        return self.clock.past(self.begins_at)

    @property
    def shipped_at(self) -> datetime | None:
        """When the parcel was handed over."""
        ending = self.story.ending
        return self.clock.past(self.is_sent_at) if ending is None or waits_for(ending) == "sent" else None

    @property
    def delivered_at(self) -> datetime | None:
        """When it was delivered."""
        return None if self.story.ending else self.clock.past(self.arrives_at)

    @property
    def ship_by(self) -> datetime | None:
        """The promise that the seller gave once the order was paid, or was to be paid at the door."""
        return self.promised_at if self.paid_at or self.story.is_cash else None

    @property
    def status(self) -> Order.Status:
        """How far it has come."""
        if self.clock.past(self.ends_at):
            return Order.Status.CANCELLED
        if self.delivered_at:
            return Order.Status.DELIVERED
        if self.shipped_at:
            return Order.Status.SHIPPED
        return Order.Status.PREPARING if self.ship_by else Order.Status.AWAITING_PAYMENT

    @property
    def carrier(self) -> str:
        """Who carries the parcel, once it was handed over."""
        carriers = self.story.seller.carriers
        return carriers[self.draw("carrier", 0, len(carriers) - 1)] if self.shipped_at else ""

    @property
    def tracking_number(self) -> str:
        """The parcel's number, once it was handed over."""
        initials = "".join(word[0] for word in self.carrier.split())
        return f"{initials}{self.draw('tracking number', 10**9, 10**10 - 1)}" if self.carrier else ""

    @cached_property
    def begins_at(self) -> datetime:
        """When the seller can begin: as soon as it is paid, or at once where it is paid at the door."""
        if self.story.is_never_paid:
            return self.placed_at
        if self.story.paid_after:
            return self.placed_at + span(self.story.paid_after)
        least, most = (90, 1100) if self.story.payment == PaymentMethod.BANK_TRANSFER else (1, 7)
        return self.placed_at + timedelta(minutes=self.draw("until paid", least, most))

    @cached_property
    def promised_at(self) -> datetime:
        """The last minute of the day by which the seller has to send it."""
        days = self.story.ships_in or self.story.seller.ships_in
        return self.clock.at(add_working_days(self._begins_on, days), LAST_MINUTE)

    @cached_property
    def is_sent_at(self) -> datetime:
        """When the seller sends it, if it comes so far."""
        days = self.story.ships_in or self.draw("days to send", 1, self.story.seller.ships_in)
        day = add_working_days(self._begins_on, days)
        if self.story.late_by:
            day = add_working_days(self.clock.day_of(self.promised_at), self.story.late_by)
        return self.clock.at(day, time(self.draw("hour sent", 9, 16), self.draw("minute sent", 0, 59)))

    @cached_property
    def arrives_at(self) -> datetime:
        """When it arrives, if it comes so far."""
        days = self.story.transit or self.draw("days on the way", *self.story.seller.transit)
        day = self.clock.day_of(self.is_sent_at) + timedelta(days=days)
        return self.clock.at(day, time(self.draw("hour delivered", 9, 19), self.draw("minute delivered", 0, 59)))

    @cached_property
    def ends_at(self) -> datetime | None:
        """When the whole order is cancelled, if it is."""
        return self.end_of(self.story.ending) if self.story.ending else None

    def end_of(self, ending: Ending) -> datetime:
        """Return when an ending comes; what ends while it is packed does so before the rest is sent."""
        if ending.after:
            return self.placed_at + span(ending.after)
        stage, least, most = WAITS_FOR.get(ending.reason, USUALLY)
        end = self._start_of(stage) + timedelta(minutes=self.draw("end", least, most))
        return min(end, self.is_sent_at - A_MOMENT) if stage == "packing" else end

    def draw(self, what: str, least: int, most: int) -> int:
        """Draw a number: the same one for the same order in every run."""
        return least + crc32(f"{self.story.number} {what}".encode()) % (most - least + 1)

    def _start_of(self, stage: str) -> datetime:
        """Return when a stage begins; sellers pack in the morning of the next working day."""
        starts = {
            "placed": self.placed_at,
            "packing": self.clock.at(add_working_days(self._begins_on, 1), PACKING_BEGINS),
            "promised": self.promised_at,
        }
        return starts.get(stage, self.is_sent_at)

    @property
    def _begins_on(self) -> date:
        return self.clock.day_of(self.begins_at)


def waits_for(ending: Ending) -> str:
    """Return what happens before this ending: placed, packing, promised or sent."""
    return WAITS_FOR.get(ending.reason, USUALLY)[0]
