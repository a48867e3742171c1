"""Searching My Orders: by number, item and seller."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import User
from orders import searching
from orders.models import Order, OrderLine
from tests.factories import OrderFactory, many_orders
from tests.pages import orders_on, text_of

MY_ORDERS = "/orders/"


def found(client: Client, words: str, **also: str) -> list[str]:
    return orders_on(client.get(MY_ORDERS, {"q": words, **also}))


@pytest.fixture
def camera(buyer: User) -> Order:
    """An order with marks and capitals in number, item and seller; and another that none of the words finds."""
    OrderFactory(buyer=buyer, number="ZZZ.1", seller__name="Northwind Audio", lines__title="Headphones")
    return OrderFactory.create(
        buyer=buyer,
        number="2604AB-7x",
        seller__name="Hallgrímur & Daughters",
        lines=2,
        lines__title="Máy ảnh phim ĐIỆN TỬ, 100% new_old\\stock",
    )


@pytest.mark.parametrize(
    "words",
    [
        "2604AB-7x",
        "2604ab-7X",
        "#2604AB-7x",
        "  # 2604AB-7x ",
        "2604",
        "B-7",
        "máy ảnh",
        "may anh",
        "MAY ANH",
        "ảnh máy",
        "dien tu",
        "hallgrimur",
        "Hallgrímur daughters",
        "anh daugh 2604",
        "100%",
        "new_old",
        "old\\stock",
    ],
)
def test_it_finds_an_order_by_parts_of_number_item_and_seller(camera: Order, buyer_client: Client, words: str) -> None:
    assert found(buyer_client, words) == ["2604AB-7x"]


@pytest.mark.parametrize(
    "words", ["may xanh", "2604AB-7x headphones", "100%new", "new%stock", "newXold", "' OR 1=1 --", "mayanh"]
)
def test_every_word_has_to_occur(camera: Order, buyer_client: Client, words: str) -> None:
    page = buyer_client.get(MY_ORDERS, {"q": words})
    assert orders_on(page) == []
    assert "No order matches." in text_of(page)


def test_it_finds_by_any_item_of_the_order(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, number="two", lines=0)
    for position, title in enumerate(["Ceramic bowl", "Running shoes"], 1):
        OrderLine.objects.create(order=order, position=position, title=title, quantity=1)
    order.search_text = searching.search_text_of("two", "a shop", ["Ceramic bowl", "Running shoes"])
    order.save()
    assert found(buyer_client, "shoes") == found(buyer_client, "bowl shoes") == ["two"]


def test_other_peoples_orders_are_not_found(camera: Order, stranger_client: Client) -> None:
    for words in ["2604AB-7x", "may anh"]:
        assert found(stranger_client, words) == []


def test_the_words_stay_in_the_box(camera: Order, buyer_client: Client) -> None:
    page = buyer_client.get(MY_ORDERS, {"q": "Máy ảnh"})
    assert 'value="Máy ảnh"' in page.content.decode()
    assert "“Máy ảnh”" in text_of(page)


@pytest.mark.parametrize("words", ["", "   "])
def test_no_words_find_everything(camera: Order, buyer_client: Client, words: str) -> None:
    assert len(found(buyer_client, words)) == 2


def test_words_and_state_narrow_together(camera: Order, buyer_client: Client) -> None:
    assert found(buyer_client, "may anh", status="preparing") == ["2604AB-7x"]
    assert found(buyer_client, "may anh", status="shipped") == []


def test_it_searches_the_newest_orders_and_beyond_them_by_whole_number(
    buyer: User, buyer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SEARCHED_ORDERS", 3)
    for number in ["OLD.1", "NEW.1", "NEW.2", "NEW.3"]:
        OrderFactory(buyer=buyer, number=number, lines__title="Lamp")
    assert found(buyer_client, "lamp") == ["NEW.3", "NEW.2", "NEW.1"]
    assert found(buyer_client, "OLD") == []
    for whole in ["OLD.1", "old.1", "#old.1"]:
        assert found(buyer_client, whole) == ["OLD.1"]


@pytest.mark.parametrize(("language", "many"), [("en", "12,345"), ("de", "12.345")])
def test_it_says_how_many_it_looks_through(
    buyer: User, buyer_client: Client, monkeypatch: pytest.MonkeyPatch, language: str, many: str
) -> None:
    monkeypatch.setattr(searching, "SEARCHED_ORDERS", 12_345)
    OrderFactory(buyer=buyer)
    page = buyer_client.get(MY_ORDERS, {"q": "nowhere"}, headers={"accept-language": language})
    assert f" {many} " in text_of(page)


def test_dates_bring_older_orders_within_reach(
    buyer: User, buyer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SEARCHED_ORDERS", 3)
    many_orders(3, buyer=buyer)
    old = OrderFactory.create(buyer=buyer, placed_at=datetime(2025, 3, 1, tzinfo=UTC), lines__title="Lamp")
    assert found(buyer_client, "lamp") == []
    assert found(buyer_client, "lamp", until="2025-12-31") == [old.number]


def test_the_text_of_an_order_is_cut_where_its_column_ends() -> None:
    text = searching.search_text_of("C1", "A shop", ["word " * 200])
    assert len(text) <= 500
    assert text.startswith("c1 a shop word")


@pytest.mark.parametrize(
    "words", ["one two three four five six seven eight nine ten", "a" * 100, "日本 語", "ß", "İ", "ﬁ", "🍚", "é" * 100]
)
def test_odd_words_do_no_harm(camera: Order, buyer_client: Client, words: str) -> None:
    assert buyer_client.get(MY_ORDERS, {"q": words}).status_code == 200
