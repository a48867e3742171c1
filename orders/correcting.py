"""What words are understood as has changed: whatever was recorded by them is corrected.

In batches, each complete in itself: what a killed run has left, the next one finds. The old reason stays in the
timeline, and nobody is mailed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cancellations.codes import NOT_STATED
from cancellations.mapping import ForeignWords, Understood, meaning_of
from cancellations.models import Alias, Cancellation
from cancellations.querysets import CancellationQuerySet
from cancellations.terms import Source
from orders.belonging import keys_of
from orders.models import Event, Order

BATCH = 500


@dataclass(frozen=True)
class Corrected:
    """How many cancellations were corrected, and the last one that was looked at; none is left where that is None."""

    count: int
    last: int | None


def correct_words(words: ForeignWords, *, by: User | None = None) -> int:
    """Give whatever was recorded by these words the reason that they mean now; return how many cancellations."""
    recorded = Cancellation.objects.worded(origin=words.origin, source=words.source, key=words.key)
    reasons = list(recorded.order_by().values_list("reason", flat=True).distinct())
    return sum(_correct_from(reason, words, by) for reason in reasons)


def correct_all() -> int:
    """Correct whatever the aliases say otherwise than it is recorded; return how many cancellations."""
    return sum(correct_words(words) for words in dict.fromkeys(_uncorrected()))


def _correct_from(reason: int, words: ForeignWords, by: User | None) -> int:
    """Correct what is recorded as this reason, batch by batch: one reason at a time, as the index has them."""
    count, last = 0, 0
    while True:
        done = _correct_batch(words, reason, after=last, by=by)
        count += done.count
        if done.last is None:
            return count
        last = done.last


@transaction.atomic
def _correct_batch(words: ForeignWords, reason: int, *, after: int, by: User | None) -> Corrected:
    """Correct the next ones, whose orders are locked first and looked at second."""
    meaning = meaning_of(words)  # nobody changes that before the batch has ended
    if meaning is None or meaning.reason.pk == reason:
        return Corrected(0, None)
    next_ones = _said(words, reason).filter(pk__gt=after).order_by("pk")
    candidates = list(next_ones.values_list("pk", flat=True)[:BATCH])
    if not candidates:
        return Corrected(0, None)
    orders = _lock_orders(candidates)
    wrong = list(_said(words, reason).filter(pk__in=candidates).select_related("reason"))
    Cancellation.objects.filter(pk__in=[one.pk for one in wrong]).update(
        reason=meaning.reason, wording_version=meaning.wording_version
    )
    Event.objects.bulk_create(_corrections(wrong, orders, meaning, by))
    return Corrected(len(wrong), candidates[-1] if len(candidates) == BATCH else None)


def _said(words: ForeignWords, reason: int) -> CancellationQuerySet:
    """Select what was recorded by the words as this reason. What a contest has corrected stays so."""
    said = Cancellation.objects.worded(origin=words.origin, source=words.source, key=words.key)
    return said.filter(reason=reason).left_to_words()


def _lock_orders(cancellations: list[int]) -> dict[int, Order]:
    """Lock the orders that these ended, or took some lines of, by number as all do; by cancellation.

    One that no order points at any more (the origin has opened the order again) is locked by nobody and read by nobody.
    """
    order_of = keys_of(cancellations)
    locked = Order.objects.select_for_update().filter(pk__in=set(order_of.values())).order_by("number")
    orders = {order.pk: order for order in locked}
    return {cancellation: orders[order] for cancellation, order in order_of.items()}


def _corrections(
    wrong: Iterable[Cancellation], orders: dict[int, Order], meaning: Understood, by: User | None
) -> Iterator[Event]:
    """Write into each order's history what was understood before and what is now, and that an alias says so."""
    for one in wrong:
        facts = {
            "cancellation": one.pk,
            "from": {"source": one.source, "reason": one.reason.code},
            "to": {"source": one.source, "reason": meaning.reason.code},
            "alias": meaning.is_understood,
        }
        if one.pk in orders:
            yield Event(
                order=orders[one.pk],
                kind=Event.Kind.REASON_CORRECTED,
                actor=Source.SYSTEM,
                by=by,
                occurred_at=timezone.now(),
                facts=facts,
            )


def _uncorrected() -> Iterator[ForeignWords]:
    """Find the words whose cancellations do not all have the reason that the aliases say: an index knows them all."""
    aliases = Alias.objects.values_list("origin", "source", "text", "reason__code")
    means = {ForeignWords(origin, source, text): code for origin, source, text, code in aliases}
    recorded = Cancellation.objects.exclude(raw_key="").order_by("origin", "source", "raw_key").distinct()
    for origin, source, key, code in recorded.values_list("origin", "source", "raw_key", "reason__code").iterator():
        words = ForeignWords(origin, source, key)
        if code != means.get(words, NOT_STATED):
            yield words
