"""What happened here: the only writer of the events of actions, and of the mails that go with them."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from cancellations.terms import Source
from orders.mailing import announce
from orders.models import Event, Order


def record_event(
    order: Order,
    kind: Event.Kind,
    *,
    actor: Source,
    by: User | None = None,
    at: datetime | None = None,
    facts: dict[str, Any] | None = None,
) -> Event:
    """Write what happened, in the transaction that makes it happen, and what has to be mailed about it."""
    event = Event.objects.create(
        order=order, kind=kind, actor=actor, by=by, occurred_at=at or timezone.now(), facts=facts or {}
    )
    announce([event])
    return event
