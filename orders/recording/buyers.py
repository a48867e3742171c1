"""Which users documents name as buyers."""

from collections.abc import Iterable
from secrets import token_hex

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from accounts.models import User
from foundation.blanks import Blanks
from foundation.inserting import insert
from orders.documents import BuyerDocument
from orders.recording.rows import rewrite


def find_buyers(documents: Iterable[BuyerDocument]) -> dict[BuyerDocument, User]:
    """Find the user of each buyer, by the marketplace's id, else by e-mail address; make those that are missing.

    A user who is made here is unclaimed: without a usable password.
    """
    # Sorted, so that two imports that make the same users wait for each other in one order only.
    buyers = sorted(set(documents), key=lambda buyer: (buyer.external_id, buyer.email, buyer.name))
    directory = _Directory(
        User.objects.filter(
            Q(external_id__in={buyer.external_id for buyer in buyers if buyer.external_id})
            | Q(email__in={buyer.email for buyer in buyers if buyer.email})
        )
    )
    users = {buyer: directory.user_of(buyer) for buyer in buyers}
    directory.save()
    return users


class _Directory:
    """Users by their two keys."""

    def __init__(self, users: Iterable[User]) -> None:
        self._by_id: dict[str | None, User] = {}
        self._by_email: dict[str | None, User] = {}
        self._new: list[User] = []
        self._filled: dict[int, User] = {}
        self._blanks = Blanks()
        for user in users:
            self._enter(user)

    def user_of(self, buyer: BuyerDocument) -> User:
        """Find or make the user, and fill in what was not known."""
        user = self._find(buyer)
        if user is None:
            user = self._blanks.make(User)
            user.password = f"{UNUSABLE_PASSWORD_PREFIX}{token_hex(20)}"  # as Django's, in one draw and not in forty
            self._new.append(user)
        if self._fill(user, buyer) and user.pk:
            self._filled[user.pk] = user
        self._enter(user)
        return user

    def save(self) -> None:
        """Write what is new."""
        insert(self._new)
        rewrite(sorted(self._filled.values(), key=lambda user: user.pk), ["external_id", "email", "name"])

    def _find(self, buyer: BuyerDocument) -> User | None:
        user = self._by_id.get(buyer.external_id) if buyer.external_id else None
        return user or self._found_by_email(buyer)

    def _found_by_email(self, buyer: BuyerDocument) -> User | None:
        """Find by address; not a user whom the marketplace knows by another id."""
        user = self._by_email.get(buyer.email) if buyer.email else None
        is_another = user and buyer.external_id and user.external_id
        return None if is_another else user

    def _fill(self, user: User, buyer: BuyerDocument) -> bool:
        before = (user.external_id, user.email, user.name)
        user.external_id = user.external_id or buyer.external_id or None
        # The address that somebody signs in with is theirs to change, and one that is taken stays where it is.
        if not user.email and buyer.email not in self._by_email and not (user.pk and user.is_claimed):
            user.email = buyer.email or None
        user.name = user.name or buyer.name
        return before != (user.external_id, user.email, user.name)

    def _enter(self, user: User) -> None:
        if user.external_id:
            self._by_id[user.external_id] = user
        if user.email:
            self._by_email[user.email] = user
