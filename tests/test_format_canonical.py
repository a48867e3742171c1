"""Our own documents as files: JSON, one to a line, gzipped; and files that are none."""

import gzip
import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from feeds.formats import Options
from feeds.formats.canonical import Canonical
from feeds.models import Problem, Run
from feeds.refusals import FileRefused
from orders.models import Event, Order
from tests.documents import cancelled_document, order_document
from tests.payloads import document, documents, faults, write_json, write_lines

OPEN = order_document("A1").model_dump(mode="json")
CANCELLED = cancelled_document("A2").model_dump(mode="json")


def read(path: Path) -> list[Any]:
    form = Canonical(Options())
    return [form.document([record]) for record in form.records(path)]


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(FileRefused) as caught:
        list(Canonical(Options()).records(path))
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.json"


@pytest.mark.parametrize("name", ["orders.jsonl", "orders.jsonl.gz"])
def test_it_reads_one_document_to_a_line(tmp_path, name):
    path = write_lines(tmp_path / name, [OPEN, CANCELLED])
    assert read(path) == [order_document("A1"), cancelled_document("A2")]


@pytest.mark.parametrize("value", [OPEN, [OPEN], {"orders": [OPEN]}])
def test_it_reads_a_document_a_list_and_a_message(file, value):
    assert read(write_json(file, value)) == [order_document("A1")]
    assert documents("canonical", value) == [order_document("A1")]


def test_blank_lines_and_a_byte_order_mark_are_no_matter(file):
    file.write_bytes(b"\xef\xbb\xbf\n" + json.dumps(OPEN).encode() + b"\r\n\r\n" + json.dumps(CANCELLED).encode())
    assert [one.number for one in read(file)] == ["A1", "A2"]


def test_fractions_are_exact(file):
    file.write_text(json.dumps(OPEN).replace('"49.900"', "100000000000.001"), encoding="utf-8")
    assert str(read(file)[0].total) == "100000000000.001"


def test_a_fault_names_the_field():
    assert faults("canonical", {**OPEN, "total": "much"}) == [
        (1, "total", "It must be an amount in digits, as in 49.90.")
    ]
    assert {fault.field for fault in faults("canonical", {"number": "A1"})} == {"seller", "status", "lines"}
    assert faults("canonical", ["nothing"])[0].sentence == "It must be an object with fields of its own."


def test_unknown_fields_are_dropped():
    assert document("canonical", {**OPEN, "phone": "+84 1"}) == order_document("A1")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "It is empty."),
        (b"\n \n", "It is empty."),
        (b'{"number": "A1"', "It stops being JSON after 15 characters."),
        (b'{"a": 1}\n{"a": \n', "Line 2: It stops being JSON after 7 characters."),
        (b'{"a": 1}\n{"a": "\xff"}\n', "Line 2: It is not text in UTF-8."),
        ("{}".encode("utf-16"), "It is not text in UTF-8."),
        (b'{"a": 1}\n{"a": NaN}', "Line 2: It holds NaN, which is not a number."),
        (b'{"a": 1}\n{"a": 1, "a": 2}', "Line 2: An object in it names a field twice."),
        (b'{"a": ' + b"9" * 5000 + b"}", "It holds a number of more than 40 digits."),
        (b'{"a": 1e9999999999999999999}', "It holds a number whose exponent is out of all bounds."),
        (b"[" * 200_000, "It is nested too deeply."),
        (b'{"a": 1}\n{"a": "' + b"x" * 1_000_000 + b'"}', "Line 2 is longer than a million bytes."),
        (b'{"a": "' + b"x" * 4_000_000 + b'"}', "It is one JSON value of more than 4 MB: write one order to a line"),
        (gzip.compress(b'{"a": 1}\n', mtime=0)[:-6], "It is gzipped, and damaged or cut off."),
        (b"\x1f\x8bnot gzip at all", "It is gzipped, and damaged or cut off."),
        (gzip.compress(b'{"a": 1}\n' + b"\n" * 30_000_000, mtime=0), "It unpacks to more than 200 times its size."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_whole_is_refused_in_a_sentence(file, data, sentence):
    assert refusal(file, data).startswith(sentence)


def test_a_value_on_one_long_line_is_read(file):
    orders = [{**OPEN, "number": f"A{number}", "ignored": "x" * 10_000} for number in range(150)]
    file.write_text(json.dumps(orders), encoding="utf-8")
    assert len(read(file)) == 150


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileRefused, match="It cannot be opened"):
        read(tmp_path / "none.json")


# From the file to the database


@pytest.mark.django_db
def test_it_is_imported_and_a_second_time_changes_nothing(tmp_path, capsys):
    path = write_lines(tmp_path / "orders.jsonl", [OPEN, CANCELLED])
    call_command("import_orders", path)
    assert "2 new, 0 changed, 0 unchanged" in capsys.readouterr().out
    before = list(Order.objects.order_by("pk").values()), Event.objects.count()
    call_command("import_orders", path, format="canonical")
    assert "0 new, 0 changed, 2 unchanged" in capsys.readouterr().out
    assert (list(Order.objects.order_by("pk").values()), Event.objects.count()) == before
    assert set(Order.objects.values_list("number", "cancellation__reason__code")) == {
        ("A1", None),
        ("A2", "changed_mind"),
    }
    assert set(Run.objects.values_list("format", flat=True)) == {"canonical"}


@pytest.mark.django_db
def test_statements_about_one_order_may_stand_in_any_order(tmp_path):
    statements = [order_document("A1", version=number, total=Decimal(number)) for number in range(1, 9)]
    random.Random(4).shuffle(statements)
    lines = [statement.model_dump(mode="json") for statement in statements]
    call_command("import_orders", write_lines(tmp_path / "orders.jsonl", lines))
    assert Order.objects.get().total == 8


@pytest.mark.django_db
def test_a_refused_line_is_kept_with_its_number(tmp_path):
    path = write_lines(tmp_path / "orders.jsonl", [OPEN, {**CANCELLED, "status": "gone"}])
    with pytest.raises(CommandError, match="Some orders were refused"):
        call_command("import_orders", path)
    assert Problem.objects.values_list("row", "number", "field").get() == (2, "A2", "status")
    assert Order.objects.get().number == "A1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b'{"name": "A1"}',
            "orders.json was refused: It is of no known format: name it with --format, one of aliexpress, amazon,",
        ),
        (b"name;what\n1;2\n", "orders.json was refused: It is of no known format"),
        (b"\x1f\x8bnot gzip at all", "orders.json was refused: It is gzipped, and damaged or cut off."),
        (b"", "orders.json was refused: It is of no known format"),
    ],
)
def test_a_file_of_no_known_format_is_told_in_one_sentence(file, data, sentence, capsys):
    file.write_bytes(data)
    with pytest.raises(CommandError, match="refused whole") as caught:
        call_command("import_orders", file)
    assert caught.value.returncode == 2
    assert capsys.readouterr().err.startswith(sentence)
    assert Run.objects.values_list("format", "state").get() == ("auto", "refused")
