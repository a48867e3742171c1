"""Who ended it."""

from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cancellations import wordings
from cancellations.codes import WISHES
from cancellations.models import Cancellation
from cancellations.terms import Source
from foundation.moments import moment
from foundation.text import Words, WordsPair

BUYER, SELLER, SYSTEM, UNKNOWN = Source.BUYER, Source.SELLER, Source.SYSTEM, Source.UNKNOWN

# (who ended it, who asked for it): with the time, and where the time is not stated.
WHOLE: dict[tuple[str, str], WordsPair] = {
    (BUYER, BUYER): (
        _("<strong>You cancelled this order</strong> on {when}."),
        _("<strong>You cancelled this order.</strong> The date is not stated."),
    ),
    (BUYER, SELLER): (
        _("<strong>You cancelled this order</strong>, as the seller had asked, on {when}."),
        _("<strong>You cancelled this order</strong>, as the seller had asked. The date is not stated."),
    ),
    (SELLER, SELLER): (
        _("<strong>{seller} cancelled this order</strong> on {when}."),
        _("<strong>{seller} cancelled this order.</strong> The date is not stated."),
    ),
    (SELLER, BUYER): (
        _("<strong>{seller} cancelled this order because you asked</strong>, on {when}."),
        _("<strong>{seller} cancelled this order because you asked.</strong> The date is not stated."),
    ),
    (SYSTEM, SYSTEM): (
        _("<strong>Cancelled automatically</strong> on {when}."),
        _("<strong>Cancelled automatically.</strong> The date is not stated."),
    ),
    (SYSTEM, BUYER): (
        _("<strong>Cancelled automatically because you asked</strong>, on {when}."),
        _("<strong>Cancelled automatically because you asked.</strong> The date is not stated."),
    ),
    (SYSTEM, SELLER): (
        _("<strong>Cancelled automatically because {seller} asked</strong>, on {when}."),
        _("<strong>Cancelled automatically because {seller} asked.</strong> The date is not stated."),
    ),
    (UNKNOWN, UNKNOWN): (
        _("<strong>This order was cancelled</strong> on {when}. By whom is not stated."),
        _("<strong>This order was cancelled.</strong> By whom and when is not stated."),
    ),
}
PART: dict[tuple[str, str], WordsPair] = {
    (BUYER, BUYER): (
        _("<strong>You cancelled part of this order</strong> on {when}."),
        _("<strong>You cancelled part of this order.</strong> The date is not stated."),
    ),
    (BUYER, SELLER): (
        _("<strong>You cancelled part of this order</strong>, as the seller had asked, on {when}."),
        _("<strong>You cancelled part of this order</strong>, as the seller had asked. The date is not stated."),
    ),
    (SELLER, SELLER): (
        _("<strong>{seller} cancelled part of this order</strong> on {when}."),
        _("<strong>{seller} cancelled part of this order.</strong> The date is not stated."),
    ),
    (SELLER, BUYER): (
        _("<strong>{seller} cancelled part of this order because you asked</strong>, on {when}."),
        _("<strong>{seller} cancelled part of this order because you asked.</strong> The date is not stated."),
    ),
    (SYSTEM, SYSTEM): (
        _("<strong>Part of this order was cancelled automatically</strong> on {when}."),
        _("<strong>Part of this order was cancelled automatically.</strong> The date is not stated."),
    ),
    (SYSTEM, BUYER): (
        _("<strong>Part of this order was cancelled automatically because you asked</strong>, on {when}."),
        _("<strong>Part of this order was cancelled automatically because you asked.</strong> The date is not stated."),
    ),
    (SYSTEM, SELLER): (
        _("<strong>Part of this order was cancelled automatically because {seller} asked</strong>, on {when}."),
        _(
            "<strong>Part of this order was cancelled automatically because {seller} asked.</strong> "
            "The date is not stated."
        ),
    ),
    (UNKNOWN, UNKNOWN): (
        _("<strong>Part of this order was cancelled</strong> on {when}. By whom is not stated."),
        _("<strong>Part of this order was cancelled.</strong> By whom and when is not stated."),
    ),
}
# On a card, where the reason follows as a sentence of its own.
BRIEF: dict[tuple[str, str], Words] = {
    (BUYER, BUYER): _("You cancelled this."),
    (BUYER, SELLER): _("You cancelled this, as the seller had asked."),
    (SELLER, SELLER): _("Cancelled by {seller}."),
    (SELLER, BUYER): _("Cancelled by {seller} because you asked."),
    (SYSTEM, SYSTEM): _("Cancelled automatically."),
    (SYSTEM, BUYER): _("Cancelled automatically because you asked."),
    (SYSTEM, SELLER): _("Cancelled automatically because {seller} asked."),
    (UNKNOWN, UNKNOWN): _("Cancelled; by whom is not stated."),
}
BRIEF_PART: dict[tuple[str, str], Words] = {
    (BUYER, BUYER): _("You cancelled part of this."),
    (BUYER, SELLER): _("You cancelled part of this, as the seller had asked."),
    (SELLER, SELLER): _("Partly cancelled by {seller}."),
    (SELLER, BUYER): _("Partly cancelled by {seller} because you asked."),
    (SYSTEM, SYSTEM): _("Partly cancelled automatically."),
    (SYSTEM, BUYER): _("Partly cancelled automatically because you asked."),
    (SYSTEM, SELLER): _("Partly cancelled automatically because {seller} asked."),
    (UNKNOWN, UNKNOWN): _("Partly cancelled; by whom is not stated."),
}
# Beside a time in the timeline, and as a filter.
ACTOR = {
    BUYER: _("you"),
    SELLER: _("the seller"),
    SYSTEM: _("automatically"),
    UNKNOWN: _("by whom is not stated"),
}
ACTOR_TO_SELLER = {**ACTOR, BUYER: _("the buyer")}
FACET = {BUYER: _("you"), SELLER: _("the seller"), SYSTEM: _("the system"), UNKNOWN: _("not stated")}
# Under the author's own words.
QUOTED = {
    BUYER: _("Your own words"),
    SELLER: _("{seller}, in their own words"),
    SYSTEM: _("Noted by the marketplace"),
    UNKNOWN: _("Noted with the cancellation"),
}


