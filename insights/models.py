"""The summary: what was ordered and cancelled, per seller and day, counted from the orders and never edited.

Rows of a seller's day are always replaced together (insights/refreshing.py). The day is that of the order, in the
marketplace's zone: so a share is a share of the orders of its window, and a window knows when an order leaves it.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cancellations.models import Reason
from cancellations.terms import Source
from foundation.constraints import MONEY_PLACES, at_most, between, one_of
from orders.log import Place
from orders.models import Seller

WORTH_DIGITS = 24
MOST_DAYS = 60


class Cursor(models.Model):
    """How far the log has been read: one row, and whoever holds its lock is the one who counts."""

    transaction = models.BigIntegerField(default=0)
    event = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    recorded_on = models.DateField(_("records made on"), null=True, blank=True)
    asked_for = models.DateTimeField(
        _("next refresh"), null=True, blank=True, help_text=_("When the task that was asked for last is to begin.")
    )

    class Meta:
        verbose_name = _("cursor")
        verbose_name_plural = _("cursors")
        constraints = [between("id", 1, 1, name="insights_cursor_only_one")]

    def __str__(self) -> str:
        return str(self.place)

    @property
    def place(self) -> Place:
        """The last event that was read."""
        return Place(self.transaction, self.event)

    @place.setter
    def place(self, place: Place) -> None:
        self.transaction, self.event = place.transaction, place.event


class SellerDay(models.Model):
    """Orders of one seller, placed on one day in one currency, that ended by this source for this reason.

    Without source and reason: the orders that were not cancelled as a whole. Parts are counted only of those, under
    the source and reason of the part.
    """

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    source = models.CharField(_("cancelled by"), max_length=10, choices=Source, blank=True)
    reason = models.ForeignKey(Reason, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    orders = models.PositiveIntegerField(_("orders"), default=0)
    part_lines = models.PositiveIntegerField(_("part-cancelled lines"), default=0)
    part_orders = models.PositiveIntegerField(_("orders with part-cancelled lines"), default=0)
    part_worth = models.DecimalField(
        _("worth of the cancelled parts"), max_digits=WORTH_DIGITS, decimal_places=MONEY_PLACES, default=0
    )
    upheld = models.PositiveIntegerField(_("orders with an upheld contest"), default=0)

    class Meta:
        verbose_name = _("day of a seller")
        verbose_name_plural = _("days of sellers")
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "day", "currency", "source", "reason"], name="insights_sellerday_once"
            ),
            models.UniqueConstraint(
                fields=["seller", "day", "currency"],
                condition=Q(reason__isnull=True),
                name="insights_sellerday_uncancelled_once",
            ),
            one_of("source", ["", *Source.values], name="insights_sellerday_source"),
            models.CheckConstraint(
                condition=Q(source="", reason__isnull=True) | (~Q(source="") & Q(reason__isnull=False)),
                name="insights_sellerday_source_with_a_reason",
            ),
            at_most("currency", 3, name="insights_sellerday_currency_length"),
        ]

    def __str__(self) -> str:
        return f"{self.orders} orders of {self.day}"


class SellerShipping(models.Model):
    """Orders of one seller and day that were sent: after how many working days, and how many too late."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    took = models.PositiveSmallIntegerField(_("working days to send"))
    late = models.PositiveSmallIntegerField(
        _("working days too late"), null=True, blank=True, help_text=_("Empty: nothing was promised.")
    )
    orders = models.PositiveIntegerField(_("orders"))

    class Meta:
        verbose_name = _("shipping of a seller")
        verbose_name_plural = _("shipping of sellers")
        indexes: ClassVar[list[models.Index]] = [models.Index("seller", "day", name="insights_shipping_of_seller")]
        constraints = [
            between("took", 0, MOST_DAYS, name="insights_sellershipping_took"),
            between("late", 0, MOST_DAYS, name="insights_sellershipping_late"),
        ]

    def __str__(self) -> str:
        return f"{self.orders} orders after {self.took} days"


class SellerItem(models.Model):
    """How many of one item of a seller and day were cancelled because of its stock or its price."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    reason = models.ForeignKey(Reason, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=500)
    variant = models.CharField(_("variant"), max_length=300, blank=True)
    sku = models.CharField(_("SKU"), max_length=100, blank=True)
    orders = models.PositiveIntegerField(_("orders"))
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("cancelled item of a seller")
        verbose_name_plural = _("cancelled items of sellers")
        indexes: ClassVar[list[models.Index]] = [models.Index("seller", "day", name="insights_items_of_seller")]
        constraints = [
            at_most("title", 500, name="insights_selleritem_title_length"),
            at_most("variant", 300, name="insights_selleritem_variant_length"),
            at_most("sku", 100, name="insights_selleritem_sku_length"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.title}"
