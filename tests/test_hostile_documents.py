"""A good document with anything in it replaced by anything: taken as rows that fit, or refused in sentences."""

import copy
import json
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.connecting import connect_feed
from feeds.models import Feed
from orders.models import Order
from tests.test_api import send
from tests.test_api_arrival import LIFE
from tests.test_format_hostile import ODD, _places

pytestmark = pytest.mark.django_db
numbers = count()
REPEATED = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def look_at_rows(number: str) -> None:
    """Ask every row that belongs to the order whether it is one."""
    order = Order.objects.get(number=number)
    lines = list(order.lines.all())
    found = [order.cancellation, *(line.cancellation for line in lines)]
    ended = [cancellation for cancellation in found if cancellation]
    refunds = [refund for cancellation in ended for refund in cancellation.refunds.all()]
    for row in (order, order.buyer, order.seller, *lines, *ended, *refunds):
        if row:
            row.full_clean(exclude=["password"])


@REPEATED
@given(data=st.data())
def test_a_spoilt_document_is_taken_or_refused(db: None, data: st.DataObject) -> None:
    feed = Feed.objects.first() or connect_feed(slug="market", name="The market")
    said = copy.deepcopy(data.draw(st.sampled_from(LIFE))) | {"number": f"N-{next(numbers)}"}
    for _ in range(data.draw(st.integers(1, 4))):
        holder, key = data.draw(st.sampled_from(_places(said)))
        if key in holder if isinstance(holder, dict) else key < len(holder):
            holder[key] = data.draw(ODD)
    answer = send(feed, json.dumps(said).encode(), message=f"m-{next(numbers)}")
    assert answer.status_code == 200
    [told] = answer.json()["orders"]
    if told["outcome"] == "applied":
        look_at_rows(told["number"])
    else:
        assert told["outcome"] in {"refused", "stale", "unchanged"}
        assert all(fault["sentence"].endswith(".") for fault in told["faults"])
        assert bool(told["faults"]) == (told["outcome"] == "refused")
