"""What is wrong with a document, in words for people: pydantic's own findings are words for programmers."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from foundation.text import fault_in

NO_OBJECT = "It must be an object with fields of its own."
NO_MOMENT = "It must be a date and time with an offset from UTC, as in 2026-11-23T09:00:00+07:00."
NO_AMOUNT = "It must be an amount in digits, as in 49.90."

# By the kind of finding; braces are filled with what pydantic says about it.
SENTENCES = {
    "missing": "It is missing.",
    "string_type": "It must be a text.",
    "string_unicode": "It holds characters that are not valid Unicode.",
    "too_long": "It is longer than {max_length} characters.",
    "too_short": "It is empty.",
    "string_too_long": "It is longer than {max_length} characters.",
    "string_too_short": "It is empty.",
    "enum": "It must be one of: {expected}.",
    "int_type": "It must be a whole number.",
    "int_parsing": "It must be a whole number.",
    "int_from_float": "It must be a whole number.",
    "int_parsing_size": "The number is too large.",
    "bool_type": "It must be true or false.",
    "decimal_type": NO_AMOUNT,
    "decimal_parsing": NO_AMOUNT,
    "is_instance_of": NO_AMOUNT,
    "finite_number": NO_AMOUNT,
    "decimal_max_places": "It has more than {decimal_places} decimals.",
    "decimal_max_digits": "It has more than {max_digits} digits.",
    "decimal_whole_digits": "It has more than {whole_digits} digits before the decimal point.",
    "greater_than": "It must be more than {gt}.",
    "greater_than_equal": "It must be at least {ge}.",
    "less_than_equal": "It must be at most {le}.",
    "datetime_type": NO_MOMENT,
    "datetime_parsing": NO_MOMENT,
    "datetime_from_date_parsing": NO_MOMENT,
    "datetime_object_invalid": NO_MOMENT,
    "timezone_aware": NO_MOMENT,
    "date_type": "It must be a date, as in 2026-11-23.",
    "date_parsing": "It must be a date, as in 2026-11-23.",
    "date_from_datetime_parsing": "It must be a date, as in 2026-11-23.",
    "tuple_type": "It must be a list.",
    "model_type": NO_OBJECT,
    "model_attributes_type": NO_OBJECT,
    "dict_type": NO_OBJECT,
    "json_type": "It must be text that holds JSON.",
}

# By the field whose form is not the one asked for.
FORMS = {
    "number": "An order number has 1 to 64 letters, digits, dots, underscores or hyphens.",
    "currency": "A currency is a code of three capital letters, as in EUR.",
    "email": "It is not an e-mail address.",
    "reason": "A reason code has lower-case letters, digits and underscores, as in out_of_stock.",
}


def faults_of(error: ValidationError) -> list[tuple[str, str]]:
    """Turn pydantic's findings into (field, sentence) pairs for people, without the values themselves."""
    return [(_field(found["loc"]), _sentence(found)) for found in error.errors(include_url=False, include_input=False)]


def _unreadable(error: str) -> str:
    """Say why the reader of documents does not read what is JSON to others."""
    if "surrogate" in error or "hex escape" in error:
        return fault_in("\ud800")
    return "It is nested too deeply." if "recursion" in error else "It is not JSON."


def _field(place: tuple[int | str, ...]) -> str:
    """Name the field by its way from the top; the first of a list is 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place)


def _sentence(found: Mapping[str, Any]) -> str:
    kind, details = found["type"], dict(found.get("ctx", {}))
    if kind == "json_invalid":
        return _unreadable(details["error"])
    if kind == "value_error":  # ours, and a sentence already
        return str(details["error"])
    if kind == "string_pattern_mismatch":
        return FORMS.get(str(found["loc"][-1]), "It does not have the form that is asked for.")
    if kind == "enum":
        details["expected"] = details["expected"].replace("'", "").replace(" or ", ", ")
    if details.get("field_type") == "Tuple":
        return f"It has more than {details['max_length']} entries."
    return SENTENCES.get(kind, "It does not fit.").format_map(details)
