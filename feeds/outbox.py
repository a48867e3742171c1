"""What leaves: everything that was decided here about a feed's orders, in an order that nothing can slip behind."""

from typing import Any

from django.db.models import Exists, OuterRef

from feeds.models import Feed
from orders.log import Place, events_after
from orders.models import Event

MOST_EVENTS = 500


def decided_after(feed: Feed, place: Place, *, limit: int) -> list[dict[str, Any]]:
    """Read the next things decided here about this feed's orders, oldest first, without what feeds themselves said.

    Its orders are those that it has ever said something new of, whoever spoke of them since.
    """
    said_of_it = Event.objects.filter(order=OuterRef("order"), origin=feed.slug)
    events = events_after(place, limit=limit, among=Event.objects.filter(Exists(said_of_it), origin=""))
    return [_told(event) for event in events]


def _told(event: Event) -> dict[str, Any]:
    return {
        "place": str(Place.of(event)),
        "kind": event.kind,
        "order": event.order.number,
        "actor": event.actor,
        "occurred_at": event.occurred_at.isoformat() if event.occurred_at else None,
        "recorded_at": event.recorded_at.isoformat(),
        "facts": event.facts,
    }
