"""Who signs in to the demo, and how."""

from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import encrypt

from accounts.models import User
from orders.documents import BuyerDocument
from orders.models import Seller

PASSWORD = "honest-answers"  # noqa: S105  (everybody may know it: the demo holds nothing but what comes with it)
APP_KEY = "CANDORDEMOCANDORDEMOCANDORDEMO23"  # for an authenticator app, in base 32
CODES_FROM = "candor demo"  # the recovery codes follow from it: the same ten on every machine


@dataclass(frozen=True)
class Person:
    """Somebody who signs in; known to the marketplace by external_id, to visitors by e-mail address."""

    external_id: str
    email: str
    name: str
    rights: dict[str, bool] = field(default_factory=dict)

    @property
    def as_buyer(self) -> BuyerDocument:
        """The person as orders name them."""
        return BuyerDocument(external_id=self.external_id, email=self.email, name=self.name)


BUYER = Person("mai.dang", "mai@demo.example", "Mai Đặng")
SELLER = Person("khoa.lethi", "khoa@demo.example", "Lê Thị Khoa")
ADMINISTRATOR = Person("ada.ferreira", "ada@demo.example", "Ada Ferreira", {"is_staff": True, "is_superuser": True})
OFFICE = Person("juniper.house", "office@demo.example", "Juniper House, Purchasing")
PEOPLE = [BUYER, SELLER, ADMINISTRATOR, OFFICE]
SHOP_OF_THE_SELLER = "Gốm Lá Sen"


def let_people_in() -> None:
    """Make those who are missing; leave alone what a visitor has changed since."""
    ids = [person.external_id for person in PEOPLE]
    known = set(User.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
    for person in PEOPLE:
        if person.external_id not in known:
            let_in(person)


def let_in(person: Person) -> User:
    """Make a user whose address is proved; an administrator with a second factor."""
    user = User.objects.create_user(
        person.email, PASSWORD, name=person.name, external_id=person.external_id, **person.rights
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    if user.is_staff:
        TOTP.activate(user, APP_KEY)
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": encrypt(CODES_FROM), "used_mask": 0}
        )
    return user


def join_the_shop() -> None:
    """Let the seller act for their shop."""
    members = Seller.objects.get(name=SHOP_OF_THE_SELLER).members
    seller = User.objects.get(external_id=SELLER.external_id)
    if not members.contains(seller):
        members.add(seller)


def fresh_codes() -> list[str]:
    """Return the administrator's recovery codes, each good for one sign-in from now on, used before or not."""
    ours = Authenticator.objects.filter(user__external_id=ADMINISTRATOR.external_id)
    codes = ours.filter(type=Authenticator.Type.RECOVERY_CODES).first()
    if codes is None:  # a visitor has turned the second factor off
        return []
    if codes.data.get("used_mask"):
        codes.data["used_mask"] = 0
        codes.save(update_fields=["data"])
    unused: list[str] = RecoveryCodes(codes).get_unused_codes()
    return unused
