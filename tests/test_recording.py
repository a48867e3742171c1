"""Recording what feeds say: orders, lines, buyers, sellers, and what each document did."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cancellations.terms import PaymentMethod, Source
from orders.documents import BuyerDocument, OrderDocument, SellerDocument
from orders.models import Event, Order, Seller
from orders.recording import NotUnderstood, Outcome, What, record_orders
from orders.recording.sellers import find_sellers
from tests.documents import (
    ORIGIN,
    PLACED,
    cancellation_document,
    cancelled_document,
    line_document,
    order_document,
    part_cancelled_line,
    refund_document,
)
from tests.factories import OrderFactory, UserFactory

pytestmark = pytest.mark.django_db


def record(*documents: OrderDocument) -> list[Outcome]:
    return record_orders(documents, origin=ORIGIN)


def whats(*documents: OrderDocument) -> list[What]:
    return [outcome.what for outcome in record(*documents)]


def events(**only: Any) -> list[str]:
    return list(Event.objects.filter(**only).order_by("pk").values_list("kind", flat=True))


def test_a_new_order_is_recorded_as_it_is_stated():
    assert whats(order_document(carrier="SPX", ship_by=PLACED + timedelta(days=2))) == [What.NEW]
    order = Order.objects.get(number="A1")
    assert (order.status, order.total, order.currency) == (Order.Status.PREPARING, Decimal("49.90"), "EUR")
    assert (order.placed_at, order.ship_by) == (PLACED, PLACED + timedelta(days=2))
    assert (order.carrier, order.origin, order.payment_method) == ("SPX", ORIGIN, PaymentMethod.CARD)
    assert order.search_text == "a1 minh long ceramics ceramic bowl blue bowl-b"
    [line] = order.lines.all()
    assert (line.position, line.title, line.quantity, line.unit_price) == (1, "Ceramic bowl", 2, Decimal("24.95"))


def test_what_the_origin_does_not_say_stays_missing():
    record(order_document(buyer=None, placed_at=None, total=None, currency="", lines=[line_document(unit_price=None)]))
    order = Order.objects.get()
    assert (order.buyer, order.placed_at, order.total, order.paid_at) == (None, None, None, None)
    assert order.lines.get().unit_price is None
    assert order.listed_at == order.recorded_at


def test_the_same_again_changes_nothing():
    document = cancelled_document(cancellation=cancellation_document(refunds=[refund_document()]))
    record(document)
    before = Event.objects.count()
    assert whats(document) == [What.UNCHANGED]
    assert Event.objects.count() == before


def test_a_newer_statement_changes_the_order():
    record(order_document(version=1))
    assert whats(order_document(version=2, status=Order.Status.SHIPPED, tracking_number="T1")) == [What.CHANGED]
    order = Order.objects.get()
    assert (order.status, order.tracking_number) == (Order.Status.SHIPPED, "T1")


def test_an_older_statement_that_comes_late_changes_nothing():
    record(order_document(version=2, status=Order.Status.SHIPPED))
    assert whats(order_document(version=1)) == [What.STALE]
    assert Order.objects.get().status == Order.Status.SHIPPED


def test_the_newest_of_several_in_one_batch_wins():
    older, newer = order_document(version=1), order_document(version=2, status=Order.Status.SHIPPED)
    assert whats(older, newer, older, newer) == [What.STALE, What.NEW, What.STALE, What.UNCHANGED]
    assert Order.objects.get().status == Order.Status.SHIPPED


def test_it_answers_in_the_order_it_was_asked():
    outcomes = record(order_document("B2"), cancelled_document("A1"))
    assert outcomes == [Outcome("B2", What.NEW), Outcome("A1", What.NEW, cancelled_by=Source.BUYER)]


def test_it_says_which_reasons_it_did_not_understand():
    unclear = cancellation_document(source=Source.SELLER, reason="", raw_reason="Lost in the warehouse cat")
    [outcome] = record(order_document(lines=[part_cancelled_line(cancellation=unclear)]))
    assert outcome.not_understood == (NotUnderstood(Source.SELLER, "Lost in the warehouse cat"),)


def test_lines_are_matched_by_position():
    record(order_document(version=1, lines=[line_document(), line_document(title="Plate"), line_document(title="Cup")]))
    before = dict(Order.objects.get().lines.values_list("position", "pk"))
    record(order_document(version=2, lines=[line_document(quantity=3), line_document(title="Plate, large")]))
    lines = Order.objects.get().lines.order_by("position")
    assert [(line.title, line.quantity) for line in lines] == [("Ceramic bowl", 3), ("Plate, large", 2)]
    assert [line.pk for line in lines] == [before[1], before[2]]
    assert Order.objects.get().search_text.endswith("plate, large blue bowl-b blue bowl-b")


def test_all_of_a_batch_is_recorded_or_nothing(monkeypatch):
    def fail(*args: object, **options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("orders.recording.rows.announce_fresh", fail)  # after everything has been written
    with pytest.raises(ZeroDivisionError):
        record(order_document("A1"), order_document("A2"))
    assert not Order.objects.exists()
    assert not User.objects.exists()


# Statements


@pytest.mark.parametrize("version", [1, 2])
def test_a_batch_costs_the_same_statements_for_five_hundred_orders_as_for_fifty(version):
    assert statements(500, version) == statements(50, version)


def statements(count: int, version: int) -> int:
    """Count the statements that record orders with all that an order can have, new (1) or known (2)."""
    Seller.objects.get_or_create(name="Minh Long Ceramics", slug="minh-long-ceramics")
    documents = [full_document(f"N{count}-{place}", place, version) for place in range(count)]
    if version > 1:
        record(*[full_document(document.number, place, 1) for place, document in enumerate(documents)])
    with CaptureQueriesContext(connection) as captured:
        record(*documents)
    return len(captured)


def full_document(number: str, place: int, version: int) -> OrderDocument:
    return cancelled_document(
        number,
        version=version,
        buyer=BuyerDocument(external_id=f"{number}-{place}", name="Mai" if version > 1 else ""),
        cancellation=cancellation_document(refunds=[refund_document()]),
        lines=[part_cancelled_line(), *[line_document()] * version],
    )


def test_what_is_known_already_costs_three_questions():
    document = order_document()
    record(document)
    with CaptureQueriesContext(connection) as captured:
        record(document)
    asked = [query["sql"] for query in captured if "pg_advisory" not in query["sql"]]  # the gate, on PostgreSQL
    selects = [sql for sql in asked if sql.startswith("SELECT")]
    assert len(selects) == len(asked) - 2 == 3  # the reasons, their aliases, the orders; and a savepoint's two


# Buyers


def test_a_buyer_becomes_an_unclaimed_user_once():
    record(order_document("A1"), order_document("A2"))
    user = User.objects.get()
    assert (user.external_id, user.email, user.is_claimed) == ("mai.nguyen", None, False)
    assert user.orders.count() == 2


def test_a_buyer_is_found_by_the_marketplaces_id_before_the_address():
    known = UserFactory(email="mai@example.org", external_id="mai.nguyen", name="Mai")
    UserFactory(email="other@example.org", external_id="other")
    record(order_document(buyer=BuyerDocument(external_id="mai.nguyen", email="other@example.org")))
    assert Order.objects.get().buyer == known
    assert known.refreshed().email == "mai@example.org"


def test_a_buyer_is_found_by_address_and_then_known_by_id_too():
    known = UserFactory(email="mai@example.org", external_id=None)
    record(order_document(buyer=BuyerDocument(external_id="mai.nguyen", email="Mai@Example.org")))
    assert Order.objects.get().buyer == known
    assert known.refreshed().external_id == "mai.nguyen"


def test_an_address_that_another_buyer_has_stays_with_that_one():
    UserFactory(email="mai@example.org", external_id="somebody.else")
    record(order_document(buyer=BuyerDocument(external_id="mai.nguyen", email="mai@example.org")))
    buyer = Order.objects.get().buyer
    assert buyer
    assert (buyer.external_id, buyer.email) == ("mai.nguyen", None)


def test_a_name_and_an_address_are_filled_in_where_they_were_missing():
    record(order_document("A1", buyer=BuyerDocument(external_id="mai.nguyen")))
    record(order_document("A2", buyer=BuyerDocument(external_id="mai.nguyen", email="mai@example.org", name="Mai")))
    record(order_document("A3", buyer=BuyerDocument(external_id="mai.nguyen", email="m@example.org", name="Mei")))
    user = User.objects.get()
    assert (user.name, user.email) == ("Mai", "mai@example.org")


def test_the_address_that_somebody_signs_in_with_is_never_written_by_a_feed():
    claimed = UserFactory(email=None, external_id="mai.nguyen", name="", address=False)
    record(order_document(buyer=BuyerDocument(external_id="mai.nguyen", email="mai@example.org", name="Mai")))
    assert (claimed.refreshed().email, claimed.name) == (None, "Mai")


def test_two_documents_may_know_one_buyer_in_two_ways():
    record(
        order_document("A1", buyer=BuyerDocument(email="mai@example.org")),
        order_document("A2", buyer=BuyerDocument(external_id="mai.nguyen", email="mai@example.org")),
    )
    assert User.objects.get().orders.count() == 2


def test_a_buyer_who_is_not_named_any_more_is_not_shown_as_the_buyer():
    record(order_document(version=1))
    record(order_document(version=2, buyer=None))
    assert Order.objects.get().buyer is None


# Sellers


def test_the_same_name_is_the_same_seller():
    record(order_document("A1"), order_document("A2", seller=SellerDocument(name=" Minh  Long Ceramics")))
    assert Seller.objects.get().slug == "minh-long-ceramics"


def test_names_that_look_alike_in_an_address_are_two_sellers():
    record(order_document("A1", seller=SellerDocument(name="Minh Long")))
    record(order_document("A2", seller=SellerDocument(name="Minh-Long")), order_document("A3"))
    record(order_document("A4", seller=SellerDocument(name="Minh-Long"), version=1))
    first, second = Seller.objects.filter(name__startswith="Minh").exclude(name__endswith="Ceramics").order_by("pk")
    assert first.slug == "minh-long"
    assert second.slug.startswith("minh-long-")
    assert second.orders.count() == 2


@pytest.mark.parametrize("name", ["???", "陶瓷之家", "ร้าน", "x" * 200, "-"])
def test_any_name_gives_a_seller_an_address(name):
    record(order_document(seller=SellerDocument(name=name)))
    seller = Seller.objects.get()
    assert seller.name == name
    assert 0 < len(seller.slug) <= 80


@pytest.mark.parametrize("name", ["Acme", "★★★", "陶瓷之家", f"{'x' * 100} A", f"{'x' * 100} B"])
def test_a_feed_goes_on_when_a_seller_is_given_another_name_again_and_again(name: str) -> None:
    for turn in range(4):
        record(order_document(f"A{turn}", seller=SellerDocument(name=name)))
        Seller.objects.filter(name=name).update(name=f"Acme {turn}")
    assert set(Order.objects.values_list("number", "seller__name")) == {
        (f"A{turn}", f"Acme {turn}") for turn in range(4)
    }


def test_several_sellers_whose_addresses_are_all_taken_come_in_one_batch() -> None:
    names = [f"{'x' * 100} {letter}" for letter in "ABC"]
    for turn in range(3):
        record(*(order_document(f"{turn}{name[-1]}", seller=SellerDocument(name=name)) for name in names))
        Seller.objects.filter(name__in=names).update(name=f"Acme {turn}")
    assert Seller.objects.count() == 9


def test_a_seller_whose_address_is_changed_stays_the_same() -> None:
    record(order_document("A1", seller=SellerDocument(name="Acme")))
    Seller.objects.update(slug="acme-of-hanoi")
    record(order_document("A2", seller=SellerDocument(name="Acme")))
    assert Seller.objects.get().orders.count() == 2


def test_of_two_sellers_of_one_name_the_one_with_its_address_is_meant() -> None:
    Seller.objects.create(name="Acme", slug="elder")
    Seller.objects.create(name="Acme", slug="acme")
    record(order_document(seller=SellerDocument(name="Acme")))
    assert Order.objects.get().seller.slug == "acme"


def test_sellers_are_found_by_an_index_of_their_addresses_and_names(django_assert_num_queries: Any) -> None:
    documents = [SellerDocument(name=f"Shop {place}") for place in range(20)]
    with django_assert_num_queries(2):  # those that are known; those that are new
        find_sellers(documents)
    with django_assert_num_queries(1) as asked:
        find_sellers(documents)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'' if connection.vendor == 'postgresql' else 'QUERY PLAN '}{asked[0]['sql']}")
        plan = str(cursor.fetchall())
    assert "orders_seller_by_name" in plan
    assert "Seq Scan" not in plan


def test_a_rating_is_taken_when_it_rests_on_more_ratings_whatever_comes_first():
    fewer, more = (
        SellerDocument(name="Shop", rating=Decimal("4.9"), rating_count=10),
        SellerDocument(name="Shop", rating=Decimal("4.2"), rating_count=900),
    )
    record(order_document("A1", seller=more), order_document("A2", seller=fewer))
    record(order_document("A3", seller=fewer))
    record(order_document("A4", seller=SellerDocument(name="Shop")))
    seller = Seller.objects.get()
    assert (seller.rating, seller.rating_count) == (Decimal("4.20"), 900)


# What is told


def test_what_happened_is_told_once_in_its_order():
    record(order_document(version=1))
    record(cancelled_document(version=2, cancellation=cancellation_document(refunds=[refund_document()])))
    assert events() == ["recorded", "changed", "cancelled", "refund_due"]
    record(cancelled_document(version=3, cancellation=cancellation_document(refunds=[refund_document()])))
    assert events()[4:] == ["changed"]


def test_an_event_says_when_by_whom_and_what_without_anybodys_data():
    at = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
    record(cancelled_document(cancellation=cancellation_document(cancelled_at=at, note="Call me at home")))
    recorded, cancelled = Event.objects.order_by("pk")
    assert (recorded.occurred_at, recorded.facts) == (PLACED, {"origin": ORIGIN, "version": 1, "status": "cancelled"})
    assert (cancelled.occurred_at, cancelled.actor) == (at, Source.BUYER)
    cancellation = Order.objects.get().cancellation
    assert cancellation
    assert cancelled.facts == {"cancellation": cancellation.pk, "source": "buyer", "reason": "changed_mind"}


def test_an_order_that_was_made_without_a_feed_is_taken_over_by_the_first_that_states_it():
    order = OrderFactory(number="A1")
    assert whats(order_document(version=0)) == [What.CHANGED]
    assert Order.objects.get(pk=order.pk).origin == ORIGIN
