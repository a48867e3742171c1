"""A catalogue of files that were made to do harm or went wrong on their way, and the sentence that each gets."""

from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command

from feeds.models import Problem, Run
from orders.models import Order
from tests.contents import contents, differences
from tests.exports import VIETNAMESE, write_csv
from tests.hostile_files import (
    A_GIGABYTE,
    GOOD,
    HEADER,
    NUMBER,
    PLACED,
    PRICE,
    QUANTITY,
    STATUS,
    TITLE,
    Build,
    a_circle_of_links,
    a_device,
    a_directory,
    a_line_of_a_gigabyte,
    a_pipe,
    bomb,
    cut,
    document,
    entities,
    gzipped,
    noise,
    nothing_there,
    raw,
    recoded,
    shared,
    sheet,
    spelt,
    styled,
    table,
    with_parts,
    workbook,
)
from tests.killing import ON_LINUX, Databases, databases

__all__ = ["databases"]  # a fixture

TAKEN, SOME, WHOLE = 0, 1, 2  # how the command ends: some orders are refused, or the file as a whole

NO_COLUMNS = "It has none of the columns of a Shopee order export in its first row."
NO_NUMBER = "row 2, Mã đơn hàng: An order number has 1 to 64 letters, digits, dots, underscores or hyphens."
NO_WHOLE_NUMBER = "row 2, Số lượng: It must be a whole number. (order 230115A1)"
NO_AMOUNT = "row 2, Giá ưu đãi: It must be an amount in digits, as in 49.90. (order 230115A1)"
NO_MOMENT = "row 2, Ngày đặt hàng: It must be a date and time, as in 2026-11-23 09:00. (order 230115A1)"
NO_WORKBOOK = "Its contents are not those of a workbook: open it and save it as .xlsx again."
FAR_TOO_MUCH = "It unpacks to far more than a workbook does: export it again."
TOO_MUCH_TEXT = "It holds more text than can be read at once: export it as CSV."
DAMAGED = "It is damaged or was cut off: export it again."
TOO_LONG = "It is one JSON value of more than 4 MB: write one order to a line instead."
TOO_MANY = "It holds more than 120,000 values in one: write one order to a line, or send fewer."
NO_DAY_OF_OURS = "row 1, placed_at: The date must lie between 1990 and 2100. (order A-1)"


class Case(NamedTuple):
    """A file, how the command ends that is told its format, and what it says."""

    build: Build
    ending: int
    sentence: str
    form: str = "shopee"


class Json(NamedTuple):
    """The same of a file that is said to hold canonical documents."""

    build: Build
    ending: int
    sentence: str
    form: str = "canonical"


