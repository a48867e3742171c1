"""How orders arrive: one import, and each record that it refused."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.constraints import at_most, not_empty, one_of


class Run(models.Model):
    """One import of one file: what came in, what changed, how it ended."""

    class State(models.TextChoices):
        """How the import ended. One that still says running, long after it started, was killed: run it again."""

        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        REFUSED = "refused", _("refused whole")

    format = models.CharField(_("format"), max_length=40)
    file_name = models.CharField(_("file"), max_length=255)
    seller_name = models.CharField(_("seller"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    refusal = models.CharField(_("why it was refused"), max_length=1000, blank=True)
    new_count = models.PositiveIntegerField(_("new"), default=0)
    changed_count = models.PositiveIntegerField(_("changed"), default=0)
    unchanged_count = models.PositiveIntegerField(_("unchanged"), default=0)
    stale_count = models.PositiveIntegerField(_("stale"), default=0)
    refused_count = models.PositiveIntegerField(_("refused"), default=0)

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
            at_most("refusal", 1000, name="feeds_run_refusal_length"),
            models.CheckConstraint(
                condition=models.Q(state="running", ended_at__isnull=True)
                | (~models.Q(state="running") & models.Q(ended_at__isnull=False)),
                name="feeds_run_ended_at_when_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.started_at:%Y-%m-%d %H:%M}"


class Problem(models.Model):
    """One record that an import refused: where it stands, which field, and what was wrong, in a sentence."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="problems")
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

    def __str__(self) -> str:
        return self.sentence
