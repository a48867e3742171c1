"""Whether the process is up, and whether it can serve."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from tests.outages import database_fails


def test_the_process_is_up_even_when_the_database_is_away(client: Client, db: None) -> None:
    with database_fails() as tried:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json(), tried) == (200, {"status": "up"}, [])


def test_it_can_serve_when_the_database_answers_and_is_migrated(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@pytest.mark.parametrize("error", [OperationalError, DatabaseError])
def test_it_cannot_serve_while_the_database_is_away(client: Client, db: None, error: type[Exception]) -> None:
    with database_fails(error):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "the database does not answer"})


def test_it_cannot_serve_while_migrations_are_missing(client: Client, db: None) -> None:
    newest = MigrationRecorder.Migration.objects.filter(app="orders").latest("id")
    MigrationRecorder(connection).record_unapplied(newest.app, newest.name)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "missing" in answer.json()["status"]


def test_it_cannot_serve_while_sign_in_attempts_have_no_table(client: Client, db: None, settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "attempts"}}
    with transaction.atomic():
        answer = client.get("/readyz")
        transaction.set_rollback(True)  # PostgreSQL goes on only so
    assert (answer.status_code, "createcachetable" in answer.json()["status"]) == (503, True)
    call_command("createcachetable")
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probes_need_neither_sign_in_nor_encryption(db: None, settings: Settings, address: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    assert Client().get(address).status_code == 200
    assert Client().get("/").status_code == 301
