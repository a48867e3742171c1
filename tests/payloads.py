"""Files and payloads as marketplaces' back ends send them, for tests of the formats."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feeds.formats import Options
from feeds.json_formats import json_formats
from feeds.refusals import Fault, RecordRefused
from orders.documents import OrderDocument

SHOP = Options(seller="Shop")


def write_json(path: Path, value: Any) -> Path:
    """Write one value, laid out over lines as people do."""
    path.write_text(json.dumps(value, indent=1, default=str), encoding="utf-8")
    return path


def write_lines(path: Path, values: list[Any]) -> Path:
    """Write one value to a line, gzipped if the name says so."""
    text = "".join(f"{json.dumps(value, default=str)}\n" for value in values).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def real(folder: Path, name: str) -> Any:
    """Read a marketplace's own sample."""
    path = folder / "payloads" / name
    if not path.is_file():
        pytest.skip(f"The sample {name} is not here: it is kept beside the repository.")
    return json.loads(path.read_text(encoding="utf-8"))


def documents(name: str, payload: Any, options: Options = SHOP) -> list[OrderDocument]:
    """Make documents of a payload as the API does."""
    form = json_formats()[name](options)
    return [form.document(records) for records in form.orders_of(form.payloads(payload))]


def document(name: str, payload: Any, options: Options = SHOP) -> OrderDocument:
    """Make the one document of a payload."""
    [made] = documents(name, payload, options)
    return made


def faults(name: str, payload: Any, options: Options = SHOP) -> list[Fault]:
    """Say what is wrong with a payload."""
    with pytest.raises(RecordRefused) as caught:
        documents(name, payload, options)
    return caught.value.faults


def parts_of(value: Any) -> Iterator[Any]:
    """Walk through everything a payload holds."""
    yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from parts_of(part)
