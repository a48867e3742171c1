"""People in the administration."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD, UserFactory

USERS = "/admin/accounts/user/"


def page_of(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def fields_of(user: User, **changes: object) -> dict[str, object]:
    """Return what the form would send, with changes."""
    factors = {f"authenticator_set-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    kept = {"name": user.name, "email": user.email or "", "external_id": user.external_id or "", "is_active": "on"}
    return {**kept, "language": "", **factors, **changes}


def without_factor(user: User) -> dict[str, object]:
    """Return what the form would send to remove the one second factor."""
    factor = Authenticator.objects.get(user=user)
    form = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": factor.pk, "0-user": user.pk, "0-DELETE": "on"}
    return fields_of(user, **{f"authenticator_set-{key}": form[key] for key in form})


@pytest.fixture
def helper_client(db: None) -> Client:
    """A browser of staff who look after users without being superusers."""
    helper = UserFactory(is_staff=True, email="helper@example.org")
    helper.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    Authenticator.objects.create(user=helper, type="totp", data={"secret": "x"})
    client = Client()
    client.force_login(helper)
    return client


@pytest.mark.parametrize("words", ["Nguyễn", "mai@example", "mai.nguyen"])
def test_it_finds_people_by_name_address_and_the_marketplaces_id(
    admin_client: Client, buyer: User, stranger: User, words: str
) -> None:
    page = admin_client.get(USERS, {"q": words}).content.decode()
    assert page_of(buyer) in page
    assert page_of(stranger) not in page


@pytest.mark.parametrize(("choice", "shown"), [("yes", "mai@example.org"), ("no", "siti.88")])
def test_it_tells_claimed_accounts_from_unclaimed_ones(
    admin_client: Client, buyer: User, choice: str, shown: str
) -> None:
    UserFactory(unclaimed=True, external_id="siti.88")
    page = admin_client.get(USERS, {"claimed": choice}).content.decode()
    assert [name for name in ("mai@example.org", "siti.88") if name in page] == [shown]


def test_it_adds_a_user_with_an_address_in_lower_case(admin_client: Client) -> None:
    data = {"email": "New@Example.org", "name": "New", "usable_password": "false"}
    admin_client.post(f"{USERS}add/", data)
    user = User.objects.get(email="new@example.org")
    assert not user.has_usable_password()


def test_it_offers_the_languages_that_candor_speaks_and_takes_no_other(admin_client: Client, buyer: User) -> None:
    offered = admin_client.get(page_of(buyer)).context["adminform"].form.fields["language"].choices
    assert [code for code, _name in offered] == ["", "en", "de", "ar"]
    admin_client.post(page_of(buyer), fields_of(buyer, language="klingon"))
    assert buyer.refreshed().language == ""
    admin_client.post(page_of(buyer), fields_of(buyer, language="ar"))
    assert buyer.refreshed().language == "ar"


@pytest.mark.parametrize("field", ["name", "external_id"])
def test_it_takes_no_name_with_characters_that_nobody_sees(admin_client: Client, buyer: User, field: str) -> None:
    page = admin_client.post(page_of(buyer), fields_of(buyer, **{field: "Mai\u202e"}))
    fault = "It contains an invisible character that turns the writing direction."
    assert page.context["adminform"].form.errors == {field: [fault]}
    page = admin_client.post(
        f"{USERS}add/", {"email": "m@example.org", "name": "Mai\u202e", "usable_password": "false"}
    )
    assert page.context["adminform"].form.errors == {"name": [fault]}
    page = admin_client.post(
        page_of(buyer), fields_of(buyer, **{field: "Mai\u202e"}), headers={"accept-language": "de"}
    )
    assert "Der Text enthält ein unsichtbares Zeichen" in page.context["adminform"].form.errors[field][0]


def test_it_shows_no_password_hash_and_no_secret(admin_client: Client, admin: User) -> None:
    page = admin_client.get(page_of(admin)).content.decode()
    assert admin.password not in page
    assert admin.password.split("$")[-1][:6] not in page
    assert "JBSWY3DPEHPK3PXP" not in page
    assert "Set another password" in page


def test_it_sets_a_password(admin_client: Client, buyer: User) -> None:
    data = {"usable_password": "true", "password1": "a new one for Mai", "password2": "a new one for Mai"}
    admin_client.post(reverse("admin:auth_user_password_change", args=[buyer.pk]), {**data, "set-password": ""})
    assert buyer.refreshed().check_password("a new one for Mai")


def test_a_corrected_address_shuts_the_old_one_out(admin_client: Client, client: Client, buyer: User) -> None:
    admin_client.post(page_of(buyer), fields_of(buyer, email="Mai.New@example.org"))
    assert buyer.refreshed().email == "mai.new@example.org"
    assert not EmailAddress.objects.filter(email="mai@example.org").exists()
    page = client.post("/accounts/login/", {"login": "mai@example.org", "password": PASSWORD}).content.decode()
    assert "The e-mail address or the password is not right." in page


def test_other_changes_leave_the_proven_address_alone(admin_client: Client, buyer: User) -> None:
    admin_client.post(page_of(buyer), fields_of(buyer, name="Mai N."))
    assert buyer.refreshed().name == "Mai N."
    assert EmailAddress.objects.filter(user=buyer, verified=True).exists()


def test_it_refuses_somebody_known_by_nothing(admin_client: Client, buyer: User) -> None:
    page = admin_client.post(page_of(buyer), fields_of(buyer, email="", external_id="")).content.decode()
    assert "Give an e-mail address or the marketplace&#x27;s id." in page


def test_a_lost_second_factor_can_be_removed(admin_client: Client, buyer: User) -> None:
    Authenticator.objects.create(user=buyer, type="totp", data={"secret": "x"})
    admin_client.post(page_of(buyer), without_factor(buyer))
    assert not Authenticator.objects.filter(user=buyer).exists()


def test_only_superusers_give_powers(helper_client: Client, buyer: User) -> None:
    helper_client.post(page_of(buyer), fields_of(buyer, name="Mai N.", is_staff="on", is_superuser="on"))
    changed = buyer.refreshed()
    assert (changed.name, changed.is_staff, changed.is_superuser) == ("Mai N.", False, False)


@pytest.fixture(params=["curator", "superuser"])
def colleague(request: pytest.FixtureRequest, db: None) -> User:
    """Another administrator, with or without every power, who has a second factor."""
    user = UserFactory.create(email="cora@example.org", is_staff=True, is_superuser=request.param == "superuser")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    return user


def test_only_superusers_change_administrators(helper_client: Client, colleague: User) -> None:
    assert helper_client.post(page_of(colleague), fields_of(colleague, email="my@example.org")).status_code == 403
    page = helper_client.get(page_of(colleague)).content.decode()
    assert "cora@example.org" in page
    assert "Set another password" not in page
    assert colleague.refreshed().email == "cora@example.org"


def test_only_superusers_set_administrators_passwords(helper_client: Client, colleague: User) -> None:
    address = reverse("admin:auth_user_password_change", args=[colleague.pk])
    data = {"usable_password": "true", "password1": "a new one for Mai", "password2": "a new one for Mai"}
    assert helper_client.get(address).status_code == 403
    assert helper_client.post(address, {**data, "set-password": ""}).status_code == 403
    assert colleague.refreshed().check_password(PASSWORD)


def test_only_superusers_remove_administrators_second_factors(helper_client: Client, colleague: User) -> None:
    factors = Permission.objects.filter(content_type__app_label="mfa")
    User.objects.get(email="helper@example.org").user_permissions.add(*factors)
    assert helper_client.post(page_of(colleague), without_factor(colleague)).status_code == 403
    assert Authenticator.objects.filter(user=colleague).exists()


def test_only_superusers_delete_administrators(helper_client: Client, colleague: User) -> None:
    assert helper_client.post(f"{page_of(colleague)[:-7]}delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [colleague.pk], "post": "yes"}
    assert helper_client.post(USERS, chosen).status_code == 403
    assert User.objects.filter(pk=colleague.pk).exists()


def test_administrators_may_correct_their_own_account(helper_client: Client) -> None:
    helper = User.objects.get(email="helper@example.org")
    kept = {"authenticator_set-TOTAL_FORMS": 0, "authenticator_set-INITIAL_FORMS": 0}
    helper_client.post(page_of(helper), fields_of(helper, name="Helper H.", **kept))
    assert helper.refreshed().name == "Helper H."


def test_superusers_look_after_administrators(admin_client: Client, colleague: User) -> None:
    assert admin_client.post(page_of(colleague), without_factor(colleague)).status_code == 302
    assert not Authenticator.objects.filter(user=colleague).exists()


def test_only_superusers_say_what_groups_may_do(helper_client: Client, admin_client: Client) -> None:
    group = Group.objects.create(name="Helpers")
    helper = User.objects.get(email="helper@example.org")
    helper.user_permissions.add(*Permission.objects.filter(content_type__model="group"))
    page = reverse("admin:auth_group_change", args=[group.pk])
    said = {"name": "Helpers", "permissions": [Permission.objects.get(codename="change_reason").pk]}
    assert helper_client.get(page).status_code == 200
    assert helper_client.post(page, said).status_code == 403
    assert helper_client.post(reverse("admin:auth_group_add"), {"name": "Mine"}).status_code == 403
    assert helper_client.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}).status_code == 403
    assert (Group.objects.get(), group.permissions.count()) == (group, 0)
    admin_client.post(page, said)
    assert group.permissions.count() == 1


def test_the_packages_own_tables_are_not_shown(admin_client: Client) -> None:
    page = admin_client.get("/admin/").content.decode()
    for app in ("account", "mfa", "socialaccount", "usersessions"):
        assert f'href="/admin/{app}/' not in page
