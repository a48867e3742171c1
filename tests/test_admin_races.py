"""Rivals in the administration, on PostgreSQL: whoever comes second is told so, and nothing is written over."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cancellations.models import Alias, Cancellation, Reason, Wording
from cancellations.terms import Source
from feeds.connecting import connect_feed, rotate_secret
from feeds.forgetting import forget_refused
from feeds.models import Feed, Refused
from feeds.retrying import retry_refused
from foundation.admin import KeepsWhatIsUsed
from orders.cancelling import cancel_order
from tests.factories import AliasFactory, OrderFactory, ReasonFactory
from tests.pages import text_of
from tests.racing import LONG_ENOUGH_TO_LOOK, ON_POSTGRESQL, meanwhile
from tests.test_admin_reasons import form_on, page_of
from tests.test_retrying import NO_CURRENCY, refused_by

pytestmark = ON_POSTGRESQL
GATE = "pg_advisory_xact_lock("
SHORTLY = 0.5  # seconds for a rival who is kept waiting

# Two write the words of a reason


def write_twice(client: Client, *, patience: float) -> tuple[int, int]:
    """Let two open the same page, and the second save as the first is about to; return what each was answered."""
    reason = ReasonFactory.create()
    address = page_of(reason)
    first, second = (form_on(client, address, headline=f"{who} version.") for who in ("First", "Second"))
    answers: list[int] = []
    with meanwhile(
        'INSERT INTO "cancellations_wording"',
        lambda: answers.append(client.post(address, second).status_code),
        patience=patience,
    ):
        own = client.post(address, first).status_code
    return own, answers[0]


def test_of_two_who_write_at_once_the_second_is_told_of_the_first(admin_client: Client) -> None:
    before = Wording.objects.count()
    assert write_twice(admin_client, patience=SHORTLY) == (302, 200)
    assert Wording.objects.count() == before + 1 + 1  # that of the factory, and the first


def test_without_the_lock_the_second_writes_over_words_that_nobody_has_seen(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.delattr(KeepsWhatIsUsed, "get_object")
    assert write_twice(admin_client, patience=LONG_ENOUGH_TO_LOOK) == (302, 302)


# What is deleted, and comes to be used


def delete_meanwhile_given(client: Client, before: str) -> None:
    reason, order = ReasonFactory.create(), OrderFactory.create()
    address = reverse("admin:cancellations_reason_delete", args=[reason.pk])
    with meanwhile(
        before,
        lambda: cancel_order(order, source=Source.BUYER, reason=Reason.objects.get(pk=reason.pk)),
    ):
        answer = client.post(address, {"post": "yes"})
    assert Cancellation.objects.filter(reason=reason).exists()
    assert "is in use" in text_of(answer)
    assert "deleted successfully" not in text_of(answer)


@pytest.mark.parametrize(
    "before", ['INSERT INTO "django_admin_log"', 'DELETE FROM "cancellations_'], ids=["looked", "not yet"]
)
def test_a_reason_that_is_given_while_it_is_deleted_stays(admin_client: Client, before: str) -> None:
    delete_meanwhile_given(admin_client, before)


# Aliases


def alias_form(**changes: Any) -> dict[str, Any]:
    reason = Reason.objects.get(code="out_of_stock")
    return {"origin": "shopee", "source": "seller", "text": "Flooded", "reason": reason.pk, **changes}


def map_elsewhere() -> None:
    AliasFactory.create(
        origin="shopee", source="seller", text="flooded", reason=Reason.objects.get(code="item_damaged")
    )


def test_words_that_another_maps_meanwhile_are_mapped_already(admin_client: Client) -> None:
    with meanwhile(GATE, map_elsewhere):
        answer = admin_client.post(reverse("admin:cancellations_alias_add"), alias_form())
    assert "These words of this origin and source are mapped already" in text_of(answer)
    assert Alias.objects.get(text="flooded").reason.code == "item_damaged"


def test_an_alias_that_another_deletes_meanwhile_is_not_made_again(admin_client: Client) -> None:
    alias = AliasFactory.create(origin="shopee", source="seller", text="flooded")
    with meanwhile(GATE, lambda: Alias.objects.filter(pk=alias.pk).delete()):
        answer = admin_client.post(reverse("admin:cancellations_alias_change", args=[alias.pk]), alias_form())
    assert "Somebody has deleted this alias in the meantime." in text_of(answer)
    assert not Alias.objects.filter(text="flooded").exists()


# Feeds


def test_a_secret_that_is_changed_while_the_feed_is_saved_stays(admin_client: Client) -> None:
    feed = connect_feed(slug="shop", name="The shop")
    shown: list[str] = []

    def rotate() -> None:
        shown.append(rotate_secret(Feed.objects.get(pk=feed.pk)).secret)

    with meanwhile('UPDATE "feeds_feed"', rotate, patience=SHORTLY):
        admin_client.post(reverse("admin:feeds_feed_change", args=[feed.pk]), {"name": "Our shop", "is_active": "on"})
    feed.refresh_from_db()
    assert (feed.name, feed.secret) == ("Our shop", shown[0])


def retry_while_forgetting(*, patience: float) -> None:
    run = refused_by(connect_feed(slug="shop", name="The shop", seller_name="Casa Lucera"), NO_CURRENCY)
    Refused.objects.update(refused_at=timezone.now() - timedelta(days=31))
    with meanwhile('INSERT INTO "feeds_problem"', forget_refused, patience=patience):
        retry_refused(run)


def test_what_is_tried_again_is_forgotten_only_after_that() -> None:
    retry_while_forgetting(patience=SHORTLY)
    assert not Refused.objects.exists()


def test_without_the_lock_it_breaks_on_what_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    with pytest.raises(IntegrityError):
        retry_while_forgetting(patience=LONG_ENOUGH_TO_LOOK)
