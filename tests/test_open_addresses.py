"""What answers without a sign-in: the list of docs/security.md, and nothing beside it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from runpy import run_path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver
from pytest_django import Settings

ROOT = Path(__file__).resolve().parent.parent
PAPER = (ROOT / "docs/security.md").read_text()
OF_SIGN_IN = {
    "accounts/login/",
    "accounts/login/code/confirm/",
    "accounts/logout/",
    "accounts/inactive/",
    "accounts/signup/",
    "accounts/confirm-email/",
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "accounts/password/reset/key/done/",
    "accounts/2fa/authenticate/",
    "accounts/2fa/webauthn/login/",
    "accounts/3rdparty/login/cancelled/",
    "accounts/3rdparty/signup/",
    "accounts/oidc/<provider_id>/login/",
    "accounts/oidc/<provider_id>/login/callback/",
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/",
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/",
}
# Nobody signs in there: each request is signed; under their common beginning there is nothing.
SIGNED = {
    "api/v1/",
    "api/v1/feeds/<slug>/orders",
    "api/v1/feeds/<slug>/events",
    "api/v1/feeds/<slug>/<format>",
}
NAMED = {"accounts/language/", "api/v1/docs", "api/v1/openapi.json", "healthz", "readyz"}
DEMO = "demo/shop/"
OPEN = {"", *OF_SIGN_IN, *SIGNED, *NAMED}


def open_addresses(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Walk all addresses; yield those that LoginRequiredMiddleware lets everybody through to."""
    for one in patterns:
        address = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from open_addresses(one.url_patterns, address)
        elif not getattr(one.callback, "login_required", True):
            yield address


@pytest.mark.parametrize(("is_demo", "more"), [(False, set()), (True, {DEMO})], ids=["product", "demo"])
def test_all_else_asks_for_sign_in(settings: Settings, is_demo: bool, more: set[str]) -> None:
    settings.IS_DEMO = is_demo
    assert set(open_addresses(run_path(str(ROOT / "config/urls.py"))["urlpatterns"])) == OPEN | more


def test_where_the_api_begins_there_is_nothing(client: Client) -> None:
    assert client.get("/api/v1/").status_code == 404


@pytest.mark.parametrize("address", sorted({*NAMED, DEMO}))
def test_the_paper_names_it(address: str) -> None:
    assert f"`/{address}`" in PAPER.partition("## Who sees what")[2].partition("\n- A buyer's view")[0]
