"""What forms have in common that take texts and numbers from people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from foundation.constraints import FieldConstraint
from foundation.text import fault_in


class FitTexts(forms.BaseForm):
    """A form that takes no text with characters that nobody sees, and says so beside its field."""

    def clean(self) -> dict[str, Any]:
        """Refuse what is unfit to be stored or shown."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name, text in list(said.items()):
            if isinstance(text, str) and (fault := fault_in(text)):
                self.add_error(name, gettext(fault))
        return said


class FitNumbers(forms.BaseModelForm):
    """A form of a row whose numbers have bounds: they are said before a database tells how far its columns reach."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for rule in self._meta.model._meta.constraints:
            if isinstance(rule, FieldConstraint) and "least" in rule.limits and rule.field in self.fields:
                self.fields[rule.field].validators.append(_within(rule))


def _within(rule: FieldConstraint) -> Any:
    def check(number: Any) -> None:
        if not rule.limits["least"] <= number <= rule.limits["most"]:
            raise ValidationError(rule.get_violation_error_message())

    return check
