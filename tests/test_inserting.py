"""New rows by the database's own quickest way: what bulk_create would have written, and the same constraints."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from cancellations.models import Refund
from foundation.blanks import Blanks
from foundation.inserting import insert
from orders.models import Event, Order, OrderLine
from tests.factories import CancellationFactory, OrderFactory, SellerFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 3, 19, 20, 5, 123456, tzinfo=UTC)
WORDS = 'tab\there, "quoted", back\\slash \\N, new\nline, ứ, 🍋'


def test_it_writes_every_kind_of_value_as_it_is():
    order = Order(number="A1", seller=SellerFactory(), status="preparing", currency="EUR", total=Decimal("0.125"))
    order.placed_at, order.payment_label, order.origin_version = AT, WORDS, 2**62
    refund = Refund(
        cancellation=CancellationFactory(), amount=Decimal("49.90"), currency="EUR", expected_by=date(2026, 12, 1)
    )
    insert([order])
    insert([refund])
    event = Event(
        order=order, kind="recorded", actor="unknown", facts={"lines": [[1, 2]], "words": WORDS, "none": None}
    )
    insert([event])
    for row in (order, refund, event):
        known = type(row)._default_manager.get(pk=row.pk)
        names = [field.attname for field in row._meta.concrete_fields if field.attname in vars(row)]
        written = {name: getattr(known, name) for name in names if name not in {"transaction", "listed_at"}}
        assert written == {name: getattr(row, name) for name in written}


def test_what_the_database_works_out_is_worked_out():
    order = Order(number="A1", seller=SellerFactory(), status="preparing", placed_at=AT)
    insert([order])
    insert([Event(order=order, kind="recorded", actor="unknown")])
    assert Order.objects.get().listed_at == AT
    assert (Event.objects.get().transaction > 0) == (connection.vendor == "postgresql")


def test_keys_go_on_where_they_were_and_others_go_on_from_there():
    before = OrderFactory()
    rows = [Order(number=f"B{place}", seller=before.seller, status="preparing") for place in range(3)]
    insert(rows)
    after = OrderFactory()
    keys = [before.pk, *(row.pk for row in rows), after.pk]
    assert keys == sorted(set(keys))
    assert [row.number for row in Order.objects.filter(pk__in=keys[1:4]).order_by("pk")] == ["B0", "B1", "B2"]


def test_a_parent_that_was_written_meanwhile_is_pointed_at():
    order = Order(number="A1", seller=SellerFactory(), status="preparing")
    line = OrderLine(order=order, position=1, title="Bowl", quantity=1)
    insert([order])
    insert([line])
    assert line.order is order
    assert OrderLine.objects.get().order_id == line.order_id == order.pk


def test_constraints_hold_and_nothing_of_a_refused_batch_stays():
    seller = SellerFactory()
    rows = [Order(number=number, seller=seller, status="preparing") for number in ("A1", "A2", "A1")]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(rows)
    assert not Order.objects.exists()
    with pytest.raises(IntegrityError, match="orders_order_cancelled_with_a_cancellation"), transaction.atomic():
        insert([Order(number="A1", seller=seller, status="cancelled")])


def test_nothing_is_nothing():
    insert([])


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_take_keys_where_no_transaction_keeps_them():
    with pytest.raises(TransactionManagementError):
        insert([Order(number="A1", seller=SellerFactory(), status="preparing")])
    assert not Order.objects.exists()


def test_a_blank_row_is_as_the_model_makes_it_and_no_two_share_their_state():
    blanks = Blanks()
    one, other = blanks.make(Order), blanks.make(Order)
    of_model = {name: value for name, value in vars(Order()).items() if name not in {"_state", "recorded_at"}}
    assert {name: vars(one)[name] for name in of_model} == of_model
    one.seller = SellerFactory()
    assert vars(other)["seller_id"] is None
    assert (one._state.adding, one.recorded_at) == (True, other.recorded_at)
