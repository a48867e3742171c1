"""What is forgotten every day of people who signed in: ended sessions, network addresses, counters."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests.factories import PASSWORD


def signed_in() -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "mai@example.org", "password": PASSWORD})
    return client


def test_where_somebody_signed_in_from_is_forgotten_with_the_session(
    buyer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    here, signed_out, expired = signed_in(), signed_in(), signed_in()
    key = expired.session.session_key
    signed_out.post("/accounts/logout/")
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert UserSession.objects.count() == 3
    call_command("forget_sessions")
    assert "Forgot where 2 sessions were signed in from" in capsys.readouterr().out
    assert [row.session_key for row in UserSession.objects.all()] == [here.session.session_key]
    assert not Session.objects.filter(session_key=key).exists()
    assert here.get("/accounts/").status_code == 200


def test_counters_that_have_run_out_are_forgotten_and_no_others(
    db: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    table = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    settings.CACHES = {"default": table}
    call_command("createcachetable", verbosity=0)
    for name, seconds in (("over", -60), ("running", 60)):
        cache.set(name, [], 300)
        with connection.cursor() as cursor:
            until = connection.ops.adapt_datetimefield_value(timezone.now() + timedelta(seconds=seconds))
            cursor.execute("UPDATE cache SET expires = %s WHERE cache_key LIKE %s", [until, f"%{name}"])
    call_command("forget_sessions")
    assert "and 1 counters of attempts." in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        assert cursor.fetchall() == [(":1:running",)]


def test_counters_that_are_elsewhere_are_left_to_themselves(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("forget_sessions")
    assert "and 0 counters of attempts." in capsys.readouterr().out
