"""Feeds in the admin: made, described, given another secret; what they sent, and what was refused of it."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from feeds.admin import retrying
from feeds.connecting import connect_feed, rotate_secret
from feeds.formats.shopify import Shopify
from feeds.models import Delivery, Feed, Problem, Refused, Run
from feeds.receiving import receive
from foundation.csv_files import streamed
from orders.models import Order
from tests.factories import DeliveryFactory, FeedFactory, OrderFactory, ProblemFactory, RefusedFactory, RunFactory
from tests.pages import text_of
from tests.test_format_shopify import ORDER as SHOPIFY

pytestmark = pytest.mark.django_db
FEEDS, RUNS, PROBLEMS = (reverse(f"admin:feeds_{name}_changelist") for name in ("feed", "run", "problem"))
NEW = {
    "slug": "shop",
    "name": "The shop",
    "format": "shopify",
    "seller_name": "Casa Lucera",
    "currency": "EUR",
    "time_zone": "+07:00",
    "is_active": "on",
}


@pytest.fixture
def feed(db: None) -> Feed:
    return connect_feed(slug="shop", name="The shop", seller_name="Casa Lucera")


def change(feed: Feed) -> str:
    return reverse("admin:feeds_feed_change", args=[feed.pk])


def rows_of(answer: Any) -> list[list[str]]:
    data = b"".join(answer.streaming_content).decode()
    assert data.startswith("\ufeff")
    return list(csv.reader(io.StringIO(data.removeprefix("\ufeff"))))


def seen_of(feed: Feed) -> dict[str, str]:
    return {"seen": feed.rotated_at.isoformat() if feed.rotated_at else ""}


# Making one


def test_a_feed_is_made_and_its_secret_is_shown_in_that_answer_alone(admin_client: Client) -> None:
    answer = admin_client.post(reverse("admin:feeds_feed_add"), NEW)
    feed = Feed.objects.get()
    assert answer.status_code == 200
    assert feed.secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert (feed.format, feed.seller_name, feed.currency, feed.time_zone) == ("shopify", "Casa Lucera", "EUR", "+07:00")
    for address in (FEEDS, change(feed), reverse("admin:feeds_feed_history", args=[feed.pk]), reverse("admin:index")):
        assert feed.secret not in admin_client.get(address).content.decode()
    kept = [*(cookie.value for cookie in admin_client.cookies.values()), *map(str, answer.headers.values())]
    kept += [str(session.get_decoded()) for session in Session.objects.all()]
    kept += [f"{entry.change_message} {entry.object_repr}" for entry in LogEntry.objects.all()]
    assert LogEntry.objects.get().is_addition()
    assert not [text for text in kept if feed.secret in text]


def test_sending_the_form_again_makes_no_second_feed(admin_client: Client) -> None:
    admin_client.post(reverse("admin:feeds_feed_add"), NEW)
    answer = admin_client.post(reverse("admin:feeds_feed_add"), NEW)
    assert "already exists" in answer.content.decode()
    assert Feed.objects.get().secret not in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("slug", "My Shop", "Use 1 to 40 lower-case letters, digits and hyphens."),
        ("slug", "", "This field is required."),
        ("name", "", "This field is required."),
        ("format", "etsy", "There is no such format; there are aliexpress, amazon"),
        ("seller_name", "", "Orders in this format do not say whose shop it is: name the seller."),
        ("currency", "eur", "A currency is a code of three capital letters, as in EUR."),
        ("time_zone", "Mars/Olympus", "A time zone is an offset, as in +07:00, or a name, as in Asia/Ho_Chi_Minh."),
        ("time_zone", "\x00", "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(admin_client: Client, field: str, value: str, sentence: str) -> None:
    answer = admin_client.post(reverse("admin:feeds_feed_add"), {**NEW, field: value})
    assert sentence in text_of(answer)
    assert not Feed.objects.exists()


def test_it_is_described_anew_but_keeps_its_name_in_addresses(admin_client: Client, feed: Feed) -> None:
    secret = feed.secret
    admin_client.post(change(feed), {**NEW, "slug": "other", "name": "Another name", "is_active": ""})
    feed.refresh_from_db()
    assert (feed.slug, feed.name, feed.is_active, feed.secret) == ("shop", "Another name", False, secret)


# The secret


def test_the_secret_is_changed_once_that_is_confirmed_and_leaves_a_trace(admin_client: Client, feed: Feed) -> None:
    address, old = reverse("admin:feed-rotate", args=[feed.pk]), feed.secret
    asked = admin_client.get(address).content.decode()
    assert "The present one stays valid until you end it" in asked
    feed.refresh_from_db()
    assert feed.secret == old
    answer = admin_client.post(address, seen_of(feed))
    feed.refresh_from_db()
    assert (feed.previous_secret, feed.secret in answer.content.decode()) == (old, True)
    assert old not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert LogEntry.objects.get().change_message == "Changed the secret."


def test_sending_the_confirmation_again_changes_nothing(admin_client: Client, feed: Feed) -> None:
    address, seen = reverse("admin:feed-rotate", args=[feed.pk]), seen_of(feed)
    admin_client.post(address, seen)
    feed.refresh_from_db()
    secret = feed.secret
    answer = admin_client.post(address, seen, follow=True)
    feed.refresh_from_db()
    assert feed.secret == secret
    assert secret not in answer.content.decode()
    assert "has just been changed by somebody else" in text_of(answer)


@pytest.mark.parametrize("seen", ["yesterday", "0001-01-01T00:00:00", "9999-12-31T23:59:59-23:59", "\x00"])
def test_a_confirmation_that_says_nothing_sensible_changes_nothing(admin_client: Client, feed: Feed, seen: str) -> None:
    for act in ("feed-rotate", "feed-end-previous"):
        assert admin_client.post(reverse(f"admin:{act}", args=[feed.pk]), {"seen": seen}).status_code == 302
    secret = feed.secret
    feed.refresh_from_db()
    assert feed.secret == secret


def test_the_previous_secret_is_ended(admin_client: Client, feed: Feed) -> None:
    feed = rotate_secret(feed)
    assert "Two secrets are valid, since the change on" in text_of(admin_client.get(change(feed)))
    address = reverse("admin:feed-end-previous", args=[feed.pk])
    assert "are refused from now on" in admin_client.get(address).content.decode()
    answer = admin_client.post(address, seen_of(feed), follow=True)
    assert "Only the newest secret is valid now." in text_of(answer)
    feed.refresh_from_db()
    assert feed.previous_secret == ""
    assert LogEntry.objects.get().change_message == "Ended the previous secret."
    assert "nothing was done" in text_of(admin_client.post(address, seen_of(feed), follow=True))


def test_before_another_change_it_says_that_the_secret_before_ends(admin_client: Client, feed: Feed) -> None:
    rotate_secret(feed)
    asked = admin_client.get(reverse("admin:feed-rotate", args=[feed.pk]))
    assert "It ends at once" in text_of(asked)


@pytest.mark.parametrize("act", ["feed-rotate", "feed-end-previous"])
def test_secrets_are_closed_to_staff_without_the_right(admin_client: Client, admin: User, feed: Feed, act: str) -> None:
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    address = reverse(f"admin:{act}", args=[feed.pk])
    assert {admin_client.get(address).status_code, admin_client.post(address).status_code} == {403}


def test_visitors_are_asked_to_sign_in(client: Client, feed: Feed) -> None:
    for address in (FEEDS, reverse("admin:feed-rotate", args=[feed.pk]), reverse("admin:feeds_run_csv")):
        assert client.get(address).status_code == 302


# How it stands


def test_the_list_says_how_feeds_stand(admin_client: Client, feed: Feed) -> None:
    DeliveryFactory.create_batch(3, feed=feed)
    FeedFactory.create(name="Asleep", is_active=False)
    page = text_of(admin_client.get(FEEDS))
    assert "Active." in page
    assert "Inactive: what it sends is refused." in page
    assert "none in the last thirty days" in page
    assert f"?feed__id__exact={feed.pk}" in admin_client.get(FEEDS).content.decode()


def test_the_list_costs_the_same_for_one_feed_and_for_many(admin_client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            admin_client.get(FEEDS)
        return len(queries)

    FeedFactory.create()
    first = cost()
    for made in FeedFactory.create_batch(8):
        DeliveryFactory.create_batch(2, feed=made)
    assert cost() == first


def test_a_feed_that_has_sent_anything_is_never_deleted(admin_client: Client, feed: Feed) -> None:
    address = reverse("admin:feeds_feed_delete", args=[feed.pk])
    delivery = DeliveryFactory.create(feed=feed)
    admin_client.post(address, {"post": "yes"})
    assert "Make it inactive instead" in text_of(admin_client.get(address))
    delivery.delete()
    OrderFactory.create(origin=feed.slug)
    admin_client.post(address, {"post": "yes"})
    assert Feed.objects.exists()
    Order.objects.update(origin="another")
    admin_client.post(address, {"post": "yes"})
    assert not Feed.objects.exists()


# What it sent


def test_deliveries_are_read_with_what_became_of_their_orders(admin_client: Client, feed: Feed) -> None:
    receive(
        feed,
        message="m-77",
        body=json.dumps([SHOPIFY, {**SHOPIFY, "name": "#2", "currency": ""}]).encode(),
        form=Shopify,
    )
    listed = text_of(admin_client.get(reverse("admin:feeds_delivery_changelist") + "?refused=some"))
    assert "m-77" in listed
    page = admin_client.get(reverse("admin:feeds_delivery_change", args=[Delivery.objects.get().pk]))
    assert "1001: applied" in text_of(page)
    assert "2: refused" in text_of(page)
    assert "m-77" not in text_of(admin_client.get(reverse("admin:feeds_delivery_changelist") + "?refused=none"))


def test_a_run_of_a_feed_leads_to_its_problems(admin_client: Client, feed: Feed) -> None:
    receive(feed, message="m-77", body=json.dumps([{**SHOPIFY, "currency": ""}]).encode(), form=Shopify)
    run = Run.objects.get()
    page = admin_client.get(f"{RUNS}?feed__id__exact={feed.pk}").content.decode()
    assert f"?run__id__exact={run.pk}" in page
    assert "An amount needs a currency." in text_of(admin_client.get(f"{PROBLEMS}?run__id__exact={run.pk}"))


# As files


def test_imports_are_downloaded_as_they_are_filtered(admin_client: Client, feed: Feed) -> None:
    RunFactory.create(file_name="=cmd()|calc", feed=feed, format="shopify", refused_count=3, taken_later_count=1)
    RunFactory.create(file_name="other.csv")
    answer = admin_client.get(reverse("admin:feeds_run_csv"), {"format": "shopify"})
    assert answer.streaming
    assert 'filename="imports.csv"' in answer["Content-Disposition"]
    head, row = rows_of(answer)
    assert dict(zip(head, row, strict=True)) | {"import": "", "started": "", "ended": ""} == {
        "import": "",
        "started": "",
        "ended": "",
        "feed": "shop",
        "file or message": "'=cmd()|calc",
        "format": "shopify",
        "seller": "Minh Long Ceramics",
        "state": "finished",
        "new": "0",
        "changed": "0",
        "unchanged": "0",
        "stale": "0",
        "refused": "3",
        "taken later": "1",
        "why it was refused": "",
    }


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_download_is_run_by_a_spreadsheet(admin_client: Client, begin: str) -> None:
    ProblemFactory.create(number=f"{begin}1", sentence=f"{begin}HYPERLINK()")
    _head, row = rows_of(admin_client.get(reverse("admin:feeds_problem_csv")))
    assert f"'{begin}1" in row
    assert f"'{begin}HYPERLINK()" in row


def test_no_heading_of_a_download_is_run_by_a_spreadsheet() -> None:
    assert rows_of(streamed("problems", ["=1+1", "when"], [])) == [["'=1+1", "when"]]


def test_a_download_holds_all_pages_and_is_searched_like_the_list(admin_client: Client) -> None:
    run = RunFactory.create(file_name="big.csv")
    for number in range(130):
        ProblemFactory.create(run=run, number=f"A{number}")
    ProblemFactory.create(number="B1")
    assert len(rows_of(admin_client.get(reverse("admin:feeds_problem_csv"), {"run__id__exact": run.pk}))) == 131
    assert len(rows_of(admin_client.get(reverse("admin:feeds_problem_csv"), {"q": "B1"}))) == 2


def test_a_filter_that_is_none_leads_back_to_the_list(admin_client: Client) -> None:
    assert admin_client.get(reverse("admin:feeds_problem_csv"), {"run__id__exact": "x"}).status_code == 302


def test_downloads_are_closed_to_staff_without_the_right(admin_client: Client, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    assert admin_client.get(reverse("admin:feeds_problem_csv")).status_code == 403


def test_problems_are_filtered_by_whether_they_can_be_tried_again(admin_client: Client) -> None:
    ProblemFactory.create(sentence="Kept.", refused=RefusedFactory.create())
    ProblemFactory.create(sentence="Gone.")
    page = text_of(admin_client.get(PROBLEMS, {"kept": "yes"}))
    assert ("Kept." in page, "Gone." in page) == (True, False)
    page = text_of(admin_client.get(PROBLEMS, {"kept": "no"}))
    assert ("Kept." in page, "Gone." in page) == (False, True)


# Trying again


@pytest.fixture
def run(feed: Feed) -> Run:
    """A message of two orders, both refused: the feed's currency was not known; it is now."""
    said = [{**SHOPIFY, "currency": "", "name": name} for name in ("#1", "#2")]
    receive(feed, message="m-1", body=json.dumps(said).encode(), form=Shopify)
    Feed.objects.update(currency="EUR")
    return Run.objects.get()


