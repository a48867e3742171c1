"""Two at once at a feed, on PostgreSQL: a secret changed twice, a payload sent by many, refused orders tried twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.db.models import QuerySet
from django.utils import timezone

from feeds.connecting import CannotRotate, connect_feed, rotate_secret
from feeds.forgetting import forget_refused
from feeds.formats.shopify import Shopify
from feeds.models import Delivery, Feed, Problem, Refused, Run
from feeds.receiving import receive
from feeds.retrying import retry_refused
from orders.models import Event, Order
from tests.racing import DONE, LONG_ENOUGH_TO_LOOK, ON_POSTGRESQL, PATIENTLY, race, without_lock
from tests.racing import meanwhile as before
from tests.test_format_shopify import ORDER as SHOPIFY
from tests.test_understanding_races import WaitForTheOther, meanwhile

__all__ = ["without_lock"]  # a fixture, used by name

pytestmark = ON_POSTGRESQL
WRITERS = 8


@pytest.fixture
def feed(db: None) -> Feed:
    return connect_feed(slug="shop", name="The shop", seller_name="Casa Lucera", currency="EUR")


@pytest.fixture
def run(feed: Feed) -> Run:
    """Three orders that were refused, and can be taken by now."""
    said = [{**SHOPIFY, "name": f"#{number}", "currency": "EURO"} for number in range(3)]
    receive(feed, message="m-1", body=json.dumps(said).encode(), form=Shopify)
    for kept in Refused.objects.all():
        Refused.objects.filter(pk=kept.pk).update(records=kept.records.replace("EURO", "EUR"))
    return Run.objects.get()


@pytest.fixture
def without_the_runs_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the locks of runs and of what they refused; orders keep theirs."""
    locked = QuerySet.select_for_update
    monkeypatch.setattr(
        QuerySet,
        "select_for_update",
        lambda rows, **how: rows if rows.model in {Run, Refused} else locked(rows, **how),
    )


# A secret


def outcome_of(feed: Feed) -> object:
    """Change the secret as one of two administrators who saw the feed in the same state."""
    try:
        rotate_secret(feed)
    except CannotRotate:
        return CannotRotate
    return DONE


def rotated_twice(feed: Feed, patience: float) -> tuple[list[object], Feed]:
    said: list[object] = []
    race(
        feed,
        lambda seen: said.append(outcome_of(Feed(pk=seen.pk, rotated_at=seen.rotated_at))),
        lambda seen: said.append(outcome_of(Feed(pk=seen.pk, rotated_at=seen.rotated_at))),
        patience=patience,
        looks_at="feeds_feed",
    )
    return said, Feed.objects.get()


def test_two_who_change_the_secret_at_once_change_it_once(feed: Feed) -> None:
    said, after = rotated_twice(feed, 0.05)
    assert sorted(map(str, said)) == sorted(map(str, [DONE, CannotRotate]))
    assert after.previous_secret == feed.secret  # what the back end signs with is still valid


@pytest.mark.usefixtures("without_lock")
def test_without_the_lock_both_believe_that_they_changed_it(feed: Feed) -> None:
    said, _after = rotated_twice(feed, PATIENTLY)
    assert said == [DONE, DONE]


# A message


def test_one_payload_delivered_by_eight_at_once_has_its_effect_once(feed: Feed) -> None:
    said = [{**SHOPIFY, "name": f"#{number}"} for number in range(20)] + [{**SHOPIFY, "created_at": "yesterday"}]
    body = json.dumps(said).encode()

    def deliver(_: int) -> list[dict[str, Any]]:
        try:
            return receive(feed, message="m-1", body=body, form=Shopify)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as threads:
        answers = list(threads.map(deliver, range(WRITERS)))
    assert all(answer == answers[0] for answer in answers)
    assert (Order.objects.count(), Event.objects.count()) == (20, 20)
    assert (Delivery.objects.count(), Run.objects.count(), Problem.objects.count()) == (1, 1, 1)


# Trying again


def test_what_was_refused_is_taken_once_by_two_who_try_at_once(run: Run) -> None:
    assert race(run, retry_refused, retry_refused, looks_at="feeds_run") == [DONE, DONE]
    run.refresh_from_db()
    assert (run.taken_later_count, Order.objects.count(), Event.objects.count()) == (3, 3, 3)
    assert not Refused.objects.exists()
    assert not Problem.objects.exists()


@pytest.mark.usefixtures("without_the_runs_locks")
def test_without_the_lock_it_is_counted_twice(run: Run) -> None:
    said = race(run, retry_refused, retry_refused, patience=PATIENTLY, looks_at="feeds_refused")
    assert said.count(DONE) == 1  # the other one counts more than were refused, which the database does not believe


# Trying again, while the order comes anew


def try_again_while_it_comes(run: Run) -> None:
    body = json.dumps([{**SHOPIFY, "name": f"#{number}", "currency": "EUR"} for number in range(3)]).encode()
    feed = Feed.objects.get()
    meanwhile(
        lambda: retry_refused(run),
        lambda: receive(feed, message="m-2", body=body, form=Shopify),
        wait=WaitForTheOther('FROM "feeds_run"', LONG_ENOUGH_TO_LOOK),
    )


def test_an_order_that_comes_while_it_is_tried_again_waits_for_nobody(run: Run) -> None:
    try_again_while_it_comes(run)
    run.refresh_from_db()
    assert (run.taken_later_count, Order.objects.count(), Event.objects.count()) == (3, 3, 3)
    assert not Problem.objects.exists()


def test_if_closing_waited_for_the_run_they_would_wait_for_each_other(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    locked = QuerySet.select_for_update
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **how: locked(rows))
    with pytest.raises(OperationalError, match=r"deadlock detected|lock timeout"):
        try_again_while_it_comes(run)


# Forgetting, while the order comes anew


def forget_while_it_comes(*, patience: float = PATIENTLY) -> None:
    Refused.objects.update(refused_at=timezone.now() - timedelta(days=31))
    body = json.dumps([{**SHOPIFY, "name": f"#{number}", "currency": "EUR"} for number in range(3)]).encode()
    feed = Feed.objects.get()
    with before(
        'UPDATE "feeds_problem"', lambda: receive(feed, message="m-2", body=body, form=Shopify), patience=patience
    ):
        forget_refused()


@pytest.mark.usefixtures("run")
def test_an_order_that_comes_while_it_is_forgotten_waits_for_nobody() -> None:
    forget_while_it_comes()
    assert (Order.objects.count(), Refused.objects.count()) == (3, 0)
    assert Problem.objects.count() == 3  # passed over


@pytest.mark.usefixtures("run")
def test_if_closing_waited_for_what_is_forgotten_they_would_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control."""
    locked = QuerySet.select_for_update
    monkeypatch.setattr(
        QuerySet,
        "select_for_update",
        lambda rows, **how: rows if how and rows.model is Refused else locked(rows, **how),
    )
    with pytest.raises(OperationalError, match=r"deadlock detected|lock timeout"):
        forget_while_it_comes(patience=LONG_ENOUGH_TO_LOOK)
