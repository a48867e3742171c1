"""Who is to be told of what by mail. The rows are written with the event; sending them is orders/sending.py's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import MutedMail, User
from cancellations.models import Refund
from orders.audiences import ENDINGS, NOT_THE_SELLER, REFUND_NEWS, TO_BUYER, TO_SELLER, MailChoice
from orders.models import CancellationRequest, Event, Mail, Seller
from orders.tasks import send_mails

type Telling = tuple[Event, int, MailChoice | None]


def announce(events: Sequence[Event]) -> None:
    """Write the mails that are due about these events, and have them sent once the transaction has been committed.

    As many statements for one event as for thousands.
    """
    if due := _mails([*_to_buyers(events), *_to_sellers(events)]):
        Mail.objects.bulk_create(due, ignore_conflicts=True)
        event_ids = sorted({mail.event_id for mail in due})
        # What goes wrong from here on is logged; the mails stay due, and the sweep (send_due_mail) finds them.
        transaction.on_commit(partial(send_mails.enqueue, event_ids), robust=True)


def announce_fresh(events: Iterable[Event], refunds: Iterable[Refund], requests: Iterable[CancellationRequest]) -> None:
    """Announce what a feed brought, as far as it has happened lately; history that is imported is told to nobody.

    A refund that came with its cancellation is told with it, and so is what became of a request.
    """
    money = {refund.pk: refund for refund in refunds}
    asked = {request.pk: request for request in requests}
    fresh = [event for event in events if event.kind in TO_BUYER and _is_fresh(event, money, asked)]
    ended = {event.facts.get("cancellation") for event in fresh if event.kind in ENDINGS}
    over = {event.order_id for event in fresh if event.kind == Event.Kind.CANCELLED}

    def is_told_with_it(event: Event) -> bool:
        if event.kind in REFUND_NEWS:
            return _refund(event, money).cancellation_id in ended
        return event.kind not in ENDINGS and event.order_id in over

    announce([event for event in fresh if not is_told_with_it(event)])


def _to_buyers(events: Iterable[Event]) -> Iterator[Telling]:
    for event in events:
        is_told_by_request = event.kind in ENDINGS and "request" in event.facts
        if event.kind in TO_BUYER and event.order.buyer_id and not is_told_by_request:
            yield event, event.order.buyer_id, TO_BUYER[event.kind]


def _to_sellers(events: Iterable[Event]) -> Iterator[Telling]:
    told = [event for event in events if event.kind in TO_SELLER and event.actor in NOT_THE_SELLER]
    members = _members({event.order.seller_id for event in told})
    for event in told:
        for member in members[event.order.seller_id]:
            yield event, member, TO_SELLER[event.kind]


def _members(seller_ids: set[int]) -> Mapping[int, list[int]]:
    members = defaultdict(list)
    if seller_ids:
        joined = Seller.members.through.objects.filter(seller__in=seller_ids)
        for seller, user in joined.values_list("seller_id", "user_id"):
            members[seller].append(user)
    return members


def _mails(tellings: Sequence[Telling]) -> list[Mail]:
    """Leave out whom no mail reaches, and who does not want this one."""
    if not tellings:
        return []
    people = {person for _, person, _ in tellings}
    reachable = set(User.objects.reachable().filter(pk__in=people).values_list("pk", flat=True))
    choices = {choice for _, _, choice in tellings if choice}
    muted = _muted(people) if choices else set()
    wanted = [
        (event, person) for event, person, choice in tellings if person in reachable and (person, choice) not in muted
    ]
    return [Mail(event=event, recipient_id=person) for event, person in wanted]


def _muted(people: set[int]) -> set[tuple[int, str]]:
    return set(MutedMail.objects.filter(user__in=people).values_list("user_id", "kind"))


def _is_fresh(event: Event, refunds: Mapping[int, Refund], requests: Mapping[int, CancellationRequest]) -> bool:
    at = event.occurred_at
    if at is None and event.kind in REFUND_NEWS:  # a failure has no date of its own
        refund = _refund(event, refunds)
        at = refund.sent_at or refund.due_at
    elif at is None and "request" in event.facts:  # nor has every answer: it is news as long as the question is
        at = requests[event.facts["request"]].requested_at
    return at is not None and at >= timezone.now() - timedelta(days=settings.MAIL_FRESH_DAYS)


def _refund(event: Event, refunds: Mapping[int, Refund]) -> Refund:
    return refunds[event.facts["refund"]]
