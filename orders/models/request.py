"""What a buyer asks the seller."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cancellations.models import Reason
from foundation.constraints import at_most, between, one_of
from orders.models.order import Order, OrderLine


class CancellationRequest(models.Model):
    """The buyer asks to cancel, the seller answers; silence approves."""

    class State(models.TextChoices):
        """Where the request stands."""

        OPEN = "open", _("open")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        APPROVED_BY_SILENCE = "approved_by_silence", _("approved by silence")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="requests")
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="requests")
    note = models.TextField(_("note"), max_length=1000, blank=True)
    requested_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer_by = models.DateTimeField(_("to be answered by"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decline_reason = models.TextField(_("why not"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("cancellation request")
        verbose_name_plural = _("cancellation requests")
        constraints = [
            one_of(
                "state",
                ["open", "approved", "declined", "withdrawn", "approved_by_silence"],
                name="orders_request_state",
            ),
            models.UniqueConstraint(fields=["order"], condition=Q(state="open"), name="orders_request_one_open"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="orders_request_decided_at_when_decided",
            ),
            models.CheckConstraint(
                condition=(Q(state="declined") & ~Q(decline_reason="")) | (~Q(state="declined") & Q(decline_reason="")),
                name="orders_request_declined_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(answer_by__gt=models.F("requested_at")), name="orders_request_answer_by_after"
            ),
            at_most("note", 1000, name="orders_request_note_length"),
            at_most("decline_reason", 1000, name="orders_request_decline_reason_length"),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}, {self.state}"


class RequestedLine(models.Model):
    """Some of a line that the buyer asks to cancel. A request without any asks for the whole order."""

    request = models.ForeignKey(CancellationRequest, on_delete=models.CASCADE, related_name="lines", db_index=False)
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("requested line")
        verbose_name_plural = _("requested lines")
        constraints = [
            models.UniqueConstraint(fields=["request", "line"], name="orders_requestedline_once"),
            between("quantity", 1, 1_000_000, name="orders_requestedline_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.line_id}"
