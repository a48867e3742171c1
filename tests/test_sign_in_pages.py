"""Every page of sign-in, in Candor's own look: none is left as the package brings it."""

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.factories import PASSWORD
from tests.signing_in import SECRET, passkey

PACKAGE = Path(allauth.__file__).parent
FOR_VISITORS = {
    "account_login": 200,
    "account_signup": 200,
    "account_inactive": 200,
    "account_email_verification_sent": 200,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key_done": 200,
    "language": 200,
    "socialaccount_login_cancelled": 200,
}
FOR_OWNERS = {
    "account": 200,
    "account_logout": 200,
    "account_email": 200,
    "account_change_password": 200,
    "account_reauthenticate": 200,
    "mfa_index": 200,
    "mfa_activate_totp": 200,
    "mfa_add_webauthn": 200,
    "mfa_list_webauthn": 200,
    "usersessions_list": 200,
    "socialaccount_login_error": 401,  # where signing in failed, the page comes without a redirect to this address
}
WITH_A_SECOND_FACTOR = {
    "mfa_index": 200,
    "mfa_reauthenticate": 200,
    "mfa_deactivate_totp": 200,
    "mfa_view_recovery_codes": 200,
    "mfa_generate_recovery_codes": 200,
    "mfa_list_webauthn": 200,
    "mfa_add_webauthn": 200,
    "mfa_reauthenticate_webauthn": 200,
}
WITH_A_KEY = ["mfa_remove_webauthn", "mfa_edit_webauthn"]
# Pages that need more than an address: a test of their own shows them, here or in a module beside this one.
ELSEWHERE = {
    "account_confirm_email",
    "account_reset_password_from_key",
    "account_set_password",
    "mfa_authenticate",
    "openid_connect_login",
}
# These answer with a redirect, a file or JSON.
NO_PAGE = {
    "account_confirm_login_code",
    "mfa_download_recovery_codes",
    "mfa_login_webauthn",
    "openid_connect_callback",
    "socialaccount_connections",
    "socialaccount_signup",
}


def names(patterns: list[URLPattern | URLResolver]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns)
        elif pattern.name:
            found.add(pattern.name)
    return found


def assert_ours(response: Any) -> None:
    """Fail where a page lacks our header, shows a template of the package, or holds a style or script inside."""
    page = response.content.decode()
    assert '<a class="brand" href="/">' in page
    assert page.count("<h1>") == 1
    assert re.search(r"<title>\S.*\S · Candor</title>", page)
    for inside in ("<style", " style=", " onclick=", "<script>", "javascript:"):
        assert inside not in page
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    for word in ("lease ", "nfortunately", "django", "example.com"):
        assert word not in page
    assert [
        template.origin.name for template in response.templates if PACKAGE in Path(template.origin.name).parents
    ] == []


@pytest.fixture
def owner_client(buyer: User) -> Client:
    """A browser in which the buyer has just signed in, so that no page asks whether it is still them."""
    client = Client()
    client.post("/accounts/login/", {"login": "mai@example.org", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def key(buyer: User) -> Authenticator:
    """A passkey of the buyer, as a browser once registered it."""
    return Authenticator.objects.create(user=buyer, type="webauthn", data={"name": "My phone", "credential": passkey()})


def test_no_page_of_the_package_is_forgotten() -> None:
    known = {*FOR_VISITORS, *FOR_OWNERS, *WITH_A_SECOND_FACTOR, *WITH_A_KEY, *ELSEWHERE, *NO_PAGE}
    assert names(get_resolver("accounts.urls").url_patterns) == known


@pytest.mark.parametrize("name", FOR_VISITORS)
def test_it_shows_visitors_a_page_of_ours(client: Client, db: None, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == FOR_VISITORS[name]
    assert_ours(response)


@pytest.mark.parametrize("name", sorted({*FOR_OWNERS, *WITH_A_SECOND_FACTOR} - {"account_logout"}))
def test_it_asks_visitors_to_sign_in(client: Client, db: None, name: str) -> None:
    assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", FOR_OWNERS)
def test_it_shows_owners_a_page_of_ours(owner_client: Client, name: str) -> None:
    response = owner_client.get(reverse(name))
    assert response.status_code == FOR_OWNERS[name]
    assert_ours(response)


@pytest.mark.parametrize("name", WITH_A_SECOND_FACTOR)
def test_it_shows_owners_of_a_second_factor_a_page_of_ours(
    owner_client: Client, buyer: User, key: Authenticator, name: str
) -> None:
    TOTP.activate(buyer, SECRET)
    RecoveryCodes.activate(buyer)
    response = owner_client.get(reverse(name))
    assert response.status_code == WITH_A_SECOND_FACTOR[name]
    assert_ours(response)


@pytest.mark.parametrize("name", WITH_A_KEY)
def test_it_shows_owners_of_a_key_a_page_of_ours(owner_client: Client, key: Authenticator, name: str) -> None:
    response = owner_client.get(reverse(name, args=[key.pk]))
    assert "My phone" in response.content.decode()
    assert_ours(response)


def test_the_key_of_somebody_else_is_not_found(stranger_client: Client, key: Authenticator) -> None:
    client = stranger_client
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert [client.get(reverse(name, args=[key.pk])).status_code for name in WITH_A_KEY] == [404, 404]


def test_the_second_step_is_a_page_of_ours_and_offers_the_key(client: Client, buyer: User, key: Authenticator) -> None:
    response = client.post("/accounts/login/", {"login": "mai@example.org", "password": PASSWORD}, follow=True)
    assert "Use a passkey or security key" in response.content.decode()
    assert_ours(response)


@pytest.mark.parametrize("address", ["/accounts/confirm-email/made-up/", "/accounts/password/reset/key/1-made-up/"])
def test_a_dead_link_leads_to_a_page_of_ours(client: Client, db: None, address: str) -> None:
    assert_ours(client.get(address))


@pytest.mark.parametrize("name", ["signup_closed", "request_login_code"])
def test_a_page_that_is_switched_off_would_take_our_look_too(rf: RequestFactory, name: str) -> None:
    page = render_to_string(f"account/{name}.html", request=rf.get("/"))
    assert '<a class="brand" href="/">' in page
    assert "<h1>" in page


def test_errors_stand_beside_their_field(client: Client, db: None) -> None:
    page = client.post("/accounts/signup/", {"email": "mai", "password1": ""}).content.decode()
    assert 'id="id_email_error"' in page
    assert "aria-invalid" in page


def test_every_mail_and_message_is_in_our_words() -> None:
    switched_off = re.compile(
        "code|phone|unknown|primary_email_set|unverified_primary|email_confirm_|disconnected|/messages/account_"
    )
    parts = [PACKAGE / "templates" / part for part in ("account", "mfa", "socialaccount", "usersessions")]
    names = [str(path.relative_to(PACKAGE / "templates")) for part in parts for path in part.rglob("*.txt")]
    loaded: dict[str, Any] = {name: get_template(name) for name in names}
    left = [name for name in names if PACKAGE in Path(loaded[name].origin.name).parents]
    assert [name for name in left if not switched_off.search(name)] == []
    assert len(names) - len(left) > 40
