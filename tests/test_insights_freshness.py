"""How fresh the figures are, and the task that keeps them so: one at a time, going on by itself with a worker."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from insights import refreshing, tasks
from insights.freshness import FRESH, LEASE, ask_for_refresh, fresh_figures
from insights.management.commands import refresh_insights
from insights.models import Cursor, SellerDay
from insights.refreshing import rebuild, refresh
from insights.tasks import EVERY, refresh_summary
from orders.models import Seller
from orders.recording import record_orders
from tests.documents import order_document
from tests.factories import OrderFactory
from tests.outages import database_fails
from tests.pages import text_of
from tests.settling import wait_until_settled

SELLING = "/selling/"
in_earnest = pytest.mark.django_db(transaction=True)  # what is done after a commit is done


@pytest.fixture
def worker(settings: Settings) -> Callable[[], None]:
    """Let a worker do the tasks; the fixture has it do those that are due, and end."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

    def work() -> None:
        call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)

    return work


def grow_old(age: timedelta = FRESH * 2) -> None:
    """Let the figures be older than they should be."""
    Cursor.objects.update(read_at=timezone.now() - age)


def waiting_tasks() -> list[datetime | None]:
    """Return when each task that nobody has begun is to begin."""
    ready = DBTaskResult.objects.filter(status="READY")
    return [task.run_after for task in ready]


def asked_for() -> datetime | None:
    return Cursor.objects.get().asked_for


@in_earnest
def test_a_page_that_is_behind_catches_up_where_requests_do_the_tasks(seller: Seller, seller_client: Client) -> None:
    rebuild()
    grow_old()
    OrderFactory(seller=seller)
    record_orders([order_document(seller={"name": seller.name}, placed_at=timezone.now())], origin="test-feed")
    wait_until_settled()
    page = text_of(seller_client.get(SELLING))
    assert "0 of 1 order of the last 90 days" in page
    assert "Some newer orders are not in these figures yet" not in page
    assert not fresh_figures().is_behind
    assert asked_for() is None


@in_earnest
def test_a_request_never_counts_everything(seller: Seller, seller_client: Client) -> None:
    OrderFactory(seller=seller, placed_at=timezone.now())
    page = text_of(seller_client.get(SELLING))
    assert "Your orders have not been counted yet" in page
    assert "The first count is started by an administrator" in page
    assert "There were no orders" not in page
    assert not SellerDay.objects.exists()


@in_earnest
def test_with_a_worker_the_first_count_is_on_its_way(
    seller: Seller, seller_client: Client, worker: Callable[[], None]
) -> None:
    OrderFactory(seller=seller, placed_at=timezone.now())
    assert "this page has them in a few minutes" in text_of(seller_client.get(SELLING))
    worker()
    assert "0 of 1 order of the last 90 days" in text_of(seller_client.get(SELLING))


