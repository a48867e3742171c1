"""Who signs in: buyers, members of sellers, administrators."""

from typing import Any, ClassVar, Self

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.constraints import at_most

UNCLAIMED = Q(last_login=None, password__startswith=UNUSABLE_PASSWORD_PREFIX)


class UserQuerySet(models.QuerySet["User"]):
    """Which users."""

    def claimed(self) -> Self:
        """Keep those who have signed in, or could with a password."""
        return self.exclude(UNCLAIMED)

    def unclaimed(self) -> Self:
        """Keep those whom only a feed knows."""
        return self.filter(UNCLAIMED)

    def reachable(self) -> Self:
        """Keep those who can be sent mail, whether or not they have ever signed in."""
        return self.filter(is_active=True, email__isnull=False)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Make users. An e-mail address is kept in lower case, or not at all."""

    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "User":
        """Make a user; without a password, one who cannot sign in until the account is claimed."""
        user: User = self.model(email=email.lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    @transaction.atomic
    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an administrator who may do everything.

        Whoever runs this vouches for the address: an unproved one could neither sign in nor set up a second factor.
        """
        user = self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the user by e-mail address, however it is capitalised."""
        user: User = self.get(email=(username or "").lower())
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person known by an e-mail address, by the marketplace's own id, or by both.

    One whom only a feed knows is *unclaimed*: without a usable password, and never signed in.
    """

    email = models.EmailField(_("e-mail address"), null=True, blank=True, unique=True)
    external_id = models.CharField(_("the marketplace's id"), max_length=200, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="accounts_user_email_lower"),
            models.CheckConstraint(condition=~Q(email=""), name="accounts_user_email_not_empty"),
            models.CheckConstraint(condition=~Q(external_id=""), name="accounts_user_external_id_not_empty"),
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(external_id__isnull=False),
                name="accounts_user_known_by_something",
                violation_error_message=_("Give an e-mail address or the marketplace's id."),
            ),
            at_most("email", 254, name="accounts_user_email_length"),
            at_most("external_id", 200, name="accounts_user_external_id_length"),
            at_most("name", 200, name="accounts_user_name_length"),
            at_most("language", 10, name="accounts_user_language_length"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.external_id or f"user {self.pk}"

    def clean(self) -> None:
        """Bring the two keys into the form in which they are compared."""
        super().clean()
        self.email = self.email.lower() if self.email else None
        self.external_id = self.external_id or None

    def refreshed(self) -> Self:
        """Read the row again."""
        self.refresh_from_db()
        return self

    @property
    def is_claimed(self) -> bool:
        """Tell whether the person has signed in, or could with a password."""
        return self.last_login is not None or self.has_usable_password()


class MutedMail(models.Model):
    """A kind of mail that somebody does not want. What a person must be told is sent all the same."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="muted_mails", db_index=False)
    kind = models.SlugField(_("kind"), max_length=40)

    class Meta:
        verbose_name = _("muted mail")
        verbose_name_plural = _("muted mails")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="accounts_mutedmail_once"),
            at_most("kind", 40, name="accounts_mutedmail_kind_length"),
        ]

    def __str__(self) -> str:
        return self.kind
