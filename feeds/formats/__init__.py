"""Foreign formats, one module each: what a marketplace writes becomes canonical documents.

A format knows nothing of the database. A module of this package names its format in FORMAT, and that is all there is
to adding one (docs/feeds.md).
"""

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from orders.documents import OrderDocument


class OptionRefused(Exception):
    """An option is missing or cannot be used. Its message is a sentence."""


@dataclass(frozen=True)
class Options:
    """What the person who imports a file says about it, because the file does not."""

    seller: str = ""
    zone: tzinfo | None = None
    currency: str = ""


class Record(NamedTuple):
    """One row, or one payload: which order it is about, where it stands, and what of it is used."""

    key: str
    row: int
    cells: dict[str, str]


class Format(ABC):
    """Reads one file. Records of one order may stand anywhere in it; they come back together."""

    name: ClassVar[str]
    origin: ClassVar[str]  # how aliases and cancellations name where it came from
    TAKES_OPTIONS: ClassVar[bool] = True  # that they may change what its orders say

    def __init__(self, options: Options) -> None:
        self.options = options

    @classmethod
    @abstractmethod
    def recognises(cls, sample: Any) -> bool:
        """Tell whether a file is of this format by its beginning: the header of a table, or the first JSON value."""

    @abstractmethod
    def records(self, path: Path) -> Iterator[Record]:
        """Read the file to its end. Raise FileRefused where that is not possible."""

    @abstractmethod
    def document(self, records: Sequence[Record]) -> OrderDocument:
        """Make one document of all records of an order, in their order. Raise RecordRefused, naming row and field."""

    def kept(self, records: Sequence[Record]) -> list[Record]:
        """Return what may be kept of refused records, to try them again: only what is read, so nothing personal else.

        A table's records hold nothing but the cells that are read.
        """
        return list(records)

    def context(self) -> dict[str, Any]:
        """Return what the file itself said, and its records need, when they are tried again."""
        return {}

    def resume(self, context: Mapping[str, Any]) -> None:  # noqa: B027  (most files say nothing that would be needed)
        """Go on where the file said this."""


@cache  # what is in the folder does not change, and every message to the API asks
def formats() -> dict[str, type[Format]]:
    """Return the formats by name."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {module.FORMAT.name: module.FORMAT for module in modules}
