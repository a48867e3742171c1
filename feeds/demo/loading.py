"""Load the demo the way any feed is loaded, once: from then on it stays as it is."""

from collections import Counter
from datetime import UTC, datetime
from itertools import batched

from django.db.models import Max
from django.utils import timezone

from feeds.demo.clock import Clock
from feeds.demo.crowd import all_stories
from feeds.demo.lives import Life
from feeds.demo.people import join_the_shop, let_people_in
from feeds.demo.telling import order_document
from orders.documents import OrderDocument
from orders.models import Order
from orders.recording import What, record_orders

ORIGIN = "demo"
BATCH = 500


def load_demo() -> Counter[What]:
    """Let people in and record every order; count what became of the orders."""
    let_people_in()
    found: Counter[What] = Counter()
    for batch in batched(all_documents(demo_clock()), BATCH, strict=False):
        found.update(outcome.what for outcome in record_orders(batch, origin=ORIGIN))
    join_the_shop()
    return found


def demo_clock() -> Clock:
    """Return the clock of the first load, which the orders carry as their version; else one that starts now."""
    version = Order.objects.filter(origin=ORIGIN).aggregate(newest=Max("origin_version"))["newest"]
    now = datetime.fromtimestamp(version, tz=UTC) if version else timezone.now().replace(second=0, microsecond=0)
    return Clock(now)


def all_documents(clock: Clock) -> list[OrderDocument]:
    """Make every order as the clock tells it, the oldest first."""
    lives = [Life(story, clock) for story in all_stories()]
    return [order_document(life) for life in sorted(lives, key=lambda life: (life.placed_at, life.story.number))]
