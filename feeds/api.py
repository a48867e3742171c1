"""The API: how a marketplace's back end sends orders, and learns what was decided here.

Every request is signed as Standard Webhooks says. Orders are the documents of orders/documents.py, or a platform's own.
"""

from typing import Annotated, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import Schema, Status
from ninja.errors import ValidationError
from pydantic import Field, WithJsonSchema

from feeds.examples import EXAMPLE, PLATFORM_EXAMPLES
from feeds.formats.canonical import Canonical
from feeds.json_formats import JsonFormat, json_formats
from feeds.models import Feed
from feeds.openapi import ORDERS, PAYLOADS, DescribedAPI, signed
from feeds.outbox import MOST_EVENTS, decided_after
from feeds.receiving import MessageRefused, OtherContent, receive
from feeds.signing import NotSigned, message_id, signer_of
from orders.log import Place

MOST_BYTES = 5_000_000
TOO_LONG = "A message holds at most 5,000,000 bytes."


# Listed in the API's page; what is not among them is answered with a sentence that names those that are.
FormatName = Annotated[str, WithJsonSchema({"type": "string", "enum": sorted({"canonical", *json_formats()})})]


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


api = DescribedAPI(title="Candor", version="1", docs_decorator=login_not_required, urls_namespace="api")


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
    openapi_extra=signed(ORDERS, examples={"one": EXAMPLE, "several": {"orders": [EXAMPLE]}, "a list": [EXAMPLE]}),
)
def send_orders(request: HttpRequest, slug: str) -> Status[dict[str, Any]]:
    """Record what the feed says about its orders. The same message again changes nothing."""
    return _received(request, slug, "orders")


@api.get(
    "/feeds/{slug}/events",
    response={200: Log, 400: Refused, 401: Refused, 413: Refused},
    summary="Read what was decided here",
    openapi_extra=signed(),
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


# The last of the addresses: `format` is whatever the others are not.
@api.post(
    "/feeds/{slug}/{format}",
    response={200: Answers, 400: Refused, 401: Refused, 404: Refused, 409: Refused, 413: Refused},
    summary="Send orders as a platform's own API writes them",
    openapi_extra=signed(PAYLOADS, examples=PLATFORM_EXAMPLES),
)
def send_payload(request: HttpRequest, slug: str, format: FormatName) -> Status[dict[str, Any]]:  # noqa: A002  (its name in the address)
    """Record orders in the form in which a platform's API or webhook writes them, named by `format`.

    One order, a list of them, or an answer of the platform's API that holds some; at most 500. Each is taken or refused
    by itself, and a refusal names the field as the platform does. What orders of the format do not say (whose shop it
    is, a currency, a time zone) is said of the feed, by an administrator.
    """
    return _received(request, slug, format)


def _received(request: HttpRequest, slug: str, name: str) -> Status[dict[str, Any]]:
    if _is_too_long(request):
        return Status(413, {"sentence": TOO_LONG})
    feed = signer_of(request, slug)
    forms = _formats_of(feed)
    if name not in forms:
        return Status(404, {"sentence": f"This feed sends orders to one of: {', '.join(sorted(forms))}."})
    try:
        return Status(200, {"orders": receive(feed, message=message_id(request), body=request.body, form=forms[name])})
    except OtherContent as refusal:
        return Status(409, {"sentence": str(refusal)})
    except MessageRefused as refusal:
        return Status(400, {"sentence": str(refusal)})


def _formats_of(feed: Feed) -> dict[str, type[JsonFormat]]:
    """Return what the feed may send, by its name in addresses: our own documents, and its format or any."""
    known: dict[str, type[JsonFormat]] = {"orders": Canonical, "canonical": Canonical, **json_formats()}
    return {name: form for name, form in known.items() if form in (Canonical, known.get(feed.format, form))}
