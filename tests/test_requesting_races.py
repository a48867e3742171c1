"""Rivals about one request, on PostgreSQL: one of them wins, the other is told so."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import User
from cancellations.models import Cancellation, Reason, Refund
from cancellations.terms import Source
from orders import requesting
from orders.cancelling import cancel_order
from orders.models import CancellationRequest, Event, Order
from orders.recording import record_orders
from orders.refunding import record_refund
from orders.refusals import AlreadyDecided, CannotAsk, CannotCancel, NotReportedAnyMore
from orders.requesting import (
    approve_lapsed,
    approve_request,
    decline_request,
    request_cancellation,
    withdraw_request,
)
from tests.documents import ORIGIN, order_document, request_document
from tests.factories import CancellationRequestFactory, OrderFactory, RefundFactory, UserFactory
from tests.racing import DONE, ON_POSTGRESQL, PATIENTLY, CannotShip, race, ship, without_lock

__all__ = ["without_lock"]  # a fixture
pytestmark = ON_POSTGRESQL
ROUNDS = 8


def buyer_of(order: Order) -> User:
    assert order.buyer
    return order.buyer


def withdraw(asked: CancellationRequest) -> None:
    withdraw_request(asked, by=buyer_of(asked.order))


def approve(asked: CancellationRequest) -> None:
    approve_request(asked, by=buyer_of(asked.order))


def decline(asked: CancellationRequest) -> None:
    decline_request(asked, by=buyer_of(asked.order), answer="It is packed.")


def lapse(asked: CancellationRequest) -> None:
    if not approve_lapsed(now=timezone.now()):
        raise AlreadyDecided("Somebody was quicker.")


def ship_its_order(asked: CancellationRequest) -> None:
    ship(asked.order)


def ask(order: Order) -> None:
    request_cancellation(order, by=buyer_of(order), reason=Reason.objects.get(code="changed_mind"))


type Rivals = tuple[Callable[[CancellationRequest], None], Callable[[CancellationRequest], None]]
RIVALS: dict[str, Rivals] = {
    "withdraw and approve": (withdraw, approve),
    "decline and withdraw": (decline, withdraw),
    "decline and approve": (decline, approve),
}
# After the deadline: whoever comes first, silence has approved it, or the buyer does not want it any more.
RIVALS_OF_SILENCE: dict[str, Rivals] = {
    "silence and silence": (lapse, lapse),
    "approve and silence": (approve, lapse),
    "decline and silence": (decline, lapse),
    "decline and decline": (decline, decline),
    "withdraw and silence": (withdraw, lapse),
    "withdraw and decline": (withdraw, decline),
}


def lapsed() -> CancellationRequest:
    made: CancellationRequest = CancellationRequestFactory.create(lapsed=True)
    return made


@pytest.mark.parametrize("rivals", RIVALS.values(), ids=list(RIVALS))
def test_a_request_is_decided_once(rivals: Rivals) -> None:
    for _ in range(ROUNDS):
        asked = CancellationRequestFactory.create()
        assert sorted(map(str, race(asked, *rivals))) == sorted(map(str, [AlreadyDecided, DONE]))
        decisions = Event.objects.filter(order=asked.order, kind__startswith="request_")
        assert decisions.count() == 1
        asked.refresh_from_db()
        asked.order.refresh_from_db()
        assert asked.order.is_cancelled == asked.state.startswith("approved")


@pytest.mark.parametrize("rivals", RIVALS_OF_SILENCE.values(), ids=list(RIVALS_OF_SILENCE))
def test_after_the_deadline_a_request_ends_once_and_never_as_declined(rivals: Rivals) -> None:
    for _ in range(ROUNDS):
        asked = lapsed()
        outcomes = race(asked, *rivals)
        asked.refresh_from_db()
        asked.order.refresh_from_db()
        assert set(outcomes) <= {AlreadyDecided, DONE}
        assert asked.state in {"approved_by_silence", "withdrawn"}
        assert asked.order.is_cancelled == (asked.state == "approved_by_silence")
        assert Event.objects.filter(order=asked.order, kind__startswith="request_").count() == 1
        assert Cancellation.objects.filter(order=asked.order).count() == asked.order.is_cancelled


def test_without_the_lock_a_request_is_declined_as_the_deadline_passes(without_lock: None) -> None:
    """The seller answers in the last moment, the command comes in the first one after it."""
    asked = CancellationRequestFactory.create()
    outcomes = race(asked, decline, requesting._lapse, patience=PATIENTLY, looks_at="orders_cancellationrequest")
    assert outcomes == [DONE, DONE]
    assert set(kinds_of_decisions()) == {"request_declined", "request_lapsed"}


def test_without_the_lock_silence_is_carried_out_twice(without_lock: None) -> None:
    """Told twice, or one breaks on the other's cancellation."""
    outcomes = race(lapsed(), decline, requesting._lapse, patience=PATIENTLY, looks_at="orders_cancellationrequest")
    assert kinds_of_decisions() == ["request_lapsed"] * 2 or not set(outcomes) <= {AlreadyDecided, DONE}


def kinds_of_decisions() -> list[str]:
    return list(Event.objects.filter(kind__startswith="request_").values_list("kind", flat=True))


@pytest.mark.parametrize("rivals", [(withdraw, approve), (decline, withdraw)], ids=["approve", "decline"])
def test_without_the_lock_a_request_is_decided_twice(without_lock: None, rivals: Rivals) -> None:
    asked = CancellationRequestFactory.create()
    outcomes = race(asked, *rivals, patience=PATIENTLY, looks_at="orders_cancellationrequest")
    assert outcomes == [DONE, DONE]
    assert Event.objects.filter(kind__startswith="request_").count() == 2


