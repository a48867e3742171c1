"""The pages for what went wrong: in words, in Candor's look, with a way on."""

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.test import Client

from accounts.models import User
from foundation.errors import RETRY_AFTER_SECONDS
from tests.factories import OrderFactory
from tests.outages import database_fails
from tests.pages import address_of, text_of

PAGES = ["/orders/", "/orders/C260017/"]


@pytest.fixture
def unbroken_client(buyer_client: Client) -> Client:
    """The buyer's browser, which shows what a server answers when a view fails."""
    buyer_client.raise_request_exception = False
    return buyer_client


@pytest.mark.parametrize("address", ["/nowhere", "/orders/C260017/nowhere/", "/accounts/nowhere/", "/%00", "/é/"])
def test_an_address_that_leads_nowhere(buyer_client: Client, address: str) -> None:
    answer = buyer_client.get(address)
    assert answer.status_code == 404
    assert "There is no such page. The address may be mistyped" in text_of(answer)
    assert address_of(answer, "My Orders") == "/orders/"


def test_an_address_that_leads_nowhere_for_visitors(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "There is no such page." in text_of(answer)
    assert address_of(answer, "Sign in") == "/accounts/login/"


def test_a_request_that_cannot_be_understood(buyer_client: Client) -> None:
    answer = buyer_client.get("/orders/?" + "&".join(f"a{n}=" for n in range(2_001)))
    assert answer.status_code == 400
    assert "This request cannot be understood." in text_of(answer)
    assert address_of(answer, "My Orders") == "/orders/"


def test_a_host_that_is_not_ours(client: Client) -> None:
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "This request cannot be understood." in text_of(answer)


def test_a_page_that_is_not_open_to_the_reader(buyer_client: Client) -> None:
    answer = buyer_client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "This page is not open to you. You are signed in, but not as somebody who may see it." in text_of(answer)


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("put", "/orders/C1/withdraw/1/", "GET, POST"),
        ("options", "/orders/C1/cancel/", "GET, POST"),
        ("delete", "/accounts/notifications/", "GET, POST"),
    ],
)
def test_a_method_that_is_not_allowed(buyer_client: Client, method: str, address: str, allowed: str) -> None:
    answer = getattr(buyer_client, method)(address)
    assert (answer.status_code, answer["Allow"], answer["Content-Type"]) == (405, allowed, "text/html; charset=utf-8")
    assert "This address cannot be used that way. Nothing was changed." in text_of(answer)
    assert address_of(answer, "My Orders") == "/orders/"


def test_a_reading_that_is_not_allowed(admin_client: Client) -> None:
    answer = admin_client.get("/admin/logout/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
    assert "This address cannot be used that way." in text_of(answer)


def test_a_method_that_the_api_does_not_take_is_answered_for_machines(client: Client, db: None) -> None:
    answer = client.get("/api/v1/feeds/market/orders")
    assert (answer.status_code, answer.content) == (405, b"Method not allowed")


def test_a_form_that_is_out_of_date(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "mai@example.org"})
    assert answer.status_code == 403
    assert "This form is out of date. Nothing was changed." in text_of(answer)


@pytest.mark.parametrize("address", PAGES)
def test_a_fault_of_ours(unbroken_client: Client, address: str) -> None:
    with database_fails(ProgrammingError, at=lambda sql: "orders_order" in sql) as tried:
        answer = unbroken_client.get(address)
    assert answer.status_code == 500
    assert "Something went wrong on our side." in text_of(answer)
    assert address_of(answer, "My Orders") == "/"
    assert len(tried) == 1


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("table", ["django_session", "accounts_user", "orders_order"])
def test_a_database_that_is_away(unbroken_client: Client, address: str, error: type[Exception], table: str) -> None:
    with database_fails(error, at=lambda sql: f'FROM "{table}"' in sql) as tried:
        answer = unbroken_client.get(address)
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(RETRY_AFTER_SECONDS)
    assert "Candor is away for a moment. The database does not answer. Nothing is lost." in text_of(answer)
    assert len(tried) == 1


def test_a_database_that_is_back(buyer: User, unbroken_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer)
    with database_fails():
        assert unbroken_client.get(order.get_absolute_url()).status_code == 503
    assert unbroken_client.get(order.get_absolute_url()).status_code == 200


def test_no_page_tells_what_the_database_said(unbroken_client: Client) -> None:
    for error in (OperationalError, ProgrammingError):
        with database_fails(error):
            assert "mai@example.org" not in unbroken_client.get("/orders/").content.decode()
