"""The admin in a real browser: accessible, quiet, and comfortable where words are written."""

from contextlib import suppress
from typing import Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Error, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from cancellations.models import Reason
from feeds.connecting import rotate_secret
from feeds.models import Feed
from orders.admin.orders import OrderAdmin
from orders.models import Order
from tests import factories
from tests.browsing import axe_findings, browser_type_launch_args, is_too_wide, listen, needs_chromium

__all__ = ["browser_type_launch_args"]  # a fixture, used by name

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/admin/",
    "/admin/cancellations/reason/",
    "/admin/cancellations/reason/add/",
    "/admin/cancellations/reason/{reason}/change/",
    "/admin/cancellations/reason/{reason}/delete/",
    "/admin/cancellations/reason/{reason}/preview/?version=1",
    "/admin/cancellations/alias/",
    "/admin/cancellations/alias/add/",
    "/admin/cancellations/alias/unmapped/",
    "/admin/cancellations/alias/unmapped/map/?origin=shopee&source=seller&words=kho+ngập",
    "/admin/cancellations/alias/unmapped/map/?origin=shopify&source=unknown&words=customer",
    "/admin/cancellations/cancellation/",
    "/admin/orders/order/",
    "/admin/orders/order/{order}/change/",
    "/admin/orders/conflict/",
    "/admin/orders/conflict/{conflict}/change/",
    "/admin/orders/conflict/{conflict}/settle/",
    "/admin/orders/seller/{seller}/change/",
    "/admin/feeds/run/",
    "/admin/feeds/problem/",
    "/admin/feeds/problem/?kept=yes",
    "/admin/feeds/delivery/",
    "/admin/feeds/feed/",
    "/admin/feeds/feed/add/",
    "/admin/feeds/feed/{feed}/change/",
    "/admin/feeds/feed/{feed}/delete/",
    "/admin/feeds/feed/{feed}/rotate/",
    "/admin/feeds/feed/{feed}/end-previous/",
]


@pytest.fixture
def admin_page(page: Page, live_server: LiveServer, admin_client: Client) -> Page:
    """A browser window in which the administrator is signed in."""
    key = admin_client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    return page


def unmapped(words: str, *, origin: str, source: str) -> Order:
    """Make an order that was cancelled in words that are not understood."""
    said = {"cancellation__raw_reason": words, "cancellation__origin": origin, "reason_code": "not_stated"}
    return factories.OrderFactory.create(cancelled=True, source=source, **said)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_the_console_is_silent(
    admin_page: Page, live_server: LiveServer, width: int, scheme: Literal["dark", "light"]
) -> None:
    admin_page.set_viewport_size({"width": width, "height": 900})
    admin_page.emulate_media(color_scheme=scheme)
    order = factories.OrderFactory(cancelled=True, lines=2)
    factories.many_orders(60)
    factories.EventFactory(order=order)
    feed = factories.DeliveryFactory(run=factories.RunFactory(refused_count=1)).feed
    factories.ProblemFactory(refused=factories.RefusedFactory())
    rotate_secret(feed)
    reason = Reason.objects.get(code="seller_did_not_ship")
    conflict = factories.ConflictFactory(order=order)
    unmapped("Kho ngập", origin="shopee", source="seller")
    unmapped("customer", origin="shopify", source="unknown")
    known = {
        "reason": reason.pk,
        "order": order.pk,
        "seller": order.seller_id,
        "conflict": conflict.pk,
        "feed": feed.pk,
    }
    for address in PAGES:
        said = listen(admin_page)
        admin_page.goto(live_server.url + address.format(**known))
        assert (address, said) == (address, [])
        assert (address, axe_findings(admin_page)) == (address, [])
        admin_page.goto("about:blank")  # what axe itself makes the console say belongs to no page


