"""How a buyer whom only a feed knows gets into the account that is waiting."""

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.factories import UserFactory
from tests.pages import text_of
from tests.signing_in import NEW_PASSWORD, link_in, reset_password


@pytest.fixture
def waiting(db: None) -> User:
    """A buyer with an address, whom nobody has claimed."""
    return UserFactory(email="siti@example.org", external_id="siti.88", password=None, address=False)


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/accounts/signup/", {"email": "Siti@example.org", "password1": "chosen by anybody"}),
        ("/accounts/password/reset/", {"email": "siti@example.org"}),
    ],
)
def test_signing_up_or_resetting_mails_the_way_to_claim_it(
    client: Client,
    waiting: User,
    mailoutbox: list[EmailMessage],
    settings: Settings,
    address: str,
    data: dict[str, str],
) -> None:
    settings.MARKETPLACE_NAME = ""
    client.post(address, data)
    assert [(mail.subject, mail.to) for mail in mailoutbox] == [("Your orders are waiting", ["siti@example.org"])]
    assert "your orders from the marketplace are in it" in str(mailoutbox[0].body)
    assert not User.objects.get().has_usable_password()


def test_the_mail_names_the_marketplace_if_it_has_a_name(
    client: Client, waiting: User, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.MARKETPLACE_NAME = "Pho Market"
    client.post("/accounts/password/reset/", {"email": "siti@example.org"})
    assert "your orders from Pho Market are in it" in str(mailoutbox[0].body)


@pytest.mark.parametrize(("name", "said"), [("Pho Market", "At Pho Market"), ("", "At the marketplace")])
def test_the_account_says_who_one_is_at_the_marketplace(
    client: Client, settings: Settings, db: None, name: str, said: str
) -> None:
    settings.MARKETPLACE_NAME = name
    client.force_login(UserFactory(external_id="siti.88"))
    assert f"{said} siti.88" in text_of(client.get("/accounts/"))


def test_the_link_claims_it_and_no_second_mail_is_needed(
    client: Client, waiting: User, mailoutbox: list[EmailMessage]
) -> None:
    client.post("/accounts/password/reset/", {"email": "siti@example.org"})
    reset_password(client, link_in(mailoutbox[0]))
    client.post("/accounts/login/", {"login": "siti@example.org", "password": NEW_PASSWORD})
    assert client.session["_auth_user_id"] == str(waiting.pk)
    assert waiting.refreshed().is_claimed


def test_a_reset_does_not_prove_an_address_while_another_waits_to_be_confirmed(
    client: Client, waiting: User, mailoutbox: list[EmailMessage]
) -> None:
    EmailAddress.objects.create(user=waiting, email="other@example.org")
    client.post("/accounts/password/reset/", {"email": "other@example.org"})
    reset_password(client, link_in(mailoutbox[0]))
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_a_closed_account_cannot_be_claimed(client: Client, waiting: User, mailoutbox: list[EmailMessage]) -> None:
    User.objects.update(is_active=False)
    client.post("/accounts/password/reset/", {"email": "siti@example.org"})
    assert mailoutbox == []


def test_the_words_for_claimed_and_unclaimed_agree_with_the_property(waiting: User, buyer: User) -> None:
    assert list(User.objects.unclaimed()) == [waiting]
    assert list(User.objects.claimed()) == [buyer]
    assert (buyer.is_claimed, waiting.is_claimed) == (True, False)
