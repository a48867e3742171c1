"""The buyer's pages in a real browser: accessible, as wide as the window, and without a word on the console."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from orders.models import Seller
from tests.browsing import (
    axe_findings,
    browser_type_launch_args,
    is_too_wide,
    listen,
    needs_chromium,
    sign_in,
    visitor,
)
from tests.factories import (
    CancellationFactory,
    EventFactory,
    OrderFactory,
    OrderLineFactory,
    RefundFactory,
    SellerFactory,
    many_orders,
)

__all__ = ["browser_type_launch_args"]  # a fixture, used by name

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db(transaction=True)]

LOOKS: list[dict[str, Any]] = [
    {"width": width, "scheme": scheme} for width in (320, 1280) for scheme in ("light", "dark")
]
FOR_VISITORS = ["/", "/accounts/login/", "/nowhere"]
FOR_BUYERS = [
    "/orders/",
    "/orders/?status=cancelled",
    "/orders/?cancelled_by=seller&reason=out_of_stock&q=bowl&since=2026-01-01",
    "/orders/?status=delivered",
    "/orders/?q=nothing+has+this+name",
    "/orders/?since=yesterday&until=never&status=lost&reason=%21&q=%01&after=forged",
    "/orders/CANCELLED/",
    "/orders/PART/",
    "/orders/OPEN/",
    "/orders/SENT/",
    "/orders/BARE/",
    "/orders/NOT-THERE/",
]
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 8


@pytest.fixture
def orders(buyer: User) -> None:
    """Orders in every state: with everything that can be known, with hardly anything, and with endless words."""
    seller = SellerFactory.create(name="مزرعة النور العضوية للمنتجات الطبيعية")
    many_orders(25, buyer=buyer)
    cancelled = OrderFactory.create(
        buyer=buyer,
        seller=seller,
        number="CANCELLED",
        lines=3,
        lines__title=f"Ceramic bowl {LONG}",
        lines__variant=LONG[:300],
        cancelled=True,
        source="seller",
        paid=True,
        cancellation__note=f"So sorry! {LONG}",
    )
    RefundFactory(cancellation=cancelled.cancellation, completed=True)
    RefundFactory(cancellation=cancelled.cancellation, failed=True, failure=LONG)
    EventFactory(order=cancelled, kind="conflict")
    part = OrderFactory.create(buyer=buyer, number="PART", lines=0, carrier=LONG[:100])
    for position, source in enumerate(["system", "buyer", "seller"], 1):
        ended = CancellationFactory.create(source=source)
        OrderLineFactory(order=part, position=position, quantity=3, cancelled_quantity=position, cancellation=ended)
        RefundFactory(cancellation=ended)
    OrderFactory(buyer=buyer, number="OPEN")
    OrderFactory(buyer=buyer, number="SENT", shipped=True, carrier="Blue Post", tracking_number=LONG[:100])
    OrderFactory(
        buyer=buyer,
        number="BARE",
        lines=0,
        total=None,
        currency="",
        placed_at=None,
        payment_method="unknown",
        payment_label="",
        cancelled=True,
        source="unknown",
        cancellation__cancelled_at=None,
        cancellation__origin="test-feed",
        cancellation__raw_reason=LONG,
    )
    Seller.objects.update(record_orders=40, record_ended=2, record_on=date(2026, 11, 1))  # its name leads to the record


def every_page(page: Page, address: str) -> Iterator[str]:
    """Open the pages one after the other: those for everybody, then, signed in, those of the buyer."""
    for path in FOR_VISITORS:
        page.goto(address + path)
        yield path
    sign_in(page, address)
    for path in FOR_BUYERS:
        page.goto(address + path)
        yield path


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look.values())))
def test_axe_finds_nothing(browser: Browser, live_server: LiveServer, orders: None, look: dict[str, Any]) -> None:
    with visitor(browser, bypass_csp=True, **look) as page:  # axe sets styles
        found = {path: axe_findings(page) for path in every_page(page, live_server.url)}
    assert {path: findings for path, findings in found.items() if findings} == {}


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[3]], ids=lambda look: "-".join(map(str, look.values())))
def test_the_policy_stops_nothing_and_nothing_is_wider_than_the_window(
    browser: Browser, live_server: LiveServer, orders: None, look: dict[str, Any]
) -> None:
    with visitor(browser, **look) as page:
        said, wide = listen(page), []
        for path in every_page(page, live_server.url):
            for direction in ("ltr", "rtl"):
                page.evaluate("direction => { document.documentElement.dir = direction }", direction)
                wide += [f"{path} {direction}"] if is_too_wide(page) else []
            # The browser itself notes a 404; what it says beyond that would be ours.
            assert [words for words in said if "404" not in words] == [], path
    assert wide == []


def test_a_page_is_printed_without_the_ways_around_it(browser: Browser, live_server: LiveServer, orders: None) -> None:
    with visitor(browser) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/orders/CANCELLED/")
        in_the_light = page.evaluate("getComputedStyle(document.body).color")
        page.emulate_media(media="print", color_scheme="dark")
        expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
        expect(page.get_by_role("contentinfo")).to_be_hidden()
        expect(page.get_by_role("heading", name="The seller ran out of something you ordered")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).color") == in_the_light
