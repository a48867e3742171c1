"""JSON as people and back ends send it: one value, or one to a line; gzipped or not. None of it is trusted."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from feeds.refusals import FileRefused, refuse_what_is_no_file

GZIP = b"\x1f\x8b"
MOST_BYTES = 4_000_000  # of one JSON value, which is held in memory
MOST_VALUES = 120_000  # in one JSON value; an empty object is two bytes in a file and a kilobyte in memory
MOST_BYTES_IN_A_LINE = 1_000_000
MOST_TIMES = 200  # unpacked for packed; JSON of orders has about 15
LITTLE = 10_000_000  # unpacked; below it, no ratio is suspicious
MOST_DIGITS = 40

type Values = Iterator[tuple[int, Any]]


def read_json(path: Path) -> Values:
    """Read the values of a file, each with the number of its line. Raise FileRefused where it cannot be read whole."""
    try:
        refuse_what_is_no_file(path)
        with path.open("rb") as file:
            start = file.read(2)
            file.seek(0)
            yield from _values(_unpacked(file, path.stat().st_size) if start == GZIP else file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileRefused("It is gzipped, and damaged or cut off.") from error
    except OSError as error:
        raise FileRefused(f"It cannot be opened: {error.strerror}.") from error


def parse(text: str) -> Any:
    """Read one JSON value, fractions exactly. Raise ValueError, in words for people, for anything that is none."""
    if sum(text.count(mark) for mark in ",]}") > MOST_VALUES:
        raise ValueError(f"It holds more than {MOST_VALUES:,} values in one: write one order to a line, or send fewer.")
    try:
        return json.loads(
            text,
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"It stops being JSON after {error.pos:,} characters.") from error
    except RecursionError:
        raise ValueError("It is nested too deeply.") from None


def _values(file: BinaryIO) -> Values:
    first = file.readline(MOST_BYTES_IN_A_LINE)
    while first and not first.strip(b"\xef\xbb\xbf \t\r\n"):
        first = file.readline(MOST_BYTES_IN_A_LINE)
    if not first:
        raise FileRefused("It is empty.")
    if _is_whole(first):
        yield from _lines(first, file)
        return
    whole = first + file.read(MOST_BYTES + 1 - len(first))
    if len(whole) > MOST_BYTES:
        raise FileRefused("It is one JSON value of more than 4 MB: write one order to a line instead.")
    yield 1, _parsed(whole, "")


def _is_whole(line: bytes) -> bool:
    """Tell whether a line is a value by itself: then the file has one to a line."""
    try:
        parse(line.decode("utf-8-sig"))
    except ValueError:
        return False
    return True


def _lines(first: bytes, file: BinaryIO) -> Values:
    number, line = 1, first
    while line:
        if len(line) >= MOST_BYTES_IN_A_LINE:
            raise FileRefused(f"Line {number} is longer than a million bytes.")
        if line.strip():
            yield number, _parsed(line, f"Line {number}: ")
        number, line = number + 1, file.readline(MOST_BYTES_IN_A_LINE)


def _parsed(data: bytes, place: str) -> Any:
    try:
        return parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileRefused(f"{place}It is not text in UTF-8.") from error
    except ValueError as error:
        raise FileRefused(f"{place}{error}") from error


def _unpacked(file: BinaryIO, packed: int) -> BinaryIO:
    return io.BufferedReader(_Measured(gzip.GzipFile(fileobj=file), max(LITTLE, packed * MOST_TIMES)))


class _Measured(io.RawIOBase):
    """Unpacks, and stops when more comes out than an honest file holds."""

    def __init__(self, source: gzip.GzipFile, most: int) -> None:
        self.source = source
        self.left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.source.read(len(buffer))
        self.left -= len(data)
        if self.left < 0:
            raise FileRefused(f"It unpacks to more than {MOST_TIMES} times its size.")
        buffer[: len(data)] = data
        return len(data)


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(_bounded(digits))
    except InvalidOperation as error:
        raise ValueError("It holds a number whose exponent is out of all bounds.") from error


def _whole(digits: str) -> int:
    return int(_bounded(digits))


def _bounded(digits: str) -> str:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"It holds a number of more than {MOST_DIGITS} digits.")
    return digits


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"It holds {name}, which is not a number.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("An object in it names a field twice.")
    return found
