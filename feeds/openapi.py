"""What the API says of itself beyond its functions: the documents it takes, and the headers that sign a message."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from pydantic.json_schema import models_json_schema

from feeds.receiving import MOST_DOCUMENTS
from feeds.signing import ID_FORM
from orders.documents import OrderDocument

DOCUMENT = {"$ref": REF_TEMPLATE.format(model=OrderDocument.__name__)}
DOCUMENTS = {"type": "array", "items": DOCUMENT, "minItems": 1, "maxItems": MOST_DOCUMENTS}
ORDERS = {
    "anyOf": [
        DOCUMENT,
        DOCUMENTS,
        {"type": "object", "properties": {"orders": DOCUMENTS}, "required": ["orders"]},
    ]
}
PAYLOADS = {"anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}]}
HEADERS = {
    "webhook-id": (
        {"type": "string", "pattern": f"^{ID_FORM.pattern}$"},
        "The message's own id: what is sent again under it gets the same answer, and changes nothing.",
    ),
    "webhook-timestamp": (
        {"type": "string", "pattern": "^[0-9]+$"},
        "When the message is sent, in seconds since 1970; five minutes off at most.",
    ),
    "webhook-signature": (
        {"type": "string"},
        "As Standard Webhooks makes it of the feed's secret, the id, the timestamp and the body. A GET's is empty.",
    ),
}


def signed(body: dict[str, Any] | None = None, *, examples: dict[str, Any] | None = None) -> dict[str, Any]:
    """Describe a signed message: its headers, and the body it has, if it has one, with examples by name."""
    headers = [
        {"in": "header", "name": name, "schema": schema, "required": True, "description": description}
        for name, (schema, description) in HEADERS.items()
    ]
    if body is None:
        return {"parameters": headers}
    named = {name: {"value": value} for name, value in (examples or {}).items()}
    content = {"application/json": {"schema": body, "examples": named}}
    return {"parameters": headers, "requestBody": {"required": True, "content": content}}


class DescribedAPI(NinjaAPI):
    """An API whose description holds the documents too, which no function names: they are read after the signature."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Describe the functions, and put the documents beside what they answer."""
        described = super().get_openapi_schema(**options)
        _, documents = models_json_schema([(OrderDocument, "validation")], ref_template=REF_TEMPLATE)
        described.add_schema_definitions(documents["$defs"])
        return described
