"""The types of what documents state: texts, moments and amounts that can be stored and shown."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema

from cancellations.codes import CODE_FORM
from foundation.constraints import MONEY_PLACES, MOST_MONEY
from foundation.numbers import NO_ADDRESSES, NUMBER
from foundation.text import fault_in, mask_cards, one_line

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def _fit(value: Any) -> Any:
    """Refuse unfit characters before anything else looks at the text."""
    if isinstance(value, str) and (fault := fault_in(value)):
        raise ValueError(fault)
    return value


def _in_our_time(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise ValueError("The date must lie between 1990 and 2100.")
    return value.astimezone(UTC)


def _day_in_our_time(value: date) -> date:
    if not EARLIEST.date() <= value < LATEST.date():
        raise ValueError("The date must lie between 1990 and 2100.")
    return value


def _to_our_places(amount: Decimal) -> Decimal:
    """Write 34000 and 34000.00 alike, so that they are one statement and not two."""
    return amount.quantize(Decimal(10) ** -MONEY_PLACES)


def Line(most: int, *, least: int = 0) -> Any:  # noqa: N802  (it makes a type)
    """Make the type of a text on one line, with white space folded, `least` to `most` characters long."""
    folded = BeforeValidator(lambda value: one_line(_fit(value)) if isinstance(value, str) else value)
    said = Field(min_length=least, max_length=most, json_schema_extra={"pattern": r"\S"} if least else None)
    return Annotated[str, folded, said]


Note = Annotated[
    str,
    BeforeValidator(_fit),
    AfterValidator(lambda text: mask_cards(text.strip())),
    Field(max_length=1000),
]
IN_OUR_TIME = Field(description="between 1990 and 2100")
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time), IN_OUR_TIME]
Day = Annotated[date, AfterValidator(_day_in_our_time), IN_OUR_TIME]

# A schema cannot say exactly how many decimals a number has: most of those who check one reckon in binary fractions.
AMOUNT_FORM = rf"^0*([0-9]{{1,12}}(\.[0-9]{{1,{MONEY_PLACES}}}0*)?|{MOST_MONEY}(\.0+)?)$"
AMOUNT_SAID = f"in digits, with at most {MONEY_PLACES} decimals"
Amount = Annotated[
    Decimal,
    Field(ge=0, le=MOST_MONEY, decimal_places=MONEY_PLACES, allow_inf_nan=False),
    AfterValidator(_to_our_places),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": MOST_MONEY},
                {"type": "string", "pattern": AMOUNT_FORM},
            ],
            "description": AMOUNT_SAID,
        }
    ),
]
AmountAboveZero = Annotated[
    Amount,
    Field(gt=0),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": MOST_MONEY},
                {"type": "string", "pattern": AMOUNT_FORM, "not": {"type": "string", "pattern": r"^[0.]*$"}},
            ],
            "description": f"above zero, {AMOUNT_SAID}",
        }
    ),
]
MOST_STARS = 5
Rating = Annotated[
    Decimal,
    Field(ge=0, le=MOST_STARS, allow_inf_nan=False),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": MOST_STARS},
                {"type": "string", "pattern": r"^([0-4](\.[0-9]+)?|5(\.0+)?)$"},
            ]
        }
    ),
]
Currency = Annotated[str, Field(pattern=r"^([A-Z]{3})?$")]
NUMBER_FORM = rf"^{NUMBER}$"
# As they are sent: white space around them, and the # before a number, are left off.
NUMBER_AS_SENT = rf"^\s*#*{NUMBER}\s*$"
NO_ADDRESSES_AS_SENT = {"type": "string", "pattern": r"^\s*#*\.{1,2}\s*$"}
EMAIL_FORM = r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$"
EMAIL_AS_SENT = r"^\s*([^@\s]+@[^@\s]+\.[^@\s]+)?\s*$"


def _has_an_address(number: str) -> str:
    if number in NO_ADDRESSES:
        raise ValueError("No address can name an order whose number is one dot or two.")
    return number


Number = Annotated[
    str,
    BeforeValidator(lambda value: value.strip().lstrip("#") if isinstance(value, str) else value),
    Field(pattern=NUMBER_FORM, json_schema_extra={"pattern": NUMBER_AS_SENT, "not": NO_ADDRESSES_AS_SENT}),
    AfterValidator(_has_an_address),
]
Code = Annotated[str, Field(pattern=rf"^({CODE_FORM})?$")]

Email = Annotated[
    str,
    BeforeValidator(lambda value: _fit(value).strip().lower() if isinstance(value, str) else value),
    Field(max_length=254, pattern=EMAIL_FORM, json_schema_extra={"pattern": EMAIL_AS_SENT}),
]
