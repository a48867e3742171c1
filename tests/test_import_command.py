"""The import command: what it says, what it keeps, how it ends."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rich.progress import Progress

from accounts.models import User
from cancellations.models import Reason
from feeds.formats import Options, formats
from feeds.importing import Import
from feeds.models import Problem, Run
from feeds.progress import Rate
from orders.models import Event, Order
from tests.exports import ENGLISH, VIETNAMESE, write_csv, write_workbook

pytestmark = pytest.mark.django_db
CANCELLED = {
    **VIETNAMESE,
    "Mã đơn hàng": "230115A2",
    "Trạng Thái Đơn Hàng": "Đã hủy",
    "Lý do hủy": "Tự động hủy bởi hệ thống Shopee  lí do là: Người bán không gửi hàng đúng hạn.",
}
UNCLEAR = {**CANCELLED, "Mã đơn hàng": "230115A3", "Lý do hủy": "Hủy bởi người bán  lí do là: Trời mưa"}
REFUSED = {**VIETNAMESE, "Mã đơn hàng": "230115A4", "Trạng Thái Đơn Hàng": "Trả hàng", "Số lượng": "hai"}


def run(*files: Path, **options: Any) -> None:
    call_command("import_orders", *files, **{"format": "shopee", "seller": "Shop", **options})


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "orders.csv", [VIETNAMESE, CANCELLED, UNCLEAR])


def test_it_imports_and_says_what_came_of_it(export, capsys):
    run(export)
    assert capsys.readouterr().out.splitlines() == [
        "Orders: 3 (3 new, 0 changed, 0 unchanged, 0 stale, 0 refused)",
        "Cancelled: 2 (0 by the buyer, 1 by the seller, 1 by the system, 0 by somebody unknown)",
        "Reasons not understood: 1",
        "  1 by the seller: Trời mưa",
    ]
    cancelled = Order.objects.get(number="230115A2").cancellation
    assert cancelled
    assert (cancelled.source, cancelled.reason.code) == ("system", "seller_did_not_ship")
    unclear = Order.objects.get(number="230115A3").cancellation
    assert unclear
    assert (unclear.reason.code, unclear.raw_reason) == ("not_stated", "Trời mưa")


def test_it_keeps_a_record_of_the_run(export):
    run(export)
    kept = Run.objects.get()
    assert (kept.format, kept.file_name, kept.seller_name, kept.state) == ("shopee", "orders.csv", "Shop", "finished")
    assert (kept.new_count, kept.refused_count) == (3, 0)
    assert kept.ended_at


def test_it_makes_unclaimed_buyers(export):
    run(export)
    assert list(User.objects.values_list("external_id", "email")) == [("nguoimua_1", None)]


def test_a_second_time_changes_nothing(export, capsys):
    run(export)
    before = list(Order.objects.order_by("pk").values()), Event.objects.count()
    capsys.readouterr()
    run(export)
    assert capsys.readouterr().out.startswith("Orders: 3 (0 new, 0 changed, 3 unchanged,")
    assert (list(Order.objects.order_by("pk").values()), Event.objects.count()) == before


def test_what_is_refused_is_listed_kept_and_told_by_the_exit_status(tmp_path, capsys):
    path = write_csv(tmp_path / "orders.csv", [VIETNAMESE, REFUSED])
    with pytest.raises(CommandError, match="Some orders were refused") as caught:
        run(path)
    assert caught.value.returncode == 1
    assert capsys.readouterr().err.splitlines() == [
        "orders.csv, row 3, Trạng Thái Đơn Hàng: This status is not known. (order 230115A4)",
        "orders.csv, row 3, Số lượng: It must be a whole number. (order 230115A4)",
    ]
    assert list(Problem.objects.values_list("row", "number", "field", "sentence")) == [
        (3, "230115A4", "Trạng Thái Đơn Hàng", "This status is not known."),
        (3, "230115A4", "Số lượng", "It must be a whole number."),
    ]
    assert list(Order.objects.values_list("number", flat=True)) == ["230115A1"]
    assert Run.objects.get().refused_count == 1


def test_a_number_that_cannot_be_shown_is_left_out_of_the_problem(tmp_path):
    path = write_csv(tmp_path / "orders.csv", [{**VIETNAMESE, "Mã đơn hàng": "A\x001"}])
    with pytest.raises(CommandError):
        run(path)
    assert Problem.objects.get().number == ""


def test_many_refusals_are_not_all_listed_but_all_kept(tmp_path, capsys):
    rows = [{**REFUSED, "Mã đơn hàng": f"A{place}", "Số lượng": "1"} for place in range(130)]
    with pytest.raises(CommandError):
        run(write_csv(tmp_path / "orders.csv", rows))
    listed = capsys.readouterr().err.splitlines()
    assert len(listed) == 101
    assert listed[-1] == "orders.csv: 30 more orders were refused; the admin lists them all."
    assert Problem.objects.count() == 130


def test_a_file_that_cannot_be_read_to_its_end_writes_nothing_and_the_next_goes_on(tmp_path, export, capsys):
    cut = tmp_path / "cut.csv"
    cut.write_bytes(write_csv(tmp_path / "whole.csv", [VIETNAMESE, REFUSED]).read_bytes() + b'"A5;')
    with pytest.raises(CommandError, match="refused whole") as caught:
        run(cut, export)
    assert caught.value.returncode == 2
    assert "cut.csv was refused: It stops being a table after row 3: unexpected end of data." in capsys.readouterr().err
    refused, finished = Run.objects.order_by("pk")
    assert (refused.state, finished.state) == ("refused", "finished")
    assert refused.refusal.startswith("It stops being a table")
    assert not Problem.objects.exists()
    assert Order.objects.count() == 3


@pytest.mark.parametrize("odd", ["bad.json", "missing.csv", "folder"])
def test_a_file_that_is_not_recognised_does_not_keep_out_the_others(tmp_path, export, odd, capsys):
    (tmp_path / "bad.json").write_text('{"what": 1}', encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CommandError, match="refused whole") as caught:
        run(tmp_path / odd, export, format="auto")
    assert caught.value.returncode == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"{odd} was refused: It ")
    assert "3 new" in said.out
    kept = Run.objects.get(file_name=odd)
    assert (kept.state, kept.seller_name) == ("refused", "Shop")
    assert said.err.startswith(f"{odd} was refused: {kept.refusal}")
    assert Order.objects.count() == 3


def test_a_rehearsal_keeps_no_record_of_a_file_that_is_not_recognised(tmp_path):
    with pytest.raises(CommandError, match="refused whole"):
        run(tmp_path / "missing.csv", format="auto", dry_run=True)
    assert not Run.objects.exists()


def test_a_rehearsal_tells_what_would_happen_and_writes_nothing(tmp_path, capsys):
    path = write_csv(tmp_path / "orders.csv", [VIETNAMESE, CANCELLED, REFUSED])
    with pytest.raises(CommandError):
        run(path, dry_run=True)
    assert capsys.readouterr().out.splitlines()[:2] == [
        "A rehearsal: nothing was written. Otherwise:",
        "Orders: 3 (2 new, 0 changed, 0 unchanged, 0 stale, 1 refused)",
    ]
    assert not any(model.objects.exists() for model in (Order, User, Run, Problem, Event))


def test_workbooks_are_read_like_tables(tmp_path):
    run(write_workbook(tmp_path / "orders.xlsx", [VIETNAMESE, CANCELLED]))
    assert Order.objects.count() == 2


def test_more_orders_than_one_batch_holds_are_all_recorded(tmp_path):
    seen: list[tuple[str, int, int | None]] = []
    path = write_csv(tmp_path / "orders.csv", [{**VIETNAMESE, "Mã đơn hàng": f"A{place}"} for place in range(1001)])
    form = formats()["shopee"](Options(seller="Shop"))
    report = Import(path, form, progress=lambda *step: seen.append(step)).carry_out()
    assert report.tally.what["new"] == 1001
    assert seen == [("reading", 500, None), ("reading", 1000, None)] + [
        ("recording", done, 1001) for done in (500, 1000, 1001)
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"format": "ebey"}, "There is no format of that name: --format is one of"),
        ({"seller": ""}, "A Shopee export does not say whose shop it is: name it with --seller."),
        ({"seller": "x" * 201}, "--seller is a name of at most 200 characters."),
        ({"seller": "Sh\x00p"}, "--seller is a name of at most 200 characters."),
        ({"currency": "euro"}, "--currency is a code of three capital letters, as in SGD."),
        ({"time_zone": "Mars"}, "--time-zone is an offset, as in +07:00, or a name, as in Asia/Ho_Chi_Minh."),
        ({"time_zone": "../etc"}, "--time-zone is an offset"),
        ({"time_zone": "+25:00"}, "--time-zone is an offset"),
    ],
)
def test_a_bad_option_is_told_in_one_sentence(export, options, sentence):
    with pytest.raises(CommandError) as caught:
        run(export, **options)
    assert str(caught.value).startswith(sentence)
    assert caught.value.returncode == 2
    assert not Run.objects.exists()


@pytest.mark.parametrize(("zone", "hour"), [("+08:00", 1), ("-0330", 12), ("Asia/Jakarta", 2)])
def test_times_are_read_in_the_zone_that_is_named(tmp_path, zone, hour):
    run(write_csv(tmp_path / "orders.csv", [ENGLISH]), time_zone=zone, currency="SGD")
    placed_at = Order.objects.get().placed_at
    assert placed_at
    assert placed_at.hour == hour


def test_without_the_catalogue_it_says_how_to_load_it(export):
    Reason.objects.filter(code="not_stated").update(code="renamed")
    with pytest.raises(CommandError, match="load_catalogue first"):
        run(export)
    assert not Run.objects.exists()


def test_the_name_of_a_file_may_be_any_bytes(tmp_path):
    odd = write_csv(tmp_path / "orders.csv", [VIETNAMESE]).rename(tmp_path / "ord\udcffers.csv")
    run(odd)
    assert Run.objects.get().file_name == "ord?ers.csv"


def test_at_a_terminal_it_shows_how_far_it_has_come_and_how_fast(export, monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # what makes rich take anything for a terminal
    monkeypatch.setenv("COLUMNS", "160")
    run(export)
    shown = capsys.readouterr().err
    assert "orders.csv: recording" in shown
    assert "3/3" in shown


def test_anywhere_else_it_is_quiet(export, capsys):
    run(export)
    assert capsys.readouterr().err == ""


def test_the_rate_is_shown_once_there_is_one():
    now = 0.0
    progress = Progress(get_time=lambda: now)
    orders = progress.add_task("orders.csv", total=3000)
    assert Rate().render(progress.tasks[0]).plain == ""
    for now in (1.0, 2.0, 3.0):  # noqa: B007  (the clock reads it)
        progress.update(orders, advance=1000)
    assert Rate().render(progress.tasks[0]).plain == "1,000/s"