CATALOGUE: dict[str, Case | Json] = {
    # What is no file
    "a folder": Case(a_directory, WHOLE, "It is a folder, a pipe or a device, and not a file."),
    "a pipe that nobody writes to": Case(a_pipe, WHOLE, "It is a folder, a pipe or a device, and not a file."),
    "a pipe of JSON": Json(a_pipe, WHOLE, "It is a folder, a pipe or a device, and not a file."),
    "a pipe of any format": Case(a_pipe, WHOLE, "It is a folder, a pipe or a device, and not a file.", "auto"),
    "a device that never ends": Case(a_device, WHOLE, "It is a folder, a pipe or a device, and not a file."),
    "a link that leads to itself": Case(a_circle_of_links, WHOLE, "It cannot be opened: Too many levels of symbolic"),
    "no file at all": Case(nothing_there, WHOLE, "It cannot be opened: No such file or directory."),
    # Tables that cannot be read to their end
    "nothing": Case(raw(b""), WHOLE, "It is empty."),
    "a mark of byte order alone": Case(raw(b"\xef\xbb\xbf"), WHOLE, "It is empty."),
    "a line of a gigabyte": Case(
        a_line_of_a_gigabyte(f"{HEADER}\nA1,"), WHOLE, "Line 2 is longer than a million characters."
    ),
    "a header of a gigabyte": Case(
        a_line_of_a_gigabyte("Order ID"), WHOLE, "Line 1 is longer than a million characters."
    ),
    "a cell of 200,000 characters": Case(table({TITLE: "x" * 200_000}), WHOLE, "after row 1: field larger than"),
    "a header of 400,000 columns": Case(raw(b"x," * 400_000), WHOLE, NO_COLUMNS),
    "cut off inside quotes": Case(
        cut(table({}, {TITLE: 'A "blue" bowl' + "x" * 600}), 0.9), WHOLE, "after row 2: unexpected end of data."
    ),
    "text after a closing quote": Case(raw(f'{HEADER}\n"A"1,'.encode()), WHOLE, "It stops being a table after row 1:"),
    "bytes that are no UTF-8": Case(
        raw(f"{HEADER}\n".encode() + b"\xff\xfa\n"), WHOLE, "In line 1, or soon after, it is not text in UTF-8"
    ),
    "Latin-1": Case(
        raw("Order ID,Größe\n".encode("latin-1")), WHOLE, "it is not text in UTF-8: save it as CSV in UTF-8."
    ),
    "UTF-16 cut in half": Case(raw(f"{HEADER}\nA".encode("utf-16")[:-1]), WHOLE, "it is not text in UTF-16: save it"),
    "UTF-16 without its mark": Case(raw(HEADER.encode("utf-16-le")), WHOLE, "it is not text in UTF-8: save it"),
    "UTF-32": Case(table({}, encoding="utf-32"), WHOLE, NO_COLUMNS),
    "a picture": Case(raw(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), WHOLE, "it is not text in UTF-8"),
    # Headers
    "a header that is missing": Case(raw(",".join(VIETNAMESE.values()).encode()), WHOLE, NO_COLUMNS),
    "a column that is missing": Case(
        raw(HEADER.replace(STATUS, "Trạng").encode()),
        WHOLE,
        "It has no column Trạng Thái Đơn Hàng, which a Shopee order",
    ),
    "a column that is there twice": Case(
        raw(f"{HEADER},{NUMBER}\n".encode()), WHOLE, "It has the column Mã đơn hàng more than once."
    ),
    "a header that comes again": Case(
        raw(f"{HEADER}\n{HEADER}\n".encode()), SOME, "row 2, Trạng Thái Đơn Hàng: This status is not known."
    ),
    "a header alone": Case(raw(HEADER.encode()), TAKEN, "Orders: 0 (0 new,"),
    "columns in another order": Case(
        lambda folder: write_csv(folder / "orders.csv", [dict(reversed(VIETNAMESE.items()))]), TAKEN, "(1 new,"
    ),
    "10,000 columns more": Case(
        raw((f"{HEADER}{',x' * 10_000}\n" + ",".join(VIETNAMESE.values()) + ",1" * 10_000).encode()), TAKEN, "(1 new,"
    ),
    # Rows
    "a row that is too short": Case(
        raw(f"{HEADER}\nA1\n".encode()), SOME, "row 2, Trạng Thái Đơn Hàng: It is missing. (order A1)"
    ),
    "1,001 rows of one order": Case(
        table(*[{}] * 1_001), SOME, "row 2, lines: It has more than 1000 entries. (order 230115A1)"
    ),
    "lines that end in CR alone": Case(
        lambda folder: raw(table({})(folder).read_bytes().replace(b"\r\n", b"\r"))(folder), TAKEN, "(1 new,"
    ),
    "a NUL in a number": Case(table({NUMBER: "A\x001"}), SOME, NO_NUMBER),
    "a number of 100 kB": Case(table({NUMBER: "A" * 100_000}), SOME, NO_NUMBER),
    "a number that is a path": Case(table({NUMBER: "../../etc/passwd"}), SOME, NO_NUMBER),
    "a number that is SQL": Case(table({NUMBER: "'; DROP TABLE orders_order; --"}), SOME, NO_NUMBER),
    "a NUL in a title": Case(table({TITLE: "Bo\x00wl"}), SOME, "row 2, Tên sản phẩm: It contains a NUL byte."),
    "a title that turns the writing direction": Case(
        table({TITLE: "Bowl \u202eelbat"}), SOME, "row 2, Tên sản phẩm: It contains an invisible character that turns"
    ),
    "a title that is a formula": Case(table({TITLE: '=HYPERLINK("http://example.org")'}), TAKEN, "(1 new,"),
    "a status that nobody knows": Case(
        table({STATUS: "Trả hàng"}), SOME, "row 2, Trạng Thái Đơn Hàng: This status is not known. (order 230115A1)"
    ),
    "a quantity that is a formula": Case(table({QUANTITY: "=1+1"}), SOME, NO_WHOLE_NUMBER),
    "a quantity of 5,000 digits": Case(table({QUANTITY: "9" * 5_000}), SOME, NO_WHOLE_NUMBER),
    "a quantity of 1e999": Case(table({QUANTITY: "1e999"}), SOME, NO_WHOLE_NUMBER),
    "a quantity of -0": Case(table({QUANTITY: "-0"}), SOME, NO_WHOLE_NUMBER),
    "a price of 1e999": Case(table({PRICE: "1e999"}), SOME, NO_AMOUNT),
    "a price of NaN": Case(table({PRICE: "NaN"}), SOME, NO_AMOUNT),
    "a price without end": Case(table({PRICE: "Infinity"}), SOME, NO_AMOUNT),
    "a price of 5,000 digits": Case(table({PRICE: "9" * 5_000}), SOME, NO_AMOUNT),
    "the year 0": Case(table({PLACED: "0000-01-01 00:00"}), SOME, NO_MOMENT),
    "the 30th of February": Case(table({PLACED: "2023-02-30 10:00"}), SOME, NO_MOMENT),
    "the year 9999": Case(
        table({PLACED: "9999-12-31 23:59"}), SOME, "row 2, Ngày đặt hàng: The date must lie between 1990 and 2100."
    ),
    # Workbooks
    "a workbook that is none": Case(raw(b"PK\x03\x04" + b"\x00" * 100), WHOLE, DAMAGED),
    "a workbook of the old kind": Case(
        raw(b"\xd0\xcf\x11\xe0" + b"\x00" * 500), WHOLE, "It is a protected workbook or one of the old .xls kind"
    ),
    "a workbook cut off": Case(cut(workbook({}), 0.5), WHOLE, DAMAGED),
    "a workbook that is a bomb": Case(sheet(lambda: b"<row>" * 2_000_000), WHOLE, FAR_TOO_MUCH),
    "a row of a million empty cells": Case(
        sheet(lambda: b"<row>" + noise(b'<c s="%06x"/>', 1_000_000) + b"</row>"), WHOLE, TOO_MUCH_TEXT
    ),
    "a sheet of too many rows": Case(
        sheet(lambda: noise(b'<row x="%06x"/>', 700_000) + b'<row r="1048577"/>'), WHOLE, NO_COLUMNS
    ),
    "a million texts that cells share": Case(
        shared(lambda: noise(b"<si><t>%06x</t></si>", 1_000_000)), WHOLE, TOO_MUCH_TEXT
    ),
    "as many shared texts as are read": Case(shared(lambda: noise(b"<si><t>%06x</t></si>", 240_000)), TAKEN, "(1 new,"),
    "sixty megabytes of shared texts": Case(
        shared(lambda: noise(b"<si><t>%06x" + b"abcdefghij" * 24 + b"</t></si>", 240_000)), WHOLE, TOO_MUCH_TEXT
    ),
    "a million styles": Case(styled(lambda: noise(b'<xf numFmtId="%d"/>', 1_000_000)), WHOLE, TOO_MUCH_TEXT),
    "a billion laughs": Case(with_parts(sheet=lambda _: entities()), WHOLE, NO_WORKBOOK),
    "a cell beyond the last column": Case(sheet(lambda: b'<row><c r="ZZZZZZ1"/></row>'), WHOLE, NO_WORKBOOK),
    "a workbook with formulas": Case(workbook({QUANTITY: "=1+1"}), SOME, NO_WHOLE_NUMBER),
    # JSON that cannot be read to its end
    "blanks": Json(raw(b" \n\n \n"), WHOLE, "It is empty."),
    "JSON of a gigabyte": Json(a_line_of_a_gigabyte('{"number": "'), WHOLE, TOO_LONG),
    "a second line of a gigabyte": Json(
        a_line_of_a_gigabyte('{"number": "A"}\n{"number": "'), WHOLE, "Line 2 is longer than a million bytes."
    ),
    "a gzip bomb": Json(bomb(b"[" + b" " * 9_999), WHOLE, TOO_LONG),
    "a gzip bomb of lines": Json(
        bomb(b'{"number": "A"}' + b" " * 9_984 + b"\n"), WHOLE, "It unpacks to more than 200 times its size."
    ),
    "a gzip inside another": Json(gzipped(bytes.fromhex("1f8b0800")), WHOLE, "It is not text in UTF-8."),
    "gzip cut off": Json(cut(gzipped(b'{"number": "A"}\n'), 0.5), WHOLE, "It is gzipped, and damaged or cut off."),
    "JSON cut off": Json(cut(document(), 0.5), WHOLE, "It stops being JSON after 77 characters."),
    "a comma too many": Json(raw(b'{"number": "A",}'), WHOLE, "It stops being JSON after 14 characters."),
    "JSON in UTF-16": Json(recoded("utf-16"), WHOLE, "It is not text in UTF-8."),
    "JSON that is no UTF-8": Json(raw(b'{"number": "\xff"}'), WHOLE, "It is not text in UTF-8."),
    "JSON 100,000 deep": Json(raw(b"[" * 100_000 + b"]" * 100_000), WHOLE, "It is nested too deeply."),
    "a field that is there twice": Json(spelt("number", '"B"'), WHOLE, "An object in it names a field twice."),
    "a total of NaN": Json(spelt("total", "NaN"), WHOLE, "It holds NaN, which is not a number."),
    "a total without end": Json(spelt("total", "-Infinity"), WHOLE, "It holds -Infinity, which is not a number."),
    "a total of 5,000 digits": Json(spelt("total", "9" * 5_000), WHOLE, "It holds a number of more than 40 digits."),
    "a million lists in one order": Json(spelt("more", f"[{'[],' * 1_000_000}0]"), WHOLE, TOO_MANY),
    "a million lists on the second line": Json(
        raw(b'{"number": "A"}\n[' + b"[]," * 200_000 + b"0]"), WHOLE, f"Line 2: {TOO_MANY}"
    ),
    # JSON documents
    "JSON with a mark of byte order": Json(recoded("utf-8-sig"), TAKEN, "(1 new,"),
    "as many values as are read": Json(spelt("more", f"[{'{},' * 59_000}0]"), TAKEN, "(1 new,"),
    "lists 400 deep": Json(spelt("more", "[" * 400 + "]" * 400), SOME, "row 1, order: "),
    "what are no orders": Json(
        raw(b"[[], 7, null]"), SOME, "row 3, order: It must be an object with fields of its own."
    ),
    "a total of 1e999": Json(spelt("total", "1e999"), SOME, "row 1, total: It must be at most 1000000000000."),
    "a total of -0": Json(spelt("total", "-0"), SOME, "row 1, order: An amount needs a currency. (order A-1)"),
    "half a character": Json(
        spelt("carrier", '"\\ud800"'), SOME, "row 1, order: It contains half a character (a lone surrogate)."
    ),
    "a NUL in JSON": Json(document(carrier="a\x00b"), SOME, "row 1, carrier: It contains a NUL byte. (order A-1)"),
    "a version beyond reckoning": Json(document(version=2**63), SOME, "row 1, version: It must be at most"),
    "a date before all": Json(document(placed_at="0001-01-01T00:00:00Z"), SOME, NO_DAY_OF_OURS),
    "a date after all": Json(document(placed_at="9999-12-31T23:59:59-14:00"), SOME, NO_DAY_OF_OURS),
    "1,001 lines": Json(document(lines=GOOD["lines"] * 1_001), SOME, "row 1, lines: It has more than 1000 entries."),
    # What is taken for something else
    "a table said to be JSON": Json(table({}), WHOLE, "It stops being JSON after 0 characters."),
    "a workbook said to be JSON": Json(workbook({}), WHOLE, "It is not text in UTF-8."),
    "JSON said to be a table": Case(document(), WHOLE, NO_COLUMNS),
    "JSON said to be another marketplace's": Case(document(), SOME, "row 1, orderId: It is missing.", "ebay"),
    "a table of nobody": Case(raw(b"colour,shape\nred,round\n"), WHOLE, "It is of no known format: name it", "auto"),
    "JSON of nobody": Case(raw(b'{"colour": "red"}'), WHOLE, "It is of no known format: name it", "auto"),
}


