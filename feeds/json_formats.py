"""Formats whose files are JSON: how orders are taken out of their envelopes, from a file or from the API."""

import json
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from feeds.facts import Facts
from feeds.formats import Format, OptionRefused, Options, Record, formats
from feeds.json_files import read_json


class JsonFormat(Format):
    """One JSON object is one order, as a rule."""

    TITLE: ClassVar[str]
    MARKS: ClassVar[Sequence[str]]  # fields that together no other format has
    ENVELOPES: ClassVar[Sequence[str]] = ()  # where answers keep their orders, one or a list
    SELLER: ClassVar[str] = ""  # where it names the seller, if it does
    NUMBER: ClassVar[str]

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        if not (options.seller or self.names_its_seller()):
            raise OptionRefused(f"{self.TITLE} does not say whose shop it is: name it with --seller.")

    @classmethod
    def names_its_seller(cls) -> bool:
        """Tell whether its orders say whose shop it is."""
        return bool(cls.SELLER)

    @classmethod
    def recognises(cls, sample: Any) -> bool:
        """Tell by the fields of the first order."""
        first = next(cls.payloads(sample), None)
        return isinstance(first, dict) and all(Facts(first).has(mark) for mark in cls.MARKS)

    @classmethod
    def payloads(cls, value: Any) -> Iterator[Any]:
        """Take the orders out of their envelope."""
        for one in value if isinstance(value, list) else [value]:
            found = [Facts(one).raw(path) for path in cls.ENVELOPES] if isinstance(one, dict) else []
            inside = [part for part in found if part is not None]
            for part in inside or [one]:
                yield from part if isinstance(part, list) and inside else [part]

    def records(self, path: Path) -> Iterator[Record]:
        """Read the orders of a file, JSON or JSON lines."""
        row = 0
        for line, value in read_json(path):
            for payload in self.payloads(value):
                row = max(line, row + 1)
                yield self.record(payload, row)

    def orders_of(self, payloads: Iterable[Any]) -> list[list[Record]]:
        """Lay payloads aside, those of one order together, in the order in which the orders are named."""
        orders: dict[str, list[Record]] = {}
        for row, payload in enumerate(payloads, 1):
            record = self.record(payload, row)
            orders.setdefault(record.key, []).append(record)
        return list(orders.values())

    def record(self, payload: Any, row: int) -> Record:
        """Lay a payload aside, by itself."""
        number = Facts(payload).text(self.NUMBER)
        return Record(f"{row:012}", row, {"number": number, "payload": json.dumps(payload, default=str)})

    def kept(self, records: Sequence[Record]) -> list[Record]:
        """Keep of each payload what is read; what is no object has nothing to be read."""
        kept = []
        for record in records:
            payload = json.loads(record.cells["payload"])
            if isinstance(payload, dict):
                cells = {**record.cells, "payload": json.dumps(self.read_of(payload))}
                kept.append(Record(record.key, record.row, cells))
        return kept

    @abstractmethod
    def read_of(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Return what the format reads of a payload, and nothing else of it."""


def json_formats() -> dict[str, type[JsonFormat]]:
    """Return the formats whose orders are JSON, by name."""
    return {name: form for name, form in sorted(formats().items()) if issubclass(form, JsonFormat)}
