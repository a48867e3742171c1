"""What forms have in common that take texts from people."""

from typing import Any

from django import forms

from foundation.text import fault_in


class FitTexts(forms.BaseForm):
    """A form that takes no text with characters that nobody sees, and says so beside its field."""

    def clean(self) -> dict[str, Any]:
        """Refuse what is unfit to be stored or shown."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name, text in list(said.items()):
            if isinstance(text, str) and (fault := fault_in(text)):
                self.add_error(name, fault)
        return said
