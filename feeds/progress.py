"""A progress bar for whoever waits at a terminal; anywhere else it says nothing."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """Write the rate, once there is one."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


class Bar:
    """Shows how far one file has come: rows read, then orders recorded, how fast, and how long it will take."""

    def __init__(self, name: str) -> None:
        console = Console(stderr=True)
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            Rate(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._name = name
        self._stage = ""

    def __enter__(self) -> Self:
        self._progress.start()
        self._task = self._progress.add_task(self._name, total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, stage: str, done: int, total: int | None) -> None:
        """Show that so much is done of the stage."""
        if stage != self._stage:
            self._stage = stage
            self._progress.reset(self._task, description=f"{self._name}: {stage}")
        self._progress.update(self._task, completed=done, total=total)
