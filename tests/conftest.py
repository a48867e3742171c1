"""The cast, and what every test starts from."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.test import Client
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from cancellations import wordings
from cancellations.loading import load_catalogue
from orders.models import Seller
from tests import factories
from tests.signing_in import show_factor

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

# The same examples each time, however long one takes: what is drawn anew or timed may fail by chance.
hypothesis.settings.register_profile("candor", derandomize=True, deadline=None)
hypothesis.settings.load_profile("candor")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Load the reason catalogue once, and again whenever a transactional test has flushed every table.

    Django says post_migrate after such a flush; the rows of its own apps (permissions) come back the same way.
    """
    del django_db_setup
    post_migrate.connect(_load_again, sender=apps.get_app_config("cancellations"))
    with django_db_blocker.unblock():
        load_catalogue()


def _load_again(**_: Any) -> None:
    load_catalogue()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Forget what a test left in the process: rate limits, wordings of rolled-back rows, counters, a language."""
    cache.clear()
    wordings.forget()
    for made in factories.ALL:
        made.reset_sequence(0, force=True)
    with translation.override("en"):
        yield
    wordings.forget()


@pytest.fixture
def buyer(db: None) -> User:
    """Somebody who buys, with a proven e-mail address."""
    return factories.UserFactory.create(email="mai@example.org", name="Mai Nguyễn", external_id="mai.nguyen")


@pytest.fixture
def stranger(db: None) -> User:
    """Another buyer, who must not see the first one's orders."""
    return factories.UserFactory.create(email="ana@example.org", name="Ana Souza")


@pytest.fixture
def seller(db: None) -> Seller:
    """A seller with one member."""
    return factories.SellerFactory.create(name="Minh Long Ceramics", slug="minh-long-ceramics")


@pytest.fixture
def seller_member(seller: Seller) -> User:
    """Somebody who acts for the seller."""
    member = factories.UserFactory.create(email="long@example.org", name="Long Trần")
    seller.members.add(member)
    return member


@pytest.fixture
def admin(db: None) -> User:
    """An administrator, with the second factor that the admin asks for."""
    user = factories.UserFactory.create(email="grace@example.org", name="Grace Okafor", staff=True)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    return user


@pytest.fixture
def buyer_client(buyer: User) -> Client:
    """A browser in which the buyer is signed in."""
    return _signed_in(buyer)


@pytest.fixture
def stranger_client(stranger: User) -> Client:
    """A browser in which the stranger is signed in."""
    return _signed_in(stranger)


@pytest.fixture
def seller_client(seller_member: User) -> Client:
    """A browser in which the seller's member is signed in."""
    return _signed_in(seller_member)


@pytest.fixture
def admin_client(admin: User) -> Client:
    """A browser in which the administrator is signed in, with password and second factor."""
    client = _signed_in(admin)
    show_factor(client, Authenticator.objects.get(user=admin))
    return client


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real exports, which is not part of the repository."""
    if not DATA.is_dir():
        pytest.skip("The real exports are not here: they are kept beside the repository, in ../shared/data.")
    return DATA


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
