"""The record that something was cancelled: who, why, when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cancellations.models.reason import Reason
from cancellations.querysets import CancellationQuerySet
from cancellations.terms import Source
from foundation.constraints import at_most, between, one_of


class Cancellation(models.Model):
    """Who ended an order or some of its lines, why, and when. An order, or a line, points at it."""

    source = models.CharField(_("cancelled by"), max_length=10, choices=Source)
    requested_by = models.CharField(_("asked for by"), max_length=10, choices=Source)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="cancellations")
    wording_version = models.PositiveIntegerField(_("wording version"))
    note = models.TextField(_("note"), max_length=1000, blank=True, help_text=_("The author's own words."))
    # Stays when the source is corrected. Empty where nobody recorded it: a source is not taken for an author.
    note_by = models.CharField(
        _("author of the note"), max_length=10, choices=Source, blank=True, db_default="", default=""
    )
    raw_reason = models.CharField(_("the origin's words"), max_length=500, blank=True)
    # What an alias is looked up by: the origin's words as aliases.py writes them. Empty where they decide nothing,
    # since the origin named one of our codes.
    raw_key = models.CharField(max_length=500, blank=True, db_default="", default="", editable=False)
    origin = models.SlugField(_("origin"), max_length=40, blank=True, help_text=_("Empty: cancelled here."))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, help_text=_("Empty: not stated."))
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    was_charged = models.BooleanField(
        _("money had been taken"), null=True, blank=True, help_text=_("Unknown: not stated.")
    )
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects: ClassVar[models.Manager["Cancellation"]] = CancellationQuerySet.as_manager()

    class Meta:
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")
        constraints = [
            one_of("source", Source.values, name="cancellations_cancellation_source"),
            one_of("requested_by", Source.values, name="cancellations_cancellation_requested_by"),
            between("wording_version", 1, 1_000_000, name="cancellations_cancellation_wording_version"),
            at_most("note", 1000, name="cancellations_cancellation_note_length"),
            one_of("note_by", ["", *Source.values], name="cancellations_cancellation_note_by"),
            models.CheckConstraint(
                condition=Q(note_by="") | ~Q(note=""), name="cancellations_cancellation_note_by_of_a_note"
            ),
            at_most("raw_reason", 500, name="cancellations_cancellation_raw_reason_length"),
            at_most("raw_key", 500, name="cancellations_cancellation_raw_key_length"),
            models.CheckConstraint(
                condition=~Q(raw_reason="") | Q(raw_key=""), name="cancellations_cancellation_raw_key_of_words"
            ),
            at_most("origin", 40, name="cancellations_cancellation_origin_length"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=False) | ~Q(origin=""),
                name="cancellations_cancellation_here_has_a_time",
                violation_error_message=_("What is cancelled here has a time."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # What one alias is about: counted, and corrected.
            models.Index(
                "origin", "source", "raw_key", "reason", "id", name="cancellations_raw_key", condition=~Q(raw_key="")
            ),
            # The newest words that are not understood: the queue of an administrator.
            models.Index("reason", "id", name="cancellations_newest_words", condition=~Q(raw_key="")),
        ]

    def __str__(self) -> str:
        return f"cancellation {self.pk} by {self.source}"

    @property
    def is_made_here(self) -> bool:
        """Tell whether it was accepted here: then no feed undoes it."""
        return self.origin == ""

    @property
    def was_asked_by_another(self) -> bool:
        """Tell whether somebody other than the source asked for it."""
        return self.requested_by != self.source

    @property
    def is_at_the_buyers_wish(self) -> bool:
        """Tell whether somebody else carried out what the buyer asked."""
        return self.requested_by == Source.BUYER and self.was_asked_by_another
