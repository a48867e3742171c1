"""The money that goes back, and how long that takes."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cancellations.models.cancellation import Cancellation
from cancellations.terms import PaymentMethod
from foundation.constraints import (
    MONEY_DIGITS,
    MONEY_PLACES,
    at_most,
    between,
    currency,
    money,
    one_of,
)
from foundation.money import money as written


class RefundQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Refunds."""

    def overdue(self, *, today: date) -> Self:
        """Keep those that are not with the buyer though their day has passed."""
        return self.filter(state__in=[Refund.State.DUE, Refund.State.SENT], expected_by__lt=today)

    def failed(self) -> Self:
        """Keep those that have to be sent again."""
        return self.filter(state=Refund.State.FAILED)


class Refund(models.Model):
    """One payment back to the buyer. Being cancelled is not being refunded: this row says what is known."""

    class State(models.TextChoices):
        """How far the money has come."""

        DUE = "due", _("due")
        SENT = "sent", _("sent")
        COMPLETED = "completed", _("completed")
        FAILED = "failed", _("failed")

    cancellation = models.ForeignKey(Cancellation, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(_("amount"), max_digits=MONEY_DIGITS, decimal_places=MONEY_PLACES)
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(_("back to"), max_length=20, choices=PaymentMethod, default=PaymentMethod.UNKNOWN)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    expected_by = models.DateField(_("expected by"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    failure = models.CharField(_("what went wrong"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["Refund"]] = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            money("amount", above_zero=True, name="cancellations_refund_amount"),
            currency("currency", name="cancellations_refund_currency"),
            one_of("method", PaymentMethod.values, name="cancellations_refund_method"),
            one_of("state", ["due", "sent", "completed", "failed"], name="cancellations_refund_state"),
            models.CheckConstraint(
                condition=~Q(method=PaymentMethod.CASH_ON_DELIVERY.value), name="cancellations_refund_not_cash"
            ),
            models.CheckConstraint(
                condition=~Q(state="due") | Q(sent_at__isnull=True), name="cancellations_refund_due_is_not_sent"
            ),
            models.CheckConstraint(
                condition=Q(state="completed") | Q(completed_at__isnull=True),
                name="cancellations_refund_completed_at_when_completed",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") | Q(failure=""), name="cancellations_refund_failure_when_failed"
            ),
            at_most("reference", 100, name="cancellations_refund_reference_length"),
            at_most("failure", 500, name="cancellations_refund_failure_length"),
        ]

    def __str__(self) -> str:
        return f"{written(self.amount, self.currency)}, {self.get_state_display()}"


class RefundTime(models.Model):
    """How many working days a refund takes to arrive, by the way the order was paid."""

    method = models.CharField(_("payment method"), max_length=20, choices=PaymentMethod, unique=True)
    working_days = models.PositiveSmallIntegerField(_("working days"))

    class Meta:
        verbose_name = _("refund time")
        verbose_name_plural = _("refund times")
        ordering = ["method"]
        constraints = [
            one_of("method", PaymentMethod.values, name="cancellations_refundtime_method"),
            between("working_days", 0, 90, name="cancellations_refundtime_working_days"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}: {self.working_days}"
