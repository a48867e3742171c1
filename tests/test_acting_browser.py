"""What buyers and sellers do, in a real browser: with and without JavaScript, on a phone and at a desk."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from cancellations.models import Cancellation
from orders.models import CancellationRequest, Order, Seller
from tests.browsing import axe_findings, browser_type_launch_args, is_too_wide, listen, needs_chromium, visitor
from tests.factories import (
    PASSWORD,
    CancellationRequestFactory,
    ContestFactory,
    FeedbackFactory,
    OrderFactory,
    OrderLineFactory,
    RefundFactory,
    RequestedLineFactory,
)

__all__ = ["browser_type_launch_args"]  # a fixture, used by name

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db(transaction=True)]

# Each width, each scheme, with and without JavaScript, each pair of them once.
LOOKS: list[dict[str, Any]] = [
    {"width": 320, "scheme": "dark"},
    {"width": 320, "scheme": "light", "java_script_enabled": False},
    {"width": 1280, "scheme": "light"},
    {"width": 1280, "scheme": "dark", "java_script_enabled": False},
]
in_every_look = pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look.values())))
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 8


def sign_in(page: Page, address: str, email: str = "mai@example.org") -> None:
    """Sign in through the form, as the buyer unless another address is named."""
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="My Orders")).to_be_visible()


def press(page: Page, name: str) -> None:
    """Press the button, or follow the link, of exactly this name."""
    button = page.get_by_role("button", name=name, exact=True)
    button.or_(page.get_by_role("link", name=name, exact=True)).first.click()


@pytest.fixture
def fresh(buyer: User, seller: Seller) -> Order:
    """An order that was paid five minutes ago: three of one item at 20, two of another at 30."""
    now = timezone.now()
    order: Order = OrderFactory.create(
        buyer=buyer, seller=seller, number="C1", lines=0, placed_at=now, paid_at=now - timedelta(minutes=5)
    )
    OrderLineFactory(order=order, position=1, title="Bowl", quantity=3, unit_price=Decimal(20))
    OrderLineFactory(order=order, position=2, title="Lamp", quantity=2, unit_price=Decimal(30))
    return order


@pytest.fixture
def settled(buyer: User, seller: Seller) -> Order:
    """An order that the seller has to be asked about."""
    order: Order = OrderFactory.create(buyer=buyer, seller=seller, number="C1", lines__title="Bowl", lines__quantity=2)
    return order


# The paths


@in_every_look
def test_some_items_are_cancelled_and_then_the_rest(
    browser: Browser, live_server: LiveServer, fresh: Order, look: dict[str, Any]
) -> None:
    with visitor(browser, **look) as page:
        said = listen(page)
        sign_in(page, live_server.url)
        press(page, "Cancel order C1")
        page.get_by_label("How many to cancel of Lamp").fill("0")
        page.get_by_label("How many to cancel of Bowl").fill("1")
        way_out = page.get_by_text("ask Minh Long Ceramics to send it to the right address")
        expect(way_out).to_be_hidden()
        page.get_by_label("Change of address").check()
        expect(way_out).to_be_visible()
        press(page, "Show what that changes")
        happens = page.get_by_role("region", name="What happens")
        expect(happens).to_be_in_viewport()
        expect(happens).to_contain_text("€20.00 back to Visa ending 4242")
        expect(page.get_by_label("Change of address")).to_be_checked()
        press(page, "Cancel these items")
        expect(page.get_by_role("status")).to_contain_text("The items are cancelled.")
        expect(page.get_by_role("article")).to_contain_text("1 of 3 Bowl")

        press(page, "Cancel this order")
        expect(page.get_by_label("How many to cancel of Bowl")).to_have_value("2")
        page.get_by_label("I'd rather not say").check()
        page.get_by_label("In your own words").fill("Sorry.")
        press(page, "Cancel this order")
        expect(page.get_by_role("status")).to_contain_text("The order is cancelled.")
        expect(page.get_by_role("main")).to_contain_text("You cancelled this order on")
        assert said == []
    assert [made.reason.code for made in Cancellation.objects.order_by("pk")] == ["change_address", "no_reason_given"]


@in_every_look
def test_the_buyer_asks_withdraws_asks_again_and_reads_the_sellers_answer(
    browser: Browser, live_server: LiveServer, settled: Order, seller_member: User, look: dict[str, Any]
) -> None:
    with visitor(browser, **look) as theirs, visitor(browser, **look) as ours:
        said = listen(theirs) + listen(ours)
        sign_in(theirs, live_server.url)
        press(theirs, "Ask to cancel order C1")
        press(theirs, "Ask to cancel")
        press(theirs, "Withdraw my request")
        expect(theirs.get_by_role("status")).to_contain_text("Your request has been withdrawn.")
        press(theirs, "Ask the seller to cancel")
        theirs.get_by_label("Delivery too slow").check()
        press(theirs, "Ask to cancel")
        until = theirs.get_by_role("region", name="You asked to cancel").get_by_role("time").nth(1).inner_text()

        sign_in(ours, live_server.url, "long@example.org")
        ours.goto(f"{live_server.url}/selling/orders/C1/")
        asked = ours.get_by_role("region", name="The buyer asks to cancel")
        expect(asked).to_contain_text(until)
        expect(asked).to_contain_text("delivery too slow")
        press(ours, "Decline")
        ours.get_by_label("Why not?").fill("It is on the lorry.")
        press(ours, "Decline the request")
        expect(ours.get_by_role("status")).to_contain_text("Your answer has been sent to the buyer.")

        theirs.reload()
        expect(theirs.get_by_role("main")).to_contain_text("“It is on the lorry.”")
        expect(theirs.get_by_role("main")).to_contain_text("You can ask again from")
        assert said == []


@in_every_look
def test_the_seller_approves_and_the_buyer_votes_contests_and_keeps_a_receipt(
    browser: Browser, live_server: LiveServer, settled: Order, seller_member: User, look: dict[str, Any]
) -> None:
    CancellationRequestFactory(order=settled)
    with visitor(browser, **look) as ours:
        sign_in(ours, live_server.url, "long@example.org")
        ours.goto(f"{live_server.url}/selling/orders/C1/")
        press(ours, "Approve and cancel")
        expect(ours.get_by_role("status")).to_contain_text("It is cancelled, as the buyer asked.")
    with visitor(browser, **look) as page:
        said = listen(page)
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/orders/C1/")
        expect(page.get_by_role("main")).to_contain_text("Minh Long Ceramics cancelled this order because you asked")
        press(page, "No")
        expect(page.get_by_role("button", name="No", pressed=True)).to_be_in_viewport()
        press(page, "Yes")
        expect(page.get_by_role("button", name="No", pressed=False)).to_be_visible()
        press(page, "This is not what happened")
        page.get_by_label("What happened?").fill("I asked for one bowl only.")
        press(page, "Send to the marketplace")
        expect(page.get_by_role("main")).to_contain_text("“I asked for one bowl only.”")
        expect(page.get_by_role("link", name="This is not what happened")).to_have_count(0)
        press(page, "Receipt")
        expect(page.get_by_role("article")).to_contain_text("Mai Nguyễn, the buyer")
        assert said == []


@in_every_look
def test_the_seller_cancels_some_of_it(
    browser: Browser, live_server: LiveServer, fresh: Order, seller_member: User, look: dict[str, Any]
) -> None:
    with visitor(browser, **look) as page:
        said = listen(page)
        sign_in(page, live_server.url, "long@example.org")
        page.goto(f"{live_server.url}/selling/orders/C1/")
        press(page, "Cancel all or some of it")
        page.get_by_label("How many to cancel of Bowl").fill("0")
        press(page, "Show what that changes")
        expect(page.get_by_role("region", name="What happens")).to_contain_text("€60.00 back to Visa ending 4242")
        press(page, "Cancel these items")
        expect(page.get_by_role("alert")).to_contain_text("Choose the reason: the buyer reads it.")
        page.get_by_label("Out of stock").check()
        press(page, "Cancel these items")
        expect(page.get_by_role("article")).to_contain_text("2 of 2 Lamp")
        assert said == []


@in_every_look
def test_a_second_tab_finds_what_the_first_one_did(
    browser: Browser, live_server: LiveServer, fresh: Order, look: dict[str, Any]
) -> None:
    with visitor(browser, **look) as page:
        sign_in(page, live_server.url)
        other = page.context.new_page()
        for tab in (page, other):
            tab.goto(f"{live_server.url}/orders/C1/cancel/")
        press(page, "Cancel this order")
        expect(page.get_by_role("status")).to_contain_text("The order is cancelled.")
        press(other, "Cancel this order")
        expect(other.get_by_role("heading", name="That is not possible now")).to_be_visible()
        expect(other.get_by_role("main")).to_contain_text("You cancelled this order on")
        press(other, "See the order as it is now")
        expect(other).to_have_url(re.compile("/orders/C1/$"))
    assert Cancellation.objects.count() == 1


@pytest.mark.parametrize(("is_seller", "look"), [(False, LOOKS[1]), (True, LOOKS[2])], ids=["buyer", "seller"])
def test_two_tabs_take_one_of_an_item_not_two(
    browser: Browser,
    live_server: LiveServer,
    fresh: Order,
    seller_member: User,
    look: dict[str, Any],
    is_seller: bool,
) -> None:
    with visitor(browser, **look) as page:
        sign_in(page, live_server.url, "long@example.org" if is_seller else "mai@example.org")
        other = page.context.new_page()
        for tab in (page, other):
            tab.goto(f"{live_server.url}{'/selling' if is_seller else ''}/orders/C1/cancel/")
            tab.get_by_label("How many to cancel of Lamp").fill("0")
            tab.get_by_label("How many to cancel of Bowl").fill("1")
            tab.get_by_label("Out of stock" if is_seller else "Changed mind").check()
            press(tab, "Show what that changes")
        press(page, "Cancel these items")
        expect(page.get_by_role("article")).to_contain_text("1 of 3 Bowl")
        press(other, "Cancel these items")
        expect(other.get_by_role("heading", name="That is not possible now")).to_be_visible()
        expect(other.get_by_role("main")).to_contain_text(
            "Bowl: 3 could be cancelled when that page was opened, 2 can be cancelled now."
        )
        assert not is_too_wide(other)
        press(other, "See the order as it is now")
        expect(other.get_by_role("article")).to_contain_text("1 of 3 Bowl")
    assert Cancellation.objects.count() == 1


# The keyboard


@pytest.mark.parametrize("field", ["In a quantity", "In a reason"])
def test_the_enter_key_cancels_nothing(browser: Browser, live_server: LiveServer, fresh: Order, field: str) -> None:
    with visitor(browser) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/orders/C1/cancel/")
        inputs = {"In a quantity": "How many to cancel of Bowl", "In a reason": "Changed mind"}
        page.get_by_label(inputs[field]).press("Enter")
        expect(page.get_by_role("heading", name="Cancel this order")).to_be_visible()
    assert not Cancellation.objects.exists()


def test_it_can_be_done_with_the_keyboard_alone(browser: Browser, live_server: LiveServer, fresh: Order) -> None:
    with visitor(browser) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/orders/C1/cancel/")
        button = page.get_by_role("button", name="Cancel this order")
        chosen = False
        for _ in range(30):
            page.keyboard.press("Tab")
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            if not chosen and page.evaluate("document.activeElement.type") == "radio":
                page.keyboard.press("Space")
                chosen = True
            if button.evaluate("button => button === document.activeElement"):
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("The order is cancelled.")
    assert Cancellation.objects.get().reason.code == "changed_mind"


# Every page, as it looks


@pytest.fixture
def everything(buyer: User, seller: Seller, seller_member: User, fresh: Order) -> CancellationRequest:
    """Orders in every state that these pages show, with endless words."""
    many: dict[str, Any] = {"buyer": buyer, "seller": seller}
    OrderFactory(number="ASK", lines__title=LONG, lines__quantity=2, **many)
    asked = OrderFactory.create(number="ASKED", lines__title=LONG, lines__quantity=2, **many)
    request: CancellationRequest = CancellationRequestFactory.create(order=asked, note=LONG)
    RequestedLineFactory(request=request, line=asked.lines.get(), quantity=1)
    CancellationRequestFactory(
        order=OrderFactory(number="DECLINED", **many), declined=True, decline_reason=LONG, decided=timezone.now()
    )
    OrderFactory(number="SENT", shipped=True, **many)
    gone = OrderFactory.create(number="GONE", lines=3, lines__title=LONG, cancelled=True, source="seller", **many)
    RefundFactory(cancellation=gone.cancellation, completed=True)
    ContestFactory(cancellation=gone.cancellation, raised_by=buyer, rejected=True, statement=LONG)
    FeedbackFactory(cancellation=gone.cancellation, given_by=buyer)
    OrderFactory(number="OVER", cancelled=True, cancellation__note=LONG, **many)
    return request


BUYERS = [
    "/orders/",
    *[f"/orders/{number}/" for number in ("C1", "ASK", "ASKED", "DECLINED", "GONE")],
    *[f"/orders/{number}/cancel/" for number in ("C1", "ASK", "ASKED", "DECLINED", "SENT", "OVER")],
    "/orders/GONE/receipt/",
    "/orders/OVER/contest/{over}/",
]
SELLERS = [
    *[f"/selling/orders/{number}/" for number in ("C1", "ASKED", "DECLINED", "GONE")],
    "/selling/orders/ASKED/decline/{request}/",
    "/selling/orders/C1/cancel/",
    "/selling/orders/SENT/cancel/",
]


def on_every_page(page: Page, address: str, request: CancellationRequest, look_at: Callable[[str], None]) -> None:
    """Open every page of the buyer and of the seller, and a form with a fault, and look at each."""
    numbers = {"request": request.pk, "over": Order.objects.get(number="OVER").cancellation_id}
    for email, paths in (("mai@example.org", BUYERS), ("long@example.org", SELLERS)):
        page.context.clear_cookies()
        sign_in(page, address, email)
        for path in paths:
            page.goto(address + path.format(**numbers))
            look_at(path)
    page.goto(f"{address}/selling/orders/C1/cancel/")
    page.get_by_label("How many to cancel of Bowl").fill("7")
    press(page, "Show what that changes")
    expect(page.get_by_role("alert")).to_contain_text("At most 3 can still be cancelled.")
    look_at("with a fault")


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[2]], ids=lambda look: "-".join(map(str, look.values())))
def test_axe_finds_nothing(
    browser: Browser, live_server: LiveServer, everything: CancellationRequest, look: dict[str, Any]
) -> None:
    found: dict[str, list[str]] = {}
    with visitor(browser, bypass_csp=True, **look) as page:  # axe sets styles

        def look_at(path: str) -> None:
            found[path] = axe_findings(page)

        on_every_page(page, live_server.url, everything, look_at)
    assert len(found) == len(BUYERS) + len(SELLERS) + 1
    assert {path: findings for path, findings in found.items() if findings} == {}


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[2]], ids=lambda look: "-".join(map(str, look.values())))
def test_nothing_is_stopped_by_the_policy_or_wider_than_the_window(
    browser: Browser, live_server: LiveServer, everything: CancellationRequest, look: dict[str, Any]
) -> None:
    wide: list[str] = []
    with visitor(browser, **look) as page:
        said = listen(page)

        def look_at(path: str) -> None:
            for direction in ("ltr", "rtl"):
                page.evaluate("direction => { document.documentElement.dir = direction }", direction)
                wide.extend([f"{path} {direction}"] if is_too_wide(page) else [])
            # The browser itself notes a 409; what it says beyond that would be ours.
            assert [words for words in said if "409" not in words] == [], path

        on_every_page(page, live_server.url, everything, look_at)
    assert wide == []


def test_a_receipt_is_printed_without_the_ways_around_it(
    browser: Browser, live_server: LiveServer, everything: CancellationRequest
) -> None:
    with visitor(browser) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/orders/GONE/receipt/")
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
        expect(page.get_by_role("link", name="Order GONE")).to_be_hidden()
        expect(page.get_by_role("contentinfo")).to_be_hidden()
        expect(page.get_by_role("heading", name="Cancellation receipt")).to_be_visible()


def test_a_browser_that_cannot_hide_the_ways_out_shows_them_all(
    browser: Browser, live_server: LiveServer, fresh: Order
) -> None:
    with visitor(browser) as page:
        rules = re.compile(r"/components/decide\.css")
        page.route(
            rules,
            lambda route: route.fulfill(
                body=route.fetch().text().replace(":has(*)", ":unknown()"), content_type="text/css"
            ),
        )
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/orders/C1/cancel/")
        expect(page.get_by_text("ask Minh Long Ceramics to send it to the right address")).to_be_visible()


def test_from_the_right_the_number_of_a_receipt_begins_at_the_right(
    browser: Browser, live_server: LiveServer, everything: CancellationRequest
) -> None:
    with visitor(browser) as page:
        sign_in(page, live_server.url)
        page.goto(f"{live_server.url}/orders/GONE/receipt/")
        page.evaluate("document.documentElement.dir = 'rtl'")
        gaps = page.evaluate(
            """() => [...document.querySelectorAll("dd")].map(fact => {
                const words = document.createRange()
                words.selectNodeContents(fact)
                return fact.getBoundingClientRect().right - words.getBoundingClientRect().right
            })"""
        )
    assert len(gaps) > 5
    assert max(map(abs, gaps)) < 1
