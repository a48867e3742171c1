"""What was refused of an order leaves the problems once the same sender's order is taken, or is refused alike again."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feeds.connecting import connect_feed
from feeds.formats.shopify import Shopify
from feeds.models import Problem, Refused, Run
from feeds.receiving import receive
from orders.models import Order
from tests.exports import VIETNAMESE, write_csv
from tests.payloads import write_json
from tests.test_format_recognising import PAYLOADS
from tests.test_format_shopify import ORDER as SHOPIFY

pytestmark = pytest.mark.django_db
BAD = {**VIETNAMESE, "Số lượng": "hai"}
NO_SELLER = {name: value for name, value in PAYLOADS["ebay"].items() if name != "sellerId"}


def run(*files: Path, **options: Any) -> None:
    call_command("import_orders", *files, **{"seller": "Shop", **options})


def refused(*files: Path, **options: Any) -> None:
    with pytest.raises(CommandError, match="Some orders were refused"):
        run(*files, **options)


def test_a_file_that_is_imported_properly_closes_what_was_wrong_before(tmp_path: Path) -> None:
    path = write_json(tmp_path / "order.json", NO_SELLER)
    refused(path, format="ebay", seller="")
    assert Problem.objects.exists()
    run(path, format="ebay", seller="Shop")
    assert not Problem.objects.exists()
    assert not Refused.objects.exists()
    assert list(Run.objects.order_by("pk").values_list("refused_count", "taken_later_count")) == [(1, 1), (0, 0)]


def test_the_same_bad_file_again_repeats_no_problem(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "orders.csv", [BAD, {**BAD, "Mã đơn hàng": "\x00"}])
    refused(path)
    refused(path)
    last = Run.objects.latest("pk").pk
    assert list(Problem.objects.values_list("run", "row").order_by("row")) == [(last, 2), (last, 3)]
    assert Refused.objects.count() == 2


def test_another_bad_file_keeps_both(tmp_path: Path) -> None:
    refused(write_csv(tmp_path / "january.csv", [BAD]))
    refused(write_csv(tmp_path / "february.csv", [BAD]))
    assert Problem.objects.count() == 2


def test_what_is_stale_closes_nothing(tmp_path: Path) -> None:
    old = {**VIETNAMESE, "Trạng Thái Đơn Hàng": "Đang giao", "Thời gian hoàn thành đơn hàng": ""}
    run(write_csv(tmp_path / "new.csv", [VIETNAMESE]))
    refused(write_csv(tmp_path / "newer.csv", [{**VIETNAMESE, "Trạng Thái Đơn Hàng": "Trả hàng"}]))
    run(write_csv(tmp_path / "old.csv", [old]))
    assert Problem.objects.count() == 1


def test_an_older_file_that_says_what_is_known_closes_nothing_but_its_own(tmp_path: Path) -> None:
    """What was refused of the newer file is still not in; a file that was put right is done with."""
    older, newer = write_csv(tmp_path / "may.csv", [VIETNAMESE]), write_csv(tmp_path / "june.csv", [BAD])
    run(older)
    refused(newer)
    run(older)
    assert Problem.objects.count() == 1
    run(write_csv(newer, [VIETNAMESE]))
    assert not Problem.objects.exists()
    assert Run.objects.order_by("-pk").values_list("unchanged_count", flat=True)[0] == 1


def test_files_of_one_command_close_nothing_of_each_other(tmp_path: Path) -> None:
    newer = write_csv(tmp_path / "newer.csv", [{**VIETNAMESE, "Trạng Thái Đơn Hàng": "Trả hàng"}])
    refused(newer, write_csv(tmp_path / "old.csv", [VIETNAMESE]))
    assert Problem.objects.count() == 1


def test_another_senders_order_closes_nothing(tmp_path: Path) -> None:
    refused(write_json(tmp_path / "one.json", {**SHOPIFY, "currency": "EURO"}), format="shopify", seller="Casa")
    feed = connect_feed(slug="shop", name="The shop", seller_name="Casa")
    receive(feed, message="m-1", body=json.dumps(SHOPIFY).encode(), form=Shopify)
    assert Order.objects.exists()
    assert Problem.objects.count() == 1


def test_a_feeds_later_message_closes_what_its_earlier_one_had_wrong() -> None:
    feed = connect_feed(slug="shop", name="The shop", seller_name="Casa")
    receive(feed, message="m-1", body=json.dumps({**SHOPIFY, "currency": "EURO"}).encode(), form=Shopify)
    assert Problem.objects.get().number == "#1001"
    receive(feed, message="m-2", body=json.dumps(SHOPIFY).encode(), form=Shopify)
    assert not Problem.objects.exists()


def test_a_rehearsal_closes_nothing(tmp_path: Path) -> None:
    refused(write_csv(tmp_path / "orders.csv", [BAD]))
    run(write_csv(tmp_path / "good.csv", [VIETNAMESE]), dry_run=True)
    assert Problem.objects.count() == 1


def test_it_takes_as_many_statements_for_forty_as_for_four(tmp_path: Path) -> None:
    def statements(count: int) -> int:
        rows = [{**VIETNAMESE, "Mã đơn hàng": f"{count}-{place}"} for place in range(count)]
        refused(write_csv(tmp_path / "orders.csv", [{**row, "Số lượng": "hai"} for row in rows]))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            run(write_csv(tmp_path / "good.csv", rows))
        assert not Problem.objects.exists()
        return len(asked)

    assert statements(4) == statements(40)


# Trying again with other options


def test_a_seller_may_be_named_when_a_file_is_tried_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(write_json(tmp_path / "order.json", NO_SELLER), format="ebay", seller="")
    number = str(Run.objects.get().pk)
    with pytest.raises(CommandError, match="Some orders were refused again"):
        call_command("retry_refused", number)
    call_command("retry_refused", number, seller="Shop")
    assert "1 taken, 0 refused again" in capsys.readouterr().out
    assert Order.objects.get().seller.name == "Shop"


def test_options_are_of_one_import_and_not_of_a_feeds_message() -> None:
    with pytest.raises(CommandError, match="are said of one import: name it") as caught:
        call_command("retry_refused", seller="Shop")
    assert caught.value.returncode == 2
    with pytest.raises(CommandError, match="--currency is a code") as caught:
        call_command("retry_refused", "1", currency="euro")
    assert caught.value.returncode == 2


def test_a_feeds_settings_go_before_options(capsys: pytest.CaptureFixture[str]) -> None:
    feed = connect_feed(slug="shop", name="The shop", seller_name="Casa")
    receive(feed, message="m-1", body=json.dumps({**SHOPIFY, "currency": "EURO"}).encode(), form=Shopify)
    with pytest.raises(CommandError, match="Not everything could be tried again"):
        call_command("retry_refused", str(Run.objects.get().pk), currency="EUR")
    assert "in the feed's settings" in capsys.readouterr().err
