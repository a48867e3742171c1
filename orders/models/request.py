"""What a buyer asks the seller, here or at the marketplace that the order comes from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cancellations.models import Reason
from foundation.constraints import at_most, between, one_of
from orders.models.order import Order, OrderLine


class CancellationRequest(models.Model):
    """The buyer asks to cancel, the seller answers; silence approves what was asked here."""

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
    raw_reason = models.CharField(_("the origin's words"), max_length=500, blank=True)
    origin = models.SlugField(_("origin"), max_length=40, blank=True, db_index=False, help_text=_("Empty: asked here."))
    requested_at = models.DateTimeField(
        _("asked"), default=timezone.now, null=True, blank=True, help_text=_("Empty: not stated.")
    )
    answer_by = models.DateTimeField(
        _("to be answered by"), null=True, blank=True, help_text=_("Empty: the origin names no time.")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_origin = models.SlugField(
        _("origin of the decision"),
        max_length=40,
        blank=True,
        db_index=False,
        help_text=_("Empty: decided here, or not yet."),
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
                condition=Q(state="open", decided_at__isnull=True, decided_origin="")
                | (~Q(state="open") & (Q(decided_at__isnull=False) | ~Q(decided_origin=""))),
                name="orders_request_decided_at_when_decided",
            ),
            # The origin may say that it was declined, and not why.
            models.CheckConstraint(
                condition=(Q(state="declined") & (~Q(decline_reason="") | ~Q(decided_origin="")))
                | (~Q(state="declined") & Q(decline_reason="")),
                name="orders_request_declined_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(origin="") | Q(requested_at__isnull=False, answer_by__isnull=False),
                name="orders_request_here_has_its_times",
                violation_error_message=_("What is asked here has a time, and a time by which it is answered."),
            ),
            models.CheckConstraint(
                condition=Q(answer_by__isnull=True)
                | Q(requested_at__isnull=True)
                | Q(answer_by__gt=models.F("requested_at")),
                name="orders_request_answer_by_after",
            ),
            at_most("note", 1000, name="orders_request_note_length"),
            at_most("decline_reason", 1000, name="orders_request_decline_reason_length"),
            at_most("raw_reason", 500, name="orders_request_raw_reason_length"),
            at_most("origin", 40, name="orders_request_origin_length"),
            at_most("decided_origin", 40, name="orders_request_decided_origin_length"),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}, {self.state}"

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has decided it yet."""
        return self.state == self.State.OPEN

    @property
    def is_granted(self) -> bool:
        """Tell whether it was approved, by somebody or by silence."""
        return self.state in GRANTED

    @property
    def is_lapsed(self) -> bool:
        """Tell whether silence has approved what was asked here, and it is only not carried out yet."""
        return self.is_open and self.is_made_here and bool(self.answer_by and self.answer_by <= timezone.now())

    @property
    def is_made_here(self) -> bool:
        """Tell whether it was asked here: then its clock runs here, and no feed takes it back."""
        return self.origin == ""

    @property
    def is_decided_here(self) -> bool:
        """Tell whether it was decided here: then no feed decides it otherwise."""
        return not self.is_open and self.decided_origin == ""


GRANTED = {CancellationRequest.State.APPROVED, CancellationRequest.State.APPROVED_BY_SILENCE}


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