def test_the_list_of_reasons_shows_how_often_each_is_used_without_scrolling(
    admin_page: Page, live_server: LiveServer
) -> None:
    admin_page.set_viewport_size({"width": 1280, "height": 900})
    admin_page.goto(f"{live_server.url}/admin/cancellations/reason/")
    room, used = (admin_page.locator(part).bounding_box() for part in (".results", "th.column-in_use"))
    assert room
    assert used
    assert used["x"] + used["width"] <= room["x"] + room["width"]


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_what_waits_can_be_acted_on_without_scrolling(
    admin_page: Page, live_server: LiveServer, admin: User, language: str
) -> None:
    User.objects.filter(pk=admin.pk).update(language=language)
    order = factories.OrderFactory.create(number="5999-2865", cancelled=True, source="seller", paid=True)
    factories.ConflictFactory(order=order)
    factories.ContestFactory(cancellation=order.cancellation)
    factories.RefundFactory(cancellation=order.cancellation, failed=True)
    admin_page.set_viewport_size({"width": 1280, "height": 900})
    for address in ("orders/conflict", "cancellations/contest", "cancellations/refund"):
        admin_page.goto(f"{live_server.url}/admin/{address}/")
        room = admin_page.locator(".results").bounding_box()
        act = admin_page.locator("#result_list .field-next_step a").bounding_box()
        assert room
        assert act
        assert room["x"] <= act["x"]
        assert act["x"] + act["width"] <= room["x"] + room["width"]
        number = admin_page.get_by_text("5999-2865")
        assert number.evaluate("one => getComputedStyle(one).whiteSpace") == "nowrap"


@pytest.mark.parametrize("language", ["en", "de"])
def test_all_that_is_known_of_a_conflict_and_of_words_is_there_without_scrolling(
    admin_page: Page, live_server: LiveServer, admin: User, language: str
) -> None:
    User.objects.filter(pk=admin.pk).update(language=language)
    factories.ConflictFactory()
    unmapped("Thợ gốm ốm, lò nghỉ ba tuần", origin="demo", source="seller")
    admin_page.set_viewport_size({"width": 1280, "height": 900})
    for address in ("orders/conflict", "cancellations/alias/unmapped"):
        admin_page.goto(f"{live_server.url}/admin/{address}/")
        table = admin_page.locator("#result_list")
        assert table.evaluate("table => table.offsetWidth <= table.parentElement.clientWidth"), address


def test_the_numbers_of_many_pages_fit_a_phone(
    admin_page: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OrderAdmin, "list_per_page", 2)
    factories.many_orders(60)
    admin_page.set_viewport_size({"width": 320, "height": 900})
    admin_page.goto(f"{live_server.url}/admin/orders/order/?p=15")
    expect(admin_page.locator(".paginator li")).to_have_count(13)
    assert not is_too_wide(admin_page)


