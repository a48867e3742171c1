"""What a feed's message does: once, however often it is delivered."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from feeds.closing import close_earlier
from feeds.facts import Facts
from feeds.formats import Format, OptionRefused, Record
from feeds.formats.canonical import Canonical
from feeds.json_files import parse
from feeds.json_formats import JsonFormat
from feeds.models import Delivery, Feed, Run
from feeds.refusals import WHOLE
from feeds.refusing import Refusal, keep_refused
from feeds.taking import refused, take_orders, taken
from foundation.numbers import is_order_number
from orders.recording import Outcome, What

MOST_DOCUMENTS = 500
ANSWERS = {What.NEW: "applied", What.CHANGED: "applied", What.UNCHANGED: "unchanged", What.STALE: "stale"}


class MessageRefused(Exception):
    """The whole message is refused; its message is a sentence."""


class OtherContent(MessageRefused):
    """The id was used before, for another content."""


def receive(feed: Feed, *, message: str, body: bytes, form: type[JsonFormat] = Canonical) -> list[dict[str, Any]]:
    """Record the orders of a signed message, and answer for each: applied, unchanged, stale or refused.

    The receipt is written in the transaction of the effect: a message that comes again gets the same answer and
    changes nothing. Raise MessageRefused if it holds no orders of the format, or more than 500; OtherContent if the
    id belongs to another content.
    """
    try:
        return _answers(feed, message, body, form)
    except MessageRefused as refusal:
        _note_refusal(feed, form, message, str(refusal))
        raise


def dialect_of(feed: Feed, form: Format) -> str:
    """Name whose words the reasons are: a platform's where its own orders are sent, else those of the feed itself."""
    return feed.slug if isinstance(form, Canonical) else form.origin


def _answers(feed: Feed, message: str, body: bytes, form: type[JsonFormat]) -> list[dict[str, Any]]:
    digest = _digest(body, form)
    if known := Delivery.objects.filter(feed=feed, message=message).first():
        return _same(known, digest)
    reader, orders = _orders_in(body, form, feed)
    try:
        with transaction.atomic():
            receipt = Delivery.objects.create(feed=feed, message=message, digest=digest, answer=[])
            answers = _record(receipt, reader, orders)
    except IntegrityError:
        known = Delivery.objects.filter(feed=feed, message=message).first()
        if known is None:
            raise  # another constraint than that of the receipt
        return _same(known, digest)
    return answers


def _digest(body: bytes, form: type[JsonFormat]) -> str:
    """Tell contents apart: the same bytes are another content in another format."""
    key = b"" if form is Canonical else form.name.encode()[:64]
    return hashlib.blake2b(body, digest_size=16, key=key).hexdigest()


def _same(known: Delivery, digest: str) -> list[dict[str, Any]]:
    if known.digest != digest:
        raise OtherContent("This message id was used before, with other content. Send it under an id of its own.")
    answers: list[dict[str, Any]] = known.answer
    return answers


# What a message holds


def _orders_in(body: bytes, form: type[JsonFormat], feed: Feed) -> tuple[JsonFormat, list[list[Record]]]:
    """Return the records of each order, in the order in which the orders are named."""
    try:
        reader = form(feed.options)
    except OptionRefused:
        raise MessageRefused(
            f"{form.TITLE} does not say whose shop it is: an administrator has to name this feed's seller first."
        ) from None
    orders = reader.orders_of(_payloads_in(body, form))
    if len(orders) > MOST_DOCUMENTS:
        raise MessageRefused(f"A message holds at most {MOST_DOCUMENTS} orders; this one holds {len(orders)}.")
    return reader, orders


def _payloads_in(body: bytes, form: type[JsonFormat]) -> list[Any]:
    said = _read(body)
    held = [Facts(said).raw(path) for path in form.ENVELOPES] if isinstance(said, dict) else []
    is_one = all(part is None or isinstance(part, dict | list) for part in held)
    payloads = list(form.payloads(said)) if isinstance(said, dict | list) and is_one else []
    if not payloads:
        names = " or ".join(f"“{path}”" for path in form.ENVELOPES)
        raise MessageRefused(f"The body is one order, a list of them, or an object whose {names} is a list of them.")
    return payloads


def _read(body: bytes) -> Any:
    """Read the body as the same text in a file is read."""
    try:
        return parse(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise MessageRefused("The body is not text in UTF-8.") from None
    except ValueError as error:
        raise MessageRefused(f"The body cannot be read. {error}") from None


# What becomes of it


def _record(receipt: Delivery, form: JsonFormat, orders: Sequence[list[Record]]) -> list[dict[str, Any]]:
    feed = receipt.feed
    said = take_orders(form, orders, origin=feed.slug, dialect=dialect_of(feed, form))
    answers = [_refused(one) if isinstance(one, Refusal) else _taken(one) for one in said]
    refusals = refused(said)
    close_earlier(form, said, feed=feed, before=receipt.received_at)
    run = _keep(receipt, form, taken(said), refusals) if refusals else None
    Delivery.objects.filter(pk=receipt.pk).update(answer=answers, run=run)
    return answers


def _keep(receipt: Delivery, form: JsonFormat, outcomes: Sequence[Outcome], refusals: Sequence[Refusal]) -> Run:
    """Let administrators see what was refused, and try it again."""
    run = Run(
        feed=receipt.feed,
        format=form.name,
        file_name=receipt.message,
        state=Run.State.FINISHED,
        started_at=receipt.received_at,
        ended_at=timezone.now(),
    )
    run.options = form.options
    run.count(outcomes, refused=len(refusals))
    run.save()
    keep_refused(run, refusals)
    return run


def _note_refusal(feed: Feed, form: type[JsonFormat], message: str, sentence: str) -> None:
    """Let administrators see that a message was refused whole; sent again and again, it is noted once."""
    said = {"feed": feed, "file_name": message, "state": Run.State.REFUSED, "refusal": sentence[:1000]}
    if not Run.objects.filter(**said).exists():  # two at the same moment may note it twice, which does no harm
        now = timezone.now()
        Run.objects.create(**said, format=form.name, started_at=now, ended_at=now)


def _refused(refusal: Refusal) -> dict[str, Any]:
    number = refusal.number.strip().lstrip("#")
    faults = [
        {"field": "" if fault.field == WHOLE else fault.field, "sentence": fault.sentence} for fault in refusal.faults
    ]
    return {"number": number if is_order_number(number) else "", "outcome": "refused", "faults": faults}


def _taken(outcome: Outcome) -> dict[str, Any]:
    words = [one.words for one in outcome.not_understood]
    return {"number": outcome.number, "outcome": ANSWERS[outcome.what], "faults": [], "not_understood": words}
