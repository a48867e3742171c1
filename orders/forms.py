"""What buyers and sellers fill in, beside the form to cancel (orders/cancel_form.py)."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.audiences import MailChoice
from orders.notes import fit_note
from orders.refusals import UnfitNote


class NoteField(forms.CharField):
    """Somebody's own words, as they are stored."""

    def __init__(self, *, most: int, rows: int = 3, **options: Any) -> None:
        self.most = most
        super().__init__(
            widget=forms.Textarea(attrs={"rows": rows, "maxlength": most}),
            error_messages={"required": _("Say it in a few words: this cannot be empty.")},
            **options,
        )

    def to_python(self, value: Any) -> str:
        """Make the text fit to be stored, or say what is wrong with it."""
        try:
            return fit_note(super().to_python(value) or "", most=self.most)
        except UnfitNote as fault:
            raise forms.ValidationError(str(fault)) from fault


class ContestForm(forms.Form):
    """What happened instead."""

    statement = NoteField(
        label=_("What happened?"),
        most=2_000,
        rows=6,
        help_text=_("An administrator of the marketplace reads this, compares it with the records and answers."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""


class DeclineForm(forms.Form):
    """Why a seller does not cancel."""

    answer = NoteField(label=_("Why not?"), most=1_000, help_text=_("The buyer reads this, in your words."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""


class MailsForm(forms.Form):
    """Which mails somebody wants, of those that they may do without."""

    wanted = forms.MultipleChoiceField(
        label=_("Mail me when"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of these cannot be chosen here. Choose again.")},
    )

    def __init__(self, *args: Any, choices: Iterable[MailChoice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        wanted = cast(forms.MultipleChoiceField, self.fields["wanted"])
        wanted.choices = [(choice.value, choice.label) for choice in choices]
