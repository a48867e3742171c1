"""Single sign-on with the marketplace: whose account a subject opens."""

import json
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from accounts.adapters import SocialAccountAdapter
from accounts.models import User
from tests.factories import PASSWORD, UserFactory

ISSUER = "https://id.example.org"
APP = {"provider_id": "marketplace", "name": "Shopwell", "client_id": "candor", "settings": {"server_url": ISSUER}}
ENDPOINTS = {"authorization_endpoint": f"{ISSUER}/sign-in", "token_endpoint": f"{ISSUER}/token"}
PROVIDERS = {"openid_connect": {"APPS": [APP]}}

Arrive = Callable[..., tuple[Any, HttpResponse]]


@pytest.fixture
def arrive(rf: RequestFactory, db: None, settings: Settings) -> Arrive:
    """Come back from the marketplace, which vouches for a subject and perhaps an address."""
    settings.SOCIALACCOUNT_PROVIDERS = PROVIDERS

    def come(
        subject: str, email: str = "", *, verified: bool = True, user: User | None = None, process: str = "login"
    ) -> tuple[HttpRequest, HttpResponse]:
        request = rf.get("/accounts/oidc/marketplace/login/callback/")
        SessionMiddleware(HttpResponse).process_request(request)
        MessageMiddleware(HttpResponse).process_request(request)
        request.user = user or AnonymousUser()
        with context.request_context(request):
            claims: dict[str, Any] = {"sub": subject, "name": "Siti Rahma", "address": {"locality": "Bandung"}}
            if email:
                claims |= {"email": email, "email_verified": verified}
            provider = SocialAccountAdapter(request).get_provider(request, "marketplace")
            login = provider.sociallogin_from_response(request, {"userinfo": claims})
            login.state = {"process": process}
            return request, complete_login(request, login)

    return come


def test_it_opens_the_account_that_carries_the_subject(arrive: Arrive) -> None:
    waiting = UserFactory(unclaimed=True, external_id="siti.88")
    request, _ = arrive("siti.88")
    assert request.user == waiting
    assert User.objects.count() == 1


def test_it_gives_that_account_an_address_that_the_issuer_has_verified(arrive: Arrive) -> None:
    waiting = UserFactory(unclaimed=True, external_id="siti.88")
    arrive("siti.88", "Siti@Example.org")
    assert waiting.refreshed().email == "siti@example.org"
    assert EmailAddress.objects.get(user=waiting).verified


def test_it_keeps_nothing_of_what_else_the_issuer_tells(arrive: Arrive) -> None:
    arrive("new.one", "new@example.org")
    arrive("new.one", "new@example.org")
    assert SocialAccount.objects.get().extra_data == {}


def test_it_gives_no_address_that_somebody_else_has(arrive: Arrive, stranger: User) -> None:
    waiting = UserFactory(unclaimed=True, external_id="siti.88")
    request, _ = arrive("siti.88", "ana@example.org")
    assert request.user == waiting
    assert waiting.refreshed().email is None


def test_it_makes_an_account_for_a_new_subject_with_and_without_an_address(arrive: Arrive) -> None:
    request, _ = arrive("new.one", "New@Example.org")
    assert (request.user.external_id, request.user.email, request.user.name) == (
        "new.one",
        "new@example.org",
        "Siti Rahma",
    )
    request, _ = arrive("new.two")
    assert (request.user.external_id, request.user.email) == ("new.two", None)


def test_it_claims_an_account_by_a_verified_address(arrive: Arrive) -> None:
    waiting = UserFactory(email="siti@example.org", password=None, address=False)
    request, _ = arrive("siti.88", "siti@example.org")
    assert request.user == waiting
    assert waiting.refreshed().external_id == "siti.88"
    assert EmailAddress.objects.get(user=waiting).verified


def test_it_counts_an_address_for_nothing_that_the_issuer_has_not_verified(arrive: Arrive) -> None:
    waiting = UserFactory(email="siti@example.org", password=None, address=False)
    request, _ = arrive("siti.88", "siti@example.org", verified=False)
    assert request.user != waiting
    assert request.user.email is None
    assert waiting.refreshed().external_id is None


def test_it_never_opens_the_account_of_another_subject(
    arrive: Arrive, buyer: User, mailoutbox: list[EmailMessage]
) -> None:
    request, response = arrive("somebody.else", "mai@example.org")
    assert request.user.is_anonymous
    assert response["Location"] == reverse("account_email_verification_sent")
    assert [mail.subject for mail in mailoutbox] == ["You have an account already"]
    assert buyer.refreshed().external_id == "mai.nguyen"


