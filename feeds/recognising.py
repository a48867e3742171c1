"""Which format a file is in, told by how it begins."""

import gzip
import zlib
from pathlib import Path
from typing import Any

from feeds.formats import formats
from feeds.json_files import GZIP, read_json
from feeds.refusals import FileRefused, refuse_what_is_no_file
from feeds.tables import Header, read_table

AUTO = "auto"
BEGINNINGS_OF_JSON = (b"{", b"[")


def recognise(path: Path) -> str:
    """Name the format of a file. Raise FileRefused where none is like it, or more than one."""
    sample = _sample(path)
    found = sorted(name for name, form in formats().items() if form.recognises(sample))
    if len(found) > 1:
        raise FileRefused(f"It may be {' or '.join(found)}: say which with --format.")
    if not found:
        raise FileRefused(f"It is of no known format: name it with --format, one of {', '.join(sorted(formats()))}.")
    return found[0]


def _sample(path: Path) -> Any:
    if _is_json(path):
        return next(read_json(path))[1]
    first = next(read_table(path, sheet="orders"), None)
    return Header(first.cells if first else ())


def _is_json(path: Path) -> bool:
    try:
        refuse_what_is_no_file(path)
        with path.open("rb") as file:
            start = file.read(1_000)
        if start.startswith(GZIP):
            with gzip.open(path) as file:
                start = file.read(1_000)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileRefused("It is gzipped, and damaged or cut off.") from error
    except OSError as error:
        raise FileRefused(f"It cannot be opened: {error.strerror}.") from error
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(BEGINNINGS_OF_JSON)
