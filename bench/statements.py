"""What an act asks of the database: how many statements, and how many buffers they touch (PostgreSQL)."""

import json
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from django.db import connection
from django.test.utils import CaptureQueriesContext

ROUNDS = 7
BUFFERS = ("Shared Hit Blocks", "Shared Read Blocks")


class Asked(NamedTuple):
    """The statements of an act, and the buffers of 8 KB that they touched."""

    statements: int
    buffers: int


def asked(act: Callable[[], object]) -> Asked:
    """Carry out the act, and have every SELECT of it explained."""
    with CaptureQueriesContext(connection) as captured:
        act()
    selects = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    return Asked(len(captured), sum(map(_buffers, selects)) if connection.vendor == "postgresql" else 0)


def _buffers(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.replace('%', '%%')}", [])
        said = cursor.fetchone()[0]
    plan = (json.loads(said) if isinstance(said, str) else said)[0]["Plan"]
    return sum(plan[name] for name in BUFFERS)


def timed(act: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """Return the median of some runs, in milliseconds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)
