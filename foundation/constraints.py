"""Constraints that more than one table needs, so that each is written one way.

SQLite enforces neither lengths nor decimal digits, so the rules that PostgreSQL's column types bring are said again
as CHECKs: what one engine refuses, the other refuses too.
"""

from collections.abc import Sequence

from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Length, Round
from django.db.models.lookups import Exact, LessThanOrEqual

MOST_MONEY = 1_000_000_000_000
MONEY_DIGITS = 18
MONEY_PLACES = 3  # dinars have three


def one_of(field: str, values: Sequence[str], *, name: str) -> CheckConstraint:
    """Refuse every value that is not in the list."""
    return CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)


def at_most(field: str, length: int, *, name: str) -> CheckConstraint:
    """Refuse a text that is longer than `length` characters."""
    return CheckConstraint(condition=LessThanOrEqual(Length(field), length), name=name)


def not_empty(field: str, *, name: str) -> CheckConstraint:
    """Refuse the empty text."""
    return CheckConstraint(condition=~Q(**{field: ""}), name=name)


def matches(field: str, pattern: str, *, name: str) -> CheckConstraint:
    r"""Refuse a text that the regular expression (one that Python and PostgreSQL read alike) does not match whole.

    The end is `\Z`: `$` would let a line break through on SQLite, where Python does the matching.
    """
    return CheckConstraint(condition=Q(**{f"{field}__regex": rf"^(?:{pattern})\Z"}), name=name)


def between(field: str, least: int, most: int, *, name: str) -> CheckConstraint:
    """Refuse a number outside the range; a missing number is allowed where the column may be null."""
    return CheckConstraint(condition=Q(**{f"{field}__gte": least, f"{field}__lte": most}), name=name)


def money(field: str, *, name: str, above_zero: bool = False) -> CheckConstraint:
    """Refuse a negative amount, one above a million million, and a fourth decimal."""
    least = Q(**{f"{field}__gt": 0}) if above_zero else Q(**{f"{field}__gte": 0})
    most = Q(**{f"{field}__lte": MOST_MONEY})
    exact = Q(Exact(Round(F(field), precision=MONEY_PLACES), F(field)))
    return CheckConstraint(condition=least & most & exact, name=name)


def currency(field: str, *, name: str) -> CheckConstraint:
    """Refuse what is not a code of three capital letters (ISO 4217)."""
    return matches(field, "[A-Z]{3}", name=name)
