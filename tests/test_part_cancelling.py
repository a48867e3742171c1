"""Cancelling some of an order, line by line."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from cancellations.models import Cancellation, Reason, Refund
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.models import EarlierPart, Event, Mail, Order, OrderLine
from orders.portions import Take, take
from orders.previewing import preview
from orders.refusals import CannotCancel, CannotTake, NotAsShown
from orders.requesting import request_cancellation
from orders.rules import cancel_rule
from tests.factories import OrderFactory, RefundFactory
from tests.faults import survives_faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db: None) -> Order:
    """Three bowls at 10 and two lamps at 40, with 10 for delivery."""
    order = OrderFactory.create(lines=0, total=Decimal("120.00"))
    for position, (title, quantity, price) in enumerate([("Bowl", 3, 10), ("Lamp", 2, 40)], 1):
        order.lines.create(position=position, title=title, quantity=quantity, unit_price=price)
    return order


def bowls(order: Order) -> OrderLine:
    return order.lines.get(title="Bowl")


def cancel(order: Order, quantities: dict[int, int], *, code: str = "changed_mind", **rest: Any) -> Cancellation:
    reason = Reason.objects.get(code=code)
    return cancel_order(order, quantities=quantities, **{"source": Source.BUYER, "reason": reason, **rest})


def said_beforehand(order: Order, taken: Take) -> Decimal | None:
    now = timezone.now()
    return preview(order, taken, rule=cancel_rule(order, now=now), now=now).amount


def test_it_takes_so_many_of_a_line_and_leaves_the_rest(order: Order) -> None:
    made = cancel(order, {bowls(order).pk: 2})
    line = bowls(order)
    assert (line.cancelled_quantity, line.kept_quantity, line.cancellation) == (2, 1, made)
    order.refresh_from_db()
    assert order.status == "preparing"
    event = Event.objects.get(kind="part_cancelled")
    assert event.facts["lines"] == [[1, 2]]


def test_the_price_of_the_items_comes_back(order: Order) -> None:
    cancel(order, {bowls(order).pk: 2})
    assert Refund.objects.get().amount == Decimal("20.00")


def test_the_last_items_end_the_order_and_the_rest_of_the_money_comes_back(order: Order) -> None:
    cancel(order, {bowls(order).pk: 3})
    lamps = order.lines.get(title="Lamp")
    cancel(order, {lamps.pk: 2})
    order.refresh_from_db()
    assert order.is_cancelled
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [Decimal("30.000"), Decimal("90.000")]


def test_each_part_keeps_its_own_who_and_why(order: Order) -> None:
    first = cancel(order, {bowls(order).pk: 1})
    second = cancel(order, {bowls(order).pk: 1}, code="out_of_stock", source=Source.SELLER)
    line = bowls(order)
    assert (line.cancelled_quantity, line.cancellation) == (2, second)
    earlier = EarlierPart.objects.get()
    assert (earlier.line, earlier.cancellation, earlier.quantity) == (line, first, 1)
    third = cancel(order, {line.pk: 1})
    assert list(EarlierPart.objects.order_by("pk").values_list("cancellation", "quantity")) == [
        (first.pk, 1),
        (second.pk, 1),
    ]
    assert bowls(order).cancellation == third


def test_refunds_never_add_up_to_more_than_was_paid(order: Order) -> None:
    Order.objects.update(total=Decimal("25.00"))  # a voucher paid most of it
    cancel(order, {bowls(order).pk: 2})
    cancel_order(order, source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [Decimal("5.000"), Decimal("20.000")]


def test_a_part_pays_back_no_more_than_was_paid(order: Order) -> None:
    Order.objects.update(total=Decimal("15.00"))  # a voucher paid most of it
    order.refresh_from_db()
    taken = take(order, {bowls(order).pk: 2})
    assert said_beforehand(order, taken) == Decimal("15.00")
    cancel(order, {bowls(order).pk: 2})
    assert Refund.objects.get().amount == Decimal("15.00")


def test_money_in_another_currency_is_nothing_of_the_orders_total(order: Order) -> None:
    cancel(order, {bowls(order).pk: 2})
    RefundFactory.create(cancellation=bowls(order).cancellation, amount=Decimal("50.00"), currency="USD")
    assert said_beforehand(order, take(order, None)) == Decimal("100.00")
    cancel_order(order, source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))
    assert Refund.objects.latest("pk").amount == Decimal("100.00")


def test_no_amount_is_guessed_where_a_price_is_not_stated(order: Order) -> None:
    order.lines.update(unit_price=None)
    made = cancel(order, {bowls(order).pk: 1})
    assert made.was_charged
    assert not Refund.objects.exists()


def test_cash_on_delivery_is_not_refunded() -> None:
    order = OrderFactory.create(cash_on_delivery=True, lines=2)
    made = cancel(order, {order.lines.all()[0].pk: 1})
    assert made.was_charged is False
    assert not Refund.objects.exists()


def test_what_is_gone_cannot_be_taken_again(order: Order) -> None:
    cancel(order, {bowls(order).pk: 2})
    with pytest.raises(CannotTake, match="1 can still be cancelled, not 2"):
        cancel(order, {bowls(order).pk: 2})
    Order.objects.update(status="shipped")
    with pytest.raises(CannotCancel):
        cancel(order, {bowls(order).pk: 1})


def test_what_was_chosen_on_an_older_page_takes_nothing(order: Order) -> None:
    lamps = order.lines.get(title="Lamp")
    shown = {bowls(order).pk: 3, lamps.pk: 2}
    cancel(order, {bowls(order).pk: 1}, shown=shown)
    with pytest.raises(NotAsShown) as refused:
        cancel(order, {bowls(order).pk: 1}, shown=shown)
    assert refused.value.changes == [("Bowl", 3, 2)]
    with pytest.raises(NotAsShown):
        cancel(order, {bowls(order).pk: 2, lamps.pk: 2}, shown=shown)
    reason = Reason.objects.get(code="changed_mind")
    with pytest.raises(NotAsShown):
        cancel_order(order, source=Source.BUYER, reason=reason, shown=shown)
    assert [line.cancelled_quantity for line in order.lines.all()] == [1, 0]
    cancel(order, {bowls(order).pk: 2}, shown={bowls(order).pk: 2, lamps.pk: 2})
    cancel(order, {lamps.pk: 2}, shown={lamps.pk: 2})
    order.refresh_from_db()
    assert order.is_cancelled


def test_what_was_chosen_on_an_older_page_is_not_asked_for(order: Order) -> None:
    assert order.buyer
    shown = {line.pk: line.quantity for line in order.lines.all()}
    cancel(order, {bowls(order).pk: 1})
    reason = Reason.objects.get(code="changed_mind")
    for quantities in ({bowls(order).pk: 1}, None):
        with pytest.raises(NotAsShown):
            request_cancellation(order, by=order.buyer, reason=reason, quantities=quantities, shown=shown)
    assert not order.requests.exists()


def test_it_says_beforehand_what_stays(order: Order) -> None:
    taken = take(order, {bowls(order).pk: 2})
    assert [(kept.line.title, kept.quantity) for kept in taken.kept] == [("Bowl", 1), ("Lamp", 2)]
    assert not taken.is_whole
    assert take(order, None).kept == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_leaves_nothing_half_done(after: bool) -> None:
    order = OrderFactory.create(lines=2, lines__quantity=3)
    line = order.lines.all()[0]
    tables = [Order, OrderLine, EarlierPart, Cancellation, Refund, Event, Mail]
    assert survives_faults(lambda: cancel(order, {line.pk: 1}), *tables, after=after) >= 10
    assert survives_faults(lambda: cancel(order, {line.pk: 1}), *tables, after=after) >= 10
    assert EarlierPart.objects.count() == 1
