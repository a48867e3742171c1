"""Who is to be told of what by mail. The rows are written with the event; sending them is orders/sending.py's."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from django.db import transaction

from cancellations.terms import Source
from orders.models import Event, Mail, Order

Kind = Event.Kind
TO_BUYER = {
    Kind.CANCELLED,
    Kind.PART_CANCELLED,
    Kind.REQUEST_OPENED,
    Kind.REQUEST_APPROVED,
    Kind.REQUEST_DECLINED,
    Kind.REQUEST_LAPSED,
    Kind.REFUND_SENT,
    Kind.REFUND_COMPLETED,
    Kind.REFUND_FAILED,
    Kind.CONTEST_UPHELD,
    Kind.CONTEST_REJECTED,
}
ENDINGS = {Kind.CANCELLED, Kind.PART_CANCELLED}
NOT_THE_SELLER = {Source.BUYER, Source.SYSTEM}


def announce(events: Sequence[Event]) -> None:
    """Write the mails that are due about these events, and have them sent once the transaction has been committed."""
    orders = {event.order_id: event.order for event in events}
    due = [mail for event in events for mail in _mails(event, orders[event.order_id])]
    if due:
        Mail.objects.bulk_create(due, ignore_conflicts=True)
        transaction.on_commit(partial(_send, [event.pk for event in events]))


def _mails(event: Event, order: Order) -> Iterator[Mail]:
    recipients = set(_recipients(event, order))
    return (Mail(event=event, recipient_id=recipient) for recipient in sorted(recipients))


def _recipients(event: Event, order: Order) -> Iterable[int]:
    if event.kind in TO_BUYER and order.buyer_id and "request" not in _told_otherwise(event):
        yield order.buyer_id
    is_ending = event.kind in ENDINGS and event.actor in NOT_THE_SELLER
    if event.kind == Kind.REQUEST_OPENED or is_ending:
        yield from order.seller.members.values_list("pk", flat=True)


def _told_otherwise(event: Event) -> dict[str, object]:
    """Return the facts of an ending that its request's own mail tells already."""
    return event.facts if event.kind in ENDINGS else {}


def _send(event_ids: list[int]) -> None:
    """Hand the mails to the sender."""
