"""Files as they come: dialects of CSV, workbooks, and what was made to do harm."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import Workbook

from feeds.refusals import FileRefused
from feeds.tables import read_table
from feeds.workbooks import Row
from tests.exports import VIETNAMESE, write_csv, write_workbook

HEADER = "Order ID;Product Name\n"


def cells(path: Path, sheet: str = "orders") -> list[list[str]]:
    return [row.cells for row in read_table(path, sheet=sheet)]


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        cells(path)
    return str(caught.value)


def file(folder: Path, content: bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_finds_the_delimiter_and_the_encoding(tmp_path, delimiter, encoding):
    path = write_csv(tmp_path / "orders.csv", [VIETNAMESE], delimiter=delimiter, encoding=encoding)
    assert cells(path) == [list(VIETNAMESE), list(VIETNAMESE.values())]


def test_a_cell_may_hold_delimiters_quotes_and_lines(tmp_path):
    path = file(tmp_path, b'a,b\r\n"1, ""one""\nmore",2\r\n3,4\r\n')
    assert list(read_table(path)) == [
        Row(1, ["a", "b"]),
        Row(2, ['1, "one"\nmore', "2"]),
        Row(3, ["3", "4"]),
    ]


def test_an_empty_file_has_no_rows(tmp_path):
    assert cells(file(tmp_path, b"")) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (HEADER.encode() + b'A1;"Bow', "It stops being a table after row 1: unexpected end of data."),
        (HEADER.encode() + b'A1;"Bowl" blue\n', "It stops being a table after row 1"),
        (HEADER.encode() + b"A1;B\xffwl\n", "it is not text in UTF-8: save it as CSV in UTF-8."),
        (HEADER.encode("utf-16") + b"A", "it is not text in UTF-16: save it as CSV in UTF-8."),
        (HEADER.encode() + b"A1;" + b"x" * 2_000_000, "Line 2 is longer than a million characters."),
        (HEADER.encode() + b"A1;" + b"x" * 200_000 + b"\n", "field larger than field limit"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "It is a protected workbook or one of the old .xls kind"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n", "it is not text in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_is_refused_in_a_sentence(tmp_path, content, sentence):
    assert sentence in refusal(file(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refusal(tmp_path / "none.csv") == "It cannot be opened: No such file or directory."


# Workbooks


def test_it_reads_the_sheet_of_orders_or_else_the_first(tmp_path):
    path = write_workbook(tmp_path / "orders.xlsx", [VIETNAMESE])
    assert cells(path) == [list(VIETNAMESE), list(VIETNAMESE.values())]
    assert cells(path, sheet="elsewhere") == []  # the first of this workbook is empty


def test_cells_of_every_kind_come_out_as_text(tmp_path):
    workbook = Workbook()
    assert workbook.active
    workbook.active.append(["text ", 38.3, 10, 10.0, None, 0.1 + 0.2, True])
    workbook.save(tmp_path / "kinds.xlsx")
    assert cells(tmp_path / "kinds.xlsx") == [["text", "38.3", "10", "10", "", "0.3", "True"]]


def test_formulas_are_never_worked_out(tmp_path):
    path = write_workbook(tmp_path / "formula.xlsx", [{"a": '=HYPERLINK("http://example.org")', "b": "=1+1"}])
    assert cells(path)[1] == ["", ""]  # no program has saved a result beside them


def test_rows_keep_their_numbers_over_gaps(tmp_path):
    workbook = Workbook()
    assert workbook.active
    workbook.active["B3"] = "here"
    workbook.save(tmp_path / "gap.xlsx")
    assert list(read_table(tmp_path / "gap.xlsx")) == [Row(1, []), Row(2, []), Row(3, ["", "here"])]


def workbook_with(folder: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Write a workbook whose parts have been changed."""
    good = write_workbook(folder / "good.xlsx", [VIETNAMESE])
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(folder / "bad.xlsx", "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return folder / "bad.xlsx"


def sheet_with(content: bytes) -> Callable[[str, bytes], bytes]:
    start, end = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>',
        b"</sheetData></worksheet>",
    )
    return lambda name, part: start + content + end if name == "xl/worksheets/sheet2.xml" else part


