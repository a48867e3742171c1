"""What buyers and sellers fill in."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cancellations import wordings
from cancellations.models import Reason
from cancellations.models.reason import NOT_STATED
from cancellations.terms import Source
from orders.audiences import MailChoice
from orders.cancelling import ASKED, BUYER_ASKED
from orders.models import Order
from orders.words.cancelling import INSTEAD, RATHER_NOT_SAY, WHO_READS


class NoteField(forms.CharField):
    """Somebody's own words."""

    def __init__(self, *, most: int, rows: int = 3, **options: Any) -> None:
        too_long = _("Your text is longer than {most} characters.").format(most=f"{most:,}")
        super().__init__(
            max_length=most,
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={"max_length": too_long, "required": _("Say it in a few words: this cannot be empty.")},
            **options,
        )


class ReasonField(forms.ChoiceField):
    """The reasons that somebody may give, in the catalogue's order, none chosen."""

    widget = forms.RadioSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(
            error_messages={
                "invalid_choice": _("This reason cannot be chosen here. Choose one of those below."),
                "required": _("Choose the reason: the buyer reads it."),
            },
            **options,
        )

    def offer(self, source: Source, *, unstated: bool, without: set[str]) -> None:
        """Offer the current reasons of a source; `unstated` lets somebody keep theirs to themselves."""
        reasons = Reason.objects.current().given_by(source).exclude(code__in={NOT_STATED, *without})
        self.reasons = {reason.code: reason for reason in reasons}
        language = get_language() or "en"
        labels = [
            (code, capfirst(wordings.newest_wording(one.pk, language).label)) for code, one in self.reasons.items()
        ]
        self.choices = [*labels, *([(NOT_STATED, RATHER_NOT_SAY)] if unstated else [])]


class CancelForm(forms.Form):
    """Which items, why, and in what words: of a buyer, or of a seller."""

    reason = ReasonField(label=_("Why?"), required=False)
    note = NoteField(label=_("In your own words (optional)"), most=1_000, required=False)

    def __init__(self, order: Order, source: Source, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        self.order, self.source = order, source
        reason = cast(ReasonField, self.fields["reason"])
        reason.offer(source, unstated=source == Source.BUYER, without=set() if self._was_asked else {BUYER_ASKED})
        reason.required = source == Source.SELLER
        self.offered = reason.reasons
        self.fields["note"].help_text = str(WHO_READS).format(seller=order.seller.name)
        for line in self._open_lines if self.has_a_choice else []:
            self.fields[f"line_{line.pk}"] = forms.IntegerField(
                label=line.title, min_value=0, max_value=line.kept_quantity, required=False, initial=line.kept_quantity
            )

    @cached_property
    def _open_lines(self) -> list[Any]:
        return [line for line in self.order.lines.all() if line.kept_quantity]

    @property
    def _was_asked(self) -> bool:
        return bool(self.order.requests.filter(state__in=ASKED).exists())

    @property
    def has_a_choice(self) -> bool:
        """Tell whether some can be cancelled and some kept."""
        return bool(sum(line.kept_quantity for line in self._open_lines) > 1)

    @property
    def quantities(self) -> dict[int, int] | None:
        """How many of which line; None is all that is left."""
        if not self.has_a_choice or not self.is_bound:
            return None
        return {line.pk: self.cleaned_data.get(f"line_{line.pk}") or 0 for line in self._open_lines}

    @property
    def chosen_reason(self) -> Reason:
        """The reason that was chosen; without one, that it was not stated."""
        code = self.cleaned_data.get("reason") or NOT_STATED
        return self.offered.get(code) or Reason.objects.get(code=NOT_STATED)

    def line_fields(self) -> Iterator[tuple[Any, forms.BoundField]]:
        """Go through the lines that can be chosen from, each with its field."""
        for line in self._open_lines if self.has_a_choice else []:
            yield line, self[f"line_{line.pk}"]

    def reason_choices(self) -> Iterator[tuple[Any, str]]:
        """Go through the reasons, each with the way out that it has instead of cancelling ("" where there is none)."""
        for choice in self["reason"]:
            reason = self.offered.get(str(choice.data["value"]))
            way_out = INSTEAD.get(reason.instead, "") if reason and self.source == Source.BUYER else ""
            yield choice, str(way_out).format(seller=self.order.seller.name)


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
