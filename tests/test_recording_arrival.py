"""Whatever the order in which statements arrive, the same is known in the end."""

from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from cancellations.models import Refund
from cancellations.terms import Source
from orders.documents import OrderDocument
from orders.models import Order, OrderLine
from orders.recording import record_orders
from tests.documents import (
    ORIGIN,
    cancellation_document,
    cancelled_document,
    line_document,
    order_document,
    part_cancelled_line,
    refund_document,
)

pytestmark = pytest.mark.django_db

LATE = cancellation_document(source=Source.SYSTEM, reason="seller_did_not_ship")
PAID_BACK = LATE.model_copy(update={"refunds": (refund_document(state=Refund.State.SENT, reference="RF-1"),)})
LIFE = (
    order_document(version=1, buyer=None),
    order_document(version=2, lines=[line_document(), part_cancelled_line(title="Plate")], carrier="SPX"),
    cancelled_document(version=3, lines=[line_document(), part_cancelled_line(title="Plate")]),
    cancelled_document(version=4, cancellation=LATE, lines=[line_document(quantity=3)]),
    cancelled_document(version=5, cancellation=PAID_BACK),
)


def state() -> list[dict[str, Any]]:
    """Return all that is known of the orders but keys and the time of recording."""
    return [
        {
            "order": Order.objects.filter(pk=order.pk)
            .values(
                "number", "status", "buyer__external_id", "carrier", "search_text", "origin_version", "origin_digest"
            )
            .get(),
            "lines": list(
                order.lines.values("position", "title", "quantity", "cancelled_quantity", "cancellation__reason__code")
            ),
            "who_and_why": order.cancellation and (order.cancellation.source, order.cancellation.reason.code),
            "refunds": list(
                Refund.objects.filter(cancellation=order.cancellation).values("state", "reference", "amount")
            ),
        }
        for order in Order.objects.select_related("cancellation__reason").order_by("number")
    ]


def end_of(*documents: OrderDocument) -> list[dict[str, Any]]:
    """Record the documents one after the other, look, and forget it all."""
    with transaction.atomic():
        for document in documents:
            record_orders([document], origin=ORIGIN)
        known = state()
        transaction.set_rollback(True)
    return known


def test_all_120_orders_of_arrival_with_repetitions_end_alike():
    in_order = end_of(*LIFE)
    assert in_order[0]["who_and_why"] == ("system", "seller_did_not_ship")
    for arrival in permutations(LIFE):
        assert end_of(*arrival, arrival[0], arrival[2]) == in_order


def test_two_statements_of_one_version_end_alike_too():
    one, other = order_document(carrier="SPX"), order_document(carrier="J&T Express")
    assert end_of(one, other) == end_of(other, one)


def test_numbered_by_arrival_they_would_not_end_alike():
    """The control: with versions that tell when a statement came, the last to come wins."""
    backwards = [document.model_copy(update={"version": place}) for place, document in enumerate(reversed(LIFE))]
    assert end_of(*backwards)[0]["who_and_why"] != end_of(*LIFE)[0]["who_and_why"]


def test_nothing_is_left_of_the_lines_of_older_statements():
    end_of(*LIFE)
    assert not OrderLine.objects.exists()
    for document in reversed(LIFE):
        record_orders([document], origin=ORIGIN)
    assert OrderLine.objects.count() == 1
