"""The form of an alias. Its page is in orders/admin: what its words ended, only orders can correct."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from cancellations.mapping import hold_recording
from cancellations.models import Alias
from foundation.forms import FitTexts


class AliasForm(FitTexts, forms.ModelForm):
    """An alias; its text is brought into the form in which it is compared by the model."""

    class Meta:
        model = Alias
        fields = ["origin", "source", "text", "reason"]
        help_texts = {
            "origin": _("The kind of feed, such as “shopee”."),
            "source": _("Who cancelled, as the feed itself says."),
            "text": _("Capital letters, blanks and a full stop at the end make no difference."),
        }
        error_messages = {
            NON_FIELD_ERRORS: {
                "unique_together": _(
                    "These words of this origin and source are mapped already: change that alias instead."
                )
            }
        }

    def clean(self) -> dict[str, Any]:
        """Let nobody map words meanwhile, from before what is there is looked at until it is saved."""
        hold_recording()
        if self.instance.pk and not Alias.objects.filter(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody has deleted this alias in the meantime. To have it again, add it anew."))
        said: dict[str, Any] = super().clean() or self.cleaned_data
        return said
