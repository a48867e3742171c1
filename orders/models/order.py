"""An order and its lines."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cancellations.models import Cancellation
from cancellations.terms import PaymentMethod
from foundation.constraints import (
    MONEY_DIGITS,
    MONEY_PLACES,
    at_most,
    between,
    matches,
    money,
    not_empty,
    one_of,
)
from foundation.numbers import NO_ADDRESSES, NUMBER
from orders.models.seller import Seller
from orders.querysets import OrderQuerySet


class Order(models.Model):
    """What somebody bought from one seller. A cancelled order without a cancellation cannot exist."""

    class Status(models.TextChoices):
        """Where the order is on its way."""

        AWAITING_PAYMENT = "awaiting_payment", _("To pay")
        PREPARING = "preparing", _("Preparing")
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(_("number"), max_length=64, unique=True)
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("buyer"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="orders",
        db_index=False,
    )
    seller = models.ForeignKey(
        Seller, verbose_name=_("seller"), on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    status = models.CharField(_("status"), max_length=20, choices=Status)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    total = models.DecimalField(_("total"), max_digits=MONEY_DIGITS, decimal_places=MONEY_PLACES, null=True, blank=True)
    payment_method = models.CharField(
        _("payment method"), max_length=20, choices=PaymentMethod, default=PaymentMethod.UNKNOWN
    )
    payment_label = models.CharField(_("payment label"), max_length=64, blank=True)
    placed_at = models.DateTimeField(_("placed"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    listed_at = models.GeneratedField(
        expression=Coalesce("placed_at", "recorded_at"), output_field=models.DateTimeField(), db_persist=True
    )
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    ship_by = models.DateTimeField(_("to be sent by"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    carrier = models.CharField(_("carrier"), max_length=100, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=100, blank=True)
    cancellation = models.OneToOneField(
        Cancellation, verbose_name=_("cancellation"), on_delete=models.PROTECT, null=True, blank=True
    )
    # What My Orders searches: number, seller and titles, without case and accents (orders/searching.py writes it).
    search_text = models.CharField(max_length=500, blank=True, editable=False)
    origin = models.SlugField(_("origin"), max_length=40, blank=True)
    # Orders the origin's statements: the greater pair of version and digest is the newer one (docs/decisions/).
    origin_version = models.BigIntegerField(default=0, editable=False)
    origin_digest = models.CharField(max_length=32, blank=True, editable=False)

    objects: ClassVar[OrderQuerySet] = OrderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="cancelled", cancellation__isnull=False)
                | (~Q(status="cancelled") & Q(cancellation__isnull=True)),
                name="orders_order_cancelled_with_a_cancellation",
                violation_error_message=_("An order is cancelled exactly when it has a cancellation."),
            ),
            one_of(
                "status",
                ["awaiting_payment", "preparing", "shipped", "delivered", "cancelled"],
                name="orders_order_status",
            ),
            one_of("payment_method", PaymentMethod.values, name="orders_order_payment_method"),
            matches("number", NUMBER, name="orders_order_number_form"),
            models.CheckConstraint(
                condition=~Q(number__in=NO_ADDRESSES),
                name="orders_order_number_has_an_address",
                violation_error_message=_("No address can name an order whose number is one dot or two."),
            ),
            matches("currency", "([A-Z]{3})?", name="orders_order_currency"),
            money("total", name="orders_order_total"),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | ~Q(currency=""), name="orders_order_total_with_a_currency"
            ),
            models.CheckConstraint(
                condition=~Q(payment_method="cash_on_delivery") | Q(paid_at__isnull=True),
                name="orders_order_cash_is_not_paid_before",
                violation_error_message=_("A time of payment on a cash-on-delivery order is not a payment."),
            ),
            models.CheckConstraint(condition=Q(origin_version__gte=0), name="orders_order_origin_version"),
            at_most("payment_label", 64, name="orders_order_payment_label_length"),
            at_most("carrier", 100, name="orders_order_carrier_length"),
            at_most("tracking_number", 100, name="orders_order_tracking_number_length"),
            at_most("search_text", 500, name="orders_order_search_text_length"),
            at_most("origin", 40, name="orders_order_origin_length"),
            at_most("origin_digest", 32, name="orders_order_origin_digest_length"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("buyer", F("listed_at").desc(), F("id").desc(), name="orders_of_buyer"),
            models.Index("buyer", "status", F("listed_at").desc(), F("id").desc(), name="orders_of_buyer_by_status"),
            models.Index("seller", F("listed_at").desc(), F("id").desc(), name="orders_of_seller"),
            models.Index("seller", "status", F("listed_at").desc(), F("id").desc(), name="orders_of_seller_by_status"),
            # Searched without touching the rows themselves (SQLite ignores `include` and reads the rows).
            models.Index(fields=["buyer", "-listed_at"], include=["id", "search_text"], name="orders_search"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the address of the buyer's page of this order."""
        return reverse("orders:detail", args=[self.number])

    @property
    def is_cancelled(self) -> bool:
        """Tell whether the whole order has been cancelled."""
        return self.status == self.Status.CANCELLED

    @property
    def is_cash_on_delivery(self) -> bool:
        """Tell whether money moves only at the door."""
        return self.payment_method == PaymentMethod.CASH_ON_DELIVERY


class OrderLine(models.Model):
    """One item of an order. Part of its quantity, or all of it, may be cancelled."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=500)
    variant = models.CharField(_("variant"), max_length=300, blank=True)
    sku = models.CharField(_("SKU"), max_length=100, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = models.DecimalField(
        _("unit price"), max_digits=MONEY_DIGITS, decimal_places=MONEY_PLACES, null=True, blank=True
    )
    cancelled_quantity = models.PositiveIntegerField(_("cancelled"), default=0)
    cancellation = models.ForeignKey(
        Cancellation, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="orders_line_position_once"),
            between("quantity", 1, 1_000_000, name="orders_line_quantity"),
            between("position", 1, 10_000, name="orders_line_position"),
            money("unit_price", name="orders_line_unit_price"),
            models.CheckConstraint(
                condition=Q(cancelled_quantity__gte=0, cancelled_quantity__lte=F("quantity")),
                name="orders_line_cancelled_quantity",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_quantity=0, cancellation__isnull=True)
                | Q(cancelled_quantity__gt=0, cancellation__isnull=False),
                name="orders_line_cancelled_with_a_cancellation",
            ),
            not_empty("title", name="orders_line_title_not_empty"),
            at_most("title", 500, name="orders_line_title_length"),
            at_most("variant", 300, name="orders_line_variant_length"),
            at_most("sku", 100, name="orders_line_sku_length"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kept_quantity(self) -> int:
        """How many have not been cancelled."""
        return self.quantity - self.cancelled_quantity


class EarlierPart(models.Model):
    """What an earlier cancellation took from a line that a later one has taken from again.

    The line points at the latest; so each keeps its who and why, however often some of a line is cancelled.
    """

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="earlier_parts", db_index=False)
    cancellation = models.ForeignKey(Cancellation, on_delete=models.PROTECT, related_name="earlier_parts")
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("earlier part")
        verbose_name_plural = _("earlier parts")
        constraints = [
            models.UniqueConstraint(fields=["line", "cancellation"], name="orders_earlierpart_once"),
            between("quantity", 1, 1_000_000, name="orders_earlierpart_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.line_id}"