def run(path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the command; return how it ends and everything it says."""
    try:
        call_command("import_orders", path, format=form, seller="Shop")
        ending, last = 0, ""
    except CommandError as error:
        ending, last = error.returncode, str(error)
    said = capsys.readouterr()
    return ending, said.err + last + (said.out if ending == TAKEN else "")


def bytes_read() -> int:
    told = Path("/proc/self/io").read_text()
    return int(told.partition("rchar: ")[2].split()[0])


@ON_LINUX
@pytest.mark.django_db
@pytest.mark.parametrize("what", [what for what in CATALOGUE if "gigabyte" in what])
def test_a_gigabyte_is_refused_long_before_it_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    case = CATALOGUE[what]
    path = case.build(tmp_path)
    assert path.stat().st_size == A_GIGABYTE
    before = bytes_read()
    assert run(path, case.form, capsys)[0] == WHOLE
    assert bytes_read() - before < A_GIGABYTE // 50


@ON_LINUX
@pytest.mark.parametrize("form", sorted({case.form for case in CATALOGUE.values()}))
def test_all_of_them_one_after_the_other_take_less_than_200_megabytes(databases: Databases, form: str) -> None:
    paths = []
    for place, case in enumerate(case for case in CATALOGUE.values() if case.form == form):
        folder = databases.folder / str(place)
        folder.mkdir()
        paths.append(str(case.build(folder)))
    databases.copy("trial")
    process = databases.start("trial", ["import_orders", *paths, "--format", form, "--seller", "Shop"])
    process.join()
    assert process.exitcode in {TAKEN, WHOLE}  # a forked run says "taken" also where some orders were refused
    with databases.opened("trial"):
        assert Run.objects.exclude(state=Run.State.RUNNING).count() == len(paths)
    assert databases.report()["megabytes"] < 200


def test_there_are_many_of_them() -> None:
    assert len(CATALOGUE) >= 90


@pytest.mark.django_db
@pytest.mark.parametrize("what", CATALOGUE)
def test_it_gets_its_sentence_writes_nothing_by_halves_and_the_next_file_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    case = CATALOGUE[what]
    before = contents()
    ending, said = run(case.build(tmp_path), case.form, capsys)
    assert (ending, case.sentence in said) == (case.ending, True), said[:1_000]
    if ending != TAKEN:
        assert differences(contents(), before).keys() <= {"Problem"}
    assert Problem.objects.exists() == (ending == SOME)
    assert not Run.objects.filter(state=Run.State.RUNNING).exists()
    good = write_csv(tmp_path / "good.csv", [{**VIETNAMESE, NUMBER: "GOOD"}])
    assert run(good, "shopee", capsys)[0] == TAKEN
    assert Order.objects.filter(number="GOOD").exists()
