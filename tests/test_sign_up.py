"""The page on which people open an account."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.factories import PASSWORD
from tests.signing_in import link_in

SIGN_UP = "/accounts/signup/"


def sign_up(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(SIGN_UP, {"email": email, "password1": password}, follow=True)


def test_it_asks_for_an_address_and_one_password(client: Client, db: None) -> None:
    page = client.get(SIGN_UP).content.decode()
    assert page.count('type="password"') == 1
    assert "12 characters or more" in page


def test_it_opens_an_account_once_the_address_is_confirmed(
    client: Client, db: None, mailoutbox: list[EmailMessage]
) -> None:
    assert "Check your mail" in sign_up(client, "New@Example.org").content.decode()
    assert mailoutbox[0].to == ["new@example.org"]
    assert mailoutbox[0].subject == "Confirm your e-mail address"

    link = link_in(mailoutbox[0])
    assert "Yes, it is mine" in client.get(link).content.decode()
    assert not EmailAddress.objects.get(email="new@example.org").verified  # a mail scanner that looks confirms nothing

    client.post(link)
    client.post("/accounts/login/", {"login": "new@example.org", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(User.objects.get(email="new@example.org").pk)


def test_the_links_lead_to_our_site_whatever_port_was_asked_for(
    client: Client, buyer: User, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.SITE_URL = "https://candor.example"
    for email in ("new@example.org", "mai@example.org"):
        client.post(SIGN_UP, {"email": email, "password1": PASSWORD}, headers={"host": "testserver:6666"})
    [confirm, remind] = [str(mail.body) for mail in mailoutbox]
    assert "\nhttps://candor.example/accounts/confirm-email/" in confirm
    assert "\nhttps://candor.example/accounts/password/reset/\n" in remind
    assert "6666" not in confirm + remind


def test_it_says_that_a_used_link_no_longer_works(client: Client, db: None, mailoutbox: list[EmailMessage]) -> None:
    sign_up(client, "new@example.org")
    link = link_in(mailoutbox[0])
    client.post(link)
    assert "This link no longer works" in Client().get(link).content.decode()
    assert "This link no longer works" in Client().get("/accounts/confirm-email/made-up/").content.decode()


@pytest.mark.parametrize("password", ["short", "password1234", "new@example.org"])
def test_it_refuses_a_password_that_is_easily_guessed(client: Client, db: None, password: str) -> None:
    response = sign_up(client, "new@example.org", password)
    assert 'class="errors errorlist"' in response.content.decode()
    assert not User.objects.exists()


def test_it_shows_the_same_page_for_an_address_that_has_an_account_and_mails_its_owner(
    client: Client, buyer: User, mailoutbox: list[EmailMessage]
) -> None:
    page = sign_up(client, "Mai@example.org", "a password of somebody else").content.decode()
    assert "Check your mail" in page
    assert [mail.subject for mail in mailoutbox] == ["You have an account already"]
    assert link_in(mailoutbox[0]) == "/accounts/password/reset/"
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    "email", ["", "mai", "a\x00b@example.org", "x" * 300 + "@example.org", "a@example.org\nBcc: b@c.d"]
)
def test_it_refuses_what_is_no_address(client: Client, db: None, email: str) -> None:
    response = sign_up(client, email)
    assert response.status_code == 200
    assert 'class="errors errorlist"' in response.content.decode()
    assert not User.objects.exists()