def cell(text: bytes, place: bytes = b"A1") -> bytes:
    return b'<row r="1"><c r="' + place + b'" t="inlineStr"><is><t>' + text + b"</t></is></c></row>"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (sheet_with(cell(b"x" * 3_000_000)), "It unpacks to far more than a workbook does"),
        (sheet_with(cell(bytes(range(97, 123)) * 100_000)), "It unpacks to far more than a workbook does"),
        (sheet_with(b"<row>" * 1_000_000), "It unpacks to far more than a workbook does"),
        (sheet_with(b"<row><c></row>"), "Its contents are not those of a workbook"),
        (sheet_with(cell(b"x", b"ZZZZZZ1")), "Its contents are not those of a workbook"),
        (sheet_with(b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'), "It has more than 1,048,576 rows"),
        (lambda name, part: b"" if name == "xl/workbook.xml" else part, "Its contents are not those of a workbook"),
        (
            lambda name, part: part.replace(b"worksheets/sheet", b"worksheets/none") if "rels" in name else part,
            "Its contents are not those of a workbook",
        ),
    ],
)
def test_a_workbook_that_is_none_or_was_made_to_do_harm_is_refused_in_a_sentence(tmp_path, change, sentence):
    assert sentence in refusal(workbook_with(tmp_path, change))


def test_a_cell_of_millions_of_characters_is_refused_before_it_is_held(tmp_path):
    noise = json.dumps([(place * 7919) % 1_000_003 for place in range(400_000)]).encode()  # packs to a third
    assert refusal(workbook_with(tmp_path, sheet_with(cell(noise)))) == "It holds a cell of a million characters."


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ("MOST_BYTES", "It unpacks to more than 1 GB: export it as CSV, or in parts."),
        ("MOST_BYTES_OF_TEXTS", "It holds more text than can be read at once: export it as CSV."),
    ],
)
def test_a_workbook_larger_than_can_be_worked_on_is_refused(tmp_path, monkeypatch, limit, sentence):
    monkeypatch.setattr(f"feeds.workbooks.{limit}", 1_000)
    assert refusal(write_workbook(tmp_path / "orders.xlsx", [VIETNAMESE])) == sentence


def test_a_workbook_that_is_protected_is_refused(tmp_path):
    whole = bytearray(write_workbook(tmp_path / "orders.xlsx", [VIETNAMESE]).read_bytes())
    whole[whole.index(b"PK\x01\x02") + 8] |= 1  # the mark of a protected part, in the first entry of the directory
    assert refusal(file(tmp_path, bytes(whole), "protected.xlsx")) == (
        "It is protected by a password: save it without one."
    )


def test_a_workbook_that_was_cut_off_is_refused(tmp_path):
    whole = write_workbook(tmp_path / "orders.xlsx", [VIETNAMESE] * 50).read_bytes()
    for length in (100, len(whole) // 2, len(whole) - 30):
        assert refusal(file(tmp_path, whole[:length], "cut.xlsx")) == "It is damaged or was cut off: export it again."


def test_a_workbook_that_was_altered_on_the_way_is_refused(tmp_path):
    whole = bytearray(write_workbook(tmp_path / "orders.xlsx", [VIETNAMESE] * 50).read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    assert refusal(file(tmp_path, bytes(whole), "altered.xlsx")) == "It is damaged or was cut off: export it again."


def test_one_far_cell_costs_neither_memory_nor_the_process(tmp_path):
    path = workbook_with(tmp_path, sheet_with(cell(b"x") + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    reading = "\n".join(
        [
            "import sys; from pathlib import Path; from feeds.tables import read_table",
            # Not ru_maxrss: that of a child begins at the peak of its parent.
            "peak = lambda: int(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])",
            "before = peak()",
            "rows = sum(1 for row in read_table(Path(sys.argv[1]), sheet='orders'))",
            "print(rows, (peak() - before) // 1024)",
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", reading, str(path)], cwd=settings.BASE_DIR, capture_output=True, check=True, text=True
    )
    rows, megabytes = map(int, done.stdout.split())
    assert rows == 1_048_576
    assert megabytes < 100
