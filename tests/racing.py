"""Two at once: how the tests force rivals into their worst order, on PostgreSQL.

Both look before either writes, as far as the lock lets them. Every race has a control, the same race without the
lock, that goes wrong; so the test can fail.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone

from orders.models import Order
from orders.refusals import Refusal

ON_POSTGRESQL = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not connection.features.has_select_for_update,
        reason="SQLite lets one writer in at a time, so there is no race to run; PostgreSQL shows it.",
    ),
]
# Seconds to wait for the other one to have looked too: with the lock it cannot come, without it it surely will.
# Fewer than anybody may wait for a lock: where there still is one, a control fails, and does not end by breaking on it.
BRIEFLY, PATIENTLY = 0.05, 8
# For one who surely comes to look, and is kept waiting only afterwards, by what this one holds.
LONG_ENOUGH_TO_LOOK = 5
DONE = "done"


class CannotShip(Exception):
    """The order has been cancelled, or sent already."""


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock away, and leave everything else as it is."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda orders: orders)


@transaction.atomic
def ship(order: Order) -> None:
    """Do what recording does when the origin says that the order is on its way: lock, look, write."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.status != Order.Status.PREPARING:
        raise CannotShip
    Order.objects.filter(pk=order.pk).update(status=Order.Status.SHIPPED, shipped_at=timezone.now())


def race[Subject](
    subject: Subject, *acts: Callable[[Subject], object], patience: float = BRIEFLY, looks_at: str = "orders_order"
) -> list[object]:
    """Run the acts at the same time, and return what became of each: done, or its exception.

    Each is held once it has read the table on which its decision rests.
    """
    both_looked = Barrier(len(acts), timeout=patience)
    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(lambda act: _outcome(act, subject, _WaitAfterLooking(both_looked, looks_at)), acts))


def _outcome[Subject](act: Callable[[Subject], object], subject: Subject, wait: "_WaitAfterLooking") -> object:
    try:
        with connection.execute_wrapper(wait):
            act(subject)
    except (Refusal, CannotShip, DatabaseError, ValidationError) as error:
        return type(error)
    finally:
        connections.close_all()
    return DONE


@contextmanager
def meanwhile(words: str, act: Callable[[], object], *, patience: float = PATIENTLY) -> Iterator[None]:
    """Let another thread act, once, before the first statement here that holds these words.

    Go on when it has, or after so many seconds: what is locked here, it waits for.
    """
    acting: list[Future[object]] = []

    def begin(execute: Any, sql: str, *args: Any) -> Any:
        if not acting and words in sql:
            acting.append(thread.submit(_apart, act))
            wait(acting, timeout=patience)
        return execute(sql, *args)

    with ThreadPoolExecutor(1) as thread, connection.execute_wrapper(begin):
        yield
    acting[0].result()


def _apart(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connections.close_all()


class _WaitAfterLooking:
    """Hold a thread after it has read a table, until the other has too or does not come."""

    def __init__(self, both_looked: Barrier, looks_at: str) -> None:
        self.both_looked = both_looked
        self.looks_at = looks_at
        self.has_looked = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        if not self.has_looked and sql.startswith("SELECT") and f'FROM "{self.looks_at}"' in sql:
            self.has_looked = True
            self._wait()
        return answer

    def _wait(self) -> None:
        try:
            self.both_looked.wait()
        except BrokenBarrierError:
            return
