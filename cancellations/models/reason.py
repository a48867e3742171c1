"""The catalogue: reasons, what people read for each, and how feeds name them."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cancellations.aliases import alias_key
from cancellations.codes import CODE_FORM, OTHER, UNSTATED
from cancellations.placeholders import check_text
from cancellations.querysets import ReasonQuerySet
from cancellations.terms import Instead, Responsible, Source
from foundation.constraints import at_most, between, matches, not_empty, one_of


class Reason(models.Model):
    """Why an order ended, as a code that never changes and is never used again for another meaning."""

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Never changes once it is saved."))
    by_buyer = models.BooleanField(_("a buyer may give it"), default=False)
    by_seller = models.BooleanField(_("a seller may give it"), default=False)
    by_system = models.BooleanField(_("the system may give it"), default=False)
    by_unknown = models.BooleanField(
        _("it may stand where nobody said who cancelled"),
        default=False,
        db_default=False,
        help_text=_(
            "Only where every sentence is true whoever cancelled: the page goes on saying that it is not known."
        ),
    )
    responsible = models.CharField(_("responsible"), max_length=20, choices=Responsible)
    instead = models.CharField(_("instead of cancelling"), max_length=20, choices=Instead, default=Instead.NONE)
    position = models.PositiveSmallIntegerField(_("position"), default=100, help_text=_("Lower comes first."))
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["Reason"]] = ReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["position", "code"]
        constraints = [
            matches("code", CODE_FORM, name="cancellations_reason_code_form"),
            one_of("responsible", Responsible.values, name="cancellations_reason_responsible"),
            one_of("instead", Instead.values, name="cancellations_reason_instead"),
            models.CheckConstraint(
                condition=Q(by_buyer=True) | Q(by_seller=True) | Q(by_system=True) | Q(by_unknown=True),
                name="cancellations_reason_given_by_somebody",
                violation_error_message=_(
                    "Say who may give this reason: the buyer, the seller or the system. "
                    "Else say that it may stand where nobody said who cancelled."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_retired(self) -> bool:
        """Tell whether the reason may no longer be given; it stays readable for ever."""
        return self.retired_at is not None

    @property
    def names_a_cause(self) -> bool:
        """Tell whether it says what happened, so that one can learn from it; not that nothing on the list fits."""
        return self.code not in OTHER | UNSTATED

    def may_be_given_by(self, source: str) -> bool:
        """Tell whether this source may give the reason; unknown: whether it may stand where nobody said who it was."""
        return bool(getattr(self, f"by_{source}"))


class Wording(models.Model):
    """What people read for a reason, in one language. Rows are only ever added.

    The version counts per reason: a cancellation names the version that was current when it was recorded, and its
    reader gets the newest not above it in their language.
    """

    TEXTS = ("label", "headline", "explanation", "next_step", "prevention", "seller_advice")

    reason = models.ForeignKey(Reason, on_delete=models.CASCADE, related_name="wordings", db_index=False)
    version = models.PositiveIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=10, default="en")
    label = models.CharField(_("label"), max_length=40, help_text=_("Two to four words, for lists and filters."))
    headline = models.CharField(_("headline"), max_length=120, help_text=_("One sentence that answers: why?"))
    explanation = models.TextField(_("explanation"), max_length=600, help_text=_("How this comes about."))
    next_step = models.TextField(_("next step"), max_length=600, help_text=_("What the buyer can do now."))
    prevention = models.TextField(
        _("prevention"), max_length=600, blank=True, help_text=_("How the buyer avoids it next time.")
    )
    seller_advice = models.TextField(
        _("advice to the seller"), max_length=600, blank=True, help_text=_("What the seller can fix.")
    )
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["reason", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["reason", "version"], name="cancellations_wording_version_once"),
            between("version", 1, 1_000_000, name="cancellations_wording_version_from_one"),
            matches("language", "[a-z]{2,3}(-[a-z0-9]{2,8})*", name="cancellations_wording_language_form"),
            at_most("language", 10, name="cancellations_wording_language_length"),
            not_empty("label", name="cancellations_wording_label_not_empty"),
            not_empty("headline", name="cancellations_wording_headline_not_empty"),
            not_empty("explanation", name="cancellations_wording_explanation_not_empty"),
            not_empty("next_step", name="cancellations_wording_next_step_not_empty"),
            at_most("label", 40, name="cancellations_wording_label_length"),
            at_most("headline", 120, name="cancellations_wording_headline_length"),
            at_most("explanation", 600, name="cancellations_wording_explanation_length"),
            at_most("next_step", 600, name="cancellations_wording_next_step_length"),
            at_most("prevention", 600, name="cancellations_wording_prevention_length"),
            at_most("seller_advice", 600, name="cancellations_wording_seller_advice_length"),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def texts(self) -> dict[str, str]:
        """What people read, by field."""
        return {field: getattr(self, field) for field in self.TEXTS}

    def clean(self) -> None:
        """Refuse placeholders that no order could fill."""
        errors = {}
        for field in self.TEXTS:
            try:
                check_text(getattr(self, field))
            except ValueError as error:
                errors[field] = str(error)
        if errors:
            raise ValidationError(errors)


class Alias(models.Model):
    """How one origin names a reason. The same words may mean another reason from another source."""

    origin = models.SlugField(_("origin"), max_length=40)
    source = models.CharField(_("given by"), max_length=10, choices=Source)
    text = models.CharField(_("the origin's code or words"), max_length=500)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="aliases")

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["origin", "source", "text"]
        constraints = [
            models.UniqueConstraint(fields=["origin", "source", "text"], name="cancellations_alias_once"),
            one_of("source", Source.values, name="cancellations_alias_source"),
            not_empty("origin", name="cancellations_alias_origin_not_empty"),
            not_empty("text", name="cancellations_alias_text_not_empty"),
            at_most("origin", 40, name="cancellations_alias_origin_length"),
            at_most("text", 500, name="cancellations_alias_text_length"),
        ]

    def __str__(self) -> str:
        return f"{self.origin}, {self.source}: {self.text}"

    def clean(self) -> None:
        """Bring the text into the form in which it is compared, and refuse a reason the source may not give."""
        self.text = alias_key(self.text or "")
        if self.reason_id and self.source and not self.reason.may_be_given_by(self.source):
            raise ValidationError({"reason": _("This reason cannot be given by that source.")})
