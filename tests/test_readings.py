"""Whose shop it is, which currency and which time zone a person says of a file: said wrongly, it can be put right."""

from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from orders.documents import OrderDocument, SellerDocument
from orders.models import Event, Order
from orders.recording import Reading, What, record_orders
from tests.documents import PLACED, cancellation_document, cancelled_document, order_document
from tests.exports import ENGLISH, write_csv

pytestmark = pytest.mark.django_db
RIGHT = {"seller": "Right shop", "currency": "SGD", "time_zone": "+08:00"}
WRONG = [{"seller": "Other shop"}, {"currency": "USD"}, {"time_zone": "+07:00"}, {"time_zone": "America/New_York"}]
ORDERS = 20


@pytest.fixture
def export(tmp_path: Path) -> Path:
    # Many, for with one the digest may happen to fall as it should.
    return write_csv(tmp_path / "orders.csv", [{**ENGLISH, "Order ID": f"A{place}"} for place in range(ORDERS)])


def run(path: Path, **options: Any) -> None:
    call_command("import_orders", path, **{"format": "shopee", **RIGHT, **options})


def known() -> list[tuple[Any, ...]]:
    return list(
        Order.objects.order_by("number").values_list("number", "seller__name", "currency", "placed_at", "paid_at")
    )


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistaken_option_changes_nothing_and_the_summary_says_so(
    export: Path, mistake: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(export)
    before, events = known(), Event.objects.count()
    capsys.readouterr()
    run(export, **mistake)
    said = capsys.readouterr().out
    assert "(0 new, 0 changed, 0 unchanged, 20 stale, 0 refused)" in said
    assert "(another --seller, --currency or --time-zone?): 20." in said
    assert "--correct takes this reading." in said
    assert (known(), Event.objects.count()) == (before, events)
    run(export)
    assert "20 unchanged" in capsys.readouterr().out


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_taken_back_by_correcting_it_and_stays_so(
    export: Path, mistake: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(export)
    right = known()
    Event.objects.all().delete()
    Order.objects.all().delete()
    run(export, **mistake)
    assert known() != right
    run(export, correct=True)
    assert "20 changed" in capsys.readouterr().out
    assert known() == right
    run(export, correct=True)
    run(export, **mistake)
    run(export)
    said = capsys.readouterr().out
    assert said.count("20 unchanged") == 2
    assert known() == right


def test_without_a_mistake_nothing_is_said_of_it(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(export)
    run(export, correct=True)
    assert "--correct" not in capsys.readouterr().out


def test_a_rehearsal_corrects_nothing(export: Path) -> None:
    run(export, seller="Other shop")
    run(export, correct=True, dry_run=True)
    assert set(Order.objects.values_list("seller__name", flat=True)) == {"Other shop"}


def test_other_options_do_not_keep_newer_news_out(tmp_path: Path) -> None:
    run(write_csv(tmp_path / "old.csv", [{**ENGLISH, "Order Status": "Shipping", "Order Complete Time": ""}]))
    run(write_csv(tmp_path / "new.csv", [ENGLISH]), seller="Other shop")
    assert Order.objects.get().status == Order.Status.DELIVERED


def test_our_own_documents_take_no_options_and_are_ranked_as_ever(tmp_path: Path) -> None:
    one, other = (order_document(seller=SellerDocument(name=name)) for name in ("A shop", "B shop"))
    for document in (one, other, one):
        path = tmp_path / "one.json"
        path.write_text(document.model_dump_json(), encoding="utf-8")
        call_command("import_orders", path, format="canonical", correct=True)
    assert Order.objects.get().seller.name == max(one, other, key=lambda said: said.digest).seller.name


# What is recorded


def moved(document: OrderDocument, hours: int, version: int) -> OrderDocument:
    """Give the document as another time zone makes it."""
    shift = timedelta(hours=hours)
    ended = document.cancellation
    assert ended
    assert ended.cancelled_at
    assert document.placed_at
    ended = cancellation_document(cancelled_at=ended.cancelled_at + shift)
    return cancelled_document(version=version, placed_at=document.placed_at + shift, cancellation=ended)


ENDED = cancelled_document(version=100, cancellation=cancellation_document(cancelled_at=PLACED + timedelta(days=1)))


@pytest.mark.parametrize(("hours", "version"), [(5, 105), (-5, 95)])
def test_moments_that_all_move_alike_are_another_zone_however_the_version_moves(hours: int, version: int) -> None:
    read = moved(ENDED, hours, version)
    record_orders([ENDED], origin="shop", reading=Reading.ADDED_TO)
    [told] = record_orders([read], origin="shop", reading=Reading.ADDED_TO)
    assert (told.what, told.is_read_otherwise) == (What.STALE, True)
    [told] = record_orders([read], origin="shop", reading=Reading.CORRECTED)
    assert told.what == What.CHANGED
    ended = Order.objects.get().cancellation
    assert ended
    assert ended.cancelled_at == PLACED + timedelta(days=1, hours=hours)
    [told] = record_orders([ENDED], origin="shop", reading=Reading.ADDED_TO)
    assert (told.what, told.is_read_otherwise) == (What.STALE, True)


def test_one_moment_that_moves_alone_is_news() -> None:
    known = order_document(version=1, ship_by=PLACED + timedelta(days=2))
    later = order_document(version=2, ship_by=PLACED + timedelta(days=3))
    record_orders([known], origin="shop", reading=Reading.ADDED_TO)
    [told] = record_orders([later], origin="shop", reading=Reading.ADDED_TO)
    assert told.what == What.CHANGED
    [told] = record_orders([known], origin="shop", reading=Reading.CORRECTED)
    assert told.what == What.STALE


def test_a_correction_of_another_sender_is_none() -> None:
    one, other = (order_document(carrier=name) for name in ("SPX", "J&T"))
    low, high = sorted([one, other], key=lambda said: said.digest)
    record_orders([high], origin="shop", reading=Reading.ADDED_TO)
    [told] = record_orders([low.model_copy(update={"currency": "USD"})], origin="else", reading=Reading.CORRECTED)
    assert not told.is_read_otherwise
    assert Order.objects.get().origin in {"shop", "else"}  # as their digests rank them


def test_all_files_read_again_rightly_end_alike_in_every_order() -> None:
    """Statements of three versions, read with the wrong seller and zone, then corrected in all orders of arrival."""
    wrong = [
        order_document(version=version + 5, carrier=f"{version}", seller=SellerDocument(name="Other"), placed_at=at(5))
        for version in (10, 12, 14)
    ]
    right = [order_document(version=version, carrier=f"{version}", placed_at=at(0)) for version in (10, 12, 14)]
    for place, arrival in enumerate(permutations(range(3))):
        number = f"P{place}"
        for turn, reading in ((wrong, Reading.ADDED_TO), (right, Reading.CORRECTED)):
            for one in arrival:
                record_orders([turn[one].model_copy(update={"number": number})], origin="shop", reading=reading)
    ends = set(Order.objects.values_list("seller__name", "carrier", "origin_version", "placed_at"))
    assert ends == {("Minh Long Ceramics", "14", 14, PLACED)}


def test_in_one_batch_the_newest_of_what_corrects_wins() -> None:
    wrong = order_document(version=19, carrier="14", placed_at=at(5))
    older, newer = (order_document(version=version, carrier=f"{version}") for version in (10, 14))
    record_orders([wrong], origin="shop", reading=Reading.ADDED_TO)
    told = record_orders([newer, older], origin="shop", reading=Reading.CORRECTED)
    assert [one.what for one in told] == [What.CHANGED, What.STALE]
    assert Order.objects.get().carrier == "14"


def at(hours: int) -> Any:
    return PLACED + timedelta(hours=hours)