def test_what_an_import_had_refused_is_tried_again(admin_client: Client, run: Run) -> None:
    answer = admin_client.post(RUNS, {"action": "retry_runs", "_selected_action": [run.pk]}, follow=True)
    assert f"Import {run}: 2 taken, 0 refused again." in text_of(answer)
    assert set(Order.objects.values_list("number", flat=True)) == {"1", "2"}
    assert LogEntry.objects.get().change_message == "Tried again: 2 taken, 0 refused again."
    again = admin_client.post(RUNS, {"action": "retry_runs", "_selected_action": [run.pk]}, follow=True)
    assert f"Import {run}: nothing is kept of what was refused" in text_of(again)


def test_a_chosen_order_is_tried_again(admin_client: Client, run: Run) -> None:
    chosen = Problem.objects.get(number="#2")
    answer = admin_client.post(PROBLEMS, {"action": "retry_problems", "_selected_action": [chosen.pk]}, follow=True)
    assert "1 taken, 0 refused again." in text_of(answer)
    assert Order.objects.get().number == "2"
    assert Refused.objects.count() == Problem.objects.count() == 1


def test_what_cannot_be_tried_is_said(admin_client: Client, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"action": "retry_runs", "_selected_action": [run.pk]}
    monkeypatch.setattr(retrying, "MOST_AT_ONCE", 1)
    answer = text_of(admin_client.post(RUNS, said, follow=True))
    assert f"Import {run}: that is too much to wait for; run manage.py retry_refused {run.pk}." in answer
    monkeypatch.setattr(retrying, "MOST_AT_ONCE", 9)
    Run.objects.update(format="etsy")
    assert f"Import {run}: There is no format “etsy” any more." in text_of(admin_client.post(RUNS, said, follow=True))
    assert not Order.objects.exists()


def test_trying_again_is_closed_to_staff_without_the_right(admin_client: Client, admin: User, run: Run) -> None:
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    admin.user_permissions.add(*_permissions("view_run", "view_problem"))
    admin_client.post(RUNS, {"action": "retry_runs", "_selected_action": [run.pk]})
    assert "Try again what was refused" not in text_of(admin_client.get(RUNS))
    assert not Order.objects.exists()


def _permissions(*names: str) -> Any:
    from django.contrib.auth.models import Permission  # noqa: PLC0415

    return Permission.objects.filter(codename__in=names)


def test_the_last_message_is_named(admin_client: Client, feed: Feed) -> None:
    DeliveryFactory.create(feed=feed, received_at=timezone.now() - timedelta(days=2))
    assert "none in the last thirty days" not in text_of(admin_client.get(change(feed)))
