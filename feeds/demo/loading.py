"""Load the demo the way any feed is loaded, once: from then on it stays as it is."""

from collections import Counter
from datetime import UTC, datetime
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from feeds.demo.acting import act_out
from feeds.demo.clock import Clock
from feeds.demo.crowd import all_stories
from feeds.demo.lives import Life
from feeds.demo.people import join_the_shop, let_people_in
from feeds.demo.sending import is_connected, send_as_a_shop
from feeds.demo.stories import FIRST_NUMBER
from feeds.demo.telling import order_document
from feeds.models import Feed
from orders.documents import OrderDocument
from orders.models import Order
from orders.recording import What, record_orders

ORIGIN = "demo"  # the slug of the feed, too: what is sent with its secret belongs to the demo
SECRET = "whsec_dGhpcyBpcyBubyBzZWNyZXQ6IGl0IGlzIGEgZGVtbyE="  # noqa: S105  (it says so: "this is no secret")
BATCH = 500


@transaction.atomic
def load_demo() -> Counter[What]:
    """Let people in, record every order, and do what people did; count what became of the orders.

    In one transaction: so what people did is done if and only if the orders are there.
    """
    let_people_in()
    is_first, clock = not its_orders().exists(), demo_clock()
    found: Counter[What] = Counter()
    for batch in batched(all_documents(clock), BATCH, strict=False):
        found.update(outcome.what for outcome in record_orders(batch, origin=ORIGIN))
    join_the_shop()
    Feed.objects.get_or_create(slug=ORIGIN, defaults={"name": "The demo's marketplace", "secret": SECRET})
    if is_first:
        act_out(clock, origin=ORIGIN)
    if not is_connected():
        send_as_a_shop(clock)
    return found


def its_orders() -> QuerySet[Order]:
    """Select the orders of the demo, and what was sent to its feed since."""
    return Order.objects.filter(origin=ORIGIN)


def demo_clock() -> Clock:
    """Return the clock of the first load, which the orders carry as their version; else one that starts now.

    What visitors send to the demo's feed has versions of its own, so one order of the first load is asked.
    """
    version = its_orders().filter(number=FIRST_NUMBER).values_list("origin_version", flat=True).first()
    now = datetime.fromtimestamp(version, tz=UTC) if version else timezone.now().replace(second=0, microsecond=0)
    return Clock(now)


def all_documents(clock: Clock) -> list[OrderDocument]:
    """Make every order as the clock tells it, the oldest first."""
    lives = [Life(story, clock) for story in all_stories()]
    return [order_document(life) for life in sorted(lives, key=lambda life: (life.placed_at, life.story.number))]
