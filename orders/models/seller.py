"""Who sells."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.constraints import at_most, between, not_empty


class Seller(models.Model):
    """A seller on the marketplace, and the users who may act for it."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=80, unique=True, allow_unicode=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="sellers", blank=True)
    rating = models.DecimalField(_("rating"), max_digits=3, decimal_places=2, null=True, blank=True)
    rating_count = models.PositiveIntegerField(_("number of ratings"), null=True, blank=True)

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
        ]

    def __str__(self) -> str:
        return self.name
