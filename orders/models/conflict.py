"""The origin says that it sent what was cancelled here."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cancellations.models import Cancellation
from foundation.constraints import at_most, one_of
from orders.models.order import Order


class ConflictQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Conflicts."""

    def open(self) -> Self:
        """Keep those that nobody has settled; of a cancellation that is said to be delivered, not "sent" as well."""
        delivered = Conflict.objects.filter(
            cancellation=OuterRef("cancellation"), said=Conflict.Said.DELIVERED, settled_at=None
        )
        return self.filter(settled_at=None).exclude(Q(said=Conflict.Said.SHIPPED) & Exists(delivered))


class Conflict(models.Model):
    """One thing that the origin says against a cancellation made here, however often it says it; and how it ended.

    The cancellation stays. An administrator settles it with a sentence that the buyer and the seller read.
    """

    class Said(models.TextChoices):
        """How far the order has come, by the origin's account."""

        SHIPPED = "shipped", pgettext_lazy("of an order", "sent")
        DELIVERED = "delivered", _("delivered")

    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="conflicts")
    cancellation = models.ForeignKey(
        Cancellation,
        verbose_name=_("cancellation"),
        on_delete=models.PROTECT,
        related_name="conflicts",
        db_index=False,
    )
    said = models.CharField(_("the origin says"), max_length=10, choices=Said)
    said_at = models.DateTimeField(_("on"), null=True, blank=True, help_text=_("Empty: not stated."))
    recorded_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    answer = models.TextField(_("how it was settled"), max_length=1000, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects: ClassVar[models.Manager["Conflict"]] = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        constraints = [
            one_of("said", ["shipped", "delivered"], name="orders_conflict_said"),
            models.UniqueConstraint(fields=["cancellation", "said"], name="orders_conflict_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, answer="") | (Q(settled_at__isnull=False) & ~Q(answer="")),
                name="orders_conflict_settled_with_an_answer",
            ),
            at_most("answer", 1000, name="orders_conflict_answer_length"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("id").desc(), name="orders_conflict_open", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"conflict {self.pk}"

    @property
    def is_settled(self) -> bool:
        """Tell whether an administrator has looked into it."""
        return self.settled_at is not None
