"""Feeds that speak to the API, and the messages they delivered."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.constraints import at_most, matches, not_empty

SECRET_FORM = r"^whsec_[A-Za-z0-9+/]{32,88}=*$"  # noqa: S105  (a form, not a secret)


class Feed(models.Model):
    """A marketplace's back end that sends orders and reads what was decided here.

    Its messages are signed as Standard Webhooks says, with a secret that both sides hold. While a secret is being
    changed, the one before it is valid too.
    """

    slug = models.SlugField(_("name in addresses"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    secret = models.CharField(_("secret"), max_length=100, editable=False)
    previous_secret = models.CharField(_("previous secret"), max_length=100, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
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
            matches("secret", SECRET_FORM, name="feeds_feed_secret_form"),
            matches("previous_secret", rf"{SECRET_FORM}|^$", name="feeds_feed_previous_secret_form"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def secrets(self) -> list[str]:
        """The secrets that are valid, the newest first."""
        return [secret for secret in (self.secret, self.previous_secret) if secret]


class Delivery(models.Model):
    """One message that a feed delivered, written in the transaction of its effect; so it has its effect once."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    message = models.CharField(_("message"), max_length=200)
    digest = models.CharField(max_length=32, editable=False)
    answer = models.JSONField(_("answer"))
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
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["received_at"], name="feeds_delivery_age")]

    def __str__(self) -> str:
        return self.message
