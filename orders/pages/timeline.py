"""What happened to an order, newest first: its own dates, its cancellations and refunds, and what else was recorded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cancellations import wordings
from cancellations.codes import NOT_STATED
from cancellations.models import Refund
from cancellations.terms import Source
from foundation.money import money
from orders.models import CancellationRequest, Conflict, Event, Order
from orders.overtaking import is_about
from orders.pages.why import WhyCard
from orders.words import history as words
from orders.words.who import ACTOR, ACTOR_TO_SELLER

type Names = dict[Source, str]

# How far each kind takes a refund, in this order; DATES are what its row knows of each.
STATIONS = [
    Event.Kind.REFUND_DUE,
    Event.Kind.REFUND_SENT,
    Event.Kind.REFUND_COMPLETED,
    Event.Kind.REFUND_FAILED,
]
DATES = dict(zip(STATIONS, ["due_at", "sent_at", "completed_at"], strict=False))
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
    unanswered: CancellationRequest | None = None,
    is_for_seller: bool = False,
) -> list[Entry]:
    """Tell the whole story, newest first; what has no date stands where it must have happened: at the end.

    Of two entries of one moment, the one that follows from the other stands above it. `unanswered` is the request that
    the end of the order closed before there was an answer.
    """
    actors = ACTOR_TO_SELLER if is_for_seller else ACTOR
    names = {source: str(name) for source, name in actors.items()} | {Source.SELLER: order.seller.name}
    events = [event for event in events if not _is_no_answer(event, unanswered)]
    answers = {conflict.pk: conflict.answer for conflict in conflicts}
    entries = [*_dates_of(order, names), *_other(_said_once(events), names, answers, order.cancellation_id)]
    for card in reversed(cards):
        entries.append(_cancelled(card, names))
        if unanswered and card.is_whole:
            entries.append(Entry(str(words.REQUEST_ENDED), card.ended.cancelled_at))
        entries += [entry for refund in card.refunds for entry in _refunded(refund, events)]
    return sorted(entries, key=lambda entry: entry.place)[::-1]


def _is_no_answer(event: Event, unanswered: CancellationRequest | None) -> bool:
    """Tell whether the event only closed a request that nobody has answered."""
    return event.kind == Event.Kind.REQUEST_APPROVED and unanswered is not None and is_about(event, unanswered)


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


def _refunded(refund: Refund, events: Iterable[Event]) -> Iterator[Entry]:
    """Tell how the money went as its events say; what none says, as the row does, which has the dates stated last."""
    about = _left_standing(e for e in events if e.kind in STATIONS and e.facts.get("refund") == refund.pk)
    told: list[tuple[Event.Kind, datetime | None, datetime | None]] = [
        (Event.Kind(event.kind), event.occurred_at, None if event.occurred_at else event.recorded_at) for event in about
    ]
    for kind in STATIONS:
        stated = getattr(refund, DATES[kind]) if kind in DATES else None
        places = [place for place, (known, *_) in enumerate(told) if known == kind]
        if places and stated:
            told[places[-1]] = (kind, stated, None)
        elif not places and (stated or (kind == FAILED and refund.state == Refund.State.FAILED)):
            after = [place for place, (known, *_) in enumerate(told) if _station(known) > _station(kind)]
            told.insert(after[0] if after else len(told), (kind, stated, None))
    amount = money(refund.amount, refund.currency)
    for kind, at, recorded_at in dict.fromkeys(told):
        yield Entry(str(words.REFUND[kind]).format(amount=amount), at, stands_at=recorded_at)


def _left_standing(events: Iterable[Event]) -> list[Event]:
    """Leave out what the origin took back, by saying afterwards that the money has not come so far."""
    left: list[Event] = []
    for event in events:
        while left and left[-1].kind != FAILED and _station(left[-1].kind) >= _station(event.kind):
            left.pop()
        left.append(event)
    return left


def _station(kind: str) -> int:
    return STATIONS.index(Event.Kind(kind))


def _said_once(events: Iterable[Event]) -> Iterator[Event]:
    """Leave out what the origin has said of the same cancellation before."""
    said = set()
    for event in events:
        what = tuple(event.facts.get(name) for name in ("cancellation", "request", "status"))
        if event.kind != Event.Kind.CONFLICT or what not in said:
            yield event
        said |= {what} if event.kind == Event.Kind.CONFLICT else set()


def _other(events: Iterable[Event], names: Names, answers: Mapping[int, str], standing: int | None) -> Iterator[Entry]:
    for event in events:
        if sentence := words.EVENTS.get(Event.Kind(event.kind)):
            at = event.occurred_at or (None if event.kind in ASKED else event.recorded_at)
            by = str(words.BY_MARKETPLACE) if event.kind in SAID_BY_MARKETPLACE else names[Source(event.actor)]
            if event.kind == Event.Kind.REQUEST_APPROVED and event.facts.get("cancellation", standing) != standing:
                sentence, by = words.REQUEST_ENDED, ""  # by an end that its origin has taken back since
            told = _corrected(event) or _contradicted(event) or _settled(event, answers)
            yield Entry(told or str(sentence), at, by, stands_at=event.recorded_at)


def _corrected(event: Event) -> str:
    """Say what the reason was before it was corrected, or how its words are understood now."""
    if event.kind != Event.Kind.REASON_CORRECTED or "from" not in event.facts:
        return ""
    before, after = (event.facts[side]["reason"] for side in ("from", "to"))
    labels = {"before": wordings.label_of(before), "after": wordings.label_of(after)}
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
