"""What a feed's message does: once, however often it is delivered."""

import hashlib
import json
from re import fullmatch
from typing import Any

from django.db import IntegrityError, transaction
from pydantic import ValidationError

from feeds.models import Delivery, Feed
from orders.documents import NUMBER_FORM, OrderDocument
from orders.faults import faults_of
from orders.recording import Outcome, What, record_orders

MOST_DOCUMENTS = 500
ANSWERS = {What.NEW: "applied", What.CHANGED: "applied", What.UNCHANGED: "unchanged", What.STALE: "stale"}


class MessageRefused(Exception):
    """The whole message is refused; its message is a sentence."""


class OtherContent(MessageRefused):
    """The id was used before, for another content."""


def receive(feed: Feed, *, message: str, body: bytes) -> list[dict[str, Any]]:
    """Record the documents of a signed message, and answer for each: applied, unchanged, stale or refused.

    The receipt is written in the transaction of the effect: a message that comes again gets the same answer and
    changes nothing. Raise MessageRefused if it is not one document or a list of at most 500, OtherContent if the id
    belongs to another content.
    """
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    if known := Delivery.objects.filter(feed=feed, message=message).first():
        return _same(known, digest)
    documents = _documents_in(body)
    try:
        with transaction.atomic():
            receipt = Delivery.objects.create(feed=feed, message=message, digest=digest, answer=[])
            answers = _record(feed, documents)
            Delivery.objects.filter(pk=receipt.pk).update(answer=answers)
    except IntegrityError:
        known = Delivery.objects.filter(feed=feed, message=message).first()
        if known is None:
            raise  # another constraint than that of the receipt
        return _same(known, digest)
    return answers


def _same(known: Delivery, digest: str) -> list[dict[str, Any]]:
    if known.digest != digest:
        raise OtherContent("This message id was used before, with other content. Send it under an id of its own.")
    answers: list[dict[str, Any]] = known.answer
    return answers


def _documents_in(body: bytes) -> list[Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise MessageRefused("The body is not JSON, is nested too deeply, or holds too long a number.") from None
    documents = said.get("orders", [said]) if isinstance(said, dict) else None
    if not isinstance(documents, list) or not documents:
        raise MessageRefused("The body is one order, or an object whose “orders” is a list of them.")
    if len(documents) > MOST_DOCUMENTS:
        raise MessageRefused(f"A message holds at most {MOST_DOCUMENTS} orders; this one holds {len(documents)}.")
    return documents


def _record(feed: Feed, said: list[Any]) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    fit: dict[int, OrderDocument] = {}
    for place, one in enumerate(said):
        try:
            fit[place] = OrderDocument.model_validate_json(json.dumps(one))
            answers.append({})
        except ValidationError as error:
            answers.append(_refused(one, error))
    for place, outcome in zip(fit, record_orders(list(fit.values()), origin=feed.slug), strict=True):
        answers[place] = _taken(outcome)
    return answers


def _refused(said: Any, error: ValidationError) -> dict[str, Any]:
    number = said.get("number") if isinstance(said, dict) else None
    faults = [{"field": field, "sentence": sentence} for field, sentence in faults_of(error)]
    known = number if isinstance(number, str) and fullmatch(NUMBER_FORM, number) else ""
    return {"number": known, "outcome": "refused", "faults": faults}


def _taken(outcome: Outcome) -> dict[str, Any]:
    words = [one.words for one in outcome.not_understood]
    return {"number": outcome.number, "outcome": ANSWERS[outcome.what], "faults": [], "not_understood": words}
