"""How orders arrive: one import, and each record that it refused."""

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feeds.models.options import KeepsOptions
from foundation.constraints import at_most, matches, not_empty, one_of
from orders.recording import Outcome, What

MOST_CHARACTERS_KEPT = 1_000_000  # of one refused order


class Run(KeepsOptions, models.Model):
    """One import of one file: what came in, what changed, how it ended.

    A message to the API of which something was refused has a run too: then `file_name` is the message's id.
    """

    class State(models.TextChoices):
        """How the import ended. One that still says running, long after it started, was killed: run it again."""

        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        REFUSED = "refused", _("refused whole")

    # By its name in the app: a feed's deliveries know their runs.
    feed = models.ForeignKey(
        "feeds.Feed",
        verbose_name=_("feed"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="runs",
        db_index=False,
        help_text=_("Empty: a file."),
    )
    format = models.CharField(_("format"), max_length=40)
    file_name = models.CharField(_("file or message"), max_length=255)
    seller_name = models.CharField(_("seller"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    context = models.JSONField(default=dict, blank=True, editable=False)  # of its records: Format.context
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    refusal = models.CharField(_("why it was refused"), max_length=1000, blank=True)
    new_count = models.PositiveIntegerField(_("new"), default=0)
    changed_count = models.PositiveIntegerField(_("changed"), default=0)
    unchanged_count = models.PositiveIntegerField(_("unchanged"), default=0)
    stale_count = models.PositiveIntegerField(_("stale"), default=0)
    refused_count = models.PositiveIntegerField(_("refused"), default=0)
    taken_later_count = models.PositiveIntegerField(_("taken later"), default=0)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at", "-id"]
        constraints = [
            one_of("state", ["running", "finished", "refused"], name="feeds_run_state"),
            not_empty("format", name="feeds_run_format_not_empty"),
            at_most("format", 40, name="feeds_run_format_length"),
            at_most("file_name", 255, name="feeds_run_file_name_length"),
            at_most("seller_name", 200, name="feeds_run_seller_name_length"),
            matches("currency", "([A-Z]{3})?", name="feeds_run_currency_form"),
            at_most("time_zone", 64, name="feeds_run_time_zone_length"),
            at_most("refusal", 1000, name="feeds_run_refusal_length"),
            models.CheckConstraint(
                condition=models.Q(taken_later_count__lte=models.F("refused_count")),
                name="feeds_run_taken_later_were_refused",
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", ended_at__isnull=True)
                | (~models.Q(state="running") & models.Q(ended_at__isnull=False)),
                name="feeds_run_ended_at_when_ended",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["feed", "file_name"], name="feeds_run_message", condition=models.Q(feed__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.started_at:%Y-%m-%d %H:%M}"

    def count(self, outcomes: Iterable[Outcome], *, refused: int) -> None:
        """Add what became of some orders."""
        what = Counter(outcome.what for outcome in outcomes)
        self.new_count += what[What.NEW]
        self.changed_count += what[What.CHANGED]
        self.unchanged_count += what[What.UNCHANGED]
        self.stale_count += what[What.STALE]
        self.refused_count += refused


class Refused(models.Model):
    """One order that was refused, as its format reads it, so that it can be tried again; kept for thirty days.

    Nothing is in it that the format does not read: no addresses, no phones, no names of people (docs/decisions/0082).
    """

    run = models.ForeignKey(Run, verbose_name=_("import"), on_delete=models.CASCADE, related_name="refused")
    # JSON in ASCII: what was refused may hold what PostgreSQL stores in no text and no JSON, a NUL for one.
    records = models.TextField(max_length=MOST_CHARACTERS_KEPT, editable=False)
    refused_at = models.DateTimeField(_("refused"), default=timezone.now)

    class Meta:
        verbose_name = _("refused order")
        verbose_name_plural = _("refused orders")
        constraints = [
            not_empty("records", name="feeds_refused_records_not_empty"),
            at_most("records", MOST_CHARACTERS_KEPT, name="feeds_refused_records_length"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["refused_at"], name="feeds_refused_age")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Problem(models.Model):
    """One record that an import refused: where it stands, which field, and what was wrong, in a sentence."""

    run = models.ForeignKey(Run, verbose_name=_("import"), on_delete=models.CASCADE, related_name="problems")
    refused = models.ForeignKey(
        Refused,
        verbose_name=_("what is kept of it"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="problems",
    )
    row = models.PositiveIntegerField(_("row"))
    number = models.CharField(_("order"), max_length=100, blank=True)
    field = models.CharField(_("field"), max_length=100, blank=True)
    sentence = models.CharField(_("what was wrong"), max_length=500)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["run", "row", "id"]
        constraints = [
            not_empty("sentence", name="feeds_problem_sentence_not_empty"),
            at_most("number", 100, name="feeds_problem_number_length"),
            at_most("field", 100, name="feeds_problem_field_length"),
            at_most("sentence", 500, name="feeds_problem_sentence_length"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["number"], name="feeds_problem_order")]

    def __str__(self) -> str:
        return self.sentence
