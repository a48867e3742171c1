"""New rows of one table, written by the database's own quickest way.

`bulk_create` builds a statement with every value in it, which costs several times what the database does with it. Here
PostgreSQL is sent a COPY and SQLite one prepared statement. Constraints are the database's and hold as ever; what
lives in Python (signals, `save`, validation) is passed by, as `bulk_create` does too.
"""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, DecimalField, Field, JSONField, Model
from django.db.transaction import TransactionManagementError


def insert(rows: Sequence[Model]) -> None:
    """Insert rows, all of one table, and give each its key. Their values are plain ones: no expressions.

    A transaction must be open: on SQLite it is what keeps others from taking the same keys.
    """
    if not rows:
        return
    if not connection.in_atomic_block:
        raise TransactionManagementError("Rows are inserted inside a transaction.")
    table = type(rows[0])
    _give_keys(table, rows)
    fields = [field for field in table._meta.concrete_fields if not _is_the_databases(field)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    target = f"{connection.ops.quote_name(table._meta.db_table)} ({names})"
    with connection.wrap_database_errors:
        _send(target, len(fields), _values(fields, rows))


def _is_the_databases(field: "Field[Any, Any]") -> bool:
    """Tell whether the database fills the column by itself: rows hold no value for it."""
    return field.generated or (field.has_db_default() and not field.has_default())


def _give_keys(table: type[Model], rows: Sequence[Model]) -> None:
    for row, key in zip(rows, _new_keys(table._meta.db_table, len(rows)), strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def _new_keys(table: str, count: int) -> Sequence[int]:
    """Take keys that nobody else gets, in rising order."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sequence, [connection.ops.quote_name(table), count])
            return sorted(key for (key,) in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = row[0] if (row := cursor.fetchone()) else 0
        return range(last + 1, last + 1 + count)


def _send(target: str, width: int, values: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {target} VALUES ({', '.join(['%s'] * width)})", values)  # noqa: S608  (columns)


def _values(fields: "Sequence[Field[Any, Any]]", rows: Sequence[Model]) -> Iterator[Sequence[Any]]:
    """Give each row as the database takes it."""
    read = attrgetter(*(field.attname for field in fields))
    turned = [(place, turn) for place, field in enumerate(fields) if (turn := _turning(field))]
    relations = [(place, field) for place, field in enumerate(fields) if field.is_relation]
    for row in rows:
        values = list(read(row))
        for place, field in relations:
            if values[place] is None and (parent := row._state.fields_cache.get(field.name)):
                values[place] = vars(row)[field.attname] = parent.pk  # it had no key yet when it was put there
        for place, turn in turned:
            if values[place] is not None:
                values[place] = turn(values[place])
        yield values


def _turning(field: "Field[Any, Any]") -> Callable[[Any], Any] | None:
    """Return what turns a value of the field into the database's; nothing where the value will do as it is."""
    operations = connection.ops
    if isinstance(field, DateTimeField):
        return operations.adapt_datetimefield_value
    if isinstance(field, DecimalField):
        return lambda value: operations.adapt_decimalfield_value(value, field.max_digits, field.decimal_places)
    if isinstance(field, JSONField) or field.get_internal_type() == "DateField":
        return lambda value: field.get_db_prep_save(value, connection)
    return None
