"""Imports in processes of their own that are killed wherever they happen to be, each on a database of its own.

The databases are copies of the tests' own: files on SQLite, `CREATE DATABASE ... TEMPLATE` on PostgreSQL.
"""

import json
import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from multiprocessing.forkserver import ensure_running
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection, connections

from feeds.models import Run
from orders.models import Order
from tests.contents import Rows, contents
from tests.forked import manage, switch_to
from tests.marketfiles import ORDERS

# Linux tells how far a process has come: how much of the processor it used, and which files it has open.
ON_LINUX = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="How far a process has come, only /proc tells."
)
TOO_LATE = "too late"
READING = "reading"
TICKS = os.sysconf("SC_CLK_TCK")
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.forked"])


class Databases:
    """Databases beside the tests' own, by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []

    def copy(self, name: str, of: str = "") -> None:
        """Make a database that holds what another does: by default that of the tests."""
        self.made.append(name)
        if connection.vendor == "sqlite":
            self._copy_file(self.place(name), of)
        else:
            original = self.place(of) if of else connection.settings_dict["NAME"]
            self._administer(f'CREATE DATABASE "{self.place(name)}" TEMPLATE "{original}"')

    def drop(self, name: str) -> None:
        """Throw it away."""
        self.made.remove(name)
        if connection.vendor == "sqlite":
            for file in self.folder.glob(f"{name}.sqlite3*"):
                file.unlink()
        else:
            self._administer(f'DROP DATABASE "{self.place(name)}" WITH (FORCE)')

    def drop_all(self) -> None:
        """Throw all of them away."""
        for name in list(self.made):
            self.drop(name)

    def place(self, name: str) -> str:
        """Say where it is: its file, or its name on the server."""
        if connection.vendor == "sqlite":
            return str(self.folder / f"{name}.sqlite3")
        return f"{connection.settings_dict['NAME']}_{name}"

    @contextmanager
    def opened(self, name: str) -> Iterator[None]:
        """Let the models speak to it, as long as this lasts."""
        own = connections["default"]
        switch_to(self.place(name))
        try:
            yield
        finally:
            connections["default"].close()
            connections["default"] = own

    def contents(self, name: str) -> dict[str, Rows]:
        """Read everything that it knows."""
        with self.opened(name):
            return contents()

    def start(self, name: str, arguments: list[str], is_guarded: bool = True) -> ForkServerProcess:
        """Start manage.py on it, in a process of its own."""
        process = FORKS.Process(target=manage, args=(self.place(name), arguments, self.folder / "report", is_guarded))
        # What is killed while it writes would spoil the report of coverage.
        with patch.dict(os.environ):
            for variable in [variable for variable in os.environ if variable.startswith("COVERAGE")]:
                del os.environ[variable]
            ensure_running()
        process.start()
        return process

    def report(self) -> dict[str, float]:
        """Return what the last process that came to its end took: seconds of the processor, megabytes at its peak."""
        took: dict[str, float] = json.loads((self.folder / "report").read_text())
        return took

    def _copy_file(self, file: str, of: str) -> None:
        if of:
            shutil.copy(self.place(of), file)
        else:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [file])

    def _administer(self, sql: str) -> None:
        connection.close()  # nobody may be in the database that is copied
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql)


@pytest.fixture
def databases(transactional_db: None, tmp_path: Path) -> Iterator[Databases]:
    """Give databases for trials, and throw them away in the end."""
    made = Databases(tmp_path)
    yield made
    made.drop_all()


@dataclass
class Importing:
    """The import of a file: `manage.py import_orders` in a process of its own."""

    databases: Databases
    path: Path
    options: Sequence[str]
    is_guarded: bool = True

    def start(self, database: str) -> ForkServerProcess:
        """Start it."""
        return self.databases.start(database, ["import_orders", str(self.path), *self.options], self.is_guarded)

    def run(self, database: str) -> float:
        """Run it to its end, and say how many seconds of the processor that took."""
        process = self.start(database)
        process.join()
        assert process.exitcode == 0
        return self.databases.report()["seconds"]

    def run_and_kill(self, database: str, *, after: float, grace: float) -> str:
        """Run it for so many seconds of the processor, and then so many of the clock; kill it, and say where it was."""
        process = self.start(database)
        while process.is_alive() and _used(process) < after:
            time.sleep(0.001)
        time.sleep(grace)
        return self._kill(process, database)

    def run_and_kill_at(self, database: str, *, phase: str) -> str:
        """Run it until it is seen there; kill it, and say where it was: it may have gone on meanwhile."""
        process = self.start(database)
        while process.is_alive() and not (
            _is_held(process, self.path) if phase == READING else self._phase(database) == phase
        ):
            time.sleep(0.001)
        return self._kill(process, database)

    def run_until_orders(self, database: str, *, more_than: int) -> None:
        """Run it until others can see more orders than these, and kill it at once."""
        process = self.start(database)
        with self.databases.opened(database):
            while process.is_alive() and Order.objects.count() <= more_than:
                continue
        process.kill()
        process.join()

    def _kill(self, process: ForkServerProcess, database: str) -> str:
        with suppress(ProcessLookupError):
            os.kill(process.pid or 0, signal.SIGSTOP)
        is_reading = _is_held(process, self.path)
        process.kill()
        process.join()
        if process.exitcode != -signal.SIGKILL:
            return TOO_LATE
        return READING if is_reading else self._phase(database)

    def _phase(self, database: str) -> str:
        with self.databases.opened(database):
            run = Run.objects.order_by("pk").last()
            if run is None or run.file_name != self.path.name:
                return "starting"
            done = sum(getattr(run, name) for name in ("new_count", "changed_count", "unchanged_count", "stale_count"))
        return "in the first batch" if done == 0 else "late" if done > ORDERS / 2 else "between batches"


def _used(process: ForkServerProcess) -> float:
    """Say how many seconds of the processor it has used."""
    try:
        told = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return float("inf")
    return (int(told[11]) + int(told[12])) / TICKS


def _is_held(process: ForkServerProcess, path: Path) -> bool:
    """Tell whether the process has this file open."""
    try:
        return any(link.readlink() == path for link in Path(f"/proc/{process.pid}/fd").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return False
