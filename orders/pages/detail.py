"""The page of one order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import cast

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cancellations.models import Cancellation, Contest, Feedback, Refund
from foundation.moments import day, moment
from foundation.money import money
from foundation.rows import instances
from orders.models import CancellationRequest, Conflict, EarlierPart, Event, Order, OrderLine
from orders.pages.asked import Asked
from orders.pages.conflict import ConflictNews, conflict_news
from orders.pages.record import SellerRecord
from orders.pages.timeline import Entry, timeline
from orders.pages.totals import Totals
from orders.pages.why import WhyCard, part_card, why_card
from orders.portions import Portion
from orders.rules import ASK_AGAIN_AFTER, OPEN_STATUSES, CancelRule, cancel_rule, is_change, may_ask_again
from orders.titles import order_title
from orders.ways_out import address_of_seller
from orders.words import status as words
from orders.words.request import silence_news


@dataclass(frozen=True)
class LineRow:
    """One item with its prices as people read them ("" where a price is not stated)."""

    line: OrderLine
    unit_price: str
    price: str

    @property
    def is_gone(self) -> bool:
        """Tell whether nothing of the item is left."""
        return self.line.kept_quantity == 0


@dataclass(frozen=True)
class OrderPage:
    """Everything the page of one order shows, from an order that was read `for_display`."""

    order: Order
    is_for_seller: bool = False

    @cached_property
    def refunds(self) -> list[Refund]:
        """All refunds of the order, of the whole and of parts."""
        columns = (self.order.refund_rows, self.order.part_refund_rows)  # type: ignore[attr-defined]
        return [refund for column in columns for refund in instances(Refund, column)]

    @cached_property
    def why(self) -> WhyCard | None:
        """Why the whole order was cancelled, if it was."""
        ended = self.order.cancellation_id
        said = {"contest": self._contest(ended), "vote": self._vote(ended), "other_refunds": self._others(ended)}
        return why_card(self.order, self._of(ended, self.refunds), item=self.first_item, **said)

    @cached_property
    def parts(self) -> list[WhyCard]:
        """Why some of the items were cancelled, the latest first."""
        return [
            part_card(
                self.order,
                ended,
                self._of(ended.pk, self.refunds),
                portions=tuple(self._portions(ended.pk)),
                contest=self._contest(ended.pk),
                vote=self._vote(ended.pk),
                other_refunds=self._others(ended.pk),
            )
            for ended in instances(Cancellation, self.order.part_rows)  # type: ignore[attr-defined]
        ]

    @cached_property
    def requests(self) -> list[CancellationRequest]:
        """What the buyer has asked, the latest first."""
        return instances(CancellationRequest, self.order.request_rows)  # type: ignore[attr-defined]

    @property
    def open_request(self) -> CancellationRequest | None:
        """What the buyer has asked and the seller has not answered, while the order is open."""
        last = self._last_request
        return last if last and last.is_open and not self.order.is_cancelled else None

    @cached_property
    def asked(self) -> Asked | None:
        """What the buyer asked last, and what became of it."""
        if not self.requests:
            return None
        return Asked(self.requests[0], self.order, [row.line for row in self.lines], self.is_for_seller)

    @property
    def unanswered(self) -> Asked | None:
        """What the buyer asked last, where the order ended before there was an answer."""
        return self.asked if self.asked and self.asked.ended_first else None

    @property
    def can_ask(self) -> bool:
        """Tell whether the buyer may ask the seller to cancel, for the first time or once more."""
        last = self._last_request
        return self.rule.allows_asking and (
            last is None or may_ask_again(last, now=timezone.now(), has_changed=self._has_changed_since(last))
        )

    @property
    def can_be_ended_by_seller(self) -> bool:
        """Tell whether the seller can still cancel."""
        return self.order.status in OPEN_STATUSES

    @property
    def has_a_choice(self) -> bool:
        """Tell whether some can be cancelled and some kept: more than one piece is left."""
        return sum(row.line.kept_quantity for row in self.lines) > 1

    @cached_property
    def cards(self) -> list[WhyCard]:
        """All why cards, that of the whole order first."""
        return [self.why, *self.parts] if self.why else self.parts

    @cached_property
    def lines(self) -> list[LineRow]:
        """The items, with what they cost."""
        found = instances(OrderLine, self.order.line_rows)  # type: ignore[attr-defined]
        prices = [(line.unit_price, Portion(line, line.quantity).price) for line in found]
        return [LineRow(line, *map(self._money, both)) for line, both in zip(found, prices, strict=True)]

    @property
    def first_item(self) -> str:
        """The title of the first item; "" where the origin names none."""
        return self.lines[0].line.title if self.lines else ""

    @property
    def title(self) -> str:
        """What people call the order: its first item and how many of it, else its number."""
        return order_title(self.order.number, self.first_item, self.lines[0].line.quantity if self.lines else 0)

    @property
    def ask_address(self) -> str:
        """Where the buyer can ask the seller about the order."""
        return address_of_seller(self.order)

    @property
    def other_items(self) -> int:
        """How many pieces the title does not name."""
        return sum(row.line.quantity for row in self.lines[1:])

    @cached_property
    def totals(self) -> Totals:
        """What it cost, and what is left of that."""
        return Totals(self.order, [row.line for row in self.lines])

    @property
    def record(self) -> SellerRecord:
        """What is known of the seller."""
        return SellerRecord(self.order.seller)

    @cached_property
    def timeline(self) -> list[Entry]:
        """What happened, newest first."""
        events = instances(Event, self.order.event_rows)  # type: ignore[attr-defined]
        return timeline(
            self.order,
            self.cards,
            events,
            conflicts=self._conflicts,
            unanswered=self.unanswered.request if self.unanswered else None,
            is_for_seller=self.is_for_seller,
        )

    @property
    def conflicts(self) -> list[ConflictNews]:
        """What the origin says against cancellations that were made here."""
        return list(conflict_news(self.order, self._conflicts))

    @cached_property
    def rule(self) -> CancelRule:
        """Whether the buyer can cancel now."""
        return cancel_rule(self.order, now=timezone.now())

    @property
    def next_step(self) -> SafeString:
        """What happens next to an open order."""
        order = self.order
        at = {"preparing": order.ship_by, "shipped": order.shipped_at, "delivered": order.delivered_at}.get(
            order.status
        )
        with_day, without = (words.NEXT_TO_SELLER if self.is_for_seller else words.NEXT)[Order.Status(order.status)]
        seller = format_html("<bdi>{}</bdi>", order.seller.name)
        return format_html(str(with_day if at else without), seller=seller, day=day(at) if at else "")

    @property
    def can_it_be_cancelled(self) -> SafeString:
        """Say how long the order can still be cancelled, or since when and why it cannot."""
        if self.open_request and self.open_request.is_lapsed:
            return silence_news(self.open_request)
        if self.open_request:
            until = self.open_request.answer_by
            return format_html(str(words.ASKED[0 if until else 1]), until=moment(until) if until else "")
        if self.rule.allows_asking and not self.can_ask:
            return self._when_to_ask_again
        with_time, without = words.WINDOW[self.rule.window]
        at = self.rule.at
        return format_html(str(with_time if at and with_time else without), when=moment(at) if at else "")

    @property
    def _last_request(self) -> CancellationRequest | None:
        return self.requests[0] if self.requests else None

    @cached_property
    def _conflicts(self) -> list[Conflict]:
        return instances(Conflict, self.order.conflict_rows)  # type: ignore[attr-defined]

    @property
    def _when_to_ask_again(self) -> SafeString:
        declined_at = cast(datetime, self.requests[0].decided_at)
        return format_html(str(words.ASK_AGAIN), when=moment(declined_at), again=moment(declined_at + ASK_AGAIN_AFTER))

    def _has_changed_since(self, request: CancellationRequest) -> bool:
        events = instances(Event, self.order.event_rows)  # type: ignore[attr-defined]
        since = request.decided_at
        return any(since and event.recorded_at > since and is_change(event.kind, event.facts) for event in events)

    def _portions(self, cancellation_id: int) -> Iterator[Portion]:
        """Tell what a part-cancellation took: of a line that was taken from again, what its own row says."""
        earlier = instances(EarlierPart, self.order.earlier_rows)  # type: ignore[attr-defined]
        for line in (row.line for row in self.lines):
            others = [part for part in earlier if part.line_id == line.pk]
            if line.cancellation_id == cancellation_id:
                yield Portion(line, line.cancelled_quantity - sum(part.quantity for part in others))
            yield from (Portion(line, part.quantity) for part in self._of(cancellation_id, others))

    def _contest(self, cancellation_id: int | None) -> Contest | None:
        said = self._of(cancellation_id, instances(Contest, self.order.contest_rows))  # type: ignore[attr-defined]
        return said[-1] if said else None

    def _vote(self, cancellation_id: int | None) -> Feedback | None:
        said = self._of(cancellation_id, instances(Feedback, self.order.vote_rows))  # type: ignore[attr-defined]
        return said[0] if said else None

    def _others(self, cancellation_id: int | None) -> tuple[Refund, ...]:
        return tuple(refund for refund in self.refunds if refund.cancellation_id != cancellation_id)

    @staticmethod
    def _of[T: (Refund, EarlierPart, Contest, Feedback)](cancellation_id: int | None, rows: list[T]) -> list[T]:
        return [row for row in rows if row.cancellation_id == cancellation_id]

    def _money(self, amount: Decimal | None) -> str:
        return money(amount, self.order.currency) if amount is not None and self.order.currency else ""
