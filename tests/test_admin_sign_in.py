"""The administration behind sign-in and second factor."""

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.factories import PASSWORD, UserFactory
from tests.signing_in import SECRET, code_of, open_again


def test_visitors_are_sent_to_candors_own_sign_in(client: Client, db: None) -> None:
    assert client.get("/admin/", follow=True).request["PATH_INFO"] == reverse("account_login")
    assert client.post("/admin/login/", {"username": "a@b.example", "password": "x"}, follow=True).redirect_chain


def test_a_buyer_is_told_that_it_is_not_for_them(buyer_client: Client) -> None:
    assert buyer_client.get("/admin/", follow=True).status_code == 403


def test_staff_without_a_second_factor_are_led_to_set_one_up(db: None) -> None:
    client = Client()
    client.force_login(UserFactory(staff=True))
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_reauthenticate"))
    assert "Administrators need a second factor. Set one up to go on." in response.content.decode()
    page = client.post(response.redirect_chain[-1][0], {"password": PASSWORD}, follow=True).content.decode()
    assert "Scan this picture with the app." in page


def test_staff_enter_with_password_and_code(client: Client, admin: User) -> None:
    client.post(reverse("account_login"), {"login": "grace@example.org", "password": PASSWORD})
    assert client.get("/admin/", follow=True).request["PATH_INFO"] == reverse("mfa_authenticate")
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(db: None) -> None:
    staff = UserFactory(staff=True)
    staff.authenticator_set.create(type="recovery_codes", data={"seed": "x", "used_mask": 0})
    client = Client()
    client.force_login(staff)
    assert client.get("/admin/").status_code == 302


def test_staff_whose_lost_factor_was_removed_set_another_up_without_the_recovery_codes(admin: User) -> None:
    RecoveryCodes.activate(admin)
    Authenticator.objects.filter(user=admin, type="totp").delete()  # as a superuser does on the page of the user
    client = Client()
    client.post(reverse("account_login"), {"login": "grace@example.org", "password": PASSWORD})
    assert "Scan this picture with the app." in open_again(client, "/admin/").content.decode()


def test_a_session_that_has_shown_the_password_alone_is_asked_for_the_factor_and_nothing_else(admin: User) -> None:
    client = Client()
    client.force_login(admin)
    asked = client.get("/admin/accounts/user/", follow=True)
    assert asked.redirect_chain[-1][0] == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Faccounts%2Fuser%2F"
    page = asked.content.decode()
    assert "Show your second factor to go on to the administration." in page
    assert "password" not in page
    by_password = client.post(reverse("account_reauthenticate"), {"password": PASSWORD}, follow=True)
    assert by_password.request["PATH_INFO"] == reverse("mfa_reauthenticate")
    assert client.get("/admin/").status_code == 302
    shown = client.post(asked.redirect_chain[-1][0], {"code": code_of(SECRET)}, follow=True)
    assert shown.request["PATH_INFO"] == "/admin/accounts/user/"
    assert shown.status_code == 200


def test_a_passkey_is_asked_for_where_there_is_no_app(admin: User) -> None:
    Authenticator.objects.filter(user=admin).update(type="webauthn", data={"name": "Key", "credential": {}})
    RecoveryCodes.activate(admin)  # as allauth does when somebody adds a key
    client = Client()
    client.force_login(admin)
    assert client.get("/admin/login/")["Location"] == "/accounts/2fa/webauthn/reauthenticate/?next=%2Fadmin%2F"


def test_a_recovery_code_stands_for_the_factor(client: Client, admin: User) -> None:
    [code, *_] = RecoveryCodes.activate(admin).get_unused_codes()
    client.post(reverse("account_login"), {"login": "grace@example.org", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get("/admin/").status_code == 200


def test_a_factor_that_was_shown_counts_only_while_the_account_has_it(admin: User, admin_client: Client) -> None:
    assert admin_client.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=admin).delete()
    TOTP.activate(admin, SECRET)
    assert admin_client.get("/admin/").status_code == 302


@pytest.mark.django_db(transaction=True)  # the other sessions end when the factor is committed
def test_setting_a_factor_up_ends_every_session_that_had_the_password_alone() -> None:
    UserFactory(staff=True, email="grace@example.org")
    owner, thief = Client(), Client()
    for client in (owner, thief):
        client.post(reverse("account_login"), {"login": "grace@example.org", "password": PASSWORD})
    secret = open_again(owner, "/admin/").context["form"].secret
    owner.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert owner.get("/admin/").status_code == 200
    assert "_auth_user_id" not in thief.session
    assert thief.get("/admin/", follow=True).request["PATH_INFO"] == reverse("account_login")


def test_a_passkey_that_was_just_set_up_counts_and_ends_the_other_sessions(
    admin: User, admin_client: Client, rf: RequestFactory
) -> None:
    Authenticator.objects.filter(user=admin).delete()
    thief = Client()
    thief.post(reverse("account_login"), {"login": "grace@example.org", "password": PASSWORD})
    assert thief.get("/accounts/").status_code == 200
    request = rf.post("/")
    request.session, request.user = admin_client.session, admin
    key = Authenticator.objects.create(user=admin, type="webauthn", data={})
    with context.request_context(request):
        authenticator_added.send(Authenticator, request=request, user=admin, authenticator=key)
    request.session.save()
    assert admin_client.get("/admin/").status_code == 200
    assert thief.get("/accounts/").status_code == 302


def test_the_second_factor_costs_one_statement(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    # session, user, second factor, recent actions and their content types; and one for each queue of what waits
    with django_assert_max_num_queries(10):
        assert admin_client.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)  # the new factor counts as shown when it is committed
def test_an_administrator_made_on_the_command_line_gets_in_after_setting_one_up(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, email="Root@Example.org", verbosity=0)
    client.post(reverse("account_login"), {"login": "root@example.org", "password": PASSWORD})
    secret = open_again(client, "/admin/").context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 200


def test_signing_out_of_the_administration_clears_the_browser_too(admin_client: Client) -> None:
    assert admin_client.post("/admin/logout/")["Clear-Site-Data"] == '"cache", "storage"'


def test_whoever_is_in_already_goes_on_to_the_administration(admin_client: Client) -> None:
    assert admin_client.get("/admin/login/?next=/admin/accounts/")["Location"] == "/admin/accounts/"
    assert admin_client.get("/admin/login/")["Location"] == "/admin/"
