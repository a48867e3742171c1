"""The API: how a marketplace's back end sends orders, and learns what was decided here.

Every request is signed as Standard Webhooks says. The documents are the canonical ones of orders/documents.py.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema, Status
from ninja.errors import ValidationError
from pydantic import Field

from feeds.models import Feed
from feeds.outbox import MOST_EVENTS, decided_after
from feeds.receiving import MessageRefused, OtherContent, receive
from feeds.signing import NotSigned, message_id, signer_of
from orders.documents import OrderDocument
from orders.log import Place

MOST_BYTES = 5_000_000
TOO_LONG = "A message holds at most 5,000,000 bytes."
EXAMPLE = {
    "number": "1042-7731",
    "version": 3,
    "seller": {"name": "Casa Lucera"},
    "buyer": {"external_id": "b-7731", "email": "mai@example.org"},
    "status": "cancelled",
    "currency": "EUR",
    "total": "148.00",
    "payment_method": "card",
    "payment_label": "Card ending 4242",
    "placed_at": "2026-11-03T19:20:00+01:00",
    "paid_at": "2026-11-03T19:22:00+01:00",
    "lines": [{"title": "Brass floor lamp", "quantity": 1, "unit_price": "139.00"}],
    "cancellation": {
        "source": "system",
        "reason": "seller_did_not_ship",
        "cancelled_at": "2026-11-13T00:05:00+01:00",
        "refunds": [{"amount": "148.00", "method": "card", "state": "due", "expected_by": "2026-11-21"}],
    },
}


class Fault(Schema):
    """What is wrong with a document."""

    field: str
    sentence: str


class Answer(Schema):
    """What became of one document."""

    number: str
    outcome: str = Field(description="applied, unchanged, stale or refused")
    faults: list[Fault]
    not_understood: list[str] = Field(default=[], description="reasons that are shown as the origin's own words")


class Answers(Schema):
    """What became of the documents of a message, in their order."""

    orders: list[Answer]


class Decided(Schema):
    """One thing that was decided here."""

    place: str
    kind: str
    order: str
    actor: str
    occurred_at: str | None
    recorded_at: str
    facts: dict[str, Any] = Field(description="ids, codes and amounts; docs/domain.md lists them by kind")


class Log(Schema):
    """The next things that were decided; ask again after `next`."""

    events: list[Decided]
    next: str


class Refused(Schema):
    """Why nothing was done."""

    sentence: str


api = NinjaAPI(title="Candor", version="1", docs_decorator=login_not_required, urls_namespace="api")


@api.exception_handler(NotSigned)
def not_signed(request: HttpRequest, error: NotSigned) -> HttpResponse:
    """Answer 401."""
    return api.create_response(request, {"sentence": str(error)}, status=401)


@api.exception_handler(RequestDataTooBig)
def too_long(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """Answer 413, without having read it."""
    return api.create_response(request, {"sentence": TOO_LONG}, status=413)


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer 400 for what stands in the address; all that is asked for there are whole numbers."""
    name = error.errors[0]["loc"][-1]
    return api.create_response(request, {"sentence": f"{name} must be a whole number."}, status=400)


def _is_too_long(request: HttpRequest) -> bool:
    """Tell by the length that was said. Where none was, or what is no number, the server reads nothing."""
    said = request.headers.get("content-length") or ""
    return said.isascii() and said.isdigit() and (len(said) > len(str(MOST_BYTES)) or int(said) > MOST_BYTES)


@api.post(
    "/feeds/{slug}/orders",
    response={200: Answers, 400: Refused, 401: Refused, 409: Refused, 413: Refused},
    summary="Send one order, or up to 500",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": OrderDocument.model_json_schema(),
                    "examples": {"one": {"value": EXAMPLE}, "several": {"value": {"orders": [EXAMPLE]}}},
                }
            },
        }
    },
)
def send_orders(request: HttpRequest, slug: str) -> Status[dict[str, Any]]:
    """Record what the feed says about its orders. The same message again changes nothing."""
    if _is_too_long(request):
        return Status(413, {"sentence": TOO_LONG})
    feed = signer_of(request, slug)
    try:
        return Status(200, {"orders": receive(feed, message=message_id(request), body=request.body)})
    except OtherContent as refusal:
        return Status(409, {"sentence": str(refusal)})
    except MessageRefused as refusal:
        return Status(400, {"sentence": str(refusal)})


@api.get(
    "/feeds/{slug}/events",
    response={200: Log, 400: Refused, 401: Refused, 413: Refused},
    summary="Read what was decided here",
)
def read_events(request: HttpRequest, slug: str, after: str = "", limit: int = 100) -> Status[dict[str, Any]]:
    """Read what buyers, sellers and administrators decided about this feed's orders, oldest first, after a place."""
    feed: Feed = signer_of(request, slug)
    try:
        place = Place.parse(after)
    except ValueError as fault:
        return Status(400, {"sentence": str(fault)})
    events = decided_after(feed, place, limit=max(1, min(limit, MOST_EVENTS)))
    return Status(200, {"events": events, "next": events[-1]["place"] if events else after})
