"""What the database itself refuses about users and what they want to hear."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from tests.constraints import Case, refused_for, write
from tests.factories import MutedMailFactory, UserFactory

pytestmark = pytest.mark.django_db

unclaimed = partial(UserFactory, unclaimed=True)

CASES = [
    Case("an address in capitals", "accounts_user_email_lower", UserFactory, {"email": "Mai@example.org"}),
    Case("an empty address", "accounts_user_email_not_empty", UserFactory, {"email": ""}),
    Case("an empty id of the marketplace", "accounts_user_external_id_not_empty", unclaimed, {"external_id": ""}),
    Case("a user known by nothing", "accounts_user_known_by_something", UserFactory, {"email": None}),
    Case("one kind of mail muted twice", "accounts_mutedmail_once", MutedMailFactory),
    Case("a feed's user without its id", "accounts_user_known_by_something", unclaimed, {"external_id": None}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_refuses(case: Case) -> None:
    case.attempt()


def test_it_takes_users_known_by_one_key_or_both() -> None:
    both = UserFactory.create(external_id="mai.nguyen")
    write(both, {"email": None})
    write(UserFactory.create(), {"external_id": None})


def test_it_keeps_an_address_for_one_user() -> None:
    taken = UserFactory.create()
    with refused_for("accounts_user_email", "accounts_user.email"):
        write(UserFactory.create(), {"email": taken.email})


def test_it_keeps_an_id_of_the_marketplace_for_one_user() -> None:
    taken = unclaimed()
    with refused_for("accounts_user_external_id", "accounts_user.external_id"):
        write(unclaimed(), {"external_id": taken.external_id})


def test_it_says_in_words_that_a_user_needs_a_key() -> None:
    with pytest.raises(ValidationError, match="Give an e-mail address or the marketplace's id"):
        User(name="Nobody").full_clean()
