"""What people write in their own words: made fit to be stored, or refused in a sentence."""

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.text import fault_in, mask_cards
from orders.refusals import UnfitNote

MOST_CHARACTERS = 1_000


def fit_note(note: str, *, most: int = MOST_CHARACTERS) -> str:
    """Return the text as it is stored, without card numbers. Raise UnfitNote."""
    if fault := fault_in(note):
        raise UnfitNote(gettext(fault))
    note = mask_cards(note.replace("\r\n", "\n").strip())  # browsers count a line break as one character
    if len(note) > most:
        raise UnfitNote(
            _("Your text is longer than {most} characters.").format(most=number_format(most, force_grouping=True))
        )
    return note


def needed_note(note: str, *, most: int = MOST_CHARACTERS) -> str:
    """Return a text that may not be empty, as it is stored. Raise UnfitNote."""
    fit = fit_note(note, most=most)
    if not fit:
        raise UnfitNote(_("Say it in a few words: this cannot be empty."))
    return fit
