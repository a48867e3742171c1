"""The main job in a real browser: sign in, find the cancelled order, read who ended it and why."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from orders.models import Order, Seller
from tests.browsing import browser_type_launch_args, listen, needs_chromium, sign_in, visitor
from tests.factories import OrderFactory, RefundFactory

__all__ = ["browser_type_launch_args"]  # a fixture, used by name

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db(transaction=True)]

# Each width, each scheme, with and without JavaScript, each pair of them once.
LOOKS: list[dict[str, Any]] = [
    {"width": 320, "scheme": "dark"},
    {"width": 320, "scheme": "light", "java_script_enabled": False},
    {"width": 1280, "scheme": "light"},
    {"width": 1280, "scheme": "dark", "java_script_enabled": False},
]


@pytest.fixture
def cancelled(buyer: User, seller: Seller) -> Order:
    """A paid order that the seller cancelled, behind a page of newer orders, some of them cancelled by the buyer."""
    order: Order = OrderFactory.create(
        buyer=buyer,
        seller=seller,
        number="KW-1107",
        lines__title="Máy ảnh phim",
        cancelled=True,
        source="seller",
        paid=True,
        cancellation__note="The last one broke in our hands.",
    )
    RefundFactory(cancellation=order.cancellation, completed=True)
    OrderFactory.create_batch(2, buyer=buyer, cancelled=True)
    OrderFactory.create_batch(20, buyer=buyer)
    return order


def read(page: Page) -> None:
    """Open the order's card and read the page behind it."""
    card = page.get_by_role("article").filter(has_text="KW-1107")
    expect(card).to_contain_text("Cancelled by Minh Long Ceramics.")
    expect(card).to_contain_text("The seller ran out of something you ordered before they could send it.")
    card.get_by_role("link", name="Máy ảnh phim").click()
    expect(page).to_have_url(re.compile("/orders/KW-1107/$"))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Minh Long Ceramics cancelled this order on 3 November 2026, 09:30.")
    expect(main.get_by_role("heading", name="The seller ran out of something you ordered")).to_be_visible()
    expect(main).to_contain_text("“The last one broke in our hands.”")
    expect(main).to_contain_text("€120.00 back to Visa ending 4242")
    expect(main.get_by_role("heading", name="What you can do")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look.values())))
def test_it_is_found_by_filter_and_by_search(
    browser: Browser, live_server: LiveServer, cancelled: Order, look: dict[str, Any]
) -> None:
    with visitor(browser, **look) as page:
        said = listen(page)
        sign_in(page, live_server.url)
        expect(page.get_by_role("heading", name="My Orders")).to_be_visible()

        page.get_by_role("navigation", name="Orders by state").get_by_role("link", name="Cancelled").click()
        page.get_by_role("navigation", name="Cancelled by").get_by_role("link", name="the seller").click()
        expect(page.get_by_role("article")).to_have_count(1)
        read(page)

        page.get_by_role("link", name="My Orders").first.click()
        page.get_by_label("Order number, item or seller").fill("may anh")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("article")).to_have_count(1)
        read(page)
        assert said == []


def test_it_is_found_by_turning_the_page(browser: Browser, live_server: LiveServer, cancelled: Order) -> None:
    with visitor(browser, width=320) as page:
        sign_in(page, live_server.url)
        expect(page.get_by_role("article")).to_have_count(20)
        page.get_by_role("link", name="Older orders").click()
        read(page)


def test_it_is_found_by_date(browser: Browser, live_server: LiveServer, cancelled: Order) -> None:
    with visitor(browser, width=320, java_script_enabled=False) as page:
        sign_in(page, live_server.url)
        page.get_by_text("Dates").click()
        page.get_by_label("To", exact=True).fill("2026-11-02")
        page.get_by_label("Order number, item or seller").fill("#kw-1107")
        page.get_by_role("button", name="Search").click()
        read(page)


def test_the_keyboard_is_enough(browser: Browser, live_server: LiveServer, cancelled: Order) -> None:
    with visitor(browser) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/orders/?cancelled_by=seller")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        order = page.get_by_role("link", name="Máy ảnh phim")
        for _ in range(30):
            page.keyboard.press("Tab")
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            if order.evaluate("link => link === document.activeElement"):
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="The seller ran out of something you ordered")).to_be_visible()
