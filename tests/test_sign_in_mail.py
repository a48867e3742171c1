"""The mail of sign-in: left to a task, so that no answer tells what became of it."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from accounts.models import User
from foundation.tasks import MOST_ATTEMPTS
from tests.mailers import Away, GoesAway, Refuses, subjects, use_mailer
from tests.signing_in import code_of, link_in, open_again

RESET = "/accounts/password/reset/"
SET_UP = "/accounts/2fa/totp/activate/"

each_failure = pytest.mark.parametrize("mailer", [Away, GoesAway, Refuses])


@pytest.fixture
def by_worker(settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def asked_for(email: str) -> Any:
    return Client().post(RESET, {"email": email}, follow=True)


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, interval=0, verbosity=0)


@each_failure
def test_a_reset_is_answered_alike_for_everybody_while_mail_fails(
    buyer: User, settings: Settings, mailer: type[EmailBackend]
) -> None:
    use_mailer(settings, mailer)
    known, unknown = asked_for("mai@example.org"), asked_for("nobody@example.org")
    assert known.redirect_chain == unknown.redirect_chain
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert mail.outbox == []


@pytest.mark.parametrize("email", ["mai@example.org", "new@example.org"])
def test_signing_up_is_answered_alike_while_mail_fails(buyer: User, settings: Settings, email: str) -> None:
    use_mailer(settings, Away)
    answer = Client().post("/accounts/signup/", {"email": email, "password1": "seven quiet herons"}, follow=True)
    assert answer.redirect_chain == [("/accounts/confirm-email/", 302)]


@pytest.mark.django_db(transaction=True)  # the mail is written when the factor is committed
def test_a_second_factor_is_set_up_while_mail_fails(buyer: User, buyer_client: Client, settings: Settings) -> None:
    use_mailer(settings, Away)
    secret = open_again(buyer_client, SET_UP).context["form"].secret
    assert buyer_client.post(SET_UP, {"code": code_of(secret)}, follow=True).status_code == 200
    assert Authenticator.objects.filter(user=buyer, type="totp").exists()


@each_failure
def test_the_log_tells_the_kind_of_failure_and_nobodys_address(
    buyer: User, settings: Settings, caplog: pytest.LogCaptureFixture, mailer: type[EmailBackend]
) -> None:
    use_mailer(settings, mailer)
    asked_for("mai@example.org")
    [record] = [record for record in caplog.records if record.name == "candor.mail"]
    assert record.levelno == logging.ERROR  # nobody tries again
    assert record.outcome in {"TimeoutError", "SMTPServerDisconnected", "SMTPRecipientsRefused"}  # type: ignore[attr-defined]
    assert "@" not in str(record.__dict__)


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_it_after_the_answer(buyer: User, by_worker: None) -> None:
    asked_for("mai@example.org")
    assert mail.outbox == []
    work()
    assert subjects(to="mai@example.org") == ["Choose a new password"]
    assert link_in(mail.outbox[0]).startswith("/accounts/password/reset/key/")


@pytest.mark.django_db(transaction=True)
def test_a_worker_tries_again_after_longer_and_longer_and_then_gives_up(
    buyer: User, by_worker: None, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    use_mailer(settings, Away)
    asked_for("mai@example.org")
    waits = []
    for _ in range(MOST_ATTEMPTS):
        work()
        waits += [round((row.run_after - timezone.now()) / timedelta(minutes=1)) for row in waiting()]
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    assert waits == [1, 4, 16]
    assert [record.levelno for record in caplog.records if record.name == "candor.mail"] == [30, 30, 30, 40]
    assert not waiting()


@pytest.mark.django_db(transaction=True)
def test_what_a_task_holds_is_the_mail_and_no_more(buyer: User, by_worker: None) -> None:
    asked_for("mai@example.org")
    [row] = waiting()
    held = json.loads(json.dumps(row.args_kwargs))
    assert [held["args"][0], held["args"][2]] == ["Choose a new password", "mai@example.org"]
    assert len(held["args"]) == 3
    assert held["kwargs"] == {}


def waiting() -> list[DBTaskResult]:
    return list(DBTaskResult.objects.filter(status="READY"))
