"""A database that fails in the middle of an action, at a statement of one's choice."""

from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Model


class Broken(OperationalError):
    pass


class BreakAt:
    """Let the n-th statement fail, before the database has seen it or after it has answered.

    BEGIN is not counted: a database that fails there has not begun.
    """

    def __init__(self, number: int, *, after: bool) -> None:
        self.number = number
        self.after = after
        self.seen = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.seen += not sql.startswith("BEGIN")
        if self.seen != self.number:
            return execute(sql, params, many, context)
        if self.after:
            execute(sql, params, many, context)
        raise Broken(f"lost the database at {sql}")


def breaks_at(number: int, act: Callable[[], object], *, after: bool) -> bool:
    """Run the act with its n-th statement failing; False if it has fewer and went through."""
    try:
        with connection.execute_wrapper(BreakAt(number, after=after)):
            act()
    except Broken:
        return True
    return False


def contents(*tables: type[Model]) -> list[list[dict[str, Any]]]:
    """Read everything in these tables."""
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


def survives_faults(act: Callable[[], object], *tables: type[Model], after: bool) -> int:
    """Break the act at each statement in turn, checking that nothing is left half done, until it goes through.

    Return at how many statements it was broken.
    """
    before = contents(*tables)
    broken = 0
    while breaks_at(broken + 1, act, after=after):
        broken += 1
        assert contents(*tables) == before, f"statement {broken}"
    return broken
