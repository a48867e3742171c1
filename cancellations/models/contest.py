"""What the buyer says about a cancellation: that it is not what happened, or whether it explained it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cancellations.models.cancellation import Cancellation
from foundation.constraints import at_most, not_empty, one_of


class Contest(models.Model):
    """A buyer's statement that "this is not what happened", and the answer to it."""

    class State(models.TextChoices):
        """Where the contest stands. It is overtaken where the origin took back what it is about."""

        OPEN = "open", _("open")
        UPHELD = "upheld", _("upheld")
        REJECTED = "rejected", _("rejected")
        OVERTAKEN = "overtaken", _("overtaken")

    cancellation = models.ForeignKey(Cancellation, on_delete=models.PROTECT, related_name="contests")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="contests"
    )
    statement = models.TextField(_("statement"), max_length=2000)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        constraints = [
            one_of("state", ["open", "upheld", "rejected", "overtaken"], name="cancellations_contest_state"),
            models.UniqueConstraint(
                fields=["cancellation"], condition=Q(state="open"), name="cancellations_contest_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="cancellations_contest_decided_at_when_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(answer=""), name="cancellations_contest_rejected_has_an_answer"
            ),
            not_empty("statement", name="cancellations_contest_statement_not_empty"),
            at_most("statement", 2000, name="cancellations_contest_statement_length"),
            at_most("answer", 2000, name="cancellations_contest_answer_length"),
        ]

    def __str__(self) -> str:
        return f"contest {self.pk}, {self.state}"


class Feedback(models.Model):
    """One answer to "did this explain it?", per buyer and cancellation."""

    cancellation = models.ForeignKey(Cancellation, on_delete=models.CASCADE, related_name="feedback")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feedback")
    is_helpful = models.BooleanField(_("explained it"))
    given_at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(fields=["cancellation", "given_by"], name="cancellations_feedback_once"),
        ]

    def __str__(self) -> str:
        return f"{self.is_helpful}"
