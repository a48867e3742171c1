"""To-many rows as one column: what comes back is what is stored, on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import FieldFetchBlocked
from django.db.models import F, OuterRef, QuerySet

from cancellations.models import Cancellation, Refund
from foundation.rows import RowsOf, instances, rows
from orders.models import Event, Order, OrderLine
from tests.factories import CancellationFactory, EventFactory, OrderFactory, OrderLineFactory, RefundFactory

TEXTS = [
    "quotes \" and ' and \\ back",
    "two\nlines\tand a tab",
    "Máy ảnh 陶瓷 نور 🍚",
    "{braces} [brackets] %s :name",
    "</script><!--",
    "null",
    "12.50",
    "a" * 500,
]


def lines_of(order: Order, *fields: str) -> str | None:
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by("position").values(*fields)
    return Order.objects.annotate(found=RowsOf(lines)).values_list("found", flat=True).get(pk=order.pk)


def column(model: type[Refund] | type[Event] | type[Cancellation], pk: int) -> str | None:
    """Read one row of a model, all fields, as a column."""
    inner: QuerySet = model._default_manager.filter(pk=OuterRef("pk")).values(
        *[field.attname for field in model._meta.concrete_fields]
    )
    return model._default_manager.annotate(found=RowsOf(inner)).values_list("found", flat=True).get(pk=pk)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_come_back_as_they_are(db: None, text: str) -> None:
    order = OrderFactory.create(lines=0)
    OrderLineFactory(order=order, title=text, variant="")
    assert rows(lines_of(order, "title", "variant")) == [{"title": text, "variant": ""}]


def test_rows_come_in_their_order(db: None) -> None:
    order = OrderFactory.create(lines=0)
    for position in (3, 1, 2):
        OrderLineFactory(order=order, position=position)
    assert [row["position"] for row in rows(lines_of(order, "position"))] == [1, 2, 3]


def test_no_rows_are_an_empty_list(db: None) -> None:
    order = OrderFactory.create(lines=0)
    assert rows(lines_of(order, "title")) == []
    assert instances(OrderLine, lines_of(order, "title")) == []


@pytest.mark.parametrize(
    "amount", ["0.001", "0.100", "0.290", "1.005", "99000.000", "450359962737.497", "999999999999.999"]
)
def test_amounts_are_exact(db: None, amount: str) -> None:
    order = OrderFactory.create(lines=0)
    OrderLineFactory(order=order, unit_price=Decimal(amount))
    found = lines_of(order, "unit_price")
    assert rows(found) == [{"unit_price": Decimal(amount)}]
    assert str(instances(OrderLine, found)[0].unit_price) == amount


@pytest.mark.parametrize("microsecond", [0, 1, 500_000, 120_000, 999_999])
def test_times_are_exact(db: None, microsecond: int) -> None:
    at = datetime(2026, 11, 2, 23, 59, 59, microsecond, tzinfo=UTC)
    refund = RefundFactory.create(completed=True, sent_at=at, completed_at=at)
    (read,) = instances(Refund, column(Refund, refund.pk))
    assert (read.sent_at, read.completed_at) == (at, at)


def test_every_field_of_a_refund_comes_back(db: None) -> None:
    refund = RefundFactory.create(completed=True, amount=Decimal("12.345"), currency="KWD")
    (read,) = instances(Refund, column(Refund, refund.pk))
    for field in Refund._meta.concrete_fields:
        assert getattr(read, field.attname) == getattr(refund, field.attname), field.attname
    assert isinstance(read.expected_by, date)
    assert not isinstance(read.expected_by, datetime)


@pytest.mark.parametrize("was_charged", [True, False, None])
def test_yes_no_and_not_known_come_back(db: None, was_charged: bool | None) -> None:
    ended = CancellationFactory.create(was_charged=was_charged, cancelled_at=None, origin="test-feed")
    (read,) = instances(Cancellation, column(Cancellation, ended.pk))
    assert read.was_charged is was_charged
    assert read.cancelled_at is None


@pytest.mark.parametrize("facts", [{}, {"from": "shipped", "n": [1, None, {"x": "é"}]}])
def test_json_comes_back(db: None, facts: dict[str, object]) -> None:
    event = EventFactory.create(facts=facts)
    (read,) = instances(Event, column(Event, event.pk))
    assert read.facts == facts


def test_a_column_that_was_not_asked_for_is_refused(db: None) -> None:
    order = OrderFactory.create()
    (line,) = instances(OrderLine, lines_of(order, "id", "title"))
    with pytest.raises(FieldFetchBlocked):
        line.quantity  # noqa: B018  (reading it is the test)
    with pytest.raises(FieldFetchBlocked):
        line.order  # noqa: B018


def test_what_is_no_field_is_left_out_of_the_instance(db: None) -> None:
    order = OrderFactory.create(lines__quantity=4)
    twice = OrderLine.objects.filter(order=OuterRef("pk")).annotate(twice=F("quantity") * 2).values("title", "twice")
    found = Order.objects.annotate(found=RowsOf(twice)).values_list("found", flat=True).get(pk=order.pk)
    assert rows(found)[0]["twice"] == 8
    (line,) = instances(OrderLine, found)
    assert not hasattr(line, "twice")
