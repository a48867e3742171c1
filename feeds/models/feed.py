"""Feeds that speak to the API, and the messages they delivered."""

from typing import ClassVar

from babel.numbers import is_currency
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feeds.json_formats import json_formats
from feeds.models.options import KeepsOptions
from feeds.models.run import Run
from feeds.zones import zone_of
from foundation.constraints import at_most, matches, not_empty

SECRET_FORM = r"^whsec_[A-Za-z0-9+/]{32,88}=*$"  # noqa: S105  (a form, not a secret)
SLUG_FORM = r"[a-z0-9][a-z0-9-]{0,39}"


def validate_currency(code: str) -> None:
    """Refuse what is not a currency."""
    if not is_currency(code):
        raise ValidationError(_("A currency is a code of three capital letters, as in EUR."))


def validate_zone(text: str) -> None:
    """Refuse what is not a time zone."""
    try:
        zone_of(text)
    except ValueError:
        sentence = _("A time zone is an offset, as in +07:00, or a name, as in Asia/Ho_Chi_Minh.")
        raise ValidationError(sentence) from None


class Feed(KeepsOptions, models.Model):
    """A marketplace's back end that sends orders and reads what was decided here.

    Its messages are signed as Standard Webhooks says, with a secret that both sides hold. While a secret is being
    changed, the one before it is valid too. What its messages do not say of themselves, is said here.
    """

    slug = models.SlugField(
        _("name in addresses"),
        max_length=40,
        unique=True,
        help_text=_("It cannot be changed later: the back end's addresses and the feed's orders carry it."),
        validators=[
            RegexValidator(rf"^{SLUG_FORM}\Z", _("Use 1 to 40 lower-case letters, digits and hyphens.")),
        ],
    )
    name = models.CharField(_("name"), max_length=200)
    format = models.CharField(
        _("format"),
        max_length=40,
        blank=True,
        help_text=_("What the back end sends. Candor's own documents are always taken too."),
    )
    seller_name = models.CharField(
        _("seller"),
        max_length=200,
        blank=True,
        help_text=_("Whose shop it is. Where it is given, it goes before what an order says in a platform's format."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        validators=[validate_currency],
        help_text=_("Of amounts that come without one, as in EUR."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_zone],
        help_text=_("Of times that come without one: +07:00, or Asia/Ho_Chi_Minh."),
    )
    secret = models.CharField(_("secret"), max_length=100, editable=False)
    previous_secret = models.CharField(_("previous secret"), max_length=100, blank=True, editable=False)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("What an inactive feed sends is refused, as if it were not signed.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    rotated_at = models.DateTimeField(_("secret changed"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        ordering = ["slug"]
        constraints = [
            not_empty("slug", name="feeds_feed_slug_not_empty"),
            not_empty("name", name="feeds_feed_name_not_empty"),
            at_most("slug", 40, name="feeds_feed_slug_length"),
            at_most("name", 200, name="feeds_feed_name_length"),
            matches("format", "[a-z0-9-]{0,40}", name="feeds_feed_format_form"),
            at_most("seller_name", 200, name="feeds_feed_seller_name_length"),
            matches("currency", "([A-Z]{3})?", name="feeds_feed_currency_form"),
            matches("time_zone", "[A-Za-z0-9_+:/-]{0,64}", name="feeds_feed_time_zone_form"),
            matches("secret", SECRET_FORM, name="feeds_feed_secret_form"),
            matches("previous_secret", rf"{SECRET_FORM}|^$", name="feeds_feed_previous_secret_form"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Ask for a format that there is, and for what it needs."""
        form = json_formats().get(self.format)
        if self.format and form is None:
            names = ", ".join(json_formats())
            sentence = _("There is no such format; there are %(names)s.") % {"names": names}
            raise ValidationError({"format": sentence})
        if form and not form.names_its_seller() and not self.seller_name:
            raise ValidationError(
                {"seller_name": _("Orders in this format do not say whose shop it is: name the seller.")}
            )

    @property
    def secrets(self) -> list[str]:
        """The secrets that are valid, the newest first."""
        return [secret for secret in (self.secret, self.previous_secret) if secret]


class Delivery(models.Model):
    """One message that a feed delivered, written in the transaction of its effect; so it has its effect once."""

    feed = models.ForeignKey(
        Feed, verbose_name=_("feed"), on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    message = models.CharField(_("message"), max_length=200)
    digest = models.CharField(max_length=32, editable=False)
    answer = models.JSONField(_("answer"))
    run = models.OneToOneField(
        Run,
        verbose_name=_("what was refused"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="delivery",
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["feed", "message"], name="feeds_delivery_once"),
            not_empty("message", name="feeds_delivery_message_not_empty"),
            at_most("message", 200, name="feeds_delivery_message_length"),
            at_most("digest", 32, name="feeds_delivery_digest_length"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["received_at"], name="feeds_delivery_age"),
            models.Index(fields=["feed", "received_at"], name="feeds_delivery_latest"),
        ]

    def __str__(self) -> str:
        return self.message

    def count(self, outcome: str) -> int:
        """Count the orders of the message that had this outcome: applied, unchanged, stale or refused."""
        return sum(told["outcome"] == outcome for told in self.answer)
