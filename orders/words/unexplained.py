"""What is said of a cancellation whose reason is not known, where the order knows more than the catalogue can.

The catalogue's words for `not_stated` are for whoever ended it, and for silence (docs/decisions/0091).
"""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from cancellations.models import Cancellation
from cancellations.terms import Source
from cancellations.wordings import Texts
from foundation.text import Words

BUYER, SELLER = Source.BUYER, Source.SELLER

# Where something was said; it is quoted beside these.
SAID: dict[str, Words] = {
    "headline": _("What was said about it matches no reason that we know."),
    "explanation": _("It is shown as it was said. Rather than guess what it means, we leave it open."),
}
# Where nothing was, and it was up to the seller to say why.
SELLER_IS_SILENT: dict[str, Words] = {"headline": _("The seller gave no reason.")}
# Where it was not the buyer who ended it: at their wish, and without it.
ASK_UNLESS_ASKED_FOR = _(
    "If you asked for it, there is nothing more to do. If you did not, ask the seller or the marketplace why it ended."
)
ASK = _("Ask the seller or the marketplace why it ended.")


def unexplained(wording: Texts, ended: Cancellation) -> Texts:
    """Put what is known of this cancellation in the place of what the catalogue says of all without a known reason."""
    told: dict[str, Words] = {}
    sides = {ended.source, ended.requested_by}
    if ended.raw_reason or ended.note:
        told |= SAID
    elif SELLER in sides and BUYER not in sides:
        told |= SELLER_IS_SILENT
    if ended.source not in {BUYER, Source.UNKNOWN}:
        told["next_step"] = ASK_UNLESS_ASKED_FOR if BUYER in sides else ASK
    return replace(wording, **{field: str(words) for field, words in told.items()})
