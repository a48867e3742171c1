"""The insight pages in a real browser: nothing too wide, nothing that axe holds against them, in every look."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from insights.refreshing import rebuild
from orders.models import Seller
from tests.browsing import axe_findings, browser_type_launch_args, is_too_wide, listen, needs_chromium, sign_in, visitor
from tests.factories import CancellationRequestFactory, OrderFactory, OrderLineFactory, RefundFactory

__all__ = ["browser_type_launch_args"]  # a fixture, used by name

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db(transaction=True)]

PAGES = ["/insights/", "/selling/", "/selling/?days=7", "/selling/orders/?side=seller&replaced=no"]
BOX = "rect.chart__box--seller"


@pytest.fixture
def story(buyer: User, seller: Seller) -> None:
    """Let the buyer be the seller's member too, so that one visit shows all pages; every section has something."""
    seller.members.add(buyer)
    for days in range(1, 80, 4):
        at = timezone.now() - timedelta(days=days)
        source, reason = [("seller", "out_of_stock"), ("buyer", "changed_mind")][days % 8 > 4]
        of = {"buyer": buyer, "seller": seller, "placed_at": at}
        ended = OrderFactory.create(**of, cancelled=True, source=source, reason_code=reason)
        RefundFactory(cancellation=ended.cancellation)
        OrderFactory(**of, shipped=True, shipped_at=at + timedelta(hours=9), ship_by=at + timedelta(hours=days))
    OrderLineFactory(order__seller=seller, order__lines=0, order__placed_at=timezone.now(), part_cancelled=True)
    CancellationRequestFactory(order__seller=seller, answer_by=timezone.now() + timedelta(hours=5))
    rebuild()


def _signed_in(page: Page, live_server: LiveServer) -> list[str]:
    said = listen(page)
    sign_in(page, live_server.url)
    page.wait_for_url("**/orders/")
    return said


def _open_everything(page: Page) -> None:
    for summary in page.locator("main summary").all():
        summary.click()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "light"), (390, "dark")])
def test_they_are_within_reach_of_everybody(
    browser: Browser,
    live_server: LiveServer,
    buyer: User,
    story: None,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    with visitor(browser, width=width, scheme=scheme) as page:
        said = _signed_in(page, live_server)
        for address in PAGES:
            page.goto(f"{live_server.url}{address}")
            _open_everything(page)
            assert not is_too_wide(page), address
        assert said == []  # axe, below, tries to set styles of its own
        for address in PAGES:
            page.goto(f"{live_server.url}{address}")
            _open_everything(page)
            assert axe_findings(page) == [], address


def test_empty_ones_are_too(browser: Browser, live_server: LiveServer, buyer: User, seller: Seller) -> None:
    seller.members.add(buyer)
    with visitor(browser, width=320) as page:
        _signed_in(page, live_server)
        for address in PAGES:
            page.goto(f"{live_server.url}{address}")
            assert axe_findings(page) == [], address
            assert not is_too_wide(page), address


def test_the_chart_shows_without_scripts_and_has_colours_in_print_and_in_the_dark(
    browser: Browser, live_server: LiveServer, buyer: User, story: None
) -> None:
    with visitor(browser, java_script_enabled=False) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/selling/")
        assert page.locator(f"svg.chart__plot {BOX}").first.bounding_box()
    with visitor(browser) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/selling/")
        colours = set()
        for scheme, media in _looks():
            page.emulate_media(color_scheme=scheme, media=media)
            colours.add(page.locator(BOX).first.evaluate("box => getComputedStyle(box).fill"))
        assert "rgb(0, 0, 0)" not in colours
        assert len(colours) == 2


def _looks() -> Iterator[tuple[Literal["light", "dark"], Literal["screen", "print"]]]:
    yield "light", "screen"
    yield "dark", "screen"
    yield "dark", "print"  # print is always light


def test_a_screen_reader_hears_the_chart(browser: Browser, live_server: LiveServer, buyer: User, story: None) -> None:
    with visitor(browser) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/selling/")
        assert page.get_by_role("img", name="Cancelled orders over time").is_visible()


def test_on_a_phone_nothing_stands_alone_on_a_line(browser: Browser, live_server: LiveServer, buyer: User) -> None:
    RefundFactory(cancellation=OrderFactory.create(buyer=buyer, cancelled=True).cancellation)
    with visitor(browser, width=320) as page:
        _signed_in(page, live_server)
        for language in ("en", "de", "ar"):
            page.set_extra_http_headers({"Accept-Language": language})
            page.goto(f"{live_server.url}/insights/")
            assert page.locator(f"html[lang={language}]").count() == 1
            assert [_rows(page, ".bar__nav a"), _rows(page, ".tabs__tab")] == [1, 1], language
            cells = "cells => cells.map(cell => getComputedStyle(cell).paddingInlineStart)"
            assert set(page.locator("#main .figures__table--wide td").evaluate_all(cells)) == {"0px"}, language


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_on_a_phone_no_table_is_wider_than_its_box(
    browser: Browser, live_server: LiveServer, buyer: User, story: None, language: str
) -> None:
    with visitor(browser, width=320) as page:
        _signed_in(page, live_server)
        page.set_extra_http_headers({"Accept-Language": language})
        for address in ("/insights/", "/selling/"):
            page.goto(f"{live_server.url}{address}")
            boxes = page.locator(".figures")
            wider = "all => all.filter(box => box.scrollWidth > box.clientWidth).map(box => box.innerText)"
            assert boxes.count() > 3, address
            assert boxes.evaluate_all(wider) == [], address


def _rows(page: Page, boxes: str) -> int:
    """Count the rows on which these boxes stand."""
    return len(set(page.locator(boxes).evaluate_all("all => all.map(box => box.getBoundingClientRect().top)")))


def test_a_seller_sees_which_of_their_pages_this_is_and_can_hit_the_other(
    browser: Browser, live_server: LiveServer, buyer: User, seller: Seller
) -> None:
    seller.members.add(buyer)
    edge = "link => getComputedStyle(link).borderBottomColor"
    with visitor(browser, width=320) as page:
        _signed_in(page, live_server)
        page.goto(f"{live_server.url}/selling/orders/")
        links = page.get_by_role("navigation", name="Selling")
        here, there = links.get_by_role("link", name="Orders"), links.get_by_role("link", name="Insights")
        assert here.evaluate(edge) != there.evaluate(edge)
        assert there.evaluate("link => link.offsetHeight") >= 24
        there.click()
        expect(there).to_have_attribute("aria-current", "page")