@in_earnest
def test_a_request_reads_one_batch_and_says_that_there_is_more(
    seller: Seller, seller_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild()
    grow_old()
    monkeypatch.setattr(refreshing, "BATCH", 1)
    for number in range(3):
        placed_at = timezone.now() - timedelta(days=number)
        document = order_document(f"A{number}", seller={"name": seller.name}, placed_at=placed_at)
        record_orders([document], origin="test-feed")
    wait_until_settled()
    assert "Some newer orders are not in these figures yet." in text_of(seller_client.get(SELLING))
    assert sum(SellerDay.objects.values_list("orders", flat=True)) == 1


@in_earnest
def test_a_page_that_is_fresh_asks_for_nothing(seller_client: Client, worker: Callable[[], None]) -> None:
    rebuild()
    seller_client.get(SELLING)
    assert asked_for() is None
    assert waiting_tasks() == []


@in_earnest
def test_a_worker_refreshes_and_goes_on_by_itself(seller_client: Client, worker: Callable[[], None]) -> None:
    began = timezone.now()
    seller_client.get(SELLING)
    worker()
    (following,) = waiting_tasks()
    assert following
    assert following == asked_for()
    assert following >= began + EVERY
    read_at = fresh_figures().read_at
    assert read_at
    assert read_at >= began


@in_earnest
def test_however_many_look_one_task_is_asked_for(seller_client: Client, worker: Callable[[], None]) -> None:
    for _ in range(3):
        seller_client.get(SELLING)
        seller_client.get("/selling/reasons.csv")
    assert len(waiting_tasks()) == 1


@in_earnest
def test_a_task_that_never_came_is_asked_for_anew_and_does_nothing_when_it_comes(worker: Callable[[], None]) -> None:
    assert ask_for_refresh()
    assert not ask_for_refresh()
    Cursor.objects.update(asked_for=timezone.now() - LEASE - EVERY)
    assert ask_for_refresh()
    assert len(waiting_tasks()) == 2
    worker()
    assert len(waiting_tasks()) == 1


@in_earnest
def test_a_task_that_fails_is_followed_by_the_next(worker: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise OperationalError

    monkeypatch.setattr(tasks, "refresh", fail)
    ask_for_refresh()
    worker()
    assert DBTaskResult.objects.filter(status="FAILED").count() == 1
    assert waiting_tasks() == [asked_for()]


@in_earnest
def test_a_page_does_not_fail_because_nobody_can_write(seller_client: Client) -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "insights_cursor" in sql and not sql.startswith("SELECT"):
            raise OperationalError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        assert seller_client.get(SELLING).status_code == 200


# The command


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("refresh_insights", *arguments, stdout=out)
    return out.getvalue()


@in_earnest
def test_the_command_leaves_it_to_the_worker(worker: Callable[[], None]) -> None:
    assert told("--by-worker") == "The worker begins.\n"
    assert told("--by-worker") == "The worker is at it already.\n"
    worker()
    assert not fresh_figures().is_behind


def test_without_a_worker_it_says_what_to_do_instead(db: None) -> None:
    with pytest.raises(CommandError, match="use --every 30 instead"):
        told("--by-worker")


def test_the_command_goes_on_until_it_is_interrupted_and_tells_what_it_read(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, waits = iter([3, 0, 5]), []

    def wait(seconds: int) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(refresh_insights, "refresh", lambda: next(reads))
    monkeypatch.setattr(time, "sleep", wait)
    out = StringIO()
    with pytest.raises(KeyboardInterrupt):
        call_command("refresh_insights", "--every", "30", stdout=out)
    assert waits == [30, 30, 30]
    assert out.getvalue().splitlines() == [
        "The summary is up to date: 3 events read.",
        "The summary is up to date: 5 events read.",
    ]


class Interrupted(Exception):
    """Somebody has ended the command."""


@in_earnest
def test_the_command_outlives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waits: list[int] = []
    outage = database_fails()

    def wait(seconds: int) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            outage.__enter__()
        if len(waits) == 2:
            outage.__exit__(None, None, None)
            Cursor.objects.update(read_at=timezone.now() - 2 * FRESH)
        if len(waits) == 3:
            raise Interrupted

    monkeypatch.setattr(time, "sleep", wait)
    with pytest.raises(Interrupted):
        told("--every", "30")
    assert not fresh_figures().is_behind
    assert [record.getMessage() for record in caplog.records] == ["The summary could not be refreshed."]


@in_earnest
def test_the_command_outlives_a_connection_that_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection that could be cut.")
    refreshed: list[int] = []

    def refresh_or_be_cut() -> int:
        refreshed.append(refresh())
        if len(refreshed) == 2:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return refreshed[-1]

    def wait(_seconds: int) -> None:
        if len(refreshed) == 3:
            raise Interrupted

    monkeypatch.setattr(refresh_insights, "refresh", refresh_or_be_cut)
    monkeypatch.setattr(time, "sleep", wait)
    with pytest.raises(Interrupted):
        told("--every", "30")
    assert len(refreshed) == 3


def test_a_task_of_another_time_reads_nothing(db: None) -> None:
    refresh()
    assert refresh_summary.call(timezone.now().isoformat()) == 0
