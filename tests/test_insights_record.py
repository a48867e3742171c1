"""The seller's record on the order page: before buying again."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from insights import recording
from insights.models import Cursor
from insights.recording import keep_records
from insights.refreshing import rebuild
from orders.models import Seller
from tests.factories import OrderFactory, SellerFactory, many_orders, yesterday
from tests.pages import text_of


def record_on(buyer: User, client: Client, seller: Seller) -> str:
    order = OrderFactory.create(buyer=buyer, seller=seller, placed_at=yesterday())
    page = text_of(client.get(f"/orders/{order.number}/"))
    return page.split("The seller's record")[1] if "The seller's record" in page else ""


def placed(seller: Seller, count: int, *, lost: int = 0, **fields: Any) -> None:
    at = fields.setdefault("placed_at", yesterday())
    many_orders(count - lost, seller=seller, **fields)
    many_orders(lost, seller=seller, placed_at=at, cancelled=True, source="seller", reason_code="out_of_stock")
    rebuild()


def test_it_says_which_share_ended_on_the_sellers_side(buyer: User, buyer_client: Client, seller: Seller) -> None:
    placed(seller, 48, lost=1)
    record = record_on(buyer, buyer_client, seller)
    assert "2.1 % of orders in 90 days ended for a reason on the seller's side." in record
    assert "1 of 48 orders placed in the 90 days up to" in record


def test_it_compares_with_what_is_typical(buyer: User, buyer_client: Client, seller: Seller) -> None:
    for lost in (0, 1, 2, 3):
        placed(SellerFactory.create(), 20, lost=lost)
    placed(seller, 20)
    assert "; typical here: 5.0 %." in record_on(buyer, buyer_client, seller)


@pytest.mark.parametrize(("count", "is_shown"), [(19, False), (20, True)])
def test_it_is_silent_under_twenty_orders(
    buyer: User, buyer_client: Client, seller: Seller, count: int, is_shown: bool
) -> None:
    placed(seller, count)
    assert bool(record_on(buyer, buyer_client, seller)) == is_shown


@pytest.mark.parametrize(("count", "times"), [(19, 0), (20, 3)])
def test_the_sellers_name_leads_to_it_wherever_it_stands(
    buyer: User, buyer_client: Client, seller: Seller, count: int, times: int
) -> None:
    placed(seller, count)
    page = OrderFactory.create(buyer=buyer, seller=seller, number="C1").get_absolute_url()
    name = f"<bdi>{seller.name}</bdi></a>"
    order = buyer_client.get(page).content.decode()
    cards = buyer_client.get("/orders/").content.decode()
    assert order.count(f'<a href="#record">{name}') + cards.count(f'<a href="{page}#record">{name}') == times


@pytest.mark.parametrize(
    ("days", "said"), [(0, "on the same day."), (1, "within 1 working day."), (7, "within 5 working days.")]
)
def test_it_says_how_soon_the_seller_sends(
    buyer: User, buyer_client: Client, seller: Seller, days: int, said: str
) -> None:
    at = yesterday()
    monday = at - timedelta(days=at.weekday() + 14)
    placed(seller, 20, shipped=True, placed_at=monday, paid_at=monday, shipped_at=monday + timedelta(days=days))
    assert f"Usually sends {said}" in record_on(buyer, buyer_client, seller)


def test_it_gives_the_stars_where_a_feed_gives_them(buyer: User, buyer_client: Client) -> None:
    seller = SellerFactory.create(rating=Decimal("4.58"), rating_count=1_210)
    placed(seller, 20)
    assert "4.6 stars from 1,210 ratings." in record_on(buyer, buyer_client, seller)
    arabic = Client(headers={"accept-language": "ar"})
    arabic.force_login(buyer)
    order = OrderFactory.create(buyer=buyer, seller=seller)
    assert "1,210" in text_of(arabic.get(f"/orders/{order.number}/"))


def test_an_order_leaves_the_record_after_ninety_days(seller: Seller) -> None:
    at = yesterday()
    placed(seller, 20, lost=2, placed_at=at)
    last = timezone.localdate(at) + timedelta(days=89)
    keep_records([], today=last)
    seller.refresh_from_db()
    assert (seller.record_orders, seller.record_ended) == (20, 2)
    keep_records([], today=last + timedelta(days=1))
    seller.refresh_from_db()
    assert (seller.record_orders, seller.record_ended) == (0, 0)


def test_a_seller_who_is_gone_has_no_record_and_stops_nobody(seller: Seller) -> None:
    """An order went to another seller, and an administrator deleted the first one before that was counted."""
    placed(seller, 20)
    gone = SellerFactory.create()
    keys = [gone.pk, seller.pk]
    gone.delete()
    Seller.objects.update(record_orders=None, record_ended=None, record_on=None)
    keep_records(keys, today=timezone.localdate())
    seller.refresh_from_db()
    assert seller.record_orders == 20


def test_on_the_same_day_only_those_that_changed_are_written_again(
    seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(seller, 20)
    written: list[int] = []
    monkeypatch.setattr(recording, "_record", lambda pk, today: written.append(pk))
    today = Cursor.objects.get().recorded_on
    assert today
    keep_records([7], today=today)
    assert written == [7]
    Cursor.objects.update(recorded_on=None)
    keep_records([7], today=today)
    assert written == [7, seller.pk]
