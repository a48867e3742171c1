"""What happened."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cancellations.terms import Source
from foundation.constraints import at_most, one_of
from foundation.transactions import CurrentTransaction
from orders.models.order import Order


class Event(models.Model):
    """One thing that happened to an order, here or by a feed. Rows are only ever added.

    Written in the transaction that makes it happen; read by the timeline, the audit trail, the outbox and insights.
    """

    class Kind(models.TextChoices):
        """What happened; the facts of each kind are described in docs/domain.md."""

        RECORDED = "recorded", _("recorded")
        CHANGED = "changed", _("changed")
        CANCELLED = "cancelled", _("cancelled")
        PART_CANCELLED = "part_cancelled", _("part-cancelled")
        REOPENED = "reopened", _("re-opened")
        REQUEST_OPENED = "request_opened", _("cancellation asked for")
        REQUEST_WITHDRAWN = "request_withdrawn", _("request withdrawn")
        REQUEST_APPROVED = "request_approved", _("request approved")
        REQUEST_DECLINED = "request_declined", _("request declined")
        REQUEST_LAPSED = "request_lapsed", _("request approved by silence")
        REQUEST_DROPPED = "request_dropped", _("request no longer reported")
        REFUND_DUE = "refund_due", _("refund due")
        REFUND_SENT = "refund_sent", _("refund sent")
        REFUND_COMPLETED = "refund_completed", _("refund completed")
        REFUND_FAILED = "refund_failed", _("refund failed")
        CONTESTED = "contested", _("reason contested")
        CONTEST_UPHELD = "contest_upheld", _("contest upheld")
        CONTEST_REJECTED = "contest_rejected", _("contest rejected")
        REASON_CORRECTED = "reason_corrected", _("reason corrected")
        CONFLICT = "conflict", _("conflict with the origin")
        CONFLICT_SETTLED = "conflict_settled", _("conflict settled")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    occurred_at = models.DateTimeField(_("happened"), null=True, blank=True, help_text=_("Empty: not stated."))
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    actor = models.CharField(_("by"), max_length=10, choices=Source)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    origin = models.SlugField(_("origin"), max_length=40, blank=True, db_index=False, help_text=_("Empty: here."))
    # With the id, the order in which readers of the log may read (orders/log.py).
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering: ClassVar[list[str]] = ["id"]
        indexes = [models.Index(fields=["transaction", "id"], name="orders_event_log")]
        constraints = [
            one_of(
                "kind",
                [
                    "recorded",
                    "changed",
                    "cancelled",
                    "part_cancelled",
                    "reopened",
                    "request_opened",
                    "request_withdrawn",
                    "request_approved",
                    "request_declined",
                    "request_lapsed",
                    "request_dropped",
                    "refund_due",
                    "refund_sent",
                    "refund_completed",
                    "refund_failed",
                    "contested",
                    "contest_upheld",
                    "contest_rejected",
                    "reason_corrected",
                    "conflict",
                    "conflict_settled",
                ],
                name="orders_event_kind",
            ),
            one_of("actor", Source.values, name="orders_event_actor"),
            at_most("origin", 40, name="orders_event_origin_length"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
