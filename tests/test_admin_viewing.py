"""Administrators who may look at everything, and change nothing."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urljoin

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult, get_date_max
from pytest_django import Settings

from accounts.models import User
from cancellations.models import Refund
from tests import factories
from tests.pages import address_of, links_of, text_of
from tests.signing_in import show_factor

MODELS = sorted(model._meta.label_lower for model in admin.site._registry)
# Of the tables that packages bring, too.
MADE_BY: dict[Any, Callable[[], Any]] = {
    **{made._meta.model: made.create for made in factories.ALL},
    Group: lambda: Group.objects.create(name="Helpers"),
    DBTaskResult: lambda: DBTaskResult.objects.create(
        task_path="orders.tasks.send_mails", backend_name="default", args_kwargs={}, run_after=get_date_max()
    ),
}
each_model = pytest.mark.parametrize("label", MODELS)


@pytest.fixture
def viewer(db: None) -> User:
    """Somebody of the staff with every permission to view and no other."""
    user = factories.UserFactory.create(email="vera@example.org", name="Vera Lind", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    return user


@pytest.fixture
def viewer_client(viewer: User) -> Client:
    """A browser in which they are signed in."""
    client = Client()
    client.force_login(viewer)
    show_factor(client, Authenticator.objects.get(user=viewer))
    return client


def pages_of(label: str) -> list[str]:
    """Make one of the model, and name the pages on which it is read."""
    model: Any = apps.get_model(label)
    one = MADE_BY[model]()
    name = label.replace(".", "_")
    lists = reverse(f"admin:{name}_changelist")
    return [lists, *(reverse(f"admin:{name}_{page}", args=[one.pk]) for page in ("change", "history"))]


@each_model
def test_they_can_read_every_list_and_every_page(viewer_client: Client, label: str) -> None:
    pages = pages_of(label)
    assert {page: viewer_client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_they_read_no_link_of_a_mail_of_sign_in_among_the_tasks(viewer_client: Client, settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    factories.UserFactory.create(email="mai@example.org")
    Client().post("/accounts/password/reset/", {"email": "mai@example.org"})
    task = DBTaskResult.objects.get()
    assert "/password/reset/key/" in str(task.args_kwargs)
    name = DBTaskResult._meta.label_lower.replace(".", "_")
    lists = reverse(f"admin:{name}_changelist")
    pages = [lists, reverse(f"admin:{name}_change", args=[task.pk])]
    assert "/password/reset/key/" not in "".join(viewer_client.get(page).content.decode() for page in pages)
    asked = ["args_kwargs__icontains=key", "args_kwargs__args__1__contains=key"]
    assert [viewer_client.get(f"{lists}?{question}").status_code for question in asked] == [400, 400]


@pytest.mark.parametrize("column", ["secret", "previous_secret"])
def test_they_cannot_ask_what_the_secret_of_a_feed_begins_with(viewer_client: Client, column: str) -> None:
    factories.FeedFactory.create()
    lists = reverse("admin:feeds_feed_changelist")
    assert viewer_client.get(f"{lists}?{column}__startswith=whsec_").status_code == 400


def led_to(client: Client, page: str) -> set[str]:
    """Return the pages of the admin that a page leads to."""
    found = {urljoin(page, address) for _said, address in links_of(client.get(page))}
    return {address for address in found if address.startswith("/admin/")}


def refused(client: Client, addresses: Iterable[str]) -> list[str]:
    return [address for address in addresses if client.get(address).status_code == 403]


def test_nothing_that_the_first_page_offers_them_ends_in_a_refusal(viewer_client: Client) -> None:
    assert refused(viewer_client, led_to(viewer_client, "/admin/")) == []


@each_model
def test_nothing_that_they_are_offered_ends_in_a_refusal(viewer_client: Client, label: str) -> None:
    lists, *pages = pages_of(label)
    beside = led_to(viewer_client, "/admin/")  # on every page; see above
    addresses = {address for page in (lists, *pages) for address in led_to(viewer_client, page)} - beside
    assert addresses
    assert refused(viewer_client, addresses) == []
    assert not viewer_client.get(lists).context["action_form"]


@pytest.mark.parametrize(
    ("model", "right", "offered"),
    [
        ("cancellations.refund", "change_refund", "Record…"),
        ("cancellations.contest", "change_contest", "Decide…"),
        ("orders.conflict", "change_conflict", "Settle…"),
        ("cancellations.alias", "add_alias change_alias", "Words that are not mapped yet"),
    ],
)
def test_whoever_may_do_more_is_offered_more(
    viewer: User, viewer_client: Client, model: str, right: str, offered: str
) -> None:
    lists, *_ = pages_of(model)
    assert offered not in text_of(viewer_client.get(lists))
    viewer.user_permissions.add(*Permission.objects.filter(codename__in=right.split()))
    page = viewer_client.get(lists)
    assert refused(viewer_client, [address_of(page, offered)]) == []


@pytest.mark.parametrize(
    ("model", "right", "offered"),
    [
        ("cancellations.refund", "change_refund", "Record…"),
        ("cancellations.contest", "change_contest", "Decide…"),
        ("orders.conflict", "change_conflict", "Settle…"),
    ],
)
def test_the_page_of_one_offers_what_its_list_offers(
    viewer: User, viewer_client: Client, model: str, right: str, offered: str
) -> None:
    lists, page, _history = pages_of(model)
    assert offered not in text_of(viewer_client.get(page))
    viewer.user_permissions.add(Permission.objects.get(codename=right))
    assert address_of(viewer_client.get(page), offered) == address_of(viewer_client.get(lists), offered)


def test_what_is_settled_decided_or_arrived_offers_nothing_more(admin_client: Client) -> None:
    ended = factories.OrderFactory.create(cancelled=True, source="seller", paid=True).cancellation
    done = [
        factories.ConflictFactory.create(settled=True),
        factories.ContestFactory.create(cancellation=ended, rejected=True),
        factories.RefundFactory.create(cancellation=ended, completed=True),
    ]
    for one in done:
        page = text_of(admin_client.get(reverse(admin_urlname(one._meta, "change"), args=[one.pk])))  # type: ignore[arg-type]
        assert "History" in page
        assert "…" not in page


def test_refunds_are_recorded_from_their_list_by_whoever_may(viewer: User, viewer_client: Client) -> None:
    order = factories.OrderFactory.create(cancelled=True, source="seller", paid=True)
    refund = factories.RefundFactory.create(cancellation=order.cancellation)
    lists = reverse("admin:cancellations_refund_changelist")
    chosen = {"action": "record_sent", "_selected_action": [refund.pk]}
    viewer_client.post(lists, chosen)
    assert Refund.objects.get().state == "due"
    viewer.user_permissions.add(Permission.objects.get(codename="change_refund"))
    viewer_client.post(lists, chosen)
    assert Refund.objects.get().state == "sent"


def test_how_a_conflict_was_settled_is_shown_to_all(viewer_client: Client) -> None:
    factories.ConflictFactory.create(settled=True)
    page = viewer_client.get(reverse("admin:orders_conflict_changelist"), {"state": "settled"})
    assert "The parcel was stopped." in text_of(page)
