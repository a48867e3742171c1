"""The second factor: an app's codes, recovery codes, and the pages of passkeys."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD
from tests.signing_in import SECRET, code_of, open_again

SET_UP = "/accounts/2fa/totp/activate/"


@pytest.fixture
def with_app(buyer: User) -> User:
    """The buyer, with an authenticator app and recovery codes."""
    TOTP.activate(buyer, SECRET)
    RecoveryCodes.activate(buyer)
    return buyer


def first_step(client: Client) -> Any:
    return client.post("/accounts/login/", {"login": "mai@example.org", "password": PASSWORD}, follow=True)


def test_it_is_offered_on_the_account_page(buyer_client: Client) -> None:
    assert '>Set up<span class="hidden-visually"> a second factor' in buyer_client.get("/accounts/").content.decode()


def test_setting_up_an_app_asks_for_the_password_and_shows_a_picture_that_the_browser_may_load(
    buyer_client: Client,
) -> None:
    response = open_again(buyer_client, SET_UP)
    page = response.content.decode()
    assert "Scan this picture with the app." in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "img-src 'self' data:" in response["Content-Security-Policy"]
    assert "data:" not in buyer_client.get("/accounts/2fa/")["Content-Security-Policy"]


@pytest.mark.django_db(transaction=True)  # the mail leaves when the work is committed
def test_the_first_code_turns_it_on_and_shows_the_recovery_codes(
    buyer: User, buyer_client: Client, mailoutbox: list[EmailMessage]
) -> None:
    secret = open_again(buyer_client, SET_UP).context["form"].secret
    assert "This code is not right" in buyer_client.post(SET_UP, {"code": "000000x"}).content.decode()
    page = buyer_client.post(SET_UP, {"code": code_of(secret)}, follow=True).content.decode()
    codes = Authenticator.objects.get(user=buyer, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    assert all(code in page for code in codes)
    assert [mail.subject for mail in mailoutbox] == ["Authenticator app turned on"]


def test_signing_in_asks_for_a_code(client: Client, with_app: User) -> None:
    assert "Second step" in first_step(client).content.decode()
    assert "_auth_user_id" not in client.session
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "123"})
    assert "This code is not right, or it has expired." in wrong.content.decode()
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert client.session["_auth_user_id"] == str(with_app.pk)


def test_a_recovery_code_works_once(with_app: User) -> None:
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    signed_in = []
    for client in (Client(), Client()):
        first_step(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        signed_in.append("_auth_user_id" in client.session)
    assert signed_in == [True, False]


def test_the_second_step_offers_a_key_only_to_somebody_who_has_one(client: Client, with_app: User) -> None:
    assert "Use a passkey or security key" not in first_step(client).content.decode()


def test_codes_cannot_be_guessed_without_end(client: Client, with_app: User) -> None:
    first_step(client)
    for _ in range(8):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert "_auth_user_id" not in client.session


def test_turning_it_off_asks_whether_it_is_still_you(with_app: User, buyer_client: Client) -> None:
    address = "/accounts/2fa/totp/deactivate/"
    page = open_again(buyer_client, address).content.decode()
    assert "Turn off the authenticator app?" in page
    buyer_client.post(address)
    assert not Authenticator.objects.filter(user=with_app).exists()


def test_recovery_codes_can_be_downloaded_and_made_anew(with_app: User, buyer_client: Client) -> None:
    old = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    page = open_again(buyer_client, "/accounts/2fa/recovery-codes/").content.decode()
    assert old[0] in page
    file = buyer_client.get("/accounts/2fa/recovery-codes/download/")
    assert file.content.decode().split() == old
    buyer_client.post("/accounts/2fa/recovery-codes/generate/")
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() != old


def test_it_cannot_be_set_up_before_the_address_is_confirmed(buyer: User, buyer_client: Client) -> None:
    EmailAddress.objects.update(verified=False)
    page = buyer_client.get(SET_UP, follow=True).content.decode()
    assert "Confirm your e-mail address first." in page
