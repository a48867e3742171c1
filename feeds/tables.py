"""Tables as people export them: CSV in its dialects, and workbooks. Every cell comes out as text."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from feeds.refusals import FileRefused, refuse_what_is_no_file
from feeds.workbooks import Row, read_workbook

DELIMITERS = ",;\t"
MOST_BYTES_IN_A_LINE = 1_000_000

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Header(tuple[str, ...]):
    """The first row of a table."""

    __slots__ = ()


def read_table(path: Path, *, sheet: str = "") -> Iterator[Row]:
    """Read a file row by row, whatever kind of table it holds. Raise FileRefused where it cannot be read to its end.

    `sheet` names the sheet that is wanted of a workbook that has several.
    """
    try:
        refuse_what_is_no_file(path)
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if start == ZIP:
                yield from read_workbook(file, sheet=sheet)
            elif start == OLD_OFFICE:
                raise FileRefused("It is a protected workbook or one of the old .xls kind: save it as .xlsx or CSV.")
            else:
                yield from _read_csv(file, "utf-16" if start.startswith(UTF_16) else "utf-8-sig")
    except OSError as error:
        raise FileRefused(f"It cannot be opened: {error.strerror}.") from error


def _read_csv(file: BinaryIO, encoding: str) -> Iterator[Row]:
    lines = _lines(file, encoding)
    first = next(lines, "")
    if not first:
        return
    delimiter = max(DELIMITERS, key=lambda character: _cell_count(first, character))
    number = 0
    try:
        # Strict, so that a file cut off inside quotes is an error and not one long last cell.
        for number, cells in enumerate(csv.reader(_and_then(first, lines), delimiter=delimiter, strict=True), 1):
            yield Row(number, [cell.strip() for cell in cells])
    except csv.Error as error:
        raise FileRefused(f"It stops being a table after row {number}: {error}.") from error


def _cell_count(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:  # with a delimiter that is not the file's, all of it is one cell
        return 0


def _and_then(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Read lines of text, none of them longer than memory is worth."""
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    number = 0
    try:
        while line := text.readline(MOST_BYTES_IN_A_LINE):
            number += 1
            if len(line) == MOST_BYTES_IN_A_LINE:
                raise FileRefused(f"Line {number} is longer than a million characters.")
            yield line
    except UnicodeError as error:
        encoded = "UTF-16" if encoding == "utf-16" else "UTF-8"
        place = f"In line {number + 1}, or soon after,"
        raise FileRefused(f"{place} it is not text in {encoded}: save it as CSV in UTF-8.") from error
    finally:
        with suppress(ValueError):
            text.detach()  # the file is closed by whoever opened it