def test_it_locks_out_whoever_chose_a_password_for_an_address_they_never_proved(arrive: Arrive) -> None:
    squatted = UserFactory(email="siti@example.org", password="the squatter's own", address=False)
    request, _ = arrive("siti.88", "siti@example.org")
    assert request.user == squatted
    assert not squatted.refreshed().has_usable_password()


def test_it_keeps_the_password_of_somebody_who_had_proved_the_address(arrive: Arrive, stranger: User) -> None:
    request, _ = arrive("ana.7", "ana@example.org")
    assert request.user == stranger
    assert stranger.refreshed().check_password(PASSWORD)


def test_it_tells_the_owner_of_a_closed_account_that_it_is_closed(arrive: Arrive) -> None:
    UserFactory(unclaimed=True, external_id="siti.88", is_active=False)
    request, response = arrive("siti.88")
    assert request.user.is_anonymous
    assert response["Location"] == reverse("account_inactive")


def test_coming_back_needs_no_second_claim(arrive: Arrive) -> None:
    arrive("new.one")
    request, _ = arrive("new.one")
    assert request.user.external_id == "new.one"
    assert User.objects.count() == 1


def test_it_changes_over_to_the_subject_when_somebody_else_is_signed_in(arrive: Arrive, stranger: User) -> None:
    waiting = UserFactory(unclaimed=True, external_id="siti.88")
    request, _ = arrive("siti.88", user=stranger)
    assert request.user == waiting


def test_it_connects_nothing_by_hand(arrive: Arrive, stranger: User) -> None:
    _, response = arrive("siti.88", user=stranger, process="connect")
    assert response["Location"] == reverse("account")
    assert not SocialAccount.objects.exists()


def test_the_page_of_connections_leads_to_the_account(buyer_client: Client) -> None:
    assert buyer_client.get("/accounts/3rdparty/")["Location"] == reverse("account")


def test_sign_in_offers_it_where_it_is_configured(client: Client, db: None, settings: Settings) -> None:
    assert "Sign in with Shopwell" not in client.get("/accounts/login/").content.decode()
    settings.SSO_ISSUER, settings.SSO_NAME, settings.SOCIALACCOUNT_PROVIDERS = ISSUER, "Shopwell", PROVIDERS
    page = client.get("/accounts/login/?next=/accounts/").content.decode()
    assert "Sign in with Shopwell" in page
    assert 'action="/accounts/oidc/marketplace/login/?next=%2Faccounts%2F"' in page
    assert "Sign in with Shopwell" in client.get("/accounts/oidc/marketplace/login/").content.decode()


@pytest.mark.parametrize("answer", ["error=server_error", ""])
def test_visitors_read_in_our_words_that_it_did_not_work(
    client: Client, db: None, settings: Settings, answer: str
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = PROVIDERS
    page = client.get(f"/accounts/oidc/marketplace/login/callback/?{answer}").content.decode()
    assert "The answer of the other site could not be used." in page


@pytest.fixture
def issuer_says(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Put an answer, or an error, in the issuer's place."""
    settings.SOCIALACCOUNT_PROVIDERS = PROVIDERS

    def say(answer: Any) -> None:
        monkeypatch.setattr("requests.Session.request", Mock(side_effect=[answer, answer]))

    return say


def answer_of_issuer(status: int, content: bytes) -> requests.Response:
    answer = requests.Response()
    answer.status_code, answer._content = status, content
    return answer


@pytest.mark.parametrize(
    "answer",
    [
        requests.ConnectionError("id.example.org refused"),
        requests.Timeout(),
        answer_of_issuer(502, b""),
        answer_of_issuer(200, b"<html>Back soon</html>"),
    ],
)
def test_an_issuer_that_is_away_is_said_in_words(
    client: Client, db: None, issuer_says: Callable[[Any], None], answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    issuer_says(answer)
    response = client.post("/accounts/oidc/marketplace/login/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "The other site does not answer." in response.content.decode()
    assert 'href="/accounts/login/"' in response.content.decode()
    assert "Traceback" not in caplog.text


def test_an_issuer_that_goes_away_on_the_way_back_is_said_in_words(
    client: Client, db: None, issuer_says: Callable[[Any], None]
) -> None:
    issuer_says(answer_of_issuer(200, json.dumps(ENDPOINTS).encode()))
    leads_to = client.post("/accounts/oidc/marketplace/login/")["Location"]
    [state] = parse_qs(urlsplit(leads_to).query)["state"]
    issuer_says(requests.ConnectionError())
    response = client.get("/accounts/oidc/marketplace/login/callback/", {"state": state, "code": "x"})
    assert response.status_code == 503
    assert "The other site does not answer." in response.content.decode()
