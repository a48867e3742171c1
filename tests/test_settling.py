"""The origin says that it sent what was cancelled here: one conflict is opened, shown, and settled once."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cancellations.models import Cancellation, Reason
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.models import Conflict, Event, Mail, Order, Seller
from orders.recording import record_orders
from orders.refusals import AlreadyDecided, UnfitNote
from orders.settling import settle_conflict
from tests.documents import ORIGIN, cancelled_document, line_document, order_document
from tests.factories import ConflictFactory, OrderFactory
from tests.faults import survives_faults
from tests.pages import text_of
from tests.racing import ON_POSTGRESQL, PATIENTLY, race, without_lock

__all__ = ["without_lock"]  # a fixture, used by name

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
SHIPPED: dict[str, Any] = {"status": Order.Status.SHIPPED, "shipped_at": AT}
DELIVERED: dict[str, Any] = {"status": Order.Status.DELIVERED, "shipped_at": AT, "delivered_at": AT + timedelta(days=2)}


def record(version: int, **fields: Any) -> Order:
    record_orders([order_document(version=version, **fields)], origin=ORIGIN)
    return Order.objects.get()


def cancel_here(order: Order) -> Cancellation:
    return cancel_order(order, source=Source.BUYER, reason=Reason.objects.get(code="duplicate_order"))


def said() -> list[tuple[str, bool]]:
    return [(conflict.said, conflict.is_settled) for conflict in Conflict.objects.order_by("pk")]


@pytest.fixture
def conflict(buyer: User, seller: Seller) -> Conflict:
    return ConflictFactory.create(order__buyer=buyer, order__seller=seller, said_at=AT)


# Opening


def test_an_origin_that_sends_what_was_cancelled_here_opens_a_conflict() -> None:
    made_here = cancel_here(record(1))
    order = record(2, **SHIPPED)
    conflict = Conflict.objects.get()
    assert (conflict.order, conflict.cancellation, conflict.said_at) == (order, made_here, AT)
    assert said() == [("shipped", False)]


def test_said_again_and_again_it_is_one() -> None:
    cancel_here(record(1))
    for version in range(2, 6):
        record(version, **SHIPPED, carrier=f"Carrier {version}")
    assert said() == [("shipped", False)]


def test_one_of_a_part_is_opened_once_for_all_its_lines() -> None:
    order = record(1, lines=[line_document(), line_document(title="Plate"), line_document(title="Cup")])
    first, second = order.lines.order_by("position").values_list("pk", flat=True)[:2]
    reason = Reason.objects.get(code="change_items")
    cancel_order(order, quantities={first: 2, second: 2}, source=Source.BUYER, reason=reason)
    record(2, **SHIPPED, lines=[line_document(), line_document(title="Plate"), line_document(title="Cup")])
    assert said() == [("shipped", False)]


def test_what_was_settled_stays_so_until_the_origin_says_more(admin: User) -> None:
    cancel_here(record(1))
    record(2, **SHIPPED)
    settle_conflict(Conflict.objects.get(), by=admin, answer="The parcel was stopped.")
    record(3, **SHIPPED, carrier="SPX")
    assert said() == [("shipped", True)]
    record(4, **DELIVERED)
    assert said() == [("shipped", True), ("delivered", False)]


def test_sent_and_delivered_are_settled_together(admin: User) -> None:
    cancel_here(record(1))
    record(2, **SHIPPED)
    record(3, **DELIVERED)
    settle_conflict(Conflict.objects.get(said="delivered"), by=admin, answer="The buyer keeps it.")
    assert said() == [("shipped", True), ("delivered", True)]


def test_an_origin_that_agrees_opens_nothing() -> None:
    cancel_here(record(1))
    record_orders([cancelled_document(version=2)], origin=ORIGIN)
    assert said() == []


# Settling


def test_it_is_settled_with_a_sentence_and_the_cancellation_stays(conflict: Conflict, admin: User) -> None:
    settled = settle_conflict(conflict, by=admin, answer=" The parcel comes back. ")
    assert (settled.answer, settled.settled_by) == ("The parcel comes back.", admin)
    assert Order.objects.get().is_cancelled
    event = Event.objects.get()
    assert (event.kind, event.actor, event.by, event.occurred_at) == (
        "conflict_settled",
        "system",
        admin,
        settled.settled_at,
    )
    assert event.facts == {"conflict": conflict.pk, "cancellation": conflict.cancellation_id}
    assert not Mail.objects.exists()


def test_it_is_settled_once(conflict: Conflict, admin: User) -> None:
    settle_conflict(conflict, by=admin, answer="The parcel comes back.")
    with pytest.raises(AlreadyDecided, match="This conflict was settled already"):
        settle_conflict(conflict, by=admin, answer="The buyer keeps it.")
    assert Conflict.objects.get().answer == "The parcel comes back."


@pytest.mark.parametrize("answer", ["", "  ", "a\x00b", "x" * 1_001])
def test_it_needs_a_sentence_that_can_be_shown(conflict: Conflict, admin: User, answer: str) -> None:
    with pytest.raises(UnfitNote):
        settle_conflict(conflict, by=admin, answer=answer)
    assert said() == [("shipped", False)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_leaves_nothing_half_done(after: bool, conflict: Conflict, admin: User) -> None:
    def settle() -> None:
        settle_conflict(conflict, by=admin, answer="The parcel comes back.")

    assert survives_faults(settle, Order, Conflict, Event, after=after) >= 5


class TestRaces:
    pytestmark = ON_POSTGRESQL

    def test_of_two_administrators_one_settles_it(self, conflict: Conflict) -> None:
        assert sorted(map(str, self.two_settle(conflict))) == sorted([str(AlreadyDecided), "done"])
        assert Event.objects.filter(kind="conflict_settled").count() == 1

    @pytest.mark.usefixtures("without_lock")
    def test_without_the_lock_both_do(self, conflict: Conflict) -> None:
        """The control."""
        assert self.two_settle(conflict, patience=PATIENTLY, looks_at="orders_conflict") == ["done", "done"]
        assert Event.objects.filter(kind="conflict_settled").count() == 2

    def two_settle(self, conflict: Conflict, **how: Any) -> list[object]:
        by = User.objects.create_user(email="one@example.org", is_staff=True)
        acts = [partial(settle_conflict, by=by, answer=answer) for answer in ("It comes back.", "The buyer keeps it.")]
        return race(conflict, *acts, **how)


# What buyer and seller read


def test_the_page_says_that_somebody_is_looking_into_it(conflict: Conflict, buyer_client: Client) -> None:
    page = text_of(buyer_client.get(conflict.order.get_absolute_url()))
    assert "The records do not agree" in page
    assert "The marketplace's records say that this order was sent on 3 November 2026." in page
    assert "The cancellation stands. Somebody is looking into it." in page


def test_the_seller_reads_the_same(conflict: Conflict, seller_client: Client) -> None:
    page = text_of(seller_client.get(f"/selling/orders/{conflict.order.number}/"))
    assert "The marketplace's records say that this order was sent on 3 November 2026." in page


def test_it_says_so_where_the_day_is_not_stated(conflict: Conflict, buyer_client: Client) -> None:
    Conflict.objects.update(said="delivered", said_at=None)
    page = text_of(buyer_client.get(conflict.order.get_absolute_url()))
    assert "The marketplace's records say that this order was delivered, and not when." in page


def test_of_some_items_it_says_that_it_is_about_them(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, lines__part_cancelled=True)
    ConflictFactory(order=order, cancellation=order.lines.get().cancellation, said_at=AT)
    page = text_of(buyer_client.get(order.get_absolute_url()))
    assert "The marketplace's records say that the cancelled items were sent on 3 November 2026." in page


def test_once_settled_the_sentence_stands_on_the_page_and_in_the_history(
    conflict: Conflict, admin: User, buyer_client: Client
) -> None:
    settle_conflict(conflict, by=admin, answer="The parcel <b>comes back</b>.")
    page = text_of(buyer_client.get(conflict.order.get_absolute_url()))
    assert "It was looked into:" in page
    assert "Somebody is looking into it" not in page
    assert "“The parcel <b>comes back</b>.” The marketplace's answer" in page
    assert "What happened It was looked into: “The parcel <b>comes back</b>.”" in page


def test_of_what_was_settled_and_what_is_open_the_open_one_is_told(conflict: Conflict, buyer_client: Client) -> None:
    Conflict.objects.update(answer="It was stopped.", settled_at=timezone.now())
    ConflictFactory(order=conflict.order, said="delivered", said_at=AT)
    page = text_of(buyer_client.get(conflict.order.get_absolute_url()))
    assert "was delivered on 3 November 2026. The cancellation stands. Somebody is looking into it." in page
    assert page.count("The records do not agree") == 1


def test_the_history_tells_what_the_origin_says_once(buyer: User, buyer_client: Client) -> None:
    record_orders([order_document(version=1)], origin=ORIGIN)
    order = Order.objects.get()
    Order.objects.update(buyer=buyer)
    cancel_here(order)
    for version in (2, 3):
        record(version, **SHIPPED, carrier=f"Carrier {version}")
    record(4, **DELIVERED)
    page = text_of(buyer_client.get(order.get_absolute_url()))
    assert page.count("records say that it was sent; the cancellation stands") == 1
    assert "by whom is not stated" not in page  # the marketplace's records say it
    assert page.count("records say that it was delivered; the cancellation stands") == 1
