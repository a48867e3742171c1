"""Changing the e-mail address."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD, UserFactory
from tests.signing_in import link_in

ADDRESS = "/accounts/email/"


def change(client: Client, email: str) -> Any:
    """Ask for the change, proving once more who asks."""
    response = client.post(ADDRESS, {"email": email, "action_add": ""})
    if "reauthenticate" in response.headers.get("Location", ""):
        response = client.post(response["Location"], {"password": PASSWORD})
    return response


def test_it_changes_once_the_new_address_is_confirmed(
    buyer: User, buyer_client: Client, mailoutbox: list[EmailMessage]
) -> None:
    change(buyer_client, "New@example.org")
    assert "still has to be confirmed" in buyer_client.get(ADDRESS).content.decode()
    assert buyer.refreshed().email == "mai@example.org"

    buyer_client.post(link_in(mailoutbox[0]))
    assert buyer.refreshed().email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.org", True)]
    assert (mailoutbox[-1].subject, mailoutbox[-1].to) == ("Your e-mail address was changed", ["mai@example.org"])


def test_it_can_be_taken_back(buyer: User, buyer_client: Client) -> None:
    change(buyer_client, "new@example.org")
    buyer_client.post(ADDRESS, {"email": "new@example.org", "action_remove": ""})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["mai@example.org"]


def test_it_refuses_the_address_that_is_there_already(buyer_client: Client) -> None:
    assert "This is your address already." in change(buyer_client, "mai@example.org").content.decode()


@pytest.mark.parametrize("claimed", [True, False])
def test_it_never_takes_the_address_of_another_account(
    buyer: User, buyer_client: Client, mailoutbox: list[EmailMessage], claimed: bool
) -> None:
    UserFactory(email="ana@example.org", address=claimed, password=PASSWORD if claimed else None)
    change(buyer_client, "ana@example.org")
    buyer_client.post(link_in(mailoutbox[0]))
    page = buyer_client.get("/accounts/").content.decode()
    assert "ana@example.org belongs to another account." in page
    assert buyer.refreshed().email == "mai@example.org"


def test_an_address_that_was_never_proved_is_given_up_for_the_new_one(db: None, mailoutbox: list[EmailMessage]) -> None:
    user = UserFactory(email="siti@example.org", external_id="siti.88", address=False)
    client = Client()
    client.force_login(user)
    change(client, "siti.new@example.org")
    assert user.refreshed().email is None
    client.post(link_in(mailoutbox[0]))
    assert user.refreshed().email == "siti.new@example.org"


def test_it_says_what_to_do_first_where_a_second_factor_is_on(admin_client: Client) -> None:
    page = change(admin_client, "new@example.org").content.decode()
    assert "Turn off your second factor first." in page
