"""Whatever the order in which statements arrive, the same is known in the end."""

from itertools import permutations
from typing import Any

import pytest

from cancellations.models import Refund
from cancellations.terms import Source
from orders.documents import OrderDocument
from orders.models import Order
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

SAID = cancellation_document(note="Too late for me.")
LATE = cancellation_document(source=Source.SYSTEM, reason="seller_did_not_ship", note="Not sent in time.")
PAID_BACK = LATE.model_copy(update={"refunds": (refund_document(state=Refund.State.SENT, reference="RF-1"),)})
LIFE = (
    order_document(version=1, buyer=None),
    order_document(version=2, lines=[line_document(), part_cancelled_line(title="Plate")], carrier="SPX"),
    cancelled_document(version=3, cancellation=SAID, lines=[line_document(), part_cancelled_line(title="Plate")]),
    cancelled_document(version=4, cancellation=LATE, lines=[line_document(quantity=3)]),
    cancelled_document(version=5, cancellation=PAID_BACK),
)


def arrive(number: str, *documents: OrderDocument) -> list[OrderDocument]:
    """Give the documents, as they arrive, another order's number."""
    return [document.model_copy(update={"number": number}) for document in documents]


def record_in_turn(arrivals: list[list[OrderDocument]]) -> None:
    """Record the first of each arrival, then the second of each, and so on."""
    for documents in zip(*arrivals, strict=True):
        record_orders(documents, origin=ORIGIN)


def state(number: str) -> dict[str, Any]:
    """Return all that is known of an order but its number, keys and the time of recording."""
    order = Order.objects.get(number=number)
    fields = ("status", "buyer__external_id", "carrier", "origin_version", "total", "currency")
    lines = order.lines.order_by("position")
    return {
        "order": Order.objects.values(*fields).get(number=number),
        "lines": list(
            lines.values("position", "title", "quantity", "cancelled_quantity", "cancellation__reason__code")
        ),
        "who_and_why": order.cancellation and (order.cancellation.source, order.cancellation.reason.code),
        "note": order.cancellation and (order.cancellation.note, order.cancellation.note_by),
        "refunds": list(Refund.objects.filter(cancellation=order.cancellation).values("state", "reference", "amount")),
    }


def test_all_120_orders_of_arrival_with_repetitions_end_alike():
    arrivals = {f"P{place}": arrival for place, arrival in enumerate(permutations(LIFE))}
    record_in_turn([arrive(number, *arrival, arrival[0], arrival[2]) for number, arrival in arrivals.items()])
    in_order = state("P0")
    assert in_order["who_and_why"] == ("system", "seller_did_not_ship")
    assert in_order["note"] == ("Not sent in time.", "system")
    assert [state(number) for number in arrivals] == [in_order] * 120


def test_two_statements_of_one_version_end_alike_too():
    one, other = order_document(carrier="SPX"), order_document(carrier="J&T Express")
    record_orders([one], origin=ORIGIN)
    record_orders([other], origin=ORIGIN)
    assert Order.objects.get().carrier == max(one, other, key=lambda said: said.digest).carrier
    record_orders([one], origin=ORIGIN)
    assert Order.objects.get().carrier == max(one, other, key=lambda said: said.digest).carrier


def test_numbered_by_arrival_they_would_not_end_alike():
    """The control: with versions that tell when a statement came, the last to come wins."""
    backwards = [document.model_copy(update={"version": place}) for place, document in enumerate(reversed(LIFE))]
    record_in_turn([arrive("P1", *LIFE), arrive("P2", *backwards)])
    assert state("P1") != state("P2")
