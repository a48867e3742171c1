"""Resetting, changing and setting a password."""

import re

from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.factories import PASSWORD, UserFactory
from tests.signing_in import NEW_PASSWORD, link_in, reset_password

RESET = "/accounts/password/reset/"


def test_it_mails_a_link_that_works_once(client: Client, buyer: User, mailoutbox: list[EmailMessage]) -> None:
    page = client.post(RESET, {"email": "MAI@example.org"}, follow=True).content.decode()
    assert "If this address has an account" in page
    assert mailoutbox[0].subject == "Choose a new password"

    link = link_in(mailoutbox[0])
    assert "You can sign in now" in reset_password(client, link).content.decode()
    assert User.objects.get().check_password(NEW_PASSWORD)
    assert mailoutbox[1].subject == "Your password was changed"
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


def test_the_link_leads_to_our_site_whatever_port_was_asked_for(
    client: Client, buyer: User, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.SITE_URL = "https://candor.example"
    client.post(RESET, {"email": "mai@example.org"}, headers={"host": "testserver:6666"})
    links = re.findall(r"\S+://\S+", str(mailoutbox[0].body))
    assert links[0].startswith("https://candor.example/accounts/password/reset/key/")
    assert links[1:] == ["https://candor.example/"]
    reset_password(client, link_in(mailoutbox[0]))
    assert "https://candor.example/accounts/password/reset/\n" in str(mailoutbox[1].body)


def test_it_says_the_same_for_an_unknown_address_and_mails_nobody(
    client: Client, db: None, mailoutbox: list[EmailMessage]
) -> None:
    page = client.post(RESET, {"email": "nobody@example.org"}, follow=True).content.decode()
    assert "If this address has an account" in page
    assert mailoutbox == []


def test_it_refuses_a_made_up_link(client: Client, buyer: User) -> None:
    for key in ("1-abc", "zzzzzzzzzzzzzzzzzzzz-x", "1-%00", "1-a%0Ab"):
        response = client.get(f"{RESET}key/{key}/", follow=True)
        assert response.status_code == 200 or key == "1-a%0Ab"
        assert "Choose a password" not in response.content.decode()


def test_a_reset_ends_every_session_and_the_wait_after_wrong_passwords(
    client: Client, buyer: User, buyer_client: Client, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(6):
        client.post("/accounts/login/", {"login": "mai@example.org", "password": "a guess"})
    client.post(RESET, {"email": "mai@example.org"})
    reset_password(client, link_in(mailoutbox[0]))

    assert buyer_client.get("/accounts/").status_code == 302
    client.post("/accounts/login/", {"login": "mai@example.org", "password": NEW_PASSWORD})
    assert "_auth_user_id" in client.session


def test_changing_it_asks_for_the_old_one(buyer: User, buyer_client: Client, mailoutbox: list[EmailMessage]) -> None:
    address = "/accounts/password/change/"
    wrong = buyer_client.post(address, {"oldpassword": "a guess", "password1": NEW_PASSWORD})
    assert "This is not your current password." in wrong.content.decode()

    right = buyer_client.post(address, {"oldpassword": PASSWORD, "password1": NEW_PASSWORD}, follow=True)
    assert "Your password is changed." in right.content.decode()
    assert right.request["PATH_INFO"] == "/accounts/"
    assert User.objects.get().check_password(NEW_PASSWORD)
    assert mailoutbox[0].subject == "Your password was changed"
    assert "If this was not you" in str(mailoutbox[0].body)


def test_somebody_who_signs_in_another_way_can_set_one(db: None) -> None:
    user = UserFactory(email="siti@example.org", password=None)
    client = Client()
    client.force_login(user)
    assert '>Set<span class="hidden-visually"> a password' in client.get("/accounts/").content.decode()
    client.post("/accounts/password/set/", {"password1": NEW_PASSWORD})
    assert User.objects.get().check_password(NEW_PASSWORD)
