"""Two pages that find the figures behind at once, and one that looks while somebody counts, on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from insights.freshness import ask_for_refresh
from insights.models import Cursor
from tests.racing import BRIEFLY, ON_POSTGRESQL, PATIENTLY, race

pytestmark = ON_POSTGRESQL
ROUNDS = 5


@pytest.fixture(autouse=True)
def worker(settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    Cursor.objects.create(pk=1)


def ask(_nothing: None) -> None:
    ask_for_refresh()


def test_two_who_ask_at_once_ask_for_one_task() -> None:
    for _ in range(ROUNDS):
        Cursor.objects.update(asked_for=None)
        DBTaskResult.objects.all().delete()
        race(None, ask, ask, patience=BRIEFLY, looks_at="insights_cursor")
        assert DBTaskResult.objects.count() == 1


def test_without_the_lock_they_ask_for_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    race(None, ask, ask, patience=PATIENTLY, looks_at="insights_cursor")
    assert DBTaskResult.objects.count() == 2


def test_nobody_waits_for_who_counts() -> None:
    with ThreadPoolExecutor(1) as thread, transaction.atomic():
        Cursor.objects.select_for_update().get()
        assert thread.submit(_ask_and_close).result(timeout=5) is False


def _ask_and_close() -> bool:
    try:
        return ask_for_refresh()
    finally:
        connections.close_all()
