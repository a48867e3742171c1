"""What a feed cannot take, said in sentences for the person who sent it."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

WHOLE = "order"  # the field of a fault that is one of the order as a whole


class FileRefused(Exception):
    """The whole file is refused: nothing of it is written. Its message is a sentence."""


def refuse_what_is_no_file(path: Path) -> None:
    """Raise FileRefused for a folder, a pipe or a device: a pipe that nobody writes to is waited for without end."""
    if path.exists() and not path.is_file():
        raise FileRefused("It is a folder, a pipe or a device, and not a file.")


class Fault(NamedTuple):
    """One thing wrong with a record: where it stands, and a sentence. Never the value itself: it may be personal."""

    row: int
    field: str
    sentence: str


class RecordRefused(Exception):
    """One record, as a rule an order, is refused whole; the run goes on."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].sentence)
        self.faults = list(faults)


def other_than(row: int) -> str:
    """Say that a row contradicts another of the same order."""
    return f"It is not what row {row} says, although both are of the same order."
