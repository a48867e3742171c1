"""What the figures mean, on data small enough to be counted by hand (docs/insights.md)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from foundation.working_days import working_days
from insights.counting import count_days, count_items, count_shipping, lateness
from insights.definitions import share, typical, usual
from insights.models import SellerDay
from insights.windows import Window
from orders.models import Seller
from tests.factories import MOMENT as MONDAY
from tests.factories import CancellationFactory, ContestFactory, OrderFactory, OrderLineFactory

DAY = MONDAY.date()
ONE_DAY = Window(DAY, DAY)
FRIDAY = date(2026, 11, 6)


def cents(amount: object) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def told(rows: Iterable[SellerDay]) -> dict[tuple[str, str], int]:
    """Return orders by source and reason."""
    return {(row.source, row.reason.code if row.reason else ""): row.orders for row in rows}


@pytest.mark.parametrize(
    ("until", "count"),
    [
        (FRIDAY, 0),
        (date(2026, 11, 7), 0),
        (date(2026, 11, 8), 0),
        (date(2026, 11, 9), 1),
        (date(2026, 11, 13), 5),
        (date(2026, 11, 14), 5),
        (date(2026, 11, 23), 11),
        (date(2026, 11, 5), 0),
    ],
)
def test_working_days_go_from_monday_to_friday_and_begin_on_the_day_after(until: date, count: int) -> None:
    assert working_days(FRIDAY, until) == count


def test_working_days_agree_with_walking_the_calendar() -> None:
    for start in range(7):
        since = FRIDAY + timedelta(days=start)
        for length in range(40):
            walked = sum((since + timedelta(days=n)).weekday() < 5 for n in range(1, length + 1))
            assert working_days(since, since + timedelta(days=length)) == walked


def test_a_promise_is_missed_by_at_least_one_working_day_or_not_at_all() -> None:
    promised = datetime(2026, 11, 6, 18, tzinfo=UTC)
    late = [lateness(promised, promised + timedelta(**by)) for by in ({}, {"minutes": 1}, {"days": 3}, {"days": 4})]
    assert late == [0, 1, 1, 2]


def test_a_share_of_nothing_is_none() -> None:
    assert share(0, 0) is None
    assert share(2, 96) == Decimal("0.0208")


def test_what_is_typical_is_the_middle_of_at_least_five_sellers() -> None:
    four = [Decimal(n) / 100 for n in (1, 2, 4, 30)]
    assert typical(four) is None
    assert typical([*four, Decimal(0)]) == Decimal("0.02")


def test_the_usual_time_is_the_one_within_which_half_were_done() -> None:
    assert usual({1: 4, 2: 1, 9: 5}) == 2
    assert usual({3: 1}) == 3
    assert usual({}) is None


def test_a_window_of_days_holds_today_and_the_days_before() -> None:
    window = Window.of_days(7, until=FRIDAY)
    assert (window.since, window.days) == (date(2026, 10, 31), 7)
    assert FRIDAY in window
    assert date(2026, 10, 30) not in window
    assert window.before == Window(date(2026, 10, 24), date(2026, 10, 30))


def test_an_order_leaves_a_window_when_its_day_is_no_longer_one_of_them() -> None:
    window = Window.of_days(7, until=FRIDAY)
    leaving = window.leaves_on(FRIDAY)
    assert FRIDAY in Window.of_days(7, until=leaving - timedelta(days=1))
    assert FRIDAY not in Window.of_days(7, until=leaving)


def test_twelve_months_are_this_month_and_the_eleven_before() -> None:
    window = Window.of_months(12, until=FRIDAY)
    assert window.since == date(2025, 12, 1)
    assert [part.since.month for part in window.parts()] == [12, *range(1, 12)]
    assert Window.of_months(1, until=FRIDAY).since == date(2026, 11, 1)


@pytest.mark.parametrize(("days", "count"), [(7, 7), (30, 5), (90, 13)])
def test_a_window_is_cut_into_days_or_weeks_from_monday(days: int, count: int) -> None:
    window = Window.of_days(days, until=FRIDAY)
    parts = window.parts()
    assert len(parts) in {count, count + 1}
    assert (parts[0].since, parts[-1].until) == (window.since, window.until)
    assert sum(part.days for part in parts) == days
    assert days == 7 or all(part.since.weekday() == 0 for part in parts[1:])


@pytest.mark.parametrize(("days", "length"), [(14, 1), (15, 7), (100, 7), (101, 31), (800, 30), (801, 365)])
def test_the_longer_a_window_is_the_longer_are_its_parts(days: int, length: int) -> None:
    assert Window.of_days(days, until=FRIDAY).parts()[1].days == length


def test_it_counts_orders_by_how_they_ended(seller: Seller) -> None:
    OrderFactory(seller=seller)
    OrderFactory(seller=seller, cash_on_delivery=True, lines=2)
    OrderFactory(seller=seller, cancelled=True)
    OrderFactory(seller=seller, cancelled=True, source="seller", lines=3)
    OrderFactory(seller=seller, cancelled=True, source="system", reason_code="order_replaced")
    OrderFactory()
    assert told(count_days(seller.pk, ONE_DAY)) == {
        ("", ""): 2,
        ("buyer", "changed_mind"): 1,
        ("seller", "out_of_stock"): 1,
        ("system", "order_replaced"): 1,
    }


def test_it_never_adds_two_currencies_and_takes_an_unstated_price_for_nothing(seller: Seller) -> None:
    for currency, price in [("EUR", Decimal(10)), ("VND", Decimal(10)), ("EUR", None)]:
        order = OrderFactory.create(seller=seller, currency=currency, lines=0)
        OrderLineFactory(order=order, part_cancelled=True, unit_price=price)
    rows = count_days(seller.pk, ONE_DAY)
    orders = {row.currency: row.orders for row in rows if not row.source}
    assert orders == {"EUR": 2, "VND": 1}
    parts = {row.currency: (row.part_lines, cents(row.part_worth)) for row in rows if row.source}
    assert parts == {"EUR": (2, Decimal(20)), "VND": (1, Decimal(20))}


def test_a_day_is_one_of_the_marketplaces_zone(seller: Seller) -> None:
    OrderFactory(seller=seller, placed_at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC))
    with timezone.override("Asia/Ho_Chi_Minh"):
        assert count_days(seller.pk, ONE_DAY) == []
        (row,) = count_days(seller.pk, Window(date(2026, 11, 3), date(2026, 11, 3)))
    assert row.day == date(2026, 11, 3)


def test_it_counts_cancelled_parts_by_line_and_worth_of_orders_that_did_not_end(seller: Seller) -> None:
    order = OrderFactory.create(seller=seller, total=Decimal("100.00"), lines=0)
    OrderLineFactory(order=order, position=1, part_cancelled=True, unit_price=Decimal("7.00"))
    OrderLineFactory(order=order, position=2, unit_price=Decimal("65.00"))
    ended = OrderFactory.create(seller=seller, cancelled=True, source="system", lines=0)
    OrderLineFactory(order=ended, part_cancelled=True)
    rows = {row.source: row for row in count_days(seller.pk, ONE_DAY)}
    assert (rows["seller"].part_lines, cents(rows["seller"].part_worth), rows["seller"].orders) == (1, Decimal(14), 0)
    assert (rows[""].orders, rows[""].part_lines) == (1, 0)
    assert (rows["system"].orders, rows["system"].part_lines) == (1, 0)


def test_an_earlier_part_keeps_its_own_reason(seller: Seller) -> None:
    order = OrderFactory.create(seller=seller, lines=0)
    line = OrderLineFactory.create(order=order, part_cancelled=True, unit_price=Decimal("7.00"))
    line.earlier_parts.create(cancellation=CancellationFactory(source="buyer"), quantity=1)
    rows = {row.source: (row.part_lines, cents(row.part_worth)) for row in count_days(seller.pk, ONE_DAY)}
    assert rows["seller"] == (1, Decimal(7))
    assert rows["buyer"] == (1, Decimal(7))


def test_an_order_with_several_parts_for_one_reason_is_one_order(seller: Seller) -> None:
    order = OrderFactory.create(seller=seller, lines=0)
    line = OrderLineFactory.create(order=order, position=1, part_cancelled=True)
    OrderLineFactory(order=order, position=2, part_cancelled=True)
    line.earlier_parts.create(cancellation=CancellationFactory(source="seller"), quantity=1)
    OrderLineFactory(order=OrderFactory(seller=seller, lines=0), part_cancelled=True)
    (row,) = [row for row in count_days(seller.pk, ONE_DAY) if row.reason]
    assert (row.part_lines, row.part_orders) == (4, 2)


def test_an_item_is_counted_under_each_reason_that_took_some_of_it(seller: Seller) -> None:
    order = OrderFactory.create(seller=seller, lines=0)
    line = OrderLineFactory.create(order=order, part_cancelled=True)
    dear = CancellationFactory.create(source="seller", reason_code="pricing_error")
    line.earlier_parts.create(cancellation=dear, quantity=1)
    found = {row.reason.code: (row.orders, row.quantity) for row in count_items(seller.pk, ONE_DAY)}
    assert found == {"out_of_stock": (1, 1), "pricing_error": (1, 1)}


def test_what_was_split_or_merged_counts_neither_as_sent_nor_as_an_item(seller: Seller) -> None:
    replaced = {"seller": seller, "cancelled": True, "source": "system", "reason_code": "order_replaced"}
    order = OrderFactory.create(**replaced, shipped_at=MONDAY + timedelta(days=1), lines=0)
    OrderLineFactory(order=order, part_cancelled=True)
    assert count_shipping(seller.pk, ONE_DAY) == []
    assert count_items(seller.pk, ONE_DAY) == []


def test_it_counts_orders_whose_reason_was_corrected_after_a_contest(seller: Seller) -> None:
    order = OrderFactory.create(seller=seller, cancelled=True, source="seller")
    ContestFactory(cancellation=order.cancellation, upheld=True)
    other = OrderFactory.create(seller=seller, cancelled=True, source="seller")
    ContestFactory(cancellation=other.cancellation, rejected=True)
    (row,) = count_days(seller.pk, ONE_DAY)
    assert (row.orders, row.upheld) == (2, 1)


def test_it_counts_working_days_to_send_and_beyond_the_promise(seller: Seller) -> None:
    sent_on_friday = MONDAY + timedelta(days=4)
    OrderFactory(seller=seller, placed_at=MONDAY, shipped=True, shipped_at=sent_on_friday, ship_by=sent_on_friday)
    OrderFactory(
        seller=seller, placed_at=MONDAY, shipped=True, shipped_at=sent_on_friday, ship_by=MONDAY + timedelta(days=1)
    )
    OrderFactory(seller=seller, placed_at=MONDAY, shipped=True, shipped_at=sent_on_friday)
    OrderFactory(seller=seller, placed_at=MONDAY)
    rows = {(row.took, row.late, row.orders) for row in count_shipping(seller.pk, ONE_DAY)}
    assert rows == {(4, 0, 1), (4, 3, 1), (4, None, 1)}


def test_it_counts_the_items_that_stock_or_price_kept_from_buyers(seller: Seller) -> None:
    bowl = {"lines__title": "Bowl", "lines__variant": "Blue", "lines__sku": "B-1"}
    OrderFactory(seller=seller, cancelled=True, source="seller", **bowl)
    OrderFactory(seller=seller, cancelled=True, source="seller", **bowl)
    OrderFactory(seller=seller, cancelled=True, source="buyer", **bowl)
    order = OrderFactory.create(seller=seller, lines=0)
    OrderLineFactory(order=order, part_cancelled=True, title="Bowl", variant="Blue", sku="B-1")
    (row,) = count_items(seller.pk, ONE_DAY)
    assert (row.title, row.variant, row.orders, row.quantity) == ("Bowl", "Blue", 3, 4)
