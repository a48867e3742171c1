"""Django's migrate, without a limit of time."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    """Let each statement take as long as it takes: an index on a large table takes longer than a page may."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Lift PostgreSQL's limit while migrations run; the one on waiting for locks stays."""
        self._on_postgresql("SET statement_timeout = 0", options["database"])
        super().handle(*args, **options)
        self._on_postgresql("RESET statement_timeout", options["database"])

    def _on_postgresql(self, statement: str, database: str) -> None:
        if connections[database].vendor == "postgresql":
            with connections[database].cursor() as cursor:
                cursor.execute(statement)
