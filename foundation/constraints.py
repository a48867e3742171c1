"""Constraints that more than one table needs, so that each is written one way.

SQLite enforces neither lengths nor decimal digits, so the rules that PostgreSQL's column types bring are said again
as CHECKs: what one engine refuses, the other refuses too. A form says what is wrong in words, beside the field.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Length, Round
from django.db.models.lookups import Exact, LessThanOrEqual
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from foundation.text import Words

MOST_MONEY = 1_000_000_000_000
MONEY_DIGITS = 18
MONEY_PLACES = 3  # dinars have three
EMPTY = _("This cannot be empty.")
TOO_LONG = _("This has at most {most} characters.")
OUT_OF_RANGE = _("This is a number from {least} to {most}.")
IMPOSSIBLE = _("This value is not possible here.")


class FieldConstraint(CheckConstraint):
    """A rule about one field, which says beside it what it refuses.

    To migrations it is a plain CHECK: words are no part of the schema, and may change without one.
    """

    def __init__(
        self, field: str, condition: Any, *, name: str, words: Words = IMPOSSIBLE, limits: dict[str, int] | None = None
    ) -> None:
        super().__init__(condition=condition, name=name)
        self.field, self.words, self.limits = field, words, limits or {}

    def validate(self, *args: Any, **options: Any) -> None:
        """Raise ValidationError, in words and of the field."""
        try:
            super().validate(*args, **options)
        except ValidationError:
            raise ValidationError({self.field: self.get_violation_error_message()}) from None

    def get_violation_error_message(self) -> str:
        """Say what is possible."""
        limits = {name: number_format(limit, force_grouping=True) for name, limit in self.limits.items()}
        return str(self.words).format(**limits)

    def deconstruct(self) -> Any:
        """Describe the CHECK alone."""
        _path, args, said = super().deconstruct()
        return "django.db.models.CheckConstraint", args, said

    def clone(self) -> "FieldConstraint":
        """Return the same rule with its words, which the description leaves out."""
        return copy(self)


def one_of(field: str, values: Sequence[str], *, name: str) -> FieldConstraint:
    """Refuse every value that is not in the list."""
    return FieldConstraint(field, Q(**{f"{field}__in": list(values)}), name=name)


def at_most(field: str, length: int, *, name: str) -> FieldConstraint:
    """Refuse a text that is longer than `length` characters."""
    fits = LessThanOrEqual(Length(field), length)
    return FieldConstraint(field, fits, name=name, words=TOO_LONG, limits={"most": length})


def not_empty(field: str, *, name: str) -> FieldConstraint:
    """Refuse the empty text."""
    return FieldConstraint(field, ~Q(**{field: ""}), name=name, words=EMPTY)


def matches(field: str, pattern: str, *, name: str) -> FieldConstraint:
    r"""Refuse a text that the regular expression (one that Python and PostgreSQL read alike) does not match whole.

    The end is `\Z`: `$` would let a line break through on SQLite, where Python does the matching.
    """
    return FieldConstraint(field, Q(**{f"{field}__regex": rf"^(?:{pattern})\Z"}), name=name)


def between(field: str, least: int, most: int, *, name: str) -> FieldConstraint:
    """Refuse a number outside the range; a missing number is allowed where the column may be null."""
    is_within = Q(**{f"{field}__gte": least, f"{field}__lte": most})
    limits = {"least": least, "most": most}
    return FieldConstraint(field, is_within, name=name, words=OUT_OF_RANGE, limits=limits)


def money(field: str, *, name: str, above_zero: bool = False) -> FieldConstraint:
    """Refuse a negative amount, one above a million million, and a fourth decimal."""
    least = Q(**{f"{field}__gt": 0}) if above_zero else Q(**{f"{field}__gte": 0})
    most = Q(**{f"{field}__lte": MOST_MONEY})
    exact = Q(Exact(Round(F(field), precision=MONEY_PLACES), F(field)))
    return FieldConstraint(field, least & most & exact, name=name)


def currency(field: str, *, name: str) -> FieldConstraint:
    """Refuse what is not a code of three capital letters (ISO 4217)."""
    return matches(field, "[A-Z]{3}", name=name)
