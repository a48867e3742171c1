"""Workbooks (.xlsx), read row by row so that memory does not grow, and checked before they are opened.

openpyxl reads them: slowly, but as a stream. The fast reader, calamine, takes a workbook of 5 kB with one cell at
XFD1048576 for a table of 17 billion cells and ends the process (docs/decisions/0023).
"""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook

from feeds.refusals import FileRefused

MOST_ROWS = 1_048_576  # Excel's own limit
MOST_BYTES = 1_000_000_000  # unpacked, all parts together
MOST_BYTES_OF_TEXTS = 32_000_000  # unpacked; these parts are held in memory
MOST_TIMES = 200  # unpacked for packed; exports have about 10
# Every tag becomes an object in memory: of a row while it is read, of the other parts as long as the workbook is open.
MOST_TAGS_IN_A_ROW = 100_000  # a row has at most 16,384 cells
MOST_TAGS_OF_TEXTS = 1_000_000
MOST_TAGS = 50_000
SHEETS, TEXTS = "xl/worksheets/", "xl/sharedStrings.xml"
ROW = re.compile(rb"<(?:\w+:)?row\b")
CHUNK = 1_000_000
IS_ENCRYPTED = 0x1
TOO_MUCH_TEXT = "It holds more text than can be read at once: export it as CSV."


class Row(NamedTuple):
    """One row of a table, its number as a spreadsheet shows it, and its cells as text."""

    number: int
    cells: list[str]


def read_workbook(file: BinaryIO, *, sheet: str) -> Iterator[Row]:
    """Read the named sheet, or the first where none has that name. Raise FileRefused where that cannot be done."""
    _check(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which are not read
            workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        worksheet = workbook[sheet] if sheet in workbook.sheetnames else workbook.worksheets[0]
        worksheet.reset_dimensions()  # what the file says of its own size may be wrong
        for number, cells in enumerate(worksheet.iter_rows(values_only=True), 1):
            if number > MOST_ROWS:
                raise FileRefused(f"It has more than {MOST_ROWS:,} rows: export it as CSV.")
            yield Row(number, [_text(cell) for cell in cells])
    except FileRefused:
        raise
    except Exception as error:  # a workbook made to do harm makes openpyxl raise almost anything
        raise FileRefused("Its contents are not those of a workbook: open it and save it as .xlsx again.") from error


def _check(file: BinaryIO) -> None:
    """Unpack every part once, in small pieces: it must be whole, and no larger than can be worked on."""
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & IS_ENCRYPTED for part in parts):
                raise FileRefused("It is protected by a password: save it without one.")
            if sum(part.file_size for part in parts) > MOST_BYTES:
                raise FileRefused("It unpacks to more than 1 GB: export it as CSV, or in parts.")
            for part in parts:
                _check_part(archive, part)
    # A way of packing that is not known is a RuntimeError.
    except (BadZipFile, EOFError, RuntimeError, ValueError) as error:
        raise FileRefused("It is damaged or was cut off: export it again.") from error
    file.seek(0)


def _check_part(archive: ZipFile, part: ZipInfo) -> None:
    if part.file_size > (MOST_BYTES if part.filename.startswith(SHEETS) else MOST_BYTES_OF_TEXTS):
        raise FileRefused(TOO_MUCH_TEXT)
    if part.file_size > max(MOST_TIMES * part.compress_size, CHUNK):
        raise FileRefused("It unpacks to far more than a workbook does: export it again.")
    is_text = part.filename.endswith((".xml", ".rels"))
    with archive.open(part) as content:  # reading to the end compares the check sum
        tags = 0
        while piece := content.read(CHUNK):
            if is_text:
                tags = _check_piece(part.filename, piece, tags)


def _check_piece(name: str, piece: bytes, tags: int) -> int:
    """Count on from the tags before it: those of the same row in a sheet, of the whole part elsewhere."""
    if len(piece) == CHUNK and b"<" not in piece:
        raise FileRefused("It holds a cell of a million characters.")
    if name.startswith(SHEETS):
        first, *rows = [row.count(b"<") for row in ROW.split(piece)]
        counts, most = [tags + first, *rows], MOST_TAGS_IN_A_ROW
    else:
        counts, most = [tags + piece.count(b"<")], MOST_TAGS_OF_TEXTS if name == TEXTS else MOST_TAGS
    if max(counts) > most:
        raise FileRefused(TOO_MUCH_TEXT)
    return counts[-1]


def _text(cell: Any) -> str:
    """Write a cell as a person reads it; a formula has come as its last result."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"  # as many digits as Excel keeps
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    return str(cell).strip()
