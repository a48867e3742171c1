"""The page that signs people in, and the way out."""

import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from tests.factories import PASSWORD, UserFactory

SIGN_IN = "/accounts/login/"
NOT_RIGHT = "The e-mail address or the password is not right."


def sign_in(client: Client, email: str, password: str = PASSWORD, query: str = "") -> Any:
    return client.post(SIGN_IN + query, {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_it_asks_for_the_address_and_the_password(client: Client, db: None) -> None:
    page = client.get(SIGN_IN).content.decode()
    assert "E-mail address" in page
    assert "Forgotten your password?" in page
    assert "Create an account" in page
    assert "placeholder" not in page


def test_it_asks_without_touching_the_database(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get(SIGN_IN)


def test_it_signs_the_buyer_in_and_goes_home(client: Client, buyer: User) -> None:
    response = sign_in(client, "mai@example.org")
    assert response.status_code == 302
    assert response["Location"] == reverse("home")
    assert is_signed_in(client)


def test_it_takes_the_address_however_it_is_capitalised(client: Client, buyer: User) -> None:
    sign_in(client, " Mai@Example.ORG ")
    assert is_signed_in(client)


@pytest.mark.parametrize("email", ["mai@example.org", "nobody@example.org", "waiting@example.org"])
def test_it_says_the_same_of_a_wrong_password_an_unknown_address_and_an_unclaimed_account(
    client: Client, buyer: User, email: str
) -> None:
    UserFactory(email="waiting@example.org", password=None, address=False)
    response = sign_in(client, email, "not the password")
    assert NOT_RIGHT in response.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "text", ["\x00", "a\x00@example.org", "x" * 100_000, "\ud800", "mai@example.org\r\nBcc: x@y.z"]
)
def test_it_refuses_hostile_input(client: Client, buyer: User, text: str) -> None:
    for data in ({"login": text, "password": PASSWORD}, {"login": "mai@example.org", "password": text}):
        body = urlencode({key: value.encode("utf-8", "surrogatepass") for key, value in data.items()})
        response = client.post(SIGN_IN, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200
        assert not is_signed_in(client)


def test_it_refuses_the_sixth_try_even_with_the_right_password(client: Client, buyer: User) -> None:
    for _ in range(5):
        assert NOT_RIGHT in sign_in(client, "mai@example.org", "a guess").content.decode()
    assert "Too many wrong passwords." in sign_in(client, "mai@example.org").content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize("host", ["testserver:6666", "TestServer", "localhost"])
def test_it_counts_whatever_name_and_port_are_asked_for(client: Client, buyer: User, host: str) -> None:
    for _ in range(5):
        sign_in(client, "mai@example.org", "a guess")
    answer = client.post(SIGN_IN, {"login": "Mai@example.org", "password": PASSWORD}, headers={"host": host})
    assert "Too many wrong passwords." in answer.content.decode()
    assert not is_signed_in(client)


@pytest.fixture
def counted_in_the_database(db: None, settings: Settings) -> None:
    """The counters where production keeps them."""
    options = settings.CACHES["default"].get("OPTIONS", {})
    table = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "OPTIONS": options}
    settings.CACHES = {"default": table}
    call_command("createcachetable", verbosity=0)


@pytest.mark.usefixtures("counted_in_the_database")
def test_it_counts_in_the_database_where_all_workers_share_it(client: Client, buyer: User) -> None:
    for _ in range(5):
        sign_in(client, "mai@example.org", "a guess")
    assert "Too many wrong passwords." in sign_in(client, "mai@example.org").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache")
        assert cursor.fetchone()[0] > 0


@pytest.mark.usefixtures("counted_in_the_database")
def test_a_crowd_of_other_counters_pushes_none_out(client: Client, buyer: User) -> None:
    for _ in range(5):
        sign_in(client, "mai@example.org", "a guess")
    for number in range(310):
        cache.set(f"zz{number}", [], 300)  # sorted behind all others: Django throws the first third away
    assert "Too many wrong passwords." in sign_in(client, "mai@example.org").content.decode()


def test_it_shows_a_page_of_ours_to_somebody_who_tries_without_end(client: Client, db: None) -> None:
    answers = [sign_in(client, f"person{number}@example.org") for number in range(31)]
    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].content.decode()
    assert "429.html" in [template.name for template in answers[-1].templates]


def test_it_goes_on_to_the_page_that_was_asked_for(client: Client, buyer: User) -> None:
    asked = client.get("/accounts/sessions/")
    assert asked["Location"] == f"{SIGN_IN}?next=/accounts/sessions/"
    assert sign_in(client, "mai@example.org", query="?next=/accounts/sessions/")["Location"] == "/accounts/sessions/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_it_never_leads_to_another_site(client: Client, buyer: User, elsewhere: str) -> None:
    response = client.post(SIGN_IN, {"login": "mai@example.org", "password": PASSWORD, "next": elsewhere})
    assert response["Location"] == reverse("home")


def test_it_mails_another_link_to_somebody_who_has_not_confirmed_the_address(
    client: Client, db: None, mailoutbox: list[EmailMessage]
) -> None:
    UserFactory(email="new@example.org", address=False)
    assert sign_in(client, "new@example.org")["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(client)
    assert [mail.subject for mail in mailoutbox] == ["Confirm your e-mail address"]


def test_it_tells_the_owner_of_a_closed_account_that_it_is_closed(client: Client, buyer: User) -> None:
    User.objects.filter(pk=buyer.pk).update(is_active=False)
    response = client.post(SIGN_IN, {"login": "mai@example.org", "password": PASSWORD}, follow=True)
    assert "This account is closed" in response.content.decode()
    assert not is_signed_in(client)


def test_it_sends_somebody_who_is_signed_in_home(buyer_client: Client) -> None:
    assert buyer_client.get(SIGN_IN)["Location"] == reverse("home")


def test_signing_out_asks_first_then_clears_what_the_browser_kept(buyer_client: Client) -> None:
    assert "Sign out of Candor?" in buyer_client.get("/accounts/logout/").content.decode()
    assert is_signed_in(buyer_client)
    response = buyer_client.post("/accounts/logout/")
    assert response["Location"] == reverse("home")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(buyer_client)


def test_pages_of_an_account_stay_out_of_every_cache(buyer_client: Client) -> None:
    for address in ("/accounts/", "/accounts/email/", "/accounts/sessions/"):
        assert "no-store" in buyer_client.get(address)["Cache-Control"]


def test_a_session_ends_thirty_days_after_sign_in_however_often_it_is_used(client: Client, buyer: User) -> None:
    sign_in(client, "mai@example.org")
    assert client.get("/accounts/").status_code == 200
    session = client.session
    session["account_authentication_methods"][0]["at"] = time.time() - 30 * 24 * 60 * 60 - 1
    session.save()
    assert client.get("/accounts/")["Location"] == f"{SIGN_IN}?next=/accounts/"
    assert not is_signed_in(client)
