"""What happened to an order, newest first: its own dates, its cancellations and refunds, and what else was recorded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import get_language

from cancellations import wordings
from cancellations.models import Refund
from cancellations.models.reason import NOT_STATED
from cancellations.terms import Source
from foundation.money import money
from orders.models import Conflict, Event, Order
from orders.pages.why import WhyCard
from orders.words import history as words
from orders.words.who import ACTOR, ACTOR_TO_SELLER

type Names = dict[Source, str]

FAILED = Event.Kind.REFUND_FAILED
SAID_BY_MARKETPLACE = {
    Event.Kind.CONTEST_UPHELD,
    Event.Kind.CONTEST_REJECTED,
    Event.Kind.REASON_CORRECTED,
    Event.Kind.REQUEST_DROPPED,
    Event.Kind.CONFLICT,
    Event.Kind.CONFLICT_SETTLED,
}
# What an origin may report without its date: then the date is not stated, and that of the report is not shown for it.
ASKED = {
    Event.Kind.REQUEST_OPENED,
    Event.Kind.REQUEST_WITHDRAWN,
    Event.Kind.REQUEST_APPROVED,
    Event.Kind.REQUEST_DECLINED,
    Event.Kind.REQUEST_LAPSED,
}
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One thing that happened, when (None: not stated), and by whom ("" where it goes without saying)."""

    sentence: str
    at: datetime | None
    by: str = ""
    is_end: bool = False
    stands_at: datetime | None = None  # where it stands, if its own date is not stated

    @property
    def place(self) -> datetime:
        """Where it stands among the others."""
        return self.at or self.stands_at or LAST


def timeline(
    order: Order,
    cards: Sequence[WhyCard],
    events: Iterable[Event],
    *,
    conflicts: Iterable[Conflict] = (),
    is_for_seller: bool = False,
) -> list[Entry]:
    """Tell the whole story, newest first; what has no date stands where it must have happened: at the end.

    Of two entries of one moment, the one that follows from the other stands above it.
    """
    actors = ACTOR_TO_SELLER if is_for_seller else ACTOR
    names = {source: str(name) for source, name in actors.items()} | {Source.SELLER: order.seller.name}
    events = list(events)
    failures = {event.facts.get("refund"): event.occurred_at for event in events if event.kind == FAILED}
    answers = {conflict.pk: conflict.answer for conflict in conflicts}
    entries = [*_dates_of(order, names), *_other(_said_once(events), names, answers)]
    for card in reversed(cards):
        entries.append(_cancelled(card, names))
        entries += [entry for refund in card.refunds for entry in _refunded(refund, failures.get(refund.pk))]
    return sorted(entries, key=lambda entry: entry.place)[::-1]


def _dates_of(order: Order, names: Names) -> Iterator[Entry]:
    you, seller = names[Source.BUYER], names[Source.SELLER]
    if order.placed_at:
        yield Entry(str(words.PLACED), order.placed_at, you)
    if order.paid_at:
        yield Entry(str(words.PAID), order.paid_at, order.payment_label)
    if order.shipped_at:
        sentence = str(words.SHIPPED_WITH if order.carrier else words.SHIPPED)
        yield Entry(sentence.format(carrier=order.carrier), order.shipped_at, seller)
    if order.delivered_at:
        yield Entry(str(words.DELIVERED), order.delivered_at, order.carrier)


def _cancelled(card: WhyCard, names: Names) -> Entry:
    sentence = str(words.CANCELLED if card.is_whole else words.PART_CANCELLED).format(label=card.words.label)
    return Entry(sentence, card.ended.cancelled_at, names[Source(card.ended.source)], is_end=True)


def _refunded(refund: Refund, failed_at: datetime | None) -> Iterator[Entry]:
    amount = money(refund.amount, refund.currency)
    moments = [
        (words.REFUND_DUE, refund.due_at),
        (words.REFUND_SENT, refund.sent_at),
        (words.REFUND_COMPLETED, refund.completed_at),
    ]
    for sentence, at in moments:
        if at:
            yield Entry(str(sentence).format(amount=amount), at)
    if refund.state == Refund.State.FAILED:
        yield Entry(str(words.REFUND_FAILED).format(amount=amount), failed_at)


def _said_once(events: Iterable[Event]) -> Iterator[Event]:
    """Leave out what the origin has said of the same cancellation before."""
    said = set()
    for event in events:
        what = tuple(event.facts.get(name) for name in ("cancellation", "request", "status"))
        if event.kind != Event.Kind.CONFLICT or what not in said:
            yield event
        said |= {what} if event.kind == Event.Kind.CONFLICT else set()


def _other(events: Iterable[Event], names: Names, answers: Mapping[int, str]) -> Iterator[Entry]:
    for event in events:
        if sentence := words.EVENTS.get(Event.Kind(event.kind)):
            at = event.occurred_at or (None if event.kind in ASKED else event.recorded_at)
            by = str(words.BY_MARKETPLACE) if event.kind in SAID_BY_MARKETPLACE else names[Source(event.actor)]
            told = _corrected(event) or _contradicted(event) or _settled(event, answers)
            yield Entry(told or str(sentence), at, by, stands_at=event.recorded_at)


def _corrected(event: Event) -> str:
    """Say what the reason was before it was corrected, or how its words are understood now."""
    if event.kind != Event.Kind.REASON_CORRECTED or "from" not in event.facts:
        return ""
    language = get_language() or "en"
    before, after = (event.facts[side]["reason"] for side in ("from", "to"))
    labels = {"before": wordings.label_of(before, language), "after": wordings.label_of(after, language)}
    if "alias" not in event.facts:
        return str(words.CORRECTED).format(label=labels["before"])
    if not event.facts["alias"]:
        return str(words.NOT_UNDERSTOOD).format(**labels)
    return str(words.UNDERSTOOD if before == NOT_STATED else words.UNDERSTOOD_OTHERWISE).format(**labels)


def _contradicted(event: Event) -> str:
    """Say what the origin says against the cancellation, or against the answer to a request."""
    if event.kind != Event.Kind.CONFLICT:
        return ""
    return str(
        words.OTHER_ANSWER if "request" in event.facts else words.CONTRADICTED.get(event.facts.get("status"), "")
    )


def _settled(event: Event, answers: Mapping[int, str]) -> str:
    """Say what an administrator found out."""
    answer = answers.get(event.facts.get("conflict", 0)) if event.kind == Event.Kind.CONFLICT_SETTLED else ""
    return str(words.SETTLED).format(answer=answer) if answer else ""
