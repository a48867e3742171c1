"""Databases for one measurement each, and what a measured process took: time, processor, memory.

On PostgreSQL a database is made from a template, and the processor time of the server's own processes is added to
the measured one's; SQLite works inside the measured process.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "candor_template"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds by the clock, seconds of processor (its own and the server's), megabytes."""

    seconds: float
    processor: float
    megabytes: float
    said: dict[str, Any]


class Databases:
    """Makes databases with all tables and the catalogue, one per name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = os.environ.get("DATABASE_URL", "")
        self.vendor = "PostgreSQL" if self.url else "SQLite"
        self._make(TEMPLATE)
        for command in (["migrate", "--verbosity=0"], ["load_catalogue"]):
            manage = [sys.executable, str(ROOT / "manage.py"), *command]
            subprocess.run(manage, env=self.environment(TEMPLATE), check=True, stdout=subprocess.DEVNULL)  # noqa: S603

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """Make a database, and drop it afterwards."""
        self._make(name, template=TEMPLATE)
        try:
            yield name
        finally:
            self._drop(name)

    def environment(self, name: str) -> dict[str, str]:
        """Return the variables with which Candor uses this database."""
        rest = {"CANDOR_ENV": "demo", "DATABASE_STATEMENT_TIMEOUT_MS": "0", "MAIL_FRESH_DAYS": "0"}
        rest["DATABASE_URL"] = self._url(name) if self.url else f"sqlite:///{self._file(name)}"
        return {**os.environ, **rest}

    def run(self, name: str, *command: str) -> Cost:
        """Run a script of this folder on a database. It prints JSON: its seconds, and whatever else it counts."""
        before = self.server_time()
        arguments = [sys.executable, *command]
        process = subprocess.Popen(arguments, env=self.environment(name), stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert process.stdout  # noqa: S101
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{' '.join(command)} failed.")
        answer = json.loads(said.splitlines()[-1])
        processor = answer.pop("processor") + self.server_time() - before
        return Cost(answer.pop("seconds"), processor, usage.ru_maxrss / 1024, answer)

    def _make(self, name: str, *, template: str = "") -> None:
        if self.url:
            source = f" TEMPLATE {template}" if template else " ENCODING 'UTF8' TEMPLATE template0"
            self._execute(f"CREATE DATABASE {name}{source}")
        elif template:
            shutil.copyfile(self._file(template), self._file(name))

    def _drop(self, name: str) -> None:
        if self.url:
            self._execute(f"DROP DATABASE {name}")
        for file in self.folder.glob(f"{name}.sqlite3*"):
            file.unlink()

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def server_time(self) -> float:
        """Return the processor seconds of the server's processes so far."""
        if not self.url:
            return 0.0
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT pg_backend_pid()").fetchone()
            assert row  # noqa: S101
            return children_time(int(_stat(row[0])[1]))  # while the process that says so still runs


def children_time(parent: int) -> float:
    """Return the processor seconds of a process's children so far, those that have ended included."""
    ended = sum(int(ticks) for ticks in _stat(parent)[13:15])
    running = [stat for stat in map(_stat, _processes()) if stat and int(stat[1]) == parent]
    return (ended + sum(int(ticks) for stat in running for ticks in stat[11:15])) / TICKS


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _stat(process: int) -> list[str]:
    """Read what Linux says of a process, from its state on; nothing where it has ended meanwhile."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
