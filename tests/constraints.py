"""How the tests of the constraints go behind the ORM's back, on SQLite and PostgreSQL alike."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Model, UniqueConstraint


@dataclass(frozen=True)
class Case:
    """A sentence, the constraint that refuses it, a valid row, and what is written into that row.

    Where nothing is written, the same row is put in a second time.
    """

    sentence: str
    constraint: str
    make: Callable[[], Model]
    written: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence

    def attempt(self) -> None:
        """Check that the database takes the row, and refuses what is written into it by name."""
        row = self.make()
        with refused(type(row), self.constraint):
            write(row, self.written) if self.written else put_in_again(row)


def write(row: Model, values: dict[str, Any]) -> None:
    """Change columns of a row without asking the model."""
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def put_in_again(row: Model) -> None:
    """Insert a copy of a row without asking the model."""
    row.pk = None
    type(row)._base_manager.bulk_create([row])


def write_raw(row: Model, column: str, value: str | int | None) -> None:
    """Change a column in SQL, so that not even the field looks at the value."""
    names = [connection.ops.quote_name(name) for name in (row._meta.db_table, column)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE {} SET {} = %s WHERE id = %s".format(*names), [value, row.pk])


@contextmanager
def refused(model: type[Model], constraint: str) -> Iterator[None]:
    """Expect the database to refuse, naming the constraint, and go on as if nothing had been tried."""
    with pytest.raises((IntegrityError, DataError)) as caught, transaction.atomic():
        yield
    assert any(words in str(caught.value) for words in _complaints(model, constraint))


@contextmanager
def refused_for(*words: str) -> Iterator[None]:
    """Expect the database to refuse with some of these words, at the latest when keys are checked."""
    with pytest.raises((IntegrityError, DataError)) as caught, transaction.atomic(), _keys_checked():
        yield
    assert any(word in str(caught.value) for word in words)


@contextmanager
def _keys_checked() -> Iterator[None]:
    """Check the foreign keys at the end, which a transaction would do only as it commits."""
    yield
    connection.check_constraints()


def _complaints(model: type[Model], name: str) -> Iterator[str]:
    """List what the engines say: PostgreSQL's types refuse long texts first, SQLite names columns for unique keys."""
    if connection.vendor == "postgresql":
        yield f'"{name}"'
        if name.endswith("_length"):
            yield "value too long for type character varying"
        return
    yield f"CHECK constraint failed: {name}"
    for constraint in model._meta.constraints:
        if constraint.name == name and isinstance(constraint, UniqueConstraint):
            columns = [field.column for field in model._meta.fields if field.name in constraint.fields]
            yield "UNIQUE constraint failed: " + ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
