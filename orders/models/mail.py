"""What people are told of by mail, and that each is told once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.constraints import between
from orders.models.event import Event


class Mail(models.Model):
    """One mail about one event to one person: due with the event, claimed by a sender, sent once.

    Written in the transaction of its event, so that no fact goes untold and none is told before it is true.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="mails")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(pgettext_lazy("of a mail", "sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient"], name="orders_mail_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(claimed_at__isnull=False), name="orders_mail_claimed_before_sent"
            ),
            between("attempts", 0, 1_000, name="orders_mail_attempts"),
        ]
        indexes = [models.Index(fields=["due_at"], name="orders_mail_due", condition=Q(sent_at__isnull=True))]

    def __str__(self) -> str:
        return f"mail {self.pk} about event {self.event_id}"
