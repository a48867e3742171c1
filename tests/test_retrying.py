"""What was refused is tried again once it can be taken, and leaves the list of problems."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from feeds import refusing
from feeds.connecting import connect_feed
from feeds.formats import formats
from feeds.formats.shopify import Shopify
from feeds.json_formats import json_formats
from feeds.models import Delivery, Feed, Problem, Refused, Run
from feeds.receiving import receive
from feeds.retrying import CannotRetry, Retried, retry_refused
from orders.models import Event, Order
from tests.exports import ENGLISH, VIETNAMESE, write_csv
from tests.factories import RunFactory
from tests.test_format_recognising import PAYLOADS
from tests.test_format_shopify import ORDER as SHOPIFY
from tests.test_format_tiktok_export import ROW as TIKTOK_ROW

pytestmark = pytest.mark.django_db
NO_CURRENCY = {name: value for name, value in SHOPIFY.items() if name != "currency"}


@pytest.fixture
def feed(db: None) -> Feed:
    return connect_feed(slug="shop", name="The shop", seller_name="Casa Lucera")


def refused_by(feed: Feed, *payloads: Any) -> Run:
    """Send orders, some of which are refused, and return the run."""
    receive(feed, message="m-1", body=json.dumps(payloads, default=str).encode(), form=Shopify)
    return Run.objects.get()


def imported(path: Path, **options: str) -> Run:
    with pytest.raises(CommandError, match="Some orders were refused"):
        call_command("import_orders", path, **options)
    return Run.objects.get()


# Trying again


def test_after_the_feeds_settings_are_put_right_the_order_is_taken(feed: Feed) -> None:
    run = refused_by(feed, NO_CURRENCY, {**SHOPIFY, "name": "#2", "created_at": "yesterday"})
    assert not Order.objects.exists()
    Feed.objects.update(currency="EUR")
    assert retry_refused(run) == Retried(taken=1, refused=1)
    order = Order.objects.get()
    assert (order.number, order.currency, order.origin) == ("1001", "EUR", "shop")
    run.refresh_from_db()
    assert (run.refused_count, run.taken_later_count) == (2, 1)
    assert list(Problem.objects.values_list("number", "field")) == [("#2", "created_at")]
    assert Refused.objects.count() == 1


def test_what_is_still_refused_keeps_its_new_sentences(feed: Feed) -> None:
    run = refused_by(feed, {**NO_CURRENCY, "created_at": "yesterday"})
    before = Problem.objects.get()
    Feed.objects.update(time_zone="+07:00")
    assert retry_refused(run) == Retried(refused=1)
    after = Problem.objects.get()
    assert (after.sentence, after.row, after.refused) == (before.sentence, before.row, before.refused)
    assert after.pk != before.pk


def test_only_some_of_it_may_be_tried(feed: Feed) -> None:
    run = refused_by(feed, NO_CURRENCY, {**NO_CURRENCY, "name": "#2"})
    Feed.objects.update(currency="EUR")
    some = Problem.objects.get(number="#2").refused_id
    assert some
    assert retry_refused(run, only=[some]) == Retried(taken=1)
    assert Order.objects.get().number == "2"
    assert Problem.objects.get().number == "#1001"


def test_trying_again_twice_changes_nothing_the_second_time(feed: Feed) -> None:
    run = refused_by(feed, NO_CURRENCY)
    Feed.objects.update(currency="EUR")
    retry_refused(run)
    events = Event.objects.count()
    assert retry_refused(run) == Retried()
    assert Event.objects.count() == events


def test_newer_news_is_not_undone(feed: Feed) -> None:
    newer = {**SHOPIFY, "updated_at": "2030-01-01T00:00:00Z", "total_price": "1.00"}
    receive(feed, message="m-2", body=json.dumps(newer, default=str).encode(), form=Shopify)
    run = refused_by(feed, NO_CURRENCY)
    Feed.objects.update(currency="EUR")
    assert retry_refused(run) == Retried(taken=1)
    assert Order.objects.get().total == 1
    assert not Problem.objects.exists()


def test_an_order_sent_again_later_is_then_unchanged(feed: Feed) -> None:
    run = refused_by(feed, NO_CURRENCY)
    Feed.objects.update(currency="EUR")
    retry_refused(run)
    feed.refresh_from_db()
    [told] = receive(feed, message="m-2", body=json.dumps(NO_CURRENCY, default=str).encode(), form=Shopify)
    assert told["outcome"] == "unchanged"


def test_more_than_one_batch_is_tried(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.retrying.ORDERS_AT_ONCE", 2)
    bad = {**SHOPIFY, "name": "#0", "created_at": "yesterday"}
    run = refused_by(feed, bad, *({**NO_CURRENCY, "name": f"#{n}"} for n in range(1, 6)))
    Feed.objects.update(currency="EUR")
    assert retry_refused(run) == Retried(taken=5, refused=1)
    assert Order.objects.count() == 5


def test_our_own_documents_are_tried_again_as_the_feeds_words(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        **PAYLOADS["canonical"],
        "status": "cancelled",
        "cancellation": {"source": "buyer", "raw_reason": "Why not"},
    }
    receive(feed, message="m-1", body=json.dumps({**said, "currency": "EURO"}).encode())
    Refused.objects.update(records=Refused.objects.get().records.replace("EURO", "EUR"))  # as if the rule had changed
    assert retry_refused(Run.objects.get()) == Retried(taken=1)
    ended = Order.objects.get().cancellation
    assert ended
    assert (ended.origin, ended.raw_reason) == ("shop", "Why not")


# Files


def test_of_a_file_the_options_of_its_import_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "orders.csv", [ENGLISH, {**ENGLISH, "Order ID": "2", "Order Status": "On a journey"}])
    run = imported(path, seller="Shop", currency="SGD", time_zone="+08:00")
    assert (run.currency, run.time_zone) == ("SGD", "+08:00")
    assert retry_refused(run) == Retried(refused=1)
    monkeypatch.setattr("feeds.formats.shopee.reading._statuses", lambda _: {"on a journey": Order.Status.SHIPPED})
    assert retry_refused(run) == Retried(taken=1)
    taken, told = Order.objects.get(number="2"), Order.objects.get(number="2401A1")
    assert (taken.status, taken.currency, taken.placed_at, taken.origin) == ("shipped", "SGD", told.placed_at, "shopee")


def test_an_exports_own_language_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "orders.csv", [VIETNAMESE, {**VIETNAMESE, "Mã đơn hàng": "2", "Số lượng": "two"}])
    run = imported(path, seller="Shop")
    assert retry_refused(run) == Retried(refused=1)
    assert Problem.objects.get().field == "Số lượng"
    records = Refused.objects.get().records
    assert "12 H" not in records  # the address; its other cells are those that are read
    Refused.objects.update(records=records.replace('"two"', '"2"'))
    assert retry_refused(run) == Retried(taken=1)
    assert Order.objects.get(number="2").currency == "VND"


def test_a_named_time_zone_is_remembered(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "orders.csv", [{**TIKTOK_ROW, "Order Status": "On a journey"}])
    run = imported(path, seller="Shop", currency="VND", time_zone="Asia/Ho_Chi_Minh")
    assert run.time_zone == "Asia/Ho_Chi_Minh"
    assert retry_refused(run) == Retried(refused=1)


def test_a_rehearsal_keeps_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "orders.csv", [{**VIETNAMESE, "Số lượng": "two"}])
    with pytest.raises(CommandError, match="Some orders were refused"):
        call_command("import_orders", path, seller="Shop", dry_run=True)
    assert not Refused.objects.exists()


def test_of_one_run_so_many_are_kept_and_all_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusing, "MOST_KEPT", 2)
    rows = [{**VIETNAMESE, "Mã đơn hàng": str(number), "Số lượng": "two"} for number in range(5)]
    imported(write_csv(tmp_path / "orders.csv", rows), seller="Shop")
    assert (Refused.objects.count(), Problem.objects.count()) == (2, 5)
    assert Problem.objects.filter(refused=None).count() == 3


def test_an_order_that_is_too_long_to_be_kept_is_told_all_the_same(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusing, "MOST_CHARACTERS_KEPT", 50)
    refused_by(feed, NO_CURRENCY)
    assert not Refused.objects.exists()
    assert Problem.objects.exists()


# When it cannot be


def test_a_run_that_goes_on_is_left_alone() -> None:
    with pytest.raises(CannotRetry, match="still running"):
        retry_refused(RunFactory.create(state="running", ended_at=None))


def test_a_format_that_is_gone_is_named(feed: Feed) -> None:
    run = refused_by(feed, NO_CURRENCY)
    Run.objects.update(format="etsy")
    run.refresh_from_db()
    assert "etsy" not in formats()
    with pytest.raises(CannotRetry, match="no format “etsy” any more"):
        retry_refused(run)


def test_a_feed_that_names_no_seller_any_more_cannot(feed: Feed) -> None:
    run = refused_by(feed, NO_CURRENCY)
    Feed.objects.update(seller_name="")
    with pytest.raises(CannotRetry, match="does not say whose shop it is"):
        retry_refused(Run.objects.get(pk=run.pk))


# The commands


def test_a_command_tries_one_run_or_all(feed: Feed, capsys: pytest.CaptureFixture[str]) -> None:
    run = refused_by(feed, NO_CURRENCY)
    RunFactory.create()
    with pytest.raises(CommandError, match="Some orders were refused again") as caught:
        call_command("retry_refused")
    assert caught.value.returncode == 1
    assert "0 taken, 1 refused again" in capsys.readouterr().out
    Feed.objects.update(currency="EUR")
    call_command("retry_refused", str(run.pk))
    assert f"{run}: 1 taken, 0 refused again" in capsys.readouterr().out
    call_command("retry_refused")
    assert "Nothing that was refused is kept." in capsys.readouterr().out


def test_the_command_goes_on_past_a_run_that_cannot_be_tried(feed: Feed, capsys: pytest.CaptureFixture[str]) -> None:
    refused_by(feed, NO_CURRENCY)
    Run.objects.update(format="etsy")
    with pytest.raises(CommandError, match="Not everything could be tried"):
        call_command("retry_refused")
    assert "There is no format “etsy” any more." in capsys.readouterr().err


def test_the_command_says_when_there_is_no_such_run() -> None:
    with pytest.raises(CommandError, match="There is no import 77"):
        call_command("retry_refused", "77")


def test_what_is_kept_is_forgotten_after_thirty_days_and_the_problem_stays(
    feed: Feed, capsys: pytest.CaptureFixture[str]
) -> None:
    refused_by(feed, NO_CURRENCY)
    Refused.objects.update(refused_at=F("refused_at") - timedelta(days=29))
    call_command("forget_deliveries")
    assert Refused.objects.exists()
    Refused.objects.update(refused_at=timezone.now() - timedelta(days=31))
    Delivery.objects.update(received_at=timezone.now() - timedelta(days=31))
    call_command("forget_deliveries")
    assert "Forgot 1 receipts, and what was kept of 1 refused orders." in capsys.readouterr().out
    assert not Refused.objects.exists()
    assert Problem.objects.get().refused is None
    assert Run.objects.get().refused_count == 1


def test_what_is_forgotten_is_never_an_event(feed: Feed) -> None:
    receive(feed, message="m-1", body=json.dumps(SHOPIFY, default=str).encode(), form=json_formats()["shopify"])
    before = list(Event.objects.values())
    Event.objects.update(recorded_at=timezone.now() - timedelta(days=4_000))
    Delivery.objects.update(received_at=timezone.now() - timedelta(days=4_000))
    for command in ("forget_deliveries", "forget_sessions", "send_due_mail", "approve_lapsed_requests"):
        call_command(command)
    assert Event.objects.count() == len(before) == 1
