"""In which order transactions may be read, so that none is missed.

Numbers from a sequence are given out before the commit, and a lower one may become visible after a higher one: a
reader who remembers the highest number it saw would miss rows. PostgreSQL numbers the transactions themselves and
knows below which number all of them have ended; only what lies below is read. SQLite has one writer at a time, so
there the order of the numbers is the order of the commits.
"""

from typing import Any

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
