"""The part of a reason's page on which its next wording is written."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cancellations.models import Reason, Wording
from foundation.forms import FitTexts
from foundation.text import one_line

PREFIX = "wordings-0"
LONG = {"rows": 3, "class": "vLargeTextField", "dir": "auto"}
HELP = {
    "label": gettext_lazy("Two to four words, without a capital letter: it is read after “Reason:”."),
    "headline": gettext_lazy("One sentence to the buyer that says who did what."),
    "explanation": gettext_lazy("How this comes about. Two sentences at most; say what is not known."),
    "next_step": gettext_lazy("What the buyer can do now. Two sentences at most."),
    "prevention": gettext_lazy("How the buyer avoids it next time, or that nothing they did caused it."),
    "seller_advice": gettext_lazy("To the seller: what to fix, or that it was not theirs and what still helps."),
}


class WordingForm(FitTexts, forms.ModelForm):
    """A reason's next wording in one language; it starts from the newest one."""

    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Wording
        fields = ["language", *Wording.TEXTS]
        help_texts = HELP
        widgets = {
            "language": forms.HiddenInput,
            "label": forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
            "headline": forms.Textarea(attrs={**LONG, "rows": 2}),
            **{field: forms.Textarea(attrs=LONG) for field in Wording.TEXTS[2:]},
        }

    def clean_language(self) -> str:
        """Refuse a language that Candor does not speak."""
        language: str = self.cleaned_data["language"]
        if language not in dict(settings.LANGUAGES):
            raise ValidationError(_("Candor does not speak this language."))
        return language

    def clean(self) -> dict[str, Any]:
        """Take out line breaks, and refuse to write over a version that the author has not seen."""
        super().clean()
        for field in Wording.TEXTS:
            if field in self.cleaned_data:
                self.cleaned_data[field] = one_line(self.cleaned_data[field])
        newest = last_written(self.instance.reason_id, self.cleaned_data.get("language", ""))
        if newest and newest.version != self.cleaned_data.get("based_on"):
            raise ValidationError(
                _("Somebody has written version %(version)d in the meantime. Open this page again to see it first."),
                params={"version": newest.version},
            )
        return self.cleaned_data


class WordingInline(admin.StackedInline):
    """One form for the next version. The versions there are never change."""

    model = Wording
    form = WordingForm
    fields = ["language", *Wording.TEXTS, "based_on"]
    template = "admin/cancellations/reason/wording.html"
    min_num = max_num = 1
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Wording]:
        """Edit no version that there is."""
        return super().get_queryset(request).none()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let everybody who may change a reason write for it."""
        return request.user.has_perm("cancellations.change_reason")


def last_written(reason_id: int | None, language: str) -> Wording | None:
    """Ask the database for a reason's newest wording in exactly this language."""
    return Wording.objects.filter(reason=reason_id, language=language).order_by("-version").first()


def starting_point(reason: Reason | None, language: str) -> dict[str, Any]:
    """Fill the form from the newest wording in the language, where there is one."""
    newest = last_written(reason.pk, language) if reason and reason.pk else None
    if newest is None:
        return {"language": language}
    return {"language": language, "based_on": newest.version, **newest.texts}
