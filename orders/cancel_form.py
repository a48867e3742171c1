"""What buyers and sellers fill in to cancel."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cancellations import wordings
from cancellations.codes import BUYER_ASKED, NO_REASON_GIVEN, UNSTATED
from cancellations.models import Reason
from cancellations.terms import Instead, Source
from foundation.text import Words
from orders.asked import asked_for
from orders.forms import NoteField
from orders.models import Order, OrderLine
from orders.portions import take
from orders.refusals import CannotTake
from orders.shown import PROMISED, SHOWN, Shown, as_text, from_text, left_of
from orders.ways_out import address_of_seller
from orders.words.cancelling import BUYER_READS, INSTEAD, RATHER_NOT_SAY, WHO_READS

LINE = "line_"  # and the line's id: the names of the fields for quantities


class OfferedReason(NamedTuple):
    """A reason to choose, with a way out other than cancelling, if there is one, and where to ask the seller for it."""

    choice: BoundWidget
    way_out: str = ""
    way_out_id: str = ""
    ask_address: str = ""


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
        reasons = Reason.objects.current().given_by(source).exclude(code__in={*UNSTATED, *without})
        self.reasons = {reason.code: reason for reason in reasons}
        labels = [(code, capfirst(wordings.newest_wording(one.pk).label)) for code, one in self.reasons.items()]
        self.choices = [*labels, *([(NO_REASON_GIVEN, RATHER_NOT_SAY)] if unstated else [])]


class LineField(forms.IntegerField):
    """How many of a line; to begin with, all that are left."""

    def __init__(self, line: OrderLine) -> None:
        super().__init__(
            label=line.title,
            min_value=0,
            max_value=line.kept_quantity,
            initial=line.kept_quantity,
            required=False,
            error_messages={
                "invalid": _("Write how many, as a number."),
                "min_value": _("Write how many to cancel, or 0 to keep it."),
                "max_value": str(_("At most {left} can still be cancelled.")).format(left=line.kept_quantity),
            },
        )


def _name_of(line: OrderLine) -> str:
    return f"{LINE}{line.pk}"


class CancelForm(forms.Form):
    """Which items, why, and in what words: of a buyer, or of a seller."""

    reason = ReasonField(label=_("Why? (optional)"), required=False)
    note = NoteField(label=_("In your own words (optional)"), most=1_000, required=False)
    is_overtaken = False

    def __init__(self, order: Order, source: Source, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        self.order, self.source = order, source
        reason = cast(ReasonField, self.fields["reason"])
        reason.offer(source, unstated=source == Source.BUYER, without=set() if self._was_asked else {BUYER_ASKED})
        if source == Source.SELLER:
            reason.label, reason.required = _("Why?"), "preview" not in self.data
        self.offered = reason.reasons
        readers = WHO_READS if source == Source.BUYER else BUYER_READS
        self.fields["note"].help_text = format_html(str(readers), seller=order.seller.name)
        self.fields |= {_name_of(line): LineField(line) for line in self.lines}

    def clean(self) -> None:
        """Refuse items that are not there to be cancelled; a page may be older than what it shows."""
        named = {name for name, value in self.data.items() if name.startswith(LINE) and value not in {"", "0"}}
        if not named <= self.fields.keys():
            self.add_error(None, _("Some of what you chose is not part of this order, or not any more. Look again."))
        elif self.lines and self.shown is None and "preview" not in self.data:
            self.add_error(
                None, _("This page was sent without all that belongs to it. Look again, then send it again.")
            )
        elif self.says_what:
            self._check_take()

    def _check_take(self) -> None:
        try:
            take(self.order, self.quantities)
        except CannotTake as refusal:
            self.add_error(None, str(refusal))

    def overtake(self, sentence: str | Promise) -> None:
        """Say that the page promised something else than what would be done; what was chosen is as good as before."""
        self.is_overtaken = True
        self.add_error(None, str(sentence))

    @cached_property
    def _open_lines(self) -> list[OrderLine]:
        return [line for line in self.order.lines.all() if line.kept_quantity]

    @cached_property
    def lines(self) -> list[OrderLine]:
        """Return the lines to choose from: none where there is no choice, unless an older page has offered one."""
        is_answered = any(name.startswith(LINE) for name in self.data)
        return self._open_lines if self.has_a_choice or is_answered else []

    @cached_property
    def shown(self) -> Shown | None:
        """Return what was left of the lines on the page that was sent; None if it does not say."""
        return from_text(self.data.get(SHOWN, ""))

    @property
    def is_as_promised(self) -> bool:
        """Tell whether the page that was sent said that its button cancels just what is chosen."""
        chosen = {line: quantity for line, quantity in (self.quantities or {}).items() if quantity}
        return not self.lines or from_text(self.data.get(PROMISED, "")) == chosen

    @property
    def says_what(self) -> bool:
        """Tell whether it can be read how many of which line are chosen."""
        return not any(name.startswith(LINE) for name in self.errors)

    @property
    def shown_now(self) -> str:
        """What is left of the lines on this page, as its form carries it."""
        return as_text(left_of(self._open_lines))

    @property
    def _was_asked(self) -> bool:
        return bool(asked_for(self.order))

    @property
    def has_a_choice(self) -> bool:
        """Tell whether some can be cancelled and some kept."""
        return sum(line.kept_quantity for line in self._open_lines) > 1

    @property
    def quantities(self) -> dict[int, int] | None:
        """How many of which line; None is all that is left."""
        if not self.lines or not self.is_bound:
            return None
        return {line.pk: self.cleaned_data.get(_name_of(line)) or 0 for line in self.lines}

    @property
    def chosen_reason(self) -> Reason:
        """The reason that was chosen; without one, that none was given, which is for buyers alone."""
        chosen = self.offered.get(self.cleaned_data.get("reason", ""))
        return chosen or Reason.objects.get(code=NO_REASON_GIVEN)

    @cached_property
    def _ways_out(self) -> dict[str, Words]:
        """Return what a buyer can do instead, as far as this order allows it: for sellers, nothing."""
        ways = dict(INSTEAD) if self.source == Source.BUYER else {}
        if ways and not self.has_a_choice:
            ways[Instead.CHANGE_ITEMS] = INSTEAD[Instead.CONTACT_SELLER]
        if self.order.status != Order.Status.AWAITING_PAYMENT or self.order.paid_at:
            ways.pop(Instead.CHANGE_PAYMENT, None)
        return ways

    def line_fields(self) -> Iterator[tuple[OrderLine, forms.BoundField]]:
        """Go through the lines that can be chosen from, each with its field."""
        for line in self.lines:
            yield line, self[_name_of(line)]

    def reason_choices(self) -> Iterator[OfferedReason]:
        """Go through the reasons; a way out other than cancelling has an id, which the choice is described by."""
        for choice in self["reason"]:
            reason = self.offered.get(str(choice.data["value"]))
            way_out = self._ways_out.get(reason.instead, "") if reason else ""
            if not reason or not way_out:
                yield OfferedReason(choice)
                continue
            described_by = f"{choice.id_for_label}_way_out"
            choice.data["attrs"]["aria-describedby"] = described_by
            ask = "" if reason.instead == Instead.CHANGE_PAYMENT else address_of_seller(self.order)
            yield OfferedReason(choice, str(way_out).format(seller=self.order.seller.name), described_by, ask)
