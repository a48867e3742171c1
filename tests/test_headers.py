"""The headers that every answer carries."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from accounts.models import User
from foundation.middleware import SecurityHeadersMiddleware
from tests.factories import OrderFactory
from tests.outages import database_fails

EXPECTED = {
    "Cache-Control": "no-store",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def check(answer: HttpResponseBase) -> None:
    """Fail where a header is missing or differs; allauth's pages say more about caches than ours."""
    assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED | {
        "Cache-Control": answer.headers["Cache-Control"]
    }
    assert "no-store" in answer.headers["Cache-Control"]
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/nowhere", "/orders/", "/healthz", "/readyz"])
def test_visitors_get_them_everywhere(client: Client, db: None, address: str) -> None:
    check(client.get(address))


def test_buyers_get_them_everywhere(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, cancelled=True)
    for address in ["/", "/orders/", "/orders/?status=cancelled&q=x", order.get_absolute_url(), "/orders/unknown/"]:
        check(buyer_client.get(address))


@pytest.mark.parametrize("error", [OperationalError, RuntimeError])
@pytest.mark.parametrize("table", ["django_session", "orders_order"])
def test_what_went_wrong_carries_them_too(buyer_client: Client, error: type[Exception], table: str) -> None:
    buyer_client.raise_request_exception = False
    with database_fails(error, at=lambda sql: table in sql):
        check(buyer_client.get("/orders/"))


def test_signing_out_clears_what_the_browser_kept(buyer_client: Client) -> None:
    assert "Clear-Site-Data" not in buyer_client.get("/accounts/logout/").headers
    assert buyer_client.post("/accounts/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_page_that_may_be_kept_says_so_itself(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.resolver_match = None
    keep = SecurityHeadersMiddleware(lambda _: HttpResponse(headers={"Cache-Control": "max-age=60"}))
    assert keep(request).headers["Cache-Control"] == "max-age=60"
