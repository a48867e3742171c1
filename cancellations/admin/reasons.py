"""The reasons, and what people read for them."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.models import BaseModelFormSet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cancellations.admin.filters import GivenByFilter, RetiredFilter
from cancellations.admin.retiring import retire_selected, unretire_selected
from cancellations.admin.wordings import WordingInline, starting_point
from cancellations.catalogue_files import is_shipped
from cancellations.codes import CODE_FORM
from cancellations.curating import add_wording
from cancellations.models import Reason, Wording
from cancellations.querysets import ReasonQuerySet
from cancellations.terms import Source
from cancellations.wordings import SOURCE_LANGUAGE
from foundation.admin import MOST_COUNTED, KeepsWhatIsUsed, capped

MOST_VERSIONS = 100


class ReasonForm(forms.ModelForm):
    """A reason, without its words."""

    class Meta:
        model = Reason
        fields = ["code", "by_buyer", "by_seller", "by_system", "by_unknown", "responsible", "instead", "position"]

    def clean_code(self) -> str:
        """Say in words what a code is made of."""
        code: str = self.cleaned_data["code"]
        if not re.fullmatch(CODE_FORM, code):
            raise ValidationError(_("Use small letters, digits and underscores, and begin with a letter."))
        return code


@admin.register(Reason)
class ReasonAdmin(KeepsWhatIsUsed):
    """Reasons. Saving other words adds a version; what was recorded before keeps the words it had."""

    form = ReasonForm
    inlines = [WordingInline]
    actions = [retire_selected, unretire_selected]
    list_display = ["code", "headline", "uses", "in_use", "given_by", "responsible"]
    list_filter = [GivenByFilter, RetiredFilter, "responsible", "instead"]
    list_per_page = 100
    search_fields = ["code", *(f"wordings__{field}" for field in ("label", "headline", "explanation", "next_step"))]
    search_help_text = gettext_lazy("Search codes and words, older versions too.")
    show_full_result_count = False
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "code",
                    ("by_buyer", "by_seller", "by_system"),
                    "by_unknown",
                    "responsible",
                    "instead",
                    "position",
                    "retired_at",
                ]
            },
        )
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reason]:
        """Read what the list shows beside the reason itself, in the same statement."""
        reasons: ReasonQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        return reasons.with_headline(SOURCE_LANGUAGE).with_uses(MOST_COUNTED + 1)

    def get_readonly_fields(self, request: HttpRequest, obj: Reason | None = None) -> list[str]:
        """Keep the code once it is saved; only the actions retire."""
        return ["code", "retired_at"] if obj else ["retired_at"]

    @admin.display(description=gettext_lazy("headline"), ordering="headline")
    def headline(self, reason: Reason) -> str:
        """Say what buyers read, in English, as it is now."""
        return reason.headline or ""  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("given by"))
    def given_by(self, reason: Reason) -> str:
        """Name who may give it; "not known": it may stand where the origin does not say who it was."""
        return ", ".join(str(source.label) for source in Source if reason.may_be_given_by(source))

    @admin.display(description=gettext_lazy("cancellations"), ordering="uses")
    def uses(self, reason: Reason) -> str:
        """Count the cancellations that it explains."""
        return capped(reason.uses)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("in use"), boolean=True, ordering="retired_at")
    def in_use(self, reason: Reason) -> bool:
        """Tell whether it may still be given."""
        return not reason.is_retired

    def refusal(self, obj: Model, uses: dict[str, int]) -> str:
        """Say what to do instead, too."""
        advice = _("Retire it instead: nobody can give it any more, and what it explains stays readable.")
        return f"{super().refusal(obj, uses)} {advice}"

    def get_formset_kwargs(self, request: HttpRequest, obj: Reason, inline: Any, prefix: str) -> dict[str, Any]:
        """Start from the newest words in the language that is being written."""
        initial = [starting_point(obj, _language(request))]
        return {**super().get_formset_kwargs(request, obj, inline, prefix), "initial": initial}

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseModelFormSet, change: bool) -> None:
        """Add changed words as a version."""
        for wording in formset.save(commit=False):
            add_wording(form.instance, language=wording.language, by=request.user, **wording.texts)  # type: ignore[arg-type]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the languages and the versions beside the form."""
        written = Wording.objects.filter(reason=context["original"]).select_related("created_by").order_by("-version")
        reason, versions = context["original"], list(written[:MOST_VERSIONS])
        shown = {
            **context,
            "language": _language(request),
            "languages": settings.LANGUAGES,
            "versions": versions,
            "shipped": {one.pk for one in versions if is_shipped(one, reason.code)},
        }
        return super().render_change_form(request, shown, *args, **kwargs)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else SOURCE_LANGUAGE
