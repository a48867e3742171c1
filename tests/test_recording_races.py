"""Several writers with the same orders at once, on PostgreSQL."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections

from accounts.models import User
from orders.documents import BuyerDocument, OrderDocument, SellerDocument
from orders.models import Order, Seller
from orders.recording import What, record_orders
from tests.documents import ORIGIN, cancelled_document, order_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not connection.features.has_select_for_update,
        reason="SQLite lets one writer in at a time, so there is no race to run; PostgreSQL shows it.",
    ),
]
WRITERS = 8
VERSIONS = 3


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run the act in so many threads, each with a connection of its own."""

    def run(place: int) -> Any:
        try:
            return act(place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


class MeetBeforeInserting:
    """Let two writers wait for each other, once, when they are about to write a new order and take its key."""

    def __init__(self) -> None:
        self.barrier = Barrier(2, timeout=10)
        self.have_met = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, *args: Any) -> Any:
        if "nextval" in sql and '"orders_order"' in params and not self.have_met:
            self.barrier.wait()
            self.have_met = True
        return execute(sql, params, *args)


def test_two_writers_with_the_same_new_order_make_one_and_the_newer_statement_wins():
    Seller.objects.create(name="Minh Long Ceramics", slug="minh-long-ceramics")
    User.objects.create_user(external_id="mai.nguyen")
    meet = MeetBeforeInserting()

    def write(place: int) -> list[What]:
        document = order_document(version=place + 1, carrier=f"Carrier {place + 1}")
        with connection.execute_wrapper(meet):
            return [outcome.what for outcome in record_orders([document], origin=ORIGIN)]

    outcomes = sorted(what for [what] in at_once(2, write))
    assert outcomes in ([What.CHANGED, What.NEW], [What.NEW, What.STALE])
    assert Order.objects.get().carrier == "Carrier 2"


def test_without_trying_again_one_of_them_fails(monkeypatch):
    """The control."""
    monkeypatch.setattr("orders.recording.batch.MOST_ATTEMPTS", 1)
    with pytest.raises(IntegrityError):
        test_two_writers_with_the_same_new_order_make_one_and_the_newer_statement_wins()


def test_of_two_shops_with_the_same_new_number_the_first_keeps_it():
    meet = MeetBeforeInserting()

    def write(place: int) -> list[What]:
        document = order_document(version=place + 1, seller=SellerDocument(name=f"Shop {place}"))
        with connection.execute_wrapper(meet):
            return [outcome.what for outcome in record_orders([document], origin=f"shop-{place}")]

    for place in range(2):
        Seller.objects.create(name=f"Shop {place}", slug=f"shop-{place}")
    User.objects.create_user(external_id="mai.nguyen")
    told = [what for [what] in at_once(2, write)]
    assert sorted(told) == [What.NEW, What.REFUSED]
    order, first = Order.objects.get(), told.index(What.NEW)
    assert (order.seller.name, order.origin, order.origin_version) == (f"Shop {first}", f"shop-{first}", first + 1)


def test_eight_writers_with_all_statements_about_300_orders_end_right_without_a_deadlock():
    def write(place: int) -> None:
        for batch in batches(random.Random(place)):
            record_orders(batch, origin=ORIGIN)

    at_once(WRITERS, write)
    assert Order.objects.count() == 300
    assert set(Order.objects.values_list("origin_version", "status")) == {(VERSIONS, Order.Status.CANCELLED)}
    assert Seller.objects.count() == 7
    assert User.objects.count() == 40


def batches(chance: random.Random) -> Iterator[list[OrderDocument]]:
    """Give all statements about all orders, in an order of this writer's own, in batches of a hundred."""
    documents = [statement(number, version) for number in range(300) for version in range(1, VERSIONS + 1)]
    chance.shuffle(documents)
    for start in range(0, len(documents), 100):
        yield documents[start : start + 100]


def statement(number: int, version: int) -> OrderDocument:
    make = cancelled_document if version == VERSIONS else order_document
    return make(
        f"A{number}",
        version=version,
        seller=SellerDocument(name=f"Shop {number % 7}"),
        buyer=BuyerDocument(external_id=f"buyer{number % 40}", email=f"buyer{number % 40}@example.org"),
    )
