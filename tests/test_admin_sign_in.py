"""The administration behind sign-in and second factor."""

import pytest
from django.core.management import call_command
from django.test import Client
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


def test_the_second_factor_costs_one_statement(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    # session, user, second factor, recent actions and their content types; and one for each queue of what waits
    with django_assert_max_num_queries(10):
        assert admin_client.get("/admin/").status_code == 200


def test_an_administrator_made_on_the_command_line_gets_in_after_setting_one_up(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
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
