"""The schema of order documents, for whoever checks them before they are sent: it refuses what Candor refuses."""

import json
from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from feeds.management.commands.order_schema import PLACE
from orders.documents import OrderDocument

SMALLEST = {"number": "A1", "seller": {"name": "Shop"}, "status": "preparing", "lines": [], "currency": "EUR"}
PUBLISHED = jsonschema_rs.Draft202012Validator(json.loads(PLACE.read_text()), validate_formats=True)


def refunded(amount: Any) -> dict[str, Any]:
    return {"status": "cancelled", "cancellation": {"source": "seller", "refunds": [{"amount": amount}]}}


def is_taken(document: dict[str, Any]) -> bool:
    try:
        OrderDocument.model_validate_json(json.dumps(document))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "fields",
    [
        {"number": "A/B c"},
        {"number": ""},
        {"number": "A" * 65},
        {"number": "."},
        {"number": " #.. "},
        {"number": 7},
        {"total": "lots"},
        {"total": "1.23456"},
        {"total": "1,50"},
        {"total": "-1"},
        {"total": -0.5},
        {"total": "1000000000001"},
        {"total": 10**13},
        {"total": "NaN"},
        {"lines": [{"title": "Bowl", "quantity": 1, "unit_price": "free"}]},
        {"lines": [{"title": " ", "quantity": 1}]},
        {"lines": [{"title": "Bowl", "quantity": 0}]},
        {"lines": [{"title": "Bowl", "quantity": 1}] * 1001},
        refunded(0),
        refunded("0.00"),
        refunded("-5"),
        refunded("all"),
        {"buyer": {"email": "x"}},
        {"buyer": {"email": "mai@ example.org"}},
        {"seller": {"name": " "}},
        {"seller": {"name": "Shop", "rating": "lots", "rating_count": 3}},
        {"seller": {"name": "Shop", "rating": "5.1", "rating_count": 3}},
        {"seller": {"name": "Shop", "rating": 6, "rating_count": 3}},
        {"currency": "eur"},
        {"status": "lost"},
        {"version": -1},
        {"placed_at": "2026-11-23T09:00:00"},
    ],
    ids=json.dumps,
)
def test_it_refuses_what_is_refused(fields: dict[str, Any]) -> None:
    document = {**SMALLEST, **fields}
    assert (PUBLISHED.is_valid(document), is_taken(document)) == (False, False)


@pytest.mark.parametrize(
    "fields",
    [
        {"number": " ##A-1.b_2 "},
        {"number": "..."},
        {"total": "0"},
        {"total": 49.9},
        {"total": "007.5000"},
        {"total": "1000000000000.00"},
        {"total": None},
        refunded("0.001"),
        refunded("10"),
        refunded(148),
        {"buyer": {"email": " Mai@Example.org "}},
        {"buyer": {"external_id": "b-1", "email": ""}},
        {"seller": {"name": "Shop", "rating": "5.0", "rating_count": 3}},
        {"currency": ""},
        {"placed_at": "2026-11-23T09:00:00+07:00"},
        {"an_unknown_field": True},
    ],
    ids=json.dumps,
)
def test_it_takes_what_is_taken(fields: dict[str, Any]) -> None:
    document = {**SMALLEST, **fields}
    assert (PUBLISHED.is_valid(document), is_taken(document)) == (True, True)


def test_it_holds_no_word_that_is_none_of_json_schema() -> None:
    assert '"gt"' not in PLACE.read_text()
    jsonschema_rs.meta.validate(json.loads(PLACE.read_text()))


@pytest.mark.parametrize(
    ("model", "rule"),
    [
        ("RefundDocument", "One that is due has no sent_at"),
        ("LineDocument", "A cancelled_quantity, at most the quantity, and its cancellation come together."),
        ("RequestDocument", "An open request has no decided_at"),
        ("BuyerDocument", "one of them is there"),
        ("SellerDocument", "A rating comes with the number of ratings"),
    ],
)
def test_what_it_cannot_check_it_says(model: str, rule: str) -> None:
    published = json.loads(PLACE.read_text())
    assert rule in published["$defs"][model]["description"]
    assert "An order is cancelled exactly when it has a cancellation" in published["description"]
