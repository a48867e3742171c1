"""Everything that changes orders, each act on some order at random: what the summary has to keep up with."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from cancellations.aliases import alias_key
from cancellations.mapping import ForeignWords
from cancellations.models import Cancellation, Contest, Reason, Refund
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.contesting import contest_reason, reject_contest, uphold_contest
from orders.correcting import correct_words
from orders.documents import CancellationDocument, OrderDocument, RequestDocument, SellerDocument
from orders.models import CancellationRequest, Conflict, Order, OrderLine
from orders.recording import record_orders
from orders.refunding import record_refund
from orders.refusals import Refusal
from orders.requesting import (
    approve_lapsed,
    approve_request,
    decline_request,
    request_cancellation,
    withdraw_request,
)
from orders.settling import settle_conflict
from orders.understanding import map_words
from tests.documents import PLACED, cancelled_document, line_document, order_document, part_cancelled_line

State = CancellationRequest.State
SELLERS = ["Minh Long Ceramics", "Northwind Audio", "Batik Sari"]
ENDS = [
    (Source.BUYER, "changed_mind"),
    (Source.SELLER, "out_of_stock"),
    (Source.SELLER, "pricing_error"),
    (Source.SYSTEM, "order_replaced"),
]
WORDS = "Kho bị ngập"
ORDERS = 12
AGREED = 0.6


class Writers:
    """Acts of a feed, a buyer, a seller and an administrator. What is refused is refused, and changes nothing."""

    def __init__(self, seed: int, *, by: User) -> None:
        self.random = random.Random(seed)
        self.by = by
        self.version = 0
        self.acts: list[Callable[[], object]] = [self.say] * 6
        self.acts += [self.cancel, self.cancel_some, self.cancel_some, self.ask, self.ask, self.answer, self.lapse]
        self.acts += [self.contest, self.contest, self.decide, self.decide, self.refund, self.settle, self.map]

    def act(self) -> None:
        with suppress(Refusal):
            self.random.choice(self.acts)()

    # A feed

    def say(self) -> None:
        """Record a few documents: new orders, changed ones, cancelled, moved to another day or seller, re-opened."""
        numbers = self.random.sample(range(ORDERS), self.random.randint(1, 4))
        record_orders([self._document(f"A{number}") for number in numbers], origin="test-feed")

    # A buyer and a seller

    def cancel(self) -> None:
        if order := self._some(Order):
            source, reason = self._end()
            cancel_order(order, source=source, reason=reason)

    def cancel_some(self) -> None:
        """Take one of a line; of the same line again and again, each for its own reason."""
        if line := self._some(OrderLine):
            source, reason = self._end()
            cancel_order(line.order, quantities={line.pk: 1}, source=source, reason=reason)

    def ask(self) -> None:
        if line := self._some(OrderLine):
            portion = self.random.choice([None, {line.pk: 1}])
            request_cancellation(line.order, by=self.by, reason=_reason("changed_mind"), quantities=portion)

    def answer(self) -> None:
        if asked := self._some(CancellationRequest, state="open"):
            self.random.choice(
                [
                    lambda: approve_request(asked, by=self.by),
                    lambda: decline_request(asked, by=self.by, answer="It is packed."),
                    lambda: withdraw_request(asked, by=self.by),
                ]
            )()

    def lapse(self) -> None:
        """Let silence approve what waits."""
        approve_lapsed(now=timezone.now() + timedelta(days=3))

    # An administrator

    def contest(self) -> None:
        if (ended := self._some(Cancellation)) and (order := _order_of(ended)):
            contest_reason(order, ended, by=self.by, statement="That is not what happened.")

    def decide(self) -> None:
        if contest := self._some(Contest, state="open"):
            if self.random.random() < AGREED:
                source, reason = self._end()
                uphold_contest(contest, by=self.by, source=source, reason=reason)
            else:
                reject_contest(contest, by=self.by, answer="The carrier says so too.")

    def refund(self) -> None:
        if refund := self._some(Refund):
            state = self.random.choice([Refund.State.SENT, Refund.State.COMPLETED, Refund.State.FAILED])
            record_refund(refund, state=state, by=self.by, failure="The card is closed.")

    def settle(self) -> None:
        if conflict := self._some(Conflict, settled_at=None):
            settle_conflict(conflict, by=self.by, answer="The parcel comes back.")

    def map(self) -> None:
        """Let the feed's words mean one of two reasons."""
        words = ForeignWords("test-feed", Source.SELLER, alias_key(WORDS))
        reason = _reason(self.random.choice(["out_of_stock", "pricing_error"]))
        map_words(words, reason=reason, by=self.by)
        correct_words(words, by=self.by)

    def _end(self) -> tuple[Source, Reason]:
        source, code = self.random.choice(ENDS[:3])
        return source, _reason(code)

    def _some(self, model: Any, **filters: Any) -> Any:
        found = list(model.objects.filter(**filters).order_by("pk"))
        return self.random.choice(found) if found else None

    def _document(self, number: str) -> OrderDocument:
        self.version += self.random.choice([1, 1, 1, -1, 0])
        fields: dict[str, Any] = {
            "version": max(self.version, 0),
            "seller": SellerDocument(name=self.random.choice(SELLERS)),
            "placed_at": self.random.choice([None, PLACED, PLACED + timedelta(days=self.random.randint(0, 9))]),
            "paid_at": self.random.choice([None, PLACED + timedelta(days=9)]),
            "total": self.random.choice([Decimal("49.90"), Decimal("0.10"), None]),
            "lines": self.random.choice([[], [line_document()], [line_document(quantity=4), part_cancelled_line()]]),
        }
        if self.random.random() < 0.25:
            source, code = self.random.choice(ENDS)
            if source == Source.SELLER and self.random.random() < AGREED:
                said = CancellationDocument(source=source, raw_reason=WORDS)
            else:
                said = CancellationDocument(source=source, reason=code)
            return cancelled_document(number, **fields, cancellation=said)
        shipped = {"status": Order.Status.SHIPPED, "shipped_at": PLACED + timedelta(days=10), "ship_by": PLACED}
        asked: dict[str, Any] = {
            "request": RequestDocument(state=State.OPEN, reason="changed_mind", requested_at=PLACED)
        }
        return order_document(number, **fields, **self.random.choice([{}, asked, shipped]))


def _reason(code: str) -> Reason:
    return Reason.objects.get(code=code)


def _order_of(ended: Cancellation) -> Order | None:
    return Order.objects.filter(cancellation=ended).first() or Order.objects.filter(lines__cancellation=ended).first()
