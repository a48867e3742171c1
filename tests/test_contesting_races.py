"""Rivals about what a buyer says of a cancellation, on PostgreSQL."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections

from cancellations.models import Cancellation, Contest, Reason, Refund
from cancellations.terms import Source
from orders.belonging import order_of
from orders.contesting import contest_reason, reject_contest, uphold_contest
from orders.models import Event, Order
from orders.recording import record_orders
from orders.refunding import record_refund
from orders.refusals import AlreadyDecided, CannotContest, NotCancelledAnyMore
from tests.documents import ORIGIN, order_document
from tests.factories import ContestFactory, OrderFactory, RefundFactory, UserFactory
from tests.racing import BRIEFLY, DONE, ON_POSTGRESQL, PATIENTLY, race, without_lock

__all__ = ["without_lock"]  # a fixture
pytestmark = ON_POSTGRESQL
ROUNDS = 8


def contest(order: Order) -> None:
    assert order.cancellation
    assert order.buyer
    contest_reason(order, order.cancellation, by=order.buyer, statement="I did not cancel this.")


def test_a_reason_is_contested_once() -> None:
    for _ in range(ROUNDS):
        order = OrderFactory.create(cancelled=True)
        assert set(race(order, contest, contest)) == {DONE, CannotContest}
    assert Contest.objects.count() == ROUNDS


def test_without_the_lock_only_the_database_keeps_a_reason_from_being_contested_twice(without_lock: None) -> None:
    order = OrderFactory.create(cancelled=True)
    outcomes = race(order, contest, contest, patience=PATIENTLY, looks_at="cancellations_contest")
    assert set(outcomes) == {DONE, IntegrityError}  # one of them is told nothing that people understand


def decide_twice(**how: Any) -> list[object]:
    """Let two administrators decide a contest at the same time: one upholds it, one rejects it."""
    by, true = UserFactory.create(), Reason.objects.get(code="out_of_stock")
    contest = ContestFactory.create(cancellation=OrderFactory.create(cancelled=True).cancellation)
    return race(
        contest,
        lambda one: uphold_contest(one, by=by, source=Source.SELLER, reason=true),
        lambda one: reject_contest(one, by=by, answer="The records say so."),
        **how,
    )


def test_a_contest_is_decided_once() -> None:
    for _ in range(ROUNDS):
        assert set(decide_twice()) == {DONE, AlreadyDecided}
    assert Cancellation.objects.filter(source="seller").count() == Contest.objects.filter(state="upheld").count()


def test_without_the_lock_a_buyer_is_told_yes_and_no(without_lock: None) -> None:
    assert decide_twice(patience=PATIENTLY, looks_at="cancellations_contest") == [DONE, DONE]
    told = Event.objects.values_list("kind", flat=True)
    assert {"contest_upheld", "contest_rejected"} <= set(told)


def ended_there() -> Order:
    """Make an order whose cancellation its origin reported, and may take back."""
    return OrderFactory.create(cancelled=True, origin=ORIGIN, cancellation__origin=ORIGIN)


def open_again(order: Order) -> None:
    """Record that the origin has opened the order again."""
    record_orders([order_document(order.number, version=1)], origin=ORIGIN)


def test_what_the_origin_takes_back_leaves_no_contest_open() -> None:
    for _ in range(ROUNDS):
        assert race(ended_there(), contest, open_again) in ([DONE, DONE], [NotCancelledAnyMore, DONE])
    assert set(Contest.objects.values_list("state", flat=True)) <= {"overtaken"}
    assert not Order.objects.filter(status="cancelled").exists()


class OpenedAgainMeanwhile:
    """Lets the origin open the order again while something is being done about it, once that has looked."""

    def __init__(
        self, order: Order, threads: ThreadPoolExecutor, *, patience: float, looks_at: str = "cancellations_contest"
    ) -> None:
        self.order, self.threads, self.patience, self.looks_at = order, threads, patience, looks_at
        self.opening: Future[None] | None = None

    def __call__(self, execute: Any, sql: str, *args: Any) -> Any:
        answer = execute(sql, *args)
        if self.opening is None and f'FROM "{self.looks_at}"' in sql:
            self.opening = self.threads.submit(self._open_again)
            wait([self.opening], timeout=self.patience)
        return answer

    def _open_again(self) -> None:
        try:
            open_again(self.order)
        finally:
            connections.close_all()


def state_after(order: Order, *, patience: float) -> str:
    with (
        ThreadPoolExecutor() as threads,
        connection.execute_wrapper(meanwhile := OpenedAgainMeanwhile(order, threads, patience=patience)),
    ):
        contest(order)
    assert meanwhile.opening
    meanwhile.opening.result()
    state: str = Contest.objects.values_list("state", flat=True).get()
    return state


def test_what_is_taken_back_while_it_is_contested_waits_for_the_contest() -> None:
    assert state_after(ended_there(), patience=BRIEFLY) == "overtaken"


def test_without_the_lock_a_contest_stays_open_that_nobody_can_decide(without_lock: None) -> None:
    assert state_after(ended_there(), patience=PATIENTLY) == "open"


@pytest.mark.parametrize("looks_again", [True, False])
def test_no_refund_is_recorded_of_what_is_taken_back_before_it_is_locked(
    monkeypatch: pytest.MonkeyPatch, looks_again: bool
) -> None:
    """The order is found by its cancellation before it can be locked, so that is looked at again (control: not)."""
    if not looks_again:
        monkeypatch.setattr("orders.refunding.lock_order_of", order_of)
    order = ended_there()
    refund, by = RefundFactory.create(cancellation=order.cancellation), UserFactory.create()
    with (
        ThreadPoolExecutor() as threads,
        connection.execute_wrapper(
            OpenedAgainMeanwhile(order, threads, patience=PATIENTLY, looks_at="cancellations_cancellation")
        ),
        pytest.raises(NotCancelledAnyMore) if looks_again else nullcontext(),
    ):
        record_refund(refund, state=Refund.State.SENT, by=by)
    assert Event.objects.filter(kind="refund_sent").exists() != looks_again
    assert Event.objects.filter(kind="reopened").exists()