def test_words_are_seen_on_the_card_before_they_are_saved(admin_page: Page, live_server: LiveServer) -> None:
    reason = Reason.objects.get(code="customs_stopped")
    admin_page.goto(f"{live_server.url}/admin/cancellations/reason/{reason.pk}/change/")
    admin_page.get_by_label("Headline").fill("Customs kept the parcel.")
    with admin_page.context.expect_page() as opened:
        admin_page.get_by_role("button", name="Preview the words").click()
    expect(opened.value.get_by_role("heading", name="Customs kept the parcel.")).to_be_visible()
    newest = reason.wordings.latest("version").version
    assert reason.wordings.filter(language="en").count() == 1
    admin_page.get_by_role("button", name="Save and continue editing").click()
    expect(admin_page.get_by_role("link", name=f"Version {newest + 1}")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_wrong_with_a_field_is_set_apart_from_plain_text(
    admin_page: Page, live_server: LiveServer, scheme: Literal["light", "dark"]
) -> None:
    admin_page.emulate_media(color_scheme=scheme)
    admin_page.goto(f"{live_server.url}/admin/cancellations/alias/add/")
    admin_page.get_by_label("The origin's code or words").fill("...")
    admin_page.get_by_label("The origin's code or words").evaluate("field => { field.form.noValidate = true }")
    admin_page.get_by_role("button", name="Save", exact=True).click()
    colour = "element => getComputedStyle(element).color"
    wrong, note, body = (
        admin_page.locator(part).first.evaluate(colour) for part in (".form-row .errors li", ".errornote", "body")
    )
    assert wrong == note != body


def test_the_form_that_maps_words_is_set_in_order(admin_page: Page, live_server: LiveServer) -> None:
    admin_page.set_viewport_size({"width": 390, "height": 900})
    unmapped("customer", origin="shopify", source="unknown")
    admin_page.goto(
        f"{live_server.url}/admin/cancellations/alias/unmapped/map/?origin=shopify&source=unknown&words=customer"
    )
    form = admin_page.locator(".queue-form")
    room = form.bounding_box()
    assert room
    for field in form.locator("textarea").all():
        box = field.bounding_box()
        assert box
        assert box["x"] + box["width"] <= room["x"] + room["width"]
    label, tick = (form.get_by_text("It may stand where nobody said"), form.get_by_label("It may stand where nobody"))
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    assert form.locator(".field__help").first.evaluate(size) < label.evaluate(size)
    beside, box = label.bounding_box(), tick.bounding_box()
    assert beside
    assert box
    assert beside["y"] <= box["y"] + box["height"] / 2 <= beside["y"] + beside["height"]


def test_enter_in_a_field_saves(admin_page: Page, live_server: LiveServer) -> None:
    reason = Reason.objects.get(code="customs_stopped")
    admin_page.goto(f"{live_server.url}/admin/cancellations/reason/{reason.pk}/change/")
    admin_page.get_by_label("Label").fill("held by customs")
    admin_page.get_by_label("Label").press("Enter")
    expect(admin_page.get_by_role("heading", name="Select reason to change")).to_be_visible()
    assert reason.wordings.latest("version").label == "held by customs"


def test_a_secret_is_seen_once_and_not_by_going_back(admin_page: Page, live_server: LiveServer) -> None:
    admin_page.set_viewport_size({"width": 320, "height": 900})
    admin_page.goto(f"{live_server.url}/admin/feeds/feed/add/")
    admin_page.get_by_label("Name:", exact=True).fill("The shop")
    admin_page.get_by_label("Name in addresses").fill("shop")
    admin_page.get_by_role("button", name="Save", exact=True).click()
    expect(admin_page.get_by_text("It is shown this once")).to_be_visible()
    secret = Feed.objects.get().secret
    expect(admin_page.get_by_text(secret)).to_be_visible()
    assert axe_findings(admin_page) == []
    admin_page.get_by_role("link", name="I have it: back to the feed").click()
    expect(admin_page.get_by_role("link", name="Change the secret")).to_be_visible()
    with suppress(Error):  # the answer was not stored: the browser says that it would have to send the form again
        admin_page.go_back()
    expect(admin_page.get_by_text(secret)).to_have_count(0)
    assert Feed.objects.count() == 1


def test_a_secret_is_changed_by_keyboard(admin_page: Page, live_server: LiveServer) -> None:
    feed = factories.FeedFactory()
    admin_page.goto(f"{live_server.url}/admin/feeds/feed/{feed.pk}/change/")
    admin_page.get_by_role("link", name="Change the secret").press("Enter")
    admin_page.get_by_role("button", name="Yes, I’m sure").press("Enter")
    expect(admin_page.get_by_text("It is shown this once")).to_be_visible()
    feed.refresh_from_db()
    expect(admin_page.get_by_text(feed.secret)).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_words_are_mapped_to_a_new_reason_on_one_page(admin_page: Page, live_server: LiveServer, width: int) -> None:
    admin_page.set_viewport_size({"width": width, "height": 900})
    order = unmapped("Kho ngập", origin="shopee", source="seller")
    admin_page.goto(f"{live_server.url}/admin/")
    admin_page.get_by_role("link", name="Words that are not mapped yet: 1").click()
    expect(admin_page.get_by_role("heading", name="Words that are not mapped yet")).to_be_visible()
    assert not is_too_wide(admin_page)
    admin_page.get_by_role("link", name="Map “Kho ngập”").click()
    expect(admin_page.get_by_role("button", name="Map", exact=True)).to_be_visible()
    assert not is_too_wide(admin_page)
    admin_page.get_by_label("None of these: make a new reason, below.").check()
    admin_page.get_by_label("Code").fill("flooded")
    admin_page.get_by_label("Responsible").select_option("nobody")
    admin_page.get_by_label("Headline").fill("Water stood in the seller's store room.")
    admin_page.get_by_label("Explanation").fill("It rained for three days.")
    admin_page.get_by_label("Next step").fill("Order again next week.")
    with admin_page.context.expect_page() as opened:
        admin_page.get_by_role("button", name="Preview the new reason").click()
    expect(opened.value.get_by_role("heading", name="Water stood in the seller's store room.")).to_be_visible()
    admin_page.get_by_role("button", name="Map", exact=True).click()
    expect(admin_page.get_by_text("There is nothing to do")).to_be_visible()
    order.refresh_from_db()
    assert order.cancellation
    assert order.cancellation.reason.code == "flooded"
