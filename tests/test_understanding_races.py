"""Words are mapped while somebody imports them, or another maps them otherwise, on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event as Signal
from typing import Any

import pytest
from django.db import connection, connections

from cancellations import mapping
from cancellations.mapping import ForeignWords
from cancellations.models import Cancellation, Reason
from cancellations.terms import Source
from orders import correcting
from orders.contesting import uphold_contest
from orders.correcting import correct_words
from orders.models import Order
from orders.recording import record_orders
from orders.understanding import map_words
from tests.documents import ORIGIN, cancellation_document, cancelled_document
from tests.factories import AliasFactory, ContestFactory, UserFactory
from tests.racing import BRIEFLY, ON_POSTGRESQL, PATIENTLY, race

pytestmark = ON_POSTGRESQL
WORDS = ForeignWords(ORIGIN, "seller", "flooded")


def reason(code: str) -> Reason:
    return Reason.objects.get(code=code)


def record(*numbers: str) -> None:
    said = cancellation_document(source=Source.SELLER, reason="", raw_reason="Flooded")
    record_orders([cancelled_document(number, cancellation=said) for number in numbers], origin=ORIGIN)


def codes() -> set[str]:
    return set(Order.objects.values_list("cancellation__reason__code", flat=True))


class WaitForTheOther:
    """Hold the thread once, after a statement that holds these words, until the other has ended or cannot."""

    def __init__(self, statement: str, patience: float) -> None:
        self.statement, self.patience = statement, patience
        self.has_looked, self.other_has_ended = Signal(), Signal()

    def __call__(self, execute: Any, sql: str, *args: Any) -> Any:
        answer = execute(sql, *args)
        if not self.has_looked.is_set() and self.statement in sql:
            self.has_looked.set()
            self.other_has_ended.wait(self.patience)
        return answer


def meanwhile(act: Callable[[], object], other: Callable[[], object], *, wait: WaitForTheOther) -> None:
    """Begin the act; once it has looked, do the other thing; and go on."""

    def held() -> None:
        try:
            with connection.execute_wrapper(wait):
                act()
        finally:
            connections.close_all()

    def then() -> None:
        try:
            wait.has_looked.wait(PATIENTLY)
            other()
            wait.other_has_ended.set()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(held), threads.submit(then)]:
            done.result()


# Mapping, and an import of the same words


def map_while_importing(*, patience: float) -> None:
    by, true = UserFactory.create(staff=True), reason("out_of_stock")
    record("A0")
    wait = WaitForTheOther('FROM "cancellations_alias"', patience)
    meanwhile(lambda: record("A1", "A2"), lambda: map_words(WORDS, reason=true, by=by), wait=wait)


def test_what_is_imported_meanwhile_is_corrected_too() -> None:
    map_while_importing(patience=20 * BRIEFLY)
    assert codes() == {"out_of_stock"}


def test_without_the_gate_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(mapping, "pass_gate", lambda gate: None)
    monkeypatch.setattr(mapping, "close_gate", lambda gate: None)
    map_while_importing(patience=PATIENTLY)
    assert codes() == {"out_of_stock", "not_stated"}


def test_two_who_map_the_same_words_leave_one_alias_and_one_meaning() -> None:
    record("A1", "A2")
    by = UserFactory.create(staff=True)
    acts = [partial(map_words, reason=reason(code), by=by) for code in ("out_of_stock", "item_damaged")]
    assert race(WORDS, *acts, looks_at="cancellations_alias") == ["done", "done"]
    alias = mapping.find_alias(WORDS)
    assert alias
    assert codes() == {alias.reason.code}


def test_without_the_gate_two_of_them_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(mapping, "pass_gate", lambda gate: None)
    monkeypatch.setattr(mapping, "close_gate", lambda gate: None)
    by = UserFactory.create(staff=True)
    acts = [partial(map_words, reason=reason(code), by=by) for code in ("out_of_stock", "item_damaged")]
    outcomes = race(WORDS, *acts, looks_at="cancellations_alias", patience=PATIENTLY)
    assert sorted(map(str, outcomes)) != ["done", "done"]


# Correcting, and a contest about the same cancellation


def uphold_while_correcting() -> None:
    record("A1")
    AliasFactory(origin=ORIGIN, source="seller", text=WORDS.key, reason=reason("out_of_stock"))
    contest = ContestFactory.create(cancellation=Cancellation.objects.get())
    by, true = UserFactory.create(staff=True), reason("pricing_error")
    meanwhile(
        lambda: correct_words(WORDS),
        lambda: uphold_contest(contest, by=by, source=Source.SELLER, reason=true),
        wait=WaitForTheOther(f"LIMIT {correcting.BATCH}", PATIENTLY),
    )


def test_what_a_contest_decides_meanwhile_is_not_corrected_away() -> None:
    uphold_while_correcting()
    assert codes() == {"pricing_error"}


def test_without_looking_again_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    looks = iter([correcting._said])
    monkeypatch.setattr(correcting, "_said", lambda *what: next(looks, lambda *_: Cancellation.objects.all())(*what))
    uphold_while_correcting()
    assert codes() == {"out_of_stock"}