def who_sentence(ended: Cancellation, *, seller: str, is_whole: bool) -> SafeString:
    """Say what was ended, by whom, at whose wish, and when."""
    dated, undated = told_of(ended, WHOLE if is_whole else PART)
    return _filled(dated if ended.cancelled_at else undated, seller, ended.cancelled_at)


def brief_who(ended: Cancellation, *, seller: str, is_whole: bool) -> SafeString:
    """Say who ended it and at whose wish, for a card."""
    return _filled(told_of(ended, BRIEF if is_whole else BRIEF_PART), seller, None)


def told_of[Told](ended: Cancellation, table: dict[tuple[str, str], Told]) -> Told:
    """Find what is told of who ended it at whose wish; the wish goes untold where there are no words for it."""
    return table.get((ended.source, told_wish(ended))) or table[ended.source, ended.source]


def told_wish(ended: Cancellation) -> str:
    """Return whose wish it was, or who ended it where the reason itself says that wish, as its giver's word."""
    if ended.requested_by == ended.source:
        return ended.source  # also of an example whose reason is not made yet
    is_told_by_reason = WISHES.get(wordings.reason(ended.reason_id).code) == ended.requested_by
    return ended.source if is_told_by_reason else ended.requested_by


def quoted_by_line(ended: Cancellation, *, seller: str) -> SafeString:
    """Say whose words a note is, on a page."""
    return _filled(QUOTED[_author(ended)], seller, None)


def quoted_by(ended: Cancellation, *, seller: str) -> str:
    """Say whose words a note is, in plain text."""
    return str(QUOTED[_author(ended)]).format(seller=seller)


def _author(ended: Cancellation) -> Source:
    """Return who wrote the note, which need not be who ended it: that may have been corrected since."""
    return Source(ended.note_by or UNKNOWN)


def _filled(sentence: Words, seller: str, at: datetime | None) -> SafeString:
    return format_html(str(sentence), seller=format_html("<bdi>{}</bdi>", seller), when=moment(at) if at else "")
