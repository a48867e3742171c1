"""Where the parts of a chart lie, in per cent of its box, so that it fits every screen and its text keeps its size.

Nothing here knows the database or a template; docs/decisions/0051 says why the charts are our own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_TICKS = 4
MOST_LABELS = 3  # as many as 320 px hold
MOST_CHARACTERS = 12
LEAST_ROOM = 0.25  # of the box, for one label
FILLED = 0.72  # of the room that a column has


@dataclass(frozen=True)
class Box:
    """A rectangle, in per cent; `series` is what it stands for, `title` says it in words."""

    x: str
    y: str
    width: str
    height: str
    series: str = ""
    title: str = ""


@dataclass(frozen=True)
class Tick:
    """A line across the chart, and the number it stands for."""

    y: str
    label: int


@dataclass(frozen=True)
class Label:
    """A word below a column; `anchor` keeps the outer ones inside the box."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True)
class Column:
    """What one column is of: its name, the counts of its series from the bottom up, and each in words."""

    label: str
    counts: Sequence[tuple[str, int, str]]

    @property
    def total(self) -> int:
        """How high the column is."""
        return sum(count for _series, count, _title in self.counts)


@dataclass(frozen=True)
class Columns:
    """A chart of stacked columns."""

    boxes: list[Box]
    ticks: list[Tick]
    labels: list[Label]


def bar(count: int, most: int, *, is_rtl: bool = False) -> Box:
    """Lay out one bar of several whose longest stands for `most`; it grows from where reading begins."""
    width = 100 * count / most if most else 0.0
    return Box(_percent(100 - width if is_rtl else 0), "0%", _percent(width), "100%")


def columns(parts: Sequence[Column], *, is_rtl: bool = False) -> Columns:
    """Lay out stacked columns, the first where reading begins."""
    ticks = nice_ticks(max((part.total for part in parts), default=0))
    room = 100 / max(len(parts), 1)
    boxes, labels = [], []
    step = -(-len(parts) // MOST_LABELS)
    for place, part in enumerate(parts):
        start = 100 - (place + 1) * room if is_rtl else place * room
        boxes += _stack(part, start + room * (1 - FILLED) / 2, room * FILLED, ticks[-1])
        if place % step == 0 and _has_room(place, len(parts)):
            labels.append(_label(part.label, start, room, _anchor(place, len(parts)), is_rtl=is_rtl))
    return Columns(boxes, [Tick(_percent(100 - 100 * tick / ticks[-1]), tick) for tick in ticks], labels)


def nice_ticks(most: int) -> list[int]:
    """Return round numbers from 0 to one that is not below `most`, at most five of them."""
    step = 1
    while step * MOST_TICKS < most:
        step = _next_round(step)
    return list(range(0, max(most, 1) + step, step))[: -(-max(most, 1) // step) + 1]


def shortened(text: str) -> str:
    """Cut a long label; the table beside the chart has all of it."""
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1].rstrip()}…"


def _stack(part: Column, x: float, width: float, top: int) -> list[Box]:
    boxes, below = [], 0
    for series, count, title in part.counts:
        if count:
            below += count
            y, height = 100 - 100 * below / top, 100 * count / top
            boxes.append(Box(_percent(x), _percent(y), _percent(width), _percent(height), series, title))
    return boxes


def _next_round(step: int) -> int:
    """Go from 1 to 2, 5, 10, 20, 50 and so on."""
    return step * 5 // 2 if str(step).startswith("2") else step * 2


def _label(text: str, start: float, room: float, anchor: str, *, is_rtl: bool) -> Label:
    """Put a label below its column: in the middle, or where reading begins or ends, so that none leaves the box."""
    offset = {"start": room if is_rtl else 0, "middle": room / 2, "end": 0 if is_rtl else room}[anchor]
    return Label(_percent(start + offset), shortened(text), anchor)


def _anchor(place: int, count: int) -> str:
    """Few columns have room for a label below their middle; of many, the next label is a third of the box away."""
    if count <= MOST_LABELS:
        return "middle"
    return "end" if place == count - 1 else "start"


def _has_room(place: int, count: int) -> bool:
    """Tell whether a label that begins here ends inside the box, on the narrowest screen."""
    return _anchor(place, count) != "start" or (count - place) / count >= LEAST_ROOM


def _percent(number: float) -> str:
    return f"{number:.2f}%"
