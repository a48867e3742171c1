"""What the API's page says of messages: it can be followed, its examples fit it, and it names what signs them."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from feeds.examples import EXAMPLE

OPERATIONS = {
    ("/api/v1/feeds/{slug}/orders", "post"),
    ("/api/v1/feeds/{slug}/events", "get"),
    ("/api/v1/feeds/{slug}/{format}", "post"),
}


@pytest.fixture
def description(client: Client) -> Any:
    return client.get("/api/v1/openapi.json").json()


def references(value: Any) -> Iterator[str]:
    """Find every reference in it."""
    if isinstance(value, dict):
        yield from (one for name, one in value.items() if name == "$ref")
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from references(one)


def body_of(description: Any, path: str) -> Any:
    return description["paths"][f"/api/v1/feeds/{{slug}}/{path}"]["post"]["requestBody"]["content"]["application/json"]


def schema_of(description: Any, path: str) -> jsonschema_rs.Draft202012Validator:
    """Return what a body has to be, with what it refers to."""
    schema = {**body_of(description, path)["schema"], "components": description["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def test_every_reference_leads_to_something(description: Any) -> None:
    found = set(references(description))
    assert "#/components/schemas/OrderDocument" in found
    assert "#/components/schemas/RefundDocument" in found
    for reference in found:
        place = description
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]
        assert place["type"]


@pytest.mark.parametrize("path", ["orders", "{format}"])
def test_every_example_fits(description: Any, path: str) -> None:
    examples = body_of(description, path)["examples"]
    assert len(examples) == 3
    for example in examples.values():
        schema_of(description, path).validate(example["value"])


@pytest.mark.parametrize(
    "body", [[], {"orders": []}, {"orders": [EXAMPLE] * 501}, {**EXAMPLE, "number": "A/B"}, [{}], {}, "order"]
)
def test_what_is_no_message_does_not_fit(description: Any, body: Any) -> None:
    assert not schema_of(description, "orders").is_valid(body)


def test_every_message_is_signed_by_three_headers(description: Any) -> None:
    found = {(path, method) for path, methods in description["paths"].items() for method in methods}
    assert found == OPERATIONS
    for path, method in OPERATIONS:
        parameters = description["paths"][path][method]["parameters"]
        headers = {one["name"]: one["required"] for one in parameters if one["in"] == "header"}
        assert headers == {"webhook-id": True, "webhook-timestamp": True, "webhook-signature": True}
