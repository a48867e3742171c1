"""In which order transactions may be read, so that none is missed.

Numbers from a sequence are given out before the commit, and a lower one may become visible after a higher one: a
reader who remembers the highest number it saw would miss rows. PostgreSQL numbers the transactions themselves and
knows below which number all of them have ended; only what lies below is read. SQLite has one writer at a time, so
there the order of the numbers is the order of the commits.

A gate is for what many may do at a time, but not while one changes what they go by: PostgreSQL's advisory locks, held
to the end of the transaction.
"""

from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func
from django.db.models.sql.compiler import SQLCompiler


class CurrentTransaction(Func):
    """The number of the transaction that writes the row (PostgreSQL), or 0 (SQLite)."""

    arity = 0
    allowed_default = True
    output_field = BigIntegerField()
    template = "0"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        """Ask PostgreSQL."""
        return self.as_sql(compiler, connection, template="(pg_current_xact_id()::text::bigint)", **extra)


class OldestRunning(CurrentTransaction):
    """The number below which every transaction has ended (PostgreSQL), or 1 (SQLite)."""

    allowed_default = False
    template = "1"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        """Ask PostgreSQL."""
        return self.as_sql(
            compiler, connection, template="(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)", **extra
        )


def pass_gate(gate: int) -> None:
    """Wait while somebody has closed the gate, and keep it open until this transaction ends."""
    _lock("pg_advisory_xact_lock_shared", gate)


def close_gate(gate: int) -> None:
    """Wait until everybody who passed the gate has ended, and keep it closed until this transaction ends."""
    _lock("pg_advisory_xact_lock", gate)


def _lock(function: str, gate: int) -> None:
    """Ask PostgreSQL; SQLite has one writer at a time, so there every transaction that writes is alone."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [gate])
