"""Sign-in in a real browser: passkeys, accessibility, and the policy that lets nothing foreign in."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browsing import axe_findings, browser_type_launch_args, is_too_wide, listen, needs_chromium, sign_in, visitor
from tests.factories import PASSWORD

__all__ = ["browser_type_launch_args"]  # a fixture, used by name

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db(transaction=True)]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
FOR_VISITORS = [
    "language/",
    "login/",
    "signup/",
    "password/reset/",
    "password/reset/done/",
    "confirm-email/",
    "inactive/",
]
FOR_OWNERS = [
    "",
    "email/",
    "password/change/",
    "sessions/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/add/",
    "notifications/",
    "logout/",
]


def plug_in_a_key(page: Page) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def prove_again(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(address)


def test_a_passkey_is_added_then_signs_in_alone_or_as_the_second_step(
    page: Page, live_server: LiveServer, buyer: User
) -> None:
    said = listen(page)
    plug_in_a_key(page)
    sign_in(page, live_server.url)
    prove_again(page, f"{live_server.url}/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Also sign in with it instead of a password").check()
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_visible()

    page.context.clear_cookies()
    sign_in(page, live_server.url)
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_visible()
    assert said == []


def test_a_key_that_does_not_answer_is_said_in_words(page: Page, live_server: LiveServer, db: None) -> None:
    said = listen(page)
    page.goto(f"{live_server.url}/accounts/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('NotAllowedError')) }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("That was stopped, or the key did not answer.")
    assert said == []


def test_without_a_script_no_passkey_is_offered_and_the_password_still_works(
    browser: Browser, live_server: LiveServer, buyer: User
) -> None:
    with visitor(browser, java_script_enabled=False) as page:
        page.goto(f"{live_server.url}/accounts/login/")
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
        sign_in(page, live_server.url)
        prove_again(page, f"{live_server.url}/accounts/2fa/webauthn/add/")
        expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()


def every_page(page: Page, address: str) -> Iterator[str]:
    """Open the pages of sign-in one after the other."""
    for part in FOR_VISITORS:
        page.goto(f"{address}/accounts/{part}")
        yield page.url
    sign_in(page, address)
    prove_again(page, f"{address}/accounts/2fa/totp/activate/")
    for part in FOR_OWNERS:
        page.goto(f"{address}/accounts/{part}")
        yield page.url


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing(
    browser: Browser, live_server: LiveServer, buyer: User, width: int, scheme: Literal["dark", "light"]
) -> None:
    with visitor(browser, width=width, scheme=scheme, bypass_csp=True) as page:  # axe sets styles
        for address in every_page(page, live_server.url):
            assert axe_findings(page) == [], address


def test_nothing_is_wider_than_a_small_phone_and_the_policy_stops_nothing(
    browser: Browser, live_server: LiveServer, buyer: User
) -> None:
    with visitor(browser, width=320) as page:
        said = listen(page)
        for address in every_page(page, live_server.url):
            assert not is_too_wide(page), address
            assert said == [], address
