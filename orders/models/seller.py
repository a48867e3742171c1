"""Who sells."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.constraints import at_most, between, not_empty


class Seller(models.Model):
    """A seller on the marketplace, and the users who may act for it."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=80, unique=True, allow_unicode=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="sellers", blank=True)
    rating = models.DecimalField(_("rating"), max_digits=3, decimal_places=2, null=True, blank=True)
    rating_count = models.PositiveIntegerField(_("number of ratings"), null=True, blank=True)
    # Their record over 90 days up to `record_on`, counted by insights: written there and nowhere else, kept here so
    # that an order page reads it with the row it reads anyway.
    record_orders = models.PositiveIntegerField(_("orders in the record"), null=True, blank=True, editable=False)
    record_ended = models.PositiveIntegerField(_("ended on their side"), null=True, blank=True, editable=False)
    record_typical = models.DecimalField(
        _("typical share"), max_digits=5, decimal_places=4, null=True, blank=True, editable=False
    )
    record_days = models.PositiveSmallIntegerField(_("usual days to send"), null=True, blank=True, editable=False)
    record_on = models.DateField(_("last day of the record"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")
        ordering = ["name"]
        constraints = [
            not_empty("name", name="orders_seller_name_not_empty"),
            not_empty("slug", name="orders_seller_slug_not_empty"),
            at_most("name", 200, name="orders_seller_name_length"),
            at_most("slug", 80, name="orders_seller_slug_length"),
            between("rating", 0, 5, name="orders_seller_rating"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True, rating_count__isnull=True)
                | Q(rating__isnull=False, rating_count__isnull=False),
                name="orders_seller_rating_with_its_count",
                violation_error_message=_("A rating comes with the number of ratings behind it."),
            ),
            models.CheckConstraint(
                condition=Q(record_on__isnull=True, record_orders__isnull=True, record_ended__isnull=True)
                | Q(
                    record_on__isnull=False,
                    record_orders__isnull=False,
                    record_ended__isnull=False,
                    record_ended__lte=F("record_orders"),
                ),
                name="orders_seller_record_is_a_share",
            ),
            between("record_typical", 0, 1, name="orders_seller_record_typical"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["name"], name="orders_seller_by_name")]

    def __str__(self) -> str:
        return self.name
