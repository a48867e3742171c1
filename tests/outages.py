"""A database that fails, from the outside: the driver's own errors, raised where a statement is sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection


@contextmanager
def database_fails(
    error: type[Exception] = OperationalError, *, at: Callable[[str], bool] = lambda _: True
) -> Iterator[list[str]]:
    """Let every statement fail that `at` picks; give the list of those that were tried."""
    tried: list[str] = []

    def fail(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not at(sql):
            return execute(sql, params, many, context)
        tried.append(sql)
        raise error("the server closed the connection: Failing row contains (mai@example.org)")

    with connection.execute_wrapper(fail):
        yield tried
