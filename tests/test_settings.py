"""What the settings read, refuse and default to, and what a server and a database make of them."""

import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.models.signals import pre_migrate
from pytest_django.plugin import DjangoDbBlocker

from accounts.hashers import Argon2id

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = (ROOT / "config/settings.py").read_text()
SERVERS = {
    "handbook": re.search(r"^\.venv/bin/(gunicorn .*)$", (ROOT / "docs/operations.md").read_text(), re.M),
    "container": re.search(r"^CMD (\[\"gunicorn\".*\])$", (ROOT / "Dockerfile").read_text(), re.M),
}
READ_BY_SETTINGS = set(re.findall(r"""env\.\w+\(\s*["']([A-Z_]+)["']""", SETTINGS))
PRINT_SETTINGS = """
import environ, json
environ.Env.read_env = lambda *_: None  # no .env of this machine
from config import settings
named = {name: value for name, value in vars(settings).items() if name.isupper()}
print(json.dumps({"SECURE_PROXY_SSL_HEADER": None} | named, default=str))
"""
SITE = {"CANDOR_ENV": "production", "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "candor.example"}
IN_PRODUCTION = {
    "DEBUG": False,
    "PASSWORD_HASHERS": ["accounts.hashers.Argon2id"],
    "SESSION_COOKIE_NAME": "__Host-session",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "LANGUAGE_COOKIE_NAME": "__Host-language",
    "LANGUAGE_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_HTTPONLY": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 63_072_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "CACHES": {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 1_000_000},
        }
    },
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    "ALLAUTH_TRUSTED_PROXY_COUNT": 0,
    "SECURE_PROXY_SSL_HEADER": None,  # without a proxy, anybody may say what it would
}


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own."""
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", "import config.settings"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_refuses_to_start_without_a_secret_key_and_says_so_in_one_line() -> None:
    refusal = started(CANDOR_ENV="production", SECRET_KEY="")
    assert refusal.returncode == 1
    assert refusal.stderr.splitlines() == [
        "SECRET_KEY is not set: Candor does not start without one (see .env.example)."
    ]


def settings_of(**environment: str) -> dict[str, Any]:
    """Return the settings of production, with these variables and no other of Candor's."""
    elsewhere = {name: value for name, value in os.environ.items() if name not in READ_BY_SETTINGS}
    printed = subprocess.run(
        [sys.executable, "-W", "error", "-c", PRINT_SETTINGS],
        cwd=ROOT,
        env={**elsewhere, **SITE, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(printed.stdout)
    return found


def production_without_key() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "CANDOR_ENV": "production", "SECRET_KEY": ""}


def server(where: str) -> list[str]:
    """Return the words that start gunicorn, as the handbook or the image says them, at a port that is free."""
    found = SERVERS[where]
    assert found
    words = shlex.split(re.sub(r"[\[\],]", " ", found[1]))
    words[words.index("--bind") + 1] = "127.0.0.1:0"  # a second --bind would be one more, not another
    return words


@pytest.mark.parametrize("where", SERVERS)
def test_only_the_settings_say_whether_a_proxy_is_believed(where: str) -> None:
    # By itself gunicorn believes what comes from 127.0.0.1, where a proxy is that nobody has counted.
    words = server(where)
    assert words[words.index("--forwarded-allow-ips") + 1] == ""


@pytest.mark.parametrize("where", SERVERS)
def test_the_server_ends_without_a_secret_key_instead_of_starting_workers_for_ever(where: str) -> None:
    refusal = subprocess.run(
        [sys.executable, "-m", *server(where)],
        cwd=ROOT,
        env=production_without_key(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert refusal.returncode == 1
    assert refusal.stderr.splitlines() == [
        "SECRET_KEY is not set: Candor does not start without one (see .env.example)."
    ]


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("CANDOR_ENV", "staging", "it must be production, development, demo or test"),
        ("TASKS_BACKEND", "redis", "it must be immediate or database"),
        ("MAIL_TLS", "require", "it must be true, false or implicit"),
        ("MAIL_TLS", "nonsense", "it must be true, false or implicit"),
        ("SECURE_SSL_REDIRECT", "enabled", "it must be true or false"),
        ("TRUSTED_PROXIES", "-1", "it must be a whole number, 0 or more"),
        ("MAIL_PORT", "smtp", "it must be a whole number, 1 or more"),
        ("MAIL_PORT", "0", "it must be a whole number, 1 or more"),
        ("CANCEL_ANSWER_HOURS", "2.5", "it must be a whole number, 1 or more"),
        ("CANCEL_INSTANT_MINUTES", "9" * 10, "it must be a whole number, 0 or more"),
        ("CANCEL_ANSWER_HOURS", "9" * 9, "it must be a whole number, 876000 or less"),
        ("MAIL_FRESH_DAYS", "999999", "it must be a whole number, 36500 or less"),
        ("SITE_URL", "candor.example", "it must be an address, as in https://candor.example"),
        ("SITE_URL", "https://candor.example?from=mail", "it must be an address, as in https://candor.example"),
        ("TIME_ZONE", "nonsense", "it must be a time zone, as in Europe/Berlin"),
        ("TIME_ZONE", "Europe", "it must be a time zone, as in Europe/Berlin"),
        ("TIME_ZONE", "../UTC", "it must be a time zone, as in Europe/Berlin"),
    ],
)
def test_it_refuses_what_a_variable_cannot_mean_in_one_line(name: str, value: str, wanted: str) -> None:
    refusal = started(**{**SITE, "MAIL_HOST": "mail.example", name: value})
    assert refusal.returncode == 1
    assert refusal.stderr.splitlines() == [f"{name} is {value!r}: {wanted}."]


@pytest.mark.parametrize(
    "address",
    ["nonsense", "mysql://candor:secret@localhost/candor", "postgres://localhost", "postgres://a:b@[::1/candor"],
)
def test_it_refuses_a_database_it_cannot_have_without_telling_the_password(address: str) -> None:
    refusal = started(**SITE, DATABASE_URL=address)
    assert refusal.returncode == 1
    assert refusal.stderr.splitlines() == ["DATABASE_URL must be an address, as in postgres://user:password@host/name."]


def test_a_wildcard_is_nothing_that_links_in_mails_can_begin_with() -> None:
    assert started(**{**SITE, "ALLOWED_HOSTS": ".candor.example"}).returncode == 1
    assert started(**{**SITE, "ALLOWED_HOSTS": ".candor.example", "SITE_URL": "https://candor.example"}).returncode == 0


@pytest.mark.parametrize(("said", "reads"), [("production", True), ("demo", False), ("test", False), (" Demo", False)])
def test_the_demo_and_the_tests_read_no_file(tmp_path: Path, said: str, reads: bool) -> None:
    look = "import environ; environ.Env.read_env = lambda *_: print('read', end=''); import config.settings"
    environment = {**os.environ, **SITE, "CANDOR_ENV": said, "DATA_DIR": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout == ("read" if reads else "")


def test_what_is_empty_means_the_default(tmp_path: Path) -> None:
    given = dict.fromkeys(READ_BY_SETTINGS - {"SECRET_KEY", "ALLOWED_HOSTS", "MAIL_HOST", "DATA_DIR"}, "")
    assert settings_of(MAIL_HOST="mail.example", DATA_DIR=str(tmp_path), **given) == settings_of(
        MAIL_HOST="mail.example", DATA_DIR=str(tmp_path)
    )


def test_a_place_for_data_that_is_not_said_or_not_whole_is_beside_the_code() -> None:
    def place(said: str) -> str:
        return str(settings_of(DATA_DIR=said)["DATA_DIR"])

    assert (place(""), place("var")) == (str(ROOT / "var"), str(ROOT / "var"))


def test_what_stands_between_commas_is_read_without_the_spaces(tmp_path: Path) -> None:
    found = settings_of(
        ALLOWED_HOSTS="a.example, b.example,",
        CSRF_TRUSTED_ORIGINS=" https://shop.example ",
        SECRET_KEY_FALLBACKS="one, two",
        DATA_DIR=str(tmp_path),
    )
    assert found["ALLOWED_HOSTS"] == ["a.example", "b.example"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://shop.example"]
    assert found["SECRET_KEY_FALLBACKS"] == ["one", "two"]
    assert found["SITE_URL"] == "https://a.example"


def test_a_secret_may_begin_with_any_character(tmp_path: Path) -> None:
    key = "$" + "x" * 50
    found = settings_of(SECRET_KEY=key, MAIL_HOST="mail.example", MAIL_PASSWORD="$ecret", DATA_DIR=str(tmp_path))
    assert found["SECRET_KEY"] == key
    assert found["MAILERS"]["default"]["OPTIONS"]["password"] == "$ecret"


@pytest.mark.parametrize(
    ("said", "starttls", "implicit", "port"),
    [
        ("", True, False, 587),
        ("ON", True, False, 587),
        ("yes", True, False, 587),
        ("implicit", False, True, 465),
        ("0", False, False, 587),
        ("off", False, False, 587),
    ],
)
def test_mail_is_encrypted_unless_it_is_said_that_it_is_not(
    tmp_path: Path, said: str, starttls: bool, implicit: bool, port: int
) -> None:
    found = settings_of(MAIL_HOST="mail.example", MAIL_TLS=said, DATA_DIR=str(tmp_path))
    options = found["MAILERS"]["default"]["OPTIONS"]
    assert (options["use_tls"], options["use_ssl"], options["port"]) == (starttls, implicit, port)


def test_production_is_safe_by_default(tmp_path: Path) -> None:
    found = settings_of(DATA_DIR=str(tmp_path))
    assert {name: found[name] for name in IN_PRODUCTION} == IN_PRODUCTION
    assert found["SECURE_CSP"]["form-action"] == ["'self'"]
    assert found["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_production_trusts_the_proxies_and_origins_that_it_is_told_and_limits_postgresql() -> None:
    found = settings_of(
        TRUSTED_PROXIES="2",
        SSO_ORIGINS="https://id.example,https://login.example",
        DATABASE_URL="postgres://candor@localhost/candor",
    )
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 2
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert found["SECURE_CSP"]["form-action"] == ["'self'", "https://id.example", "https://login.example"]
    database = found["DATABASES"]["default"]
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (600, True)
    assert dict(re.findall(r"-c (\w+)=(\d+)", database["OPTIONS"]["options"])) == {
        "statement_timeout": "30000",
        "lock_timeout": "10000",
        "idle_in_transaction_session_timeout": "60000",
    }


def test_passwords_are_kept_as_the_handbook_says() -> None:
    kept = Argon2id().encode("a calm and honest shop", "some-salt")
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.fixture
def sqlite_file(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Open a file of SQLite as production does, as the database `beside`; return its path."""
    database = settings_of(DATA_DIR=str(tmp_path))["DATABASES"]["default"]
    connections.settings["beside"] = connections.configure_settings({"default": {}, "beside": database})["beside"]
    with django_db_blocker.unblock():
        yield database["NAME"]
        connections["beside"].close()
    del connections["beside"], connections.settings["beside"]


def test_sqlite_keeps_what_was_committed_and_writers_wait(sqlite_file: str) -> None:
    def said(pragma: str) -> Any:
        with connections["beside"].cursor() as cursor:
            return cursor.execute(f"PRAGMA {pragma}").fetchone()[0]

    full = 2
    assert (said("journal_mode"), said("synchronous"), said("foreign_keys")) == ("wal", full, 1)
    assert said("busy_timeout") == 20_000
    with (
        closing(sqlite3.connect(sqlite_file, timeout=0)) as other,
        transaction.atomic("beside"),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")  # a transaction takes its place before it reads


def limits() -> list[str]:
    """Ask PostgreSQL how long a statement, a wait for a lock and an idle transaction may take."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such limits.")
    with connection.cursor() as cursor:
        said = []
        for limit in ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]:
            cursor.execute(f"SHOW {limit}")
            said.append(cursor.fetchone()[0])
    return said


def test_postgresql_gives_up_as_the_handbook_says(db: None) -> None:
    assert limits() == ["30s", "10s", "1min"]


def test_a_migration_takes_as_long_as_it_takes(db: None) -> None:
    meanwhile: list[list[str]] = []

    def look(**_: Any) -> None:
        meanwhile.append(limits())

    pre_migrate.connect(look, sender=apps.get_app_config("orders"))
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(look, sender=apps.get_app_config("orders"))
    assert meanwhile == [["0", "10s", "1min"]]
    assert limits() == ["30s", "10s", "1min"]


def test_the_server_logs_in_json_from_its_first_line(tmp_path: Path) -> None:
    # A worker that is told to end before it listens to signals is waited for, by default 30 s.
    command = [sys.executable, "-m", *server("handbook"), "--workers", "1", "--graceful-timeout", "1"]
    variables = {**os.environ, **SITE, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        lines = list(takewhile(lambda line: "Booting worker" not in line, running.stderr))
        running.terminate()
        lines += running.stderr.readlines()
    said = [json.loads(line)["message"] for line in lines if '"gunicorn.error"' in line]
    assert said[0].startswith("Starting gunicorn")
    assert said[-1] == "Shutting down: Master"
    assert [line for line in lines if line.startswith("[")] == []


@pytest.mark.parametrize("environment", ["development", "demo", "test"])
def test_elsewhere_it_starts_without_a_secret_key(environment: str) -> None:
    assert started(CANDOR_ENV=environment, SECRET_KEY="").returncode == 0


def test_the_example_names_exactly_the_variables_that_the_settings_read() -> None:
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.M)) == READ_BY_SETTINGS


def test_the_handbook_explains_exactly_the_variables_that_the_settings_read() -> None:
    handbook = (ROOT / "docs/operations.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)`", handbook, re.M)) == READ_BY_SETTINGS
