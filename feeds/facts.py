"""What a marketplace's JSON says, field by field: numbers, amounts and times as APIs write them."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from feeds.refusals import Fault
from foundation.constraints import MOST_MONEY
from foundation.text import one_line
from orders.faults import NO_AMOUNT, NO_MOMENT, NO_OBJECT

MISSING = "It is missing."
TOO_MUCH = f"It must be at most {MOST_MONEY}."
FRACTION = re.compile(r"(\.\d{6})\d+")
# A time of 13 digits counts milliseconds: as seconds it would lie after the year 5000.
FIRST_MILLISECOND = 10**11


class Facts:
    """One JSON object. A path names a field by its way from here: `payment.total_amount`.

    Every reader answers None, or the empty text, for what is missing; what cannot be understood is a fault besides.
    """

    def __init__(
        self,
        value: Any,
        *,
        row: int = 1,
        place: str = "",
        faults: list[Fault] | None = None,
        zone: tzinfo | None = None,
        currency: str = "",
    ) -> None:
        self.row = row
        self.place = place
        self.zone = zone  # of times without one
        self.currency = currency  # of the order, once it is read
        self.faults: list[Fault] = [] if faults is None else faults
        self.values: Mapping[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.find("", NO_OBJECT)

    def find(self, path: str, sentence: str) -> None:
        """Note that something is wrong with a field."""
        field = ".".join(part for part in (self.place, path) if part)
        fault = Fault(self.row, field or "payload", sentence)
        if fault not in self.faults:  # a field may be read more than once
            self.faults.append(fault)

    def raw(self, path: str) -> Any:
        """Return what stands there, None where nothing does."""
        value: Any = self.values
        for name in path.split("."):
            if value and not isinstance(value, dict):
                self.find(path.rpartition(f".{name}")[0], NO_OBJECT)
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def has(self, path: str) -> bool:
        """Tell whether the field is there, be it empty."""
        *way, name = path.split(".")
        above = self.raw(".".join(way)) if way else self.values
        return isinstance(above, dict) and name in above

    def part(self, path: str) -> Self:
        """Return the object that stands there, an empty one where none does."""
        value = self.raw(path)
        return self._inner({} if value is None else value, path)

    def parts(self, path: str) -> list[Self]:
        """Return the objects of a list, none where it is missing."""
        value = self.raw(path)
        if value is None:
            return []
        if not isinstance(value, list):
            self.find(path, "It must be a list.")
            return []
        return [self._inner(one, f"{path}.{number}") for number, one in enumerate(value, 1)]

    def _inner(self, value: Any, path: str) -> Self:
        place = ".".join(part for part in (self.place, path) if part)
        return type(self)(value, row=self.row, place=place, faults=self.faults, zone=self.zone, currency=self.currency)

    def text(self, path: str) -> str:
        """Read a text; whole numbers are ids, and read as they are written."""
        value = self.raw(path)
        if value is None:
            return ""
        if isinstance(value, str):
            return one_line(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.find(path, "It must be a text.")
        return ""

    def needed(self, path: str) -> str:
        """Read a text that must be there."""
        text = self.text(path)
        if not text and self.raw(path) in (None, ""):
            self.find(path, MISSING)
        return text

    def amount(self, path: str) -> Decimal | None:
        """Read an amount of money, a number or a text of digits."""
        value = self.raw(path)
        if value is None or value == "":
            return None
        try:
            read = Decimal(str(value)) if isinstance(value, str | int | float | Decimal) else Decimal("NaN")
        except InvalidOperation:
            read = Decimal("NaN")
        if isinstance(value, bool) or not read.is_finite():
            self.find(path, NO_AMOUNT)
            return None
        if read.copy_abs() > MOST_MONEY:  # nor could anybody reckon with it: abs() itself would overflow
            self.find(path, TOO_MUCH)
            return None
        return read

    def amount_in(self, path: str, currency: str) -> Decimal | None:
        """Read an amount of money; None where the field of its currency names another than the order's."""
        amount, named = self.amount(path), self.text(currency).upper()
        return amount if not self.currency or named in {"", self.currency.upper()} else None

    def count(self, path: str) -> int | None:
        """Read a whole number."""
        value = self.amount(path)
        if value is None:
            return None
        if value != value.to_integral_value() or abs(value) > 10**9:
            self.find(path, "It must be a whole number.")
            return None
        return int(value)

    def moment(self, path: str, zone: tzinfo | None = None) -> datetime | None:
        """Read a time: ISO 8601, or seconds or milliseconds since 1970; `zone` is that of a time without one."""
        value, zone = self.raw(path), zone or self.zone
        if value in (None, "", 0, "0"):
            return None
        try:
            read = _moment(value)
        except (ValueError, OverflowError, OSError):
            self.find(path, NO_MOMENT)
            return None
        if read.tzinfo is None and zone is None:
            self.find(path, NO_MOMENT)
            return None
        return read if read.tzinfo else read.replace(tzinfo=zone)

    def flag(self, path: str) -> bool | None:
        """Read a yes or no."""
        value = self.raw(path)
        if value is None or isinstance(value, bool):
            return value
        self.find(path, "It must be true or false.")
        return None

    def one_of[T](self, path: str, meanings: Mapping[str, T]) -> T | None:
        """Read a word of a fixed list; one that is not listed is a fault, never guessed."""
        word = self.needed(path)
        if word and word.casefold() not in meanings:
            self.find(path, "This value is not known.")
        return meanings.get(word.casefold())

    def take(self, readers: Mapping[str, "Reader"]) -> dict[str, Any]:
        """Read many fields: by their names in our document, how and where each is read here."""
        return {name: read(self, path) for name, (read, path) in readers.items()}


type Reader = tuple[Callable[[Facts, str], Any], str]


def priced_in(currency: str) -> Callable[[Facts, str], Decimal | None]:
    """Make a reader of amounts whose currency stands in a field of its own."""
    return lambda facts, path: facts.amount_in(path, currency)


def facts_in(text: str, row: int, zone: tzinfo | None = None) -> Facts:
    """Read back what was laid aside."""
    return Facts(json.loads(text, parse_float=Decimal), row=row, zone=zone)


def _moment(value: Any) -> datetime:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError
    if isinstance(value, int) or value.isdecimal():
        number = int(value)
        return datetime.fromtimestamp(number / 1000 if number >= FIRST_MILLISECOND else number, UTC)
    return datetime.fromisoformat(FRACTION.sub(r"\1", value))
