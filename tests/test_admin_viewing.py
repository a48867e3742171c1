"""Administrators who may look at everything, and change nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult, get_date_max

from accounts.models import User
from tests import factories

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
