"""A page of the administration writes what was changed on it: what is written elsewhere meanwhile stays."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cancellations.models import Reason
from feeds.connecting import connect_feed
from feeds.signing import new_secret
from tests.factories import ReasonFactory
from tests.test_admin_reasons import form_on
from tests.test_users_admin import fields_of


class WriteFirst:
    """Let something else be written just before the first statement that begins like this."""

    def __init__(self, beginning: str, write: Callable[[], object]) -> None:
        self.beginning, self.write, self.has_written = beginning, write, False

    def __call__(self, execute: Any, sql: str, *args: Any) -> Any:
        if not self.has_written and sql.startswith(self.beginning):
            self.has_written = True
            self.write()
        return execute(sql, *args)


def page_of(row: Model) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def save(client: Client, row: Model, form: dict[str, Any], **meanwhile: Any) -> None:
    """Save the page of a row, and let these columns be written between its look and its save."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    first = WriteFirst(f'UPDATE "{row._meta.db_table}"', lambda: rows.update(**meanwhile))
    with connection.execute_wrapper(first):
        assert client.post(page_of(row), form).status_code == 302
    assert first.has_written
    row.refresh_from_db()


def test_the_secret_of_a_feed_stays_the_new_one(admin_client: Client) -> None:
    feed = connect_feed(slug="shop", name="The shop")
    changed = new_secret()
    save(admin_client, feed, {"name": "Our shop", "is_active": "on"}, secret=changed)
    assert (feed.name, feed.secret) == ("Our shop", changed)


def test_the_password_of_a_user_stays_the_new_one(admin_client: Client, buyer: User) -> None:
    save(admin_client, buyer, fields_of(buyer, name="Mai N."), password="!changed")
    assert (buyer.name, buyer.password) == ("Mai N.", "!changed")


def test_a_reason_stays_retired(admin_client: Client) -> None:
    reason: Reason = ReasonFactory.create()
    form = {**form_on(admin_client, page_of(reason)), "position": 77}
    save(admin_client, reason, form, retired_at=timezone.now())
    assert (reason.position, reason.is_retired) == (77, True)
