"""Insights: what a buyer's own cancellations tell, and the orders behind every figure."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cancellations import wordings
from cancellations.models import Reason
from insights.pages import buying
from insights.pages import ended as ended_orders
from orders.models import EarlierPart, OrderLine, Seller
from tests.factories import CancellationFactory, OrderFactory, OrderLineFactory, RefundFactory, many_orders, yesterday
from tests.pages import links_of, orders_on, text_of

INSIGHTS = "/insights/"
STATEMENTS = 9


def ordered(buyer: User, **fields: Any) -> Any:
    return OrderFactory.create(**{"buyer": buyer, "placed_at": yesterday(), **fields})


def ended(buyer: User, source: str, reason: str, **fields: Any) -> Any:
    return ordered(buyer, cancelled=True, source=source, reason_code=reason, **fields)


@pytest.fixture
def story(buyer: User, seller: Seller) -> None:
    """Seven orders: two not paid in time, one out of stock, one split, three that went well."""
    for _ in range(3):
        ordered(buyer)
    ended(buyer, "system", "payment_not_received", number="UNPAID-1", seller=seller)
    ended(buyer, "system", "payment_not_received", number="UNPAID-2")
    ended(buyer, "seller", "out_of_stock", number="OUT-1", seller=seller)
    ended(buyer, "system", "order_replaced", number="SPLIT-1")


def test_it_asks_visitors_to_sign_in(client: Client, db: None) -> None:
    assert client.get(INSIGHTS)["Location"] == "/accounts/login/?next=/insights/"


def test_it_counts_nobody_elses_orders(story: None, stranger_client: Client) -> None:
    assert "You placed no orders in the last 12 months." in text_of(stranger_client.get(INSIGHTS))


def test_it_says_so_when_nothing_was_cancelled(buyer: User, buyer_client: Client) -> None:
    ordered(buyer)
    ordered(buyer)
    page = text_of(buyer_client.get(INSIGHTS))
    assert "None of your 2 orders in the last 12 months was cancelled." in page
    assert "No cancellations in this period." in page


def test_the_first_sentence_says_how_many_and_why(buyer_client: Client, story: None) -> None:
    page = text_of(buyer_client.get(INSIGHTS))
    assert "3 of your 6 orders in the last 12 months were cancelled; the usual reason was: " in page


def test_every_figure_leads_to_exactly_its_orders(buyer_client: Client, story: None) -> None:
    page = buyer_client.get(INSIGHTS)
    cancelled = next(link for said, link in links_of(page) if said == "3")
    assert set(orders_on(buyer_client.get(cancelled))) == {"UNPAID-1", "UNPAID-2", "OUT-1"}
    links = [link for _said, link in links_of(page)]
    reason = next(link for link in links if "reason=out_of_stock" in link)
    assert orders_on(buyer_client.get(reason)) == ["OUT-1"]
    source = next(link for link in links if "cancelled_by=system" in link)
    assert set(orders_on(buyer_client.get(source))) == {"UNPAID-1", "UNPAID-2"}
    shop = next(link for link in links if "seller=minh-long-ceramics&status" in link)
    assert set(orders_on(buyer_client.get(shop))) == {"UNPAID-1", "OUT-1"}


def test_it_says_what_helps_against_what_comes_back_and_the_buyer_can_change(
    buyer: User, buyer_client: Client, story: None
) -> None:
    ended(buyer, "seller", "out_of_stock")
    page = text_of(buyer_client.get(INSIGHTS))
    advice = page[page.index("What keeps coming back") : page.index("Who cancelled")]
    assert "· 2 orders" in advice
    assert "out of stock" not in advice


@pytest.mark.parametrize("reason", ["payment_not_received", "payment_failed"])
def test_it_says_what_helps_with_oneself_or_ones_payment_from_the_second_time_on(
    buyer: User, buyer_client: Client, reason: str
) -> None:
    ended(buyer, "system", reason)
    assert "What keeps coming back" not in text_of(buyer_client.get(INSIGHTS))
    ended(buyer, "system", reason)
    advice = text_of(buyer_client.get(INSIGHTS)).partition("What keeps coming back")[2]
    assert "· 2 orders" in advice
    assert wordings.newest_wording(Reason.objects.get(code=reason).pk, "en").prevention in advice


def test_what_names_no_cause_is_counted_but_neither_said_first_nor_advised_on(
    buyer: User, buyer_client: Client
) -> None:
    for reason in ("buyer_other", "buyer_other", "buyer_other", "found_cheaper", "found_cheaper"):
        ended(buyer, "buyer", reason)
    page = text_of(buyer_client.get(INSIGHTS))
    assert "5 of your 5 orders in the last 12 months were cancelled; the most frequent reason, 2 times, was: " in page
    advice = page[page.index("What keeps coming back") : page.index("Who cancelled")]
    assert "found cheaper" in advice
    assert "another reason" not in advice
    assert "another reason" in page[page.index("Who cancelled") :]


def test_where_no_reason_names_a_cause_there_is_no_advice(buyer: User, buyer_client: Client) -> None:
    for _ in range(2):
        ended(buyer, "buyer", "buyer_other")
    assert "What keeps coming back" not in text_of(buyer_client.get(INSIGHTS))


def test_what_a_line_was_cut_by_before_is_still_owed(buyer: User, buyer_client: Client) -> None:
    line = OrderFactory.create(buyer=buyer, number="BOWLS-1").lines.get()
    first, latest = CancellationFactory.create_batch(2, source="seller")
    OrderLine.objects.filter(pk=line.pk).update(quantity=12, cancelled_quantity=3, cancellation=latest)
    EarlierPart.objects.create(line=line, cancellation=first, quantity=1)
    RefundFactory(cancellation=first, amount=10)
    RefundFactory(cancellation=latest, amount=20)
    rows = buyer_client.get(f"{INSIGHTS}owed.csv").content.decode().splitlines()[1:]
    assert sorted(row.split(",")[:2] for row in rows) == [["BOWLS-1", "10.000"], ["BOWLS-1", "20.000"]]


def test_what_was_paid_and_nobody_has_said_comes_back_is_owed_too(buyer: User, buyer_client: Client) -> None:
    def paid(number: str, **fields: Any) -> Any:
        return ended(buyer, "system", "marketplace_decision", number=number, paid=True, **fields)

    paid("NOTHING-1", total=Decimal("168.00"))
    paid("UNSTATED-1", total=None)
    part = CancellationFactory.create(source="seller")
    half = paid("HALF-1", total=Decimal("100.00"), lines=0)
    OrderLineFactory(order=half, cancelled_quantity=1, cancellation=part)
    RefundFactory(cancellation=part, amount=Decimal("30.00"), completed=True)
    for number, refund in (("DONE-1", {"completed": True}), ("FREE-1", None)):
        order = paid(number, total=Decimal("50.00") if refund else Decimal(0))
        if refund:
            RefundFactory(cancellation=order.cancellation, **refund)
    ended(buyer, "system", "payment_not_received", number="UNPAID-1")
    ended(buyer, "seller", "order_replaced", number="MOVED-1", paid=True)
    ended(buyer, "seller", "out_of_stock", number="CASH-1", cash_on_delivery=True)
    table = text_of(buyer_client.get(INSIGHTS)).split("Money still to come back", 1)[1].split("Download", 1)[0]
    said = "paid; no refund is recorded yet not stated"
    assert f"NOTHING-1 €168.00 {said}" in table
    assert f"UNSTATED-1 not stated {said}" in table
    assert f"HALF-1 €70.00 {said}" in table
    assert [one for one in ("DONE-1", "FREE-1", "UNPAID-1", "MOVED-1", "CASH-1") if one in table] == []


def test_so_is_what_was_cancelled_of_an_order_that_goes_on(buyer: User, buyer_client: Client) -> None:
    def cut(number: str, *, price: str | None = "24.50", refund: str = "", **fields: Any) -> None:
        order = OrderFactory.create(**{"buyer": buyer, "number": number, "paid": True, "lines": 0, **fields})
        part = CancellationFactory.create(source="seller", was_charged=None)
        OrderLineFactory(order=order, quantity=3, cancelled_quantity=2, unit_price=price, cancellation=part)
        if refund:
            RefundFactory(cancellation=part, amount=Decimal(refund), completed=True)

    cut("PART-1", total=Decimal("80.00"))
    cut("LESS-1", total=Decimal("40.00"))
    cut("UNPRICED-1", price=None)
    cut("BACK-1", refund="49.00")
    cut("FREE-1", price="0")
    cut("UNPAID-1", paid=False)
    cut("CASH-1", paid=False, cash_on_delivery=True)
    twice = OrderFactory.create(buyer=buyer, number="TWICE-1", paid=True, lines=0, total=Decimal("100.00"))
    first, latest = CancellationFactory.create_batch(2, source="seller")
    line = OrderLineFactory.create(
        order=twice, quantity=9, cancelled_quantity=3, unit_price=Decimal("10.00"), cancellation=latest
    )
    EarlierPart.objects.create(line=line, cancellation=first, quantity=1)
    RefundFactory(cancellation=latest, amount=Decimal("20.00"))
    rows = [row.split(",")[:2] for row in buyer_client.get(f"{INSIGHTS}owed.csv").content.decode().splitlines()[1:]]
    assert sorted(rows) == [
        ["LESS-1", "40.000"],
        ["PART-1", "49.000"],
        ["TWICE-1", "10.000"],
        ["TWICE-1", "20.000"],
        ["UNPRICED-1", ""],
    ]


def test_a_refund_that_failed_has_no_day_any_more(buyer: User, buyer_client: Client) -> None:
    order = ended(buyer, "seller", "out_of_stock", number="FAILED-1")
    RefundFactory(cancellation=order.cancellation, state="failed", failure="The card has expired.")
    assert "FAILED-1" in text_of(buyer_client.get(INSIGHTS))
    [row] = buyer_client.get(f"{INSIGHTS}owed.csv").content.decode().splitlines()[1:]
    assert row.endswith(",")


def test_it_says_where_a_table_ends_before_all_is_listed(
    buyer: User, buyer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("insights.pages.owed.MOST_OWED", 1)
    for _ in range(2):
        RefundFactory(cancellation=ended(buyer, "seller", "out_of_stock").cancellation)
    assert "There are more: this is the first 1." in text_of(buyer_client.get(INSIGHTS))


def test_it_lists_the_money_that_has_not_come_back_with_its_dates(buyer: User, buyer_client: Client) -> None:
    soon = timezone.localdate() + timedelta(days=3)
    late = ended(buyer, "seller", "out_of_stock", number="LATE-1", placed_at=yesterday() - timedelta(days=500))
    RefundFactory(cancellation=late.cancellation, amount=Decimal("12.50"), sent=True)
    due = ended(buyer, "seller", "out_of_stock", number="DUE-1")
    RefundFactory(cancellation=due.cancellation, amount=Decimal("80.00"), expected_by=soon)
    done = ended(buyer, "seller", "out_of_stock", number="DONE-1")
    RefundFactory(cancellation=done.cancellation, completed=True)
    part = CancellationFactory.create(source="seller")
    lines = {"quantity": 3, "cancelled_quantity": 1, "cancellation": part}
    order = ordered(buyer, number="PART-1", lines=0)
    OrderLineFactory(order=order, position=1, **lines)
    OrderLineFactory(order=order, position=2, **lines)
    RefundFactory(cancellation=part, amount=Decimal("7.00"), expected_by=None, failed=True)
    table = text_of(buyer_client.get(INSIGHTS)).split("Money still to come back", 1)[1]
    assert f"DUE-1 €80.00 due {soon.day} " in table
    assert "LATE-1 €12.50" in table
    assert table.count("PART-1 €7.00 failed; see the order not stated") == 1
    assert "DONE-1" not in table


@pytest.mark.parametrize(("period", "count"), [("30d", 1), ("12m", 2), ("all", 3), ("nonsense", 2)])
def test_it_looks_at_the_period_that_is_asked_for(buyer: User, buyer_client: Client, period: str, count: int) -> None:
    for days in (1, 100, 900):
        ended(buyer, "buyer", "changed_mind", placed_at=timezone.now() - timedelta(days=days))
    page = text_of(buyer_client.get(INSIGHTS, {"period": period}))
    assert f"{count} of your {count} order" in page


def test_the_chart_has_a_title_a_description_and_its_numbers_in_a_table(buyer_client: Client, story: None) -> None:
    page = buyer_client.get(INSIGHTS).content.decode()
    assert '<title id="chart-time-title">Over time: who cancelled</title>' in page
    assert '<desc id="chart-time-desc">' in page
    assert '<title id="chart-why-time-title">Over time: why</title>' in page
    assert "style=" not in page
    assert "2 × the system</title>" in page


def test_of_many_reasons_the_others_are_drawn_as_one_and_all_are_counted(
    buyer: User, buyer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buying, "MOST_REASONS", 1)
    for reason in ("out_of_stock", "out_of_stock", "pricing_error"):
        ended(buyer, "seller", reason)
    page = buyer_client.get(INSIGHTS, {"period": "30d"})
    assert "1 × other reasons</title>" in page.content.decode()
    rows = buyer_client.get("/insights/why-time.csv", {"period": "30d"}).content.decode().splitlines()
    assert [sum(int(row.split(",")[place]) for row in rows[1:]) for place in (1, 2)] == [2, 3]


def test_it_shows_the_record_of_a_seller_with_everybody(
    buyer: User, seller: Seller, buyer_client: Client, story: None
) -> None:
    Seller.objects.filter(pk=seller.pk).update(
        record_orders=40, record_ended=1, record_on=yesterday().date(), rating=Decimal("4.6"), rating_count=210
    )
    page = text_of(buyer_client.get(INSIGHTS))
    assert "2.5 % ended on their side. 4.6 stars from 210 ratings." in page
    order = buyer.orders.get(number="OUT-1")
    assert ("Minh Long Ceramics", "#record") in links_of(buyer_client.get(order.get_absolute_url()))


def test_its_tables_download(buyer_client: Client, story: None) -> None:
    for key in ("who", "reasons", "time", "why-time", "sellers", "owed"):
        assert buyer_client.get(f"/insights/{key}.csv", {"period": "all"}).status_code == 200
    assert buyer_client.get("/insights/nothing.csv").status_code == 404


def test_it_says_when_there_is_more_than_it_looks_at(
    buyer_client: Client, story: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "You have very many orders" not in text_of(buyer_client.get(INSIGHTS))
    monkeypatch.setattr(ended_orders, "MOST_CANCELLED", 2)
    assert "You have very many orders" in text_of(buyer_client.get(INSIGHTS))


def test_it_costs_the_same_for_one_order_and_for_many(
    buyer: User, buyer_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ended(buyer, "buyer", "changed_mind")
    buyer_client.get(INSIGHTS)
    with django_assert_num_queries(STATEMENTS):
        buyer_client.get(INSIGHTS)
    many_orders(60, buyer=buyer, placed_at=yesterday(), cancelled=True, source="system")
    many_orders(60, buyer=buyer, cancelled=True, source="seller", paid=True)  # and no refund is recorded
    for order in many_orders(30, buyer=buyer, paid=True):
        part = CancellationFactory.create(source="seller")
        OrderLineFactory(order=order, position=2, cancelled_quantity=1, cancellation=part)
    with django_assert_num_queries(STATEMENTS):
        buyer_client.get(INSIGHTS)
