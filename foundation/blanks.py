"""Rows to be filled, made by the thousand: a blank one of each table is made once, and copied.

A model's own constructor asks every field for its default, for every row, which takes ten times as long as the copy.
"""

from typing import Any

from django.db.models import Model
from django.db.models.base import ModelState


class Blanks:
    """Makes blank rows. What a default works out, such as the time, is the same for all that one of these makes."""

    def __init__(self) -> None:
        self._values: dict[type[Model], dict[str, Any]] = {}

    def make[M: Model](self, table: type[M]) -> M:
        """Make a new row with the defaults of its fields."""
        if table not in self._values:
            self._values[table] = vars(table())
        row = table.__new__(table)
        vars(row).update(self._values[table], _state=ModelState())
        return row
