"""To-many rows of an outer row, as one column: what a page shows beside an order without a statement of its own.

PostgreSQL and SQLite both build the JSON themselves; the numbers come back as exact decimals. A page's statements
are counted in tests, and this is what keeps the order page at three of its four.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    FETCH_RAISE,
    BooleanField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    JSONField,
    Model,
    QuerySet,
    Subquery,
    TextField,
)
from django.db.models.sql.compiler import SQLCompiler


class RowsOf(Subquery):
    """Collect the rows of a `.values(...)` queryset, in its order, as a list of dictionaries."""

    output_field = TextField()

    def __init__(self, queryset: QuerySet[Any, Any], **extra: Any) -> None:
        super().__init__(queryset, **extra)
        self.names = [*queryset.query.values_select, *queryset.query.annotation_select]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """Let PostgreSQL build the list."""
        template = "(SELECT json_agg(_row)::text FROM (%(subquery)s) _row)"
        return super().as_sql(compiler, connection, template=template)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """Let SQLite build the list; it needs the columns by name."""
        pairs = ", ".join(f"'{name}', _row.\"{name}\"" for name in self.names)
        template = f"(SELECT json_group_array(json_object({pairs})) FROM (%(subquery)s) _row)"  # noqa: S608  (field names)
        return super().as_sql(compiler, connection, template=template)


def rows(column: str | None) -> list[dict[str, Any]]:
    """Read what RowsOf selected; nothing there is an empty list."""
    return json.loads(column, parse_float=Decimal) if column else []


def instances[M: Model](model: type[M], column: str | None) -> list[M]:
    """Read what RowsOf selected as instances of a model; a column that was not selected raises when it is asked for."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    made = []
    for row in rows(column):
        known = {name: _value(fields[name], value) for name, value in row.items() if name in fields}
        ordered = [known[name] for name in fields if name in known]
        made.append(model.from_db(None, list(known), ordered, fetch_mode=FETCH_RAISE))
    return made


def _value(field: "Field[Any, Any]", value: Any) -> Any:
    """Turn a value back into what the field holds; the two databases write times and amounts differently."""
    if value is None:
        return None
    if isinstance(field, DateTimeField):
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(field, DateField):
        return date.fromisoformat(value)
    if isinstance(field, DecimalField):
        return Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places))
    if isinstance(field, BooleanField):
        return bool(value)
    if isinstance(field, JSONField) and isinstance(value, str):
        return json.loads(value)
    return value