def test_a_request_is_approved_or_the_order_is_sent() -> None:
    for _ in range(ROUNDS):
        asked = CancellationRequestFactory.create()
        assert race(asked, approve, ship_its_order) in ([DONE, CannotShip], [CannotCancel, DONE])


def test_an_order_is_asked_for_once() -> None:
    for _ in range(ROUNDS):
        order = OrderFactory.create()
        assert set(race(order, ask, ask)) == {DONE, CannotAsk}


def test_a_refund_is_recorded_once() -> None:
    by = UserFactory.create()

    def send(refund: Refund) -> None:
        record_refund(refund, state=Refund.State.SENT, by=by)

    for _ in range(ROUNDS):
        order = OrderFactory.create(cancelled=True, source="seller", paid=True)
        refund = RefundFactory.create(cancellation=order.cancellation)
        assert set(race(refund, send, send)) == {DONE, AlreadyDecided}
    assert Event.objects.filter(kind="refund_sent").count() == ROUNDS


def test_without_the_lock_a_refund_is_recorded_twice(without_lock: None) -> None:
    by = UserFactory.create()
    order = OrderFactory.create(cancelled=True, source="seller", paid=True)
    refund = RefundFactory.create(cancellation=order.cancellation)

    def send(refund: Refund) -> None:
        record_refund(refund, state=Refund.State.SENT, by=by)

    race(refund, send, send, patience=PATIENTLY, looks_at="cancellations_refund")
    assert Event.objects.filter(kind="refund_sent").count() == 2


def test_without_the_lock_silence_and_the_seller_both_approve(without_lock: None) -> None:
    asked = CancellationRequestFactory.create()
    outcomes = race(asked, approve, requesting._lapse, patience=PATIENTLY, looks_at="orders_cancellationrequest")
    assert outcomes != [DONE, AlreadyDecided]
    assert outcomes != [AlreadyDecided, DONE]
    assert Event.objects.filter(kind__in=["request_approved", "request_lapsed"]).count() == outcomes.count(DONE)


def test_a_seller_who_cancels_closes_the_request_and_silence_finds_nothing() -> None:
    def cancel(asked: CancellationRequest) -> None:
        cancel_order(asked.order, source=Source.SELLER, reason=Reason.objects.get(code="out_of_stock"))

    for _ in range(ROUNDS):
        asked = lapsed()
        outcomes = race(asked, cancel, lapse)
        assert outcomes in ([DONE, AlreadyDecided], [CannotCancel, DONE])
    assert Cancellation.objects.count() == ROUNDS


def feed_ships(asked: CancellationRequest) -> None:
    """Record that the origin has sent the order: the request of the buyer is declined with it."""
    shipped = order_document(asked.order.number, version=1, status=Order.Status.SHIPPED)
    record_orders([shipped], origin=ORIGIN)


def test_a_feed_ships_or_the_seller_approves_and_the_request_says_which() -> None:
    for _ in range(ROUNDS):
        asked = CancellationRequestFactory.create()
        outcomes = race(asked, approve, feed_ships)
        asked.refresh_from_db()
        asked.order.refresh_from_db()
        assert outcomes in ([DONE, DONE], [AlreadyDecided, DONE])  # what was approved first stays, in conflict
        won = outcomes[0] == DONE
        assert (asked.state, asked.order.is_cancelled) == (("approved", True) if won else ("declined", False))
        assert Event.objects.filter(order=asked.order, kind__startswith="request_").count() == 1


def feed_drops(asked: CancellationRequest) -> None:
    """Record that the origin no longer speaks of the request that it had reported."""
    record_orders([order_document(asked.order.number, version=1)], origin=ORIGIN)


@pytest.mark.parametrize("answer", [withdraw, approve, decline])
def test_a_feed_drops_its_request_or_somebody_decides_it(answer: Callable[[CancellationRequest], None]) -> None:
    for _ in range(ROUNDS):
        asked = CancellationRequestFactory.create(origin=ORIGIN)
        outcomes = race(asked, answer, feed_drops)
        assert outcomes in ([DONE, DONE], [NotReportedAnyMore, DONE])
        is_kept = CancellationRequest.objects.filter(pk=asked.pk).exists()
        assert is_kept == (outcomes[0] == DONE)
        last = Event.objects.filter(order=asked.order, kind__startswith="request_").latest("pk")
        assert (last.kind == "request_dropped") != is_kept


def test_without_the_lock_what_was_dropped_is_decided(without_lock: None) -> None:
    asked = CancellationRequestFactory.create(origin=ORIGIN)
    outcomes = race(asked, withdraw, feed_drops, patience=PATIENTLY, looks_at="orders_cancellationrequest")
    assert NotReportedAnyMore not in outcomes
    assert outcomes != [DONE, DONE] or set(kinds_of_decisions()) == {"request_withdrawn", "request_dropped"}


def test_what_the_buyer_asks_here_and_there_at_once_is_one_request() -> None:
    def feed_asks(order: Order) -> None:
        asking = order_document(order.number, version=1, request=request_document(requested_at=None))
        record_orders([asking], origin=ORIGIN)

    for _ in range(ROUNDS):
        order = OrderFactory.create()
        assert race(order, ask, feed_asks) in ([DONE, DONE], [CannotAsk, DONE])
        assert order.requests.get().is_open


def test_without_the_lock_it_is_approved_and_declined(without_lock: None) -> None:
    """Or one breaks on what the other has written, or each waits for the other until PostgreSQL stops one."""
    asked = CancellationRequestFactory.create()
    outcomes = race(asked, approve, feed_ships, patience=PATIENTLY, looks_at="orders_cancellationrequest")
    is_twice = set(kinds_of_decisions()) == {"request_approved", "request_declined"}
    assert is_twice or not set(outcomes) <= {DONE, AlreadyDecided}
