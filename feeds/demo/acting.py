"""Doing what is told in acts.py, by the functions that the pages call, each at its hour."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import Any
from unittest import mock

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cancellations.mapping import ForeignWords
from cancellations.models import Cancellation, Contest, Reason, Refund
from cancellations.terms import Source
from feeds.demo.acts import Act, Deed, written_affairs
from feeds.demo.clock import Clock
from feeds.demo.lives import Life
from feeds.demo.people import ADMINISTRATOR
from feeds.demo.stories import written_stories
from feeds.demo.telling import order_document
from orders.cancelling import cancel_order
from orders.contesting import contest_reason, reject_contest, uphold_contest
from orders.correcting import correct_words
from orders.feedback import give_feedback
from orders.models import CancellationRequest, Mail, Order
from orders.recording import record_orders
from orders.refunding import record_refund
from orders.requesting import approve_lapsed, approve_request, decline_request, request_cancellation, withdraw_request
from orders.settling import settle_conflict
from orders.understanding import map_words


@transaction.atomic
def act_out(clock: Clock, *, origin: str) -> None:
    """Do everything that is told; nobody is mailed about it, for it was long ago."""
    for affair in written_affairs():
        for act in affair.acts:
            with at(clock.moment(act.at)):
                DEEDS[act.what](Order.objects.get(origin=origin, number=affair.number), act)
    Mail.objects.filter(event__order__origin=origin, event__origin="").delete()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Make it that moment, also where the defaults of fields ask for the time."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            """Return the moment."""
            return moment.astimezone(tz)

    with mock.patch.object(timezone, "datetime", Then):
        yield


# What an act speaks of


def buyer_of(order: Order) -> User:
    """Return who bought it."""
    buyer: User = User.objects.get(orders=order)
    return buyer


def shopkeeper_of(order: Order) -> User:
    """Return who answers for the shop."""
    shopkeeper: User = User.objects.get(sellers=order.seller)
    return shopkeeper


def administrator() -> User:
    """Return who looks after it all."""
    ada: User = User.objects.get(external_id=ADMINISTRATOR.external_id)
    return ada


def reason_of(act: Act) -> Reason:
    """Return the reason that is given."""
    return Reason.objects.get(code=act.reason)


def quantities_of(order: Order, act: Act) -> dict[int, int] | None:
    """Return how many of which line are meant; None for the whole order."""
    return {order.lines.get(position=act.line).pk: act.quantity} if act.line else None


def request_of(order: Order) -> CancellationRequest:
    """Return what the buyer asked last."""
    request: CancellationRequest = order.requests.latest("pk")
    return request


def cancellation_of(order: Order) -> Cancellation:
    """Return what ended the order, or took some of it last."""
    ended: Cancellation = Cancellation.objects.filter(lines__order=order).latest("pk")
    return ended


def refund_of(order: Order) -> Refund:
    """Return the money that goes back."""
    return cancellation_of(order).refunds.latest("pk")


def contest_of(order: Order) -> Contest:
    """Return what the buyer holds against the reason."""
    return cancellation_of(order).contests.latest("pk")


# Doing it


def ask(order: Order, act: Act) -> None:
    """Ask the seller to cancel."""
    buyer, quantities = buyer_of(order), quantities_of(order, act)
    request_cancellation(order, by=buyer, reason=reason_of(act), note=act.words, quantities=quantities)


def withdraw(order: Order, act: Act) -> None:
    """Take back what was asked."""
    withdraw_request(request_of(order), by=buyer_of(order))


def approve(order: Order, act: Act) -> None:
    """Approve what was asked."""
    approve_request(request_of(order), by=shopkeeper_of(order))


def decline(order: Order, act: Act) -> None:
    """Decline what was asked, in the seller's words."""
    decline_request(request_of(order), by=shopkeeper_of(order), answer=act.words)


def lapse(order: Order, act: Act) -> None:
    """Let silence approve what was asked."""
    approve_lapsed(now=timezone.now())


def cancel(order: Order, act: Act) -> None:
    """Cancel some of a line."""
    by = buyer_of(order) if act.by == Source.BUYER else None  # not every shop has somebody who signs in
    cancel_order(
        order, quantities=quantities_of(order, act) or {}, source=act.by, reason=reason_of(act), by=by, note=act.words
    )


def send(order: Order, act: Act) -> None:
    """Record that the refund was sent, under a reference."""
    record_refund(refund_of(order), state=Refund.State.SENT, by=administrator(), reference=act.words)


def complete(order: Order, act: Act) -> None:
    """Record that the refund has arrived."""
    record_refund(refund_of(order), state=Refund.State.COMPLETED, by=administrator())


def fail(order: Order, act: Act) -> None:
    """Record that the refund failed, and why."""
    record_refund(refund_of(order), state=Refund.State.FAILED, by=administrator(), failure=act.words)


def contest(order: Order, act: Act) -> None:
    """Say that this is not what happened."""
    contest_reason(order, cancellation_of(order), by=buyer_of(order), statement=act.words)


def uphold(order: Order, act: Act) -> None:
    """Agree with the buyer, and correct who and why."""
    uphold_contest(contest_of(order), by=administrator(), source=act.by, reason=reason_of(act), answer=act.words)


def reject(order: Order, act: Act) -> None:
    """Keep the reason, with an answer."""
    reject_contest(contest_of(order), by=administrator(), answer=act.words)


def vote(order: Order, act: Act) -> None:
    """Say whether the card explained it."""
    give_feedback(cancellation_of(order), by=buyer_of(order), is_helpful=act.is_helpful)


def map_it(order: Order, act: Act) -> None:
    """Say what the words mean in which the order was cancelled, and correct what they ended."""
    ended = cancellation_of(order)
    words = ForeignWords(ended.origin, ended.source, ended.raw_key)
    map_words(words, reason=reason_of(act), by=administrator())
    correct_words(words, by=administrator())  # here and now: after the commit, it would be another hour


def send_anyway(order: Order, act: Act) -> None:
    """Let the marketplace say, once more and later, that it has sent what was cancelled here."""
    told = next(story for story in written_stories("khoa") if story.number == order.number)
    document = order_document(Life(told, Clock(datetime.fromtimestamp(order.origin_version, tz=UTC))))
    news = {"version": document.version + 1, "status": Order.Status.SHIPPED, "shipped_at": timezone.now()}
    record_orders([document.model_copy(update=news)], origin=order.origin)


def settle(order: Order, act: Act) -> None:
    """Say how it ended that the marketplace sent what was cancelled here."""
    settle_conflict(order.conflicts.latest("pk"), by=administrator(), answer=act.words)


DEEDS: dict[Deed, Callable[[Order, Act], None]] = {
    Deed.ASK: ask,
    Deed.WITHDRAW: withdraw,
    Deed.APPROVE: approve,
    Deed.DECLINE: decline,
    Deed.LAPSE: lapse,
    Deed.CANCEL: cancel,
    Deed.SEND: send,
    Deed.COMPLETE: complete,
    Deed.FAIL: fail,
    Deed.CONTEST: contest,
    Deed.UPHOLD: uphold,
    Deed.REJECT: reject,
    Deed.VOTE: vote,
    Deed.MAP: map_it,
    Deed.SEND_ANYWAY: send_anyway,
    Deed.SETTLE: settle,
}
