"""How figures are said: sentences, clocks, names of days, and tables as files."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from cancellations.models import Reason
from insights import words
from insights.charts import Box
from insights.pages import answers
from insights.pages.answers import Answers, clock
from insights.pages.selling import SellerInsight
from insights.tables import FEW_MORE, MOST_AT_ONCE, Cell, Figure, Table, as_csv
from insights.windows import Window
from orders.models import Seller
from tests.factories import (
    CancellationRequestFactory,
    CursorFactory,
    OrderFactory,
    SellerDayFactory,
    SellerItemFactory,
    SellerShippingFactory,
)

FRIDAY = date(2026, 11, 6)
NOW = timezone.now()


def reasons(*counts: int) -> list[tuple[int, int]]:
    found = Reason.objects.filter(code__in=["change_address", "changed_mind", "out_of_stock"]).order_by("code")
    return [(reason.pk, count) for reason, count in zip(found, counts, strict=False)]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([1], "1 of your 9 orders so far was cancelled; the reason was: change of address."),
        ([2, 1], "3 of your 9 orders so far were cancelled; the usual reason was: change of address."),
        ([2, 1, 1], "4 of your 9 orders so far were cancelled; the usual reason was: change of address."),
        (
            [3, 2, 2],
            "7 of your 9 orders so far were cancelled; the most frequent reason, 3 times, was: change of address.",
        ),
        ([2, 2, 1], "5 of your 9 orders so far were cancelled, for 3 different reasons."),
        ([1, 1], "2 of your 9 orders so far were cancelled, for 2 different reasons."),
    ],
)
def test_a_reason_is_called_usual_only_where_it_is(db: None, counts: list[int], said: str) -> None:
    assert words.buyer_sentence(reasons=reasons(*counts), orders=9, period="so far") == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"buyer_other": 1}, "1 of your 9 orders so far was cancelled."),
        ({"buyer_other": 2, "not_stated": 2}, "4 of your 9 orders so far were cancelled."),
        ({"no_reason_given": 3, "found_cheaper": 1}, "4 of your 9 orders so far were cancelled."),
        ({"system_other": 3, "found_cheaper": 2, "out_of_stock": 2}, "7 of your 9 orders so far were cancelled."),
        (
            {"seller_other": 3, "out_of_stock": 2},
            "5 of your 9 orders so far were cancelled; the most frequent reason, 2 times, was: out of stock.",
        ),
        (
            {"buyer_other": 2, "out_of_stock": 2},
            "4 of your 9 orders so far were cancelled; the usual reason was: out of stock.",
        ),
    ],
)
def test_only_a_reason_that_names_a_cause_is_named(db: None, counts: dict[str, int], said: str) -> None:
    keys = dict(Reason.objects.values_list("code", "pk"))
    found = [(keys[code], count) for code, count in counts.items()]
    assert words.buyer_sentence(reasons=found, orders=9, period="so far") == said


@pytest.mark.parametrize(
    ("orders", "said"),
    [(1, "Your 1 order so far was not cancelled."), (3, "None of your 3 orders so far was cancelled.")],
)
def test_it_says_when_all_went_on(orders: int, said: str) -> None:
    assert words.none_cancelled_sentence(orders=orders, period="so far") == said


@pytest.mark.parametrize(("now", "said"), [("0.02", "It was"), ("0.03", "Up from"), ("0.01", "Down from")])
def test_a_change_says_in_which_direction(now: str, said: str) -> None:
    sentence = words.change_sentence(Decimal(now), Decimal("0.02"), days=30)
    assert sentence == f"{said} 2.0\xa0% in the 30 days before."


@pytest.mark.parametrize(
    ("days", "name", "short"),
    [
        (7, "1\xa0Nov", "1\xa0Nov"),
        (90, "1\xa0Nov to 6\xa0Nov", "1\xa0Nov"),
        (365, "Nov 2026", "Nov ’26"),
        (900, "2026", "2026"),
    ],
)
def test_a_part_of_a_window_is_named_as_the_window_is_cut(days: int, name: str, short: str) -> None:
    since = date(2026, 11, 1)
    part = Window(since, since if days == 7 else FRIDAY)
    window = Window.of_days(days, until=FRIDAY)
    assert words.name_of(part, of=window) == name
    assert words.short_name_of(part, of=window) == short


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(0), "the time is over"),
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(hours=1, minutes=1), "1 hour"),
        (timedelta(hours=47, minutes=59), "47 hours"),
    ],
)
def test_a_clock_says_how_much_time_is_left(left: timedelta, said: str) -> None:
    assert clock(NOW + left, NOW) == said


def test_a_request_without_a_clock_says_so() -> None:
    assert answers._answer_by(None, NOW).shown == "no deadline is known"


def test_more_requests_than_are_listed_lead_to_all_of_them(seller: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_WAITING", 2)
    for hours, is_cut in ((1, False), (2, False), (3, True)):
        CancellationRequestFactory(order=OrderFactory(seller=seller), answer_by=timezone.now() + timedelta(hours=hours))
        found = Answers(SellerInsight(seller, days=7).breakdown)
        assert found.is_cut == is_cut
        assert len(found.waiting.rows) == min(hours, 2)
    assert found.all_waiting_href.endswith("request=open")


def test_without_anything_sent_there_is_no_usual_time(seller: Seller) -> None:
    shipping = SellerInsight(seller, days=7).shipping
    assert (shipping.usual_figure, shipping.figures, shipping.table.rows) == (None, [], [])
    assert shipping.sentence == "No order with a promised day was sent in this period."


def test_a_number_without_orders_leads_nowhere() -> None:
    assert Figure.of("Orders", 0, "/orders/") == Figure("Orders", "0")
    assert Figure.of("Orders", 1_200, "/orders/") == Figure("Orders", "1,200", "/orders/")


def test_a_long_table_is_folded_and_one_that_is_little_longer_is_not() -> None:
    for rows, at_once in (
        (MOST_AT_ONCE + FEW_MORE, MOST_AT_ONCE + FEW_MORE),
        (MOST_AT_ONCE + FEW_MORE + 1, MOST_AT_ONCE),
    ):
        table = Table("key", "Title", ["Name"], [[Cell(str(n), bar=Box("0%", "0%", "1%", "1%"))] for n in range(rows)])
        assert len(table.first_rows) == at_once
        assert len(table.first_rows) + len(table.more_rows) == rows


def test_no_heading_of_a_file_is_run_by_a_spreadsheet() -> None:
    file = as_csv(Table("key", "Title", ["=1+1", "Orders"], []), name="insights").content
    assert file.decode("utf-8-sig").splitlines() == ["'=1+1,Orders"]


def test_a_file_names_the_currency_beside_its_money() -> None:
    rows = [[Cell("A1"), Cell(Decimal("7.50"), text="€7.50", currency="EUR"), Cell("due")]]
    table = Table("owed", "Owed", ["Order", "Amount", "State"], rows)
    file = io.StringIO(as_csv(table, name="insights").content.decode("utf-8-sig"), newline="")
    assert list(csv.reader(file)) == [["Order", "Amount", "Currency", "State"], ["A1", "7.50", "EUR", "due"]]


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (CursorFactory, "0-0"),
        (SellerDayFactory, "1 orders of 2026-11-02"),
        (SellerShippingFactory, "1 orders after 2 days"),
        (partial(SellerItemFactory, title="Bowl"), "1 of Bowl"),
    ],
)
def test_a_row_of_the_summary_says_what_it_is(db: None, factory: Any, said: str) -> None:
    assert str(factory()) == said
