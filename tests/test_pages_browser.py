"""The buyer's pages in a real browser: accessible, as wide as the window, and without a word on the console."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from cancellations.models import Reason
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
# What stands on a sheet and reaches beyond it, unless only a screen reader meets it.
OUT_OF_ITS_BOX = """() => [...document.querySelectorAll(".sheet *")].filter(one => {
    const [part, sheet] = [one, one.closest(".sheet")].map(each => each.getBoundingClientRect())
    const is_hidden = one.matches(".hidden-visually, .hidden-visually *")
    return !is_hidden && part.width && (part.right > sheet.right + 1 || part.left < sheet.left - 1)
}).map(one => one.outerHTML)"""
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


def test_help_is_in_the_bar_where_there_is_room_and_below_the_page_where_not(
    browser: Browser, live_server: LiveServer, orders: None, settings: Settings
) -> None:
    settings.HELP_URL = "https://help.example/"
    for width, is_in_the_bar in ((320, False), (1280, True)):
        with visitor(browser, width=width) as page:
            sign_in(page, live_server.url)
            help_in_the_bar = page.get_by_role("navigation", name="Main").get_by_role("link", name="Help")
            expect(help_in_the_bar).to_be_visible(visible=is_in_the_bar)
            expect(page.get_by_role("contentinfo").get_by_role("link", name="Help")).to_be_visible()
            assert not is_too_wide(page)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("width", [320, 390])
def test_with_letters_of_twice_the_size_everything_stays_in_its_box(
    browser: Browser, live_server: LiveServer, buyer: User, width: int, language: str
) -> None:
    OrderFactory(buyer=buyer, number="CANCELLED", lines__title="Bowl", cancelled=True, source="buyer", paid=True)
    ended = OrderFactory(buyer=buyer, lines__title="Lamp", cancelled=True, source="seller", paid=True).cancellation
    RefundFactory(cancellation=ended, completed=True)
    OrderFactory(buyer=buyer, awaiting_payment=True, lines__title="Vase")
    User.objects.update(language=language)
    with visitor(browser, width=width) as page:
        sign_in(page, live_server.url)
        for path in ("/orders/", "/orders/CANCELLED/"):
            page.goto(live_server.url + path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate(OUT_OF_ITS_BOX) == []
            assert not is_too_wide(page)


def test_with_colours_of_the_readers_own_the_current_one_differs_and_so_does_a_refund_that_failed(
    browser: Browser, live_server: LiveServer, orders: None
) -> None:
    with visitor(browser, forced_colors="active") as page:
        sign_in(page, live_server.url)
        for part in ("Main", "Orders by state"):
            links = page.get_by_role("navigation", name=part).get_by_role("link")
            looks = [link.evaluate("link => getComputedStyle(link).borderBottomColor") for link in links.all()]
            current = [link.get_attribute("aria-current") for link in links.all()].index("page")
            assert looks.count(looks[current]) == 1, part
            assert len(set(looks)) == 2, part
        page.goto(f"{live_server.url}/orders/CANCELLED/")
        dot = "step => ['backgroundColor', 'borderRadius'].map(name => getComputedStyle(step, '::before')[name]).join()"
        done, broken, todo = (
            page.locator(f".track__step--{state}").first.evaluate(dot) for state in ("done", "broken", "todo")
        )
        assert len({done, broken, todo}) == 3


def test_what_can_be_changed_about_an_account_can_be_hit(
    browser: Browser, live_server: LiveServer, buyer: User
) -> None:
    with visitor(browser, width=320) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/accounts/")
        heights = page.locator(".settings__row a").evaluate_all("links => links.map(link => link.offsetHeight)")
        assert len(heights) > 3
        assert min(heights) >= 24


def test_the_reasons_to_choose_from_stand_beside_their_title_however_many_lines_they_take(
    browser: Browser, live_server: LiveServer, buyer: User
) -> None:
    for reason in Reason.objects.filter(by_buyer=True).exclude(code="not_stated")[:8]:
        OrderFactory(buyer=buyer, cancelled=True, cancellation__reason=reason)
    with visitor(browser, width=1280) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/orders/?status=cancelled")
        reasons = page.get_by_role("navigation", name="Reason")
        title = reasons.get_by_text("Reason", exact=True).bounding_box()
        boxes = [chip.bounding_box() for chip in reasons.get_by_role("link").all()]
        assert title
        assert len({box["y"] for box in boxes if box}) > 1
        assert all(box["x"] >= title["x"] + title["width"] for box in boxes if box)
