"""What became of what a buyer asked; both sides read the same clock."""

from datetime import datetime
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cancellations.models import Cancellation
from cancellations.terms import Source
from foundation.moments import moment
from foundation.text import Words, WordsPair
from orders.models import CancellationRequest

State = CancellationRequest.State
# When it was asked, and where that is not stated.
ASKED: WordsPair = (_("Asked on {asked}."), _("When it was asked is not stated."))
# What came of it, with the day, and where the day is not stated.
NEWS: dict[State, WordsPair] = {
    State.APPROVED: (
        _("The request was approved on {decided}."),
        _("The request was approved. The date is not stated."),
    ),
    State.DECLINED: (
        _("The request was declined on {decided}, and the order goes on."),
        _("The request was declined, and the order goes on. The date is not stated."),
    ),
    State.WITHDRAWN: (
        _("The request was withdrawn on {decided}, and the order goes on."),
        _("The request was withdrawn, and the order goes on. The date is not stated."),
    ),
    State.APPROVED_BY_SILENCE: (
        _("No answer came by {until}, so the request was approved."),
        _("No answer came in time, so the request was approved."),
    ),
}
# What the order did meanwhile, once that is over: it has been sent, or has ended in another way.
NEWS_AFTERWARDS: dict[State, WordsPair] = {
    State.DECLINED: (
        _("The request was declined on {decided}, and the order went on."),
        _("The request was declined, and the order went on. The date is not stated."),
    ),
    State.WITHDRAWN: (
        _("The request was withdrawn on {decided}, and the order went on."),
        _("The request was withdrawn, and the order went on. The date is not stated."),
    ),
}
# What came of it where the order ended first; and where it is not stated at whose wish it ended.
ENDED_FIRST: WordsPair = (
    _("The order was cancelled on {ended}, before the request was answered."),
    _("The order was cancelled before the request was answered. The date is not stated."),
)
ENDED_AT_A_WISH_NOT_STATED = _("The order was cancelled. Whether the request was answered is not stated.")
# Once the deadline has passed: until it is carried out, and from then on.
LAPSED = _("No answer came by {until}, and that means yes: it is being cancelled.")
CARRIED_OUT = _("No answer came by {until}, and that meant yes: it is cancelled, as the buyer asked.")


class Waiting(NamedTuple):
    """What is said until there is an answer: of a request that was made here, where no answer means yes.

    Then of one at the marketplace, where silence may mean something else: by when it is answered, and where that is
    not stated.
    """

    here: Words
    there: Words
    there_undated: Words


WAITING = Waiting(
    _("{seller} has until {until} to answer; no answer by then means yes. Until then the order goes on."),
    _("{seller} has until {until} to answer. Until there is an answer, the order goes on."),
    _("{seller} has not answered yet; by when is not stated. Until there is an answer, the order goes on."),
)
WAITING_TO_SELLER = Waiting(
    _("You have until {until} to answer; no answer by then means yes. Until then the order goes on."),
    _("You have until {until} to answer. Until there is an answer, the order goes on."),
    _("You have not answered yet; by when is not stated. Until there is an answer, the order goes on."),
)
BRIEF = Waiting(
    _("Cancellation asked for. {seller} answers by {until}; no answer means yes."),
    _("Cancellation asked for. {seller} answers by {until}."),
    _("Cancellation asked for. {seller} has not answered yet."),
)
BRIEF_TO_SELLER = Waiting(
    _("The buyer asks to cancel. Answer by {until}; no answer means yes."),
    _("The buyer asks to cancel. Answer by {until}."),
    _("The buyer asks to cancel. By when you have to answer is not stated."),
)


def request_news(
    request: CancellationRequest,
    *,
    seller: str,
    goes_on: bool,
    is_for_seller: bool = False,
    ended: Cancellation | None = None,
    is_end_undone: bool = False,
) -> SafeString:
    """Say when it was asked, who must act until when, and what came of it, while the order goes on or afterwards.

    `ended` is what ended the order before the request was answered; of an end that is undone, nobody knows any more.
    """
    asked = ASKED[0 if request.requested_at else 1]
    if ended:
        came_of_it = _ended_first(ended)
    elif is_end_undone:
        came_of_it = ENDED_AT_A_WISH_NOT_STATED
    elif request.is_open and not request.is_lapsed:
        came_of_it = _waiting(request, WAITING_TO_SELLER if is_for_seller else WAITING)
    else:
        came_of_it = _what_came_of_it(request, NEWS if goes_on else {**NEWS, **NEWS_AFTERWARDS})
    at = ended.cancelled_at if ended else None
    return format_html("{} {}", _fill(asked, request, seller), _fill(came_of_it, request, seller, ended_at=at))


def request_brief(request: CancellationRequest, *, seller: str, is_for_seller: bool = False) -> SafeString:
    """Say on a card who must act until when."""
    if request.is_lapsed:
        return silence_news(request)
    return _fill(_waiting(request, BRIEF_TO_SELLER if is_for_seller else BRIEF), request, seller)


def silence_news(request: CancellationRequest) -> SafeString:
    """Say what no answer by the deadline means, and whether that is carried out yet."""
    return _fill(LAPSED if request.is_open else CARRIED_OUT, request, "")


def _waiting(request: CancellationRequest, words: Waiting) -> Words:
    if request.is_made_here:
        return words.here
    return words.there if request.answer_by else words.there_undated


def _what_came_of_it(request: CancellationRequest, news: dict[State, WordsPair]) -> Words:
    if request.is_lapsed:
        return LAPSED
    dated, undated = news[State(request.state)]
    is_dated = request.answer_by if request.state == State.APPROVED_BY_SILENCE else request.decided_at
    return dated if is_dated else undated


def _ended_first(ended: Cancellation) -> Words:
    if ended.requested_by == Source.UNKNOWN:
        return ENDED_AT_A_WISH_NOT_STATED
    return ENDED_FIRST[0 if ended.cancelled_at else 1]


def _fill(
    sentence: Words, request: CancellationRequest, seller: str, *, ended_at: datetime | None = None
) -> SafeString:
    moments = {
        "asked": request.requested_at,
        "until": request.answer_by,
        "decided": request.decided_at,
        "ended": ended_at,
    }
    said = {name: moment(at) if at else "" for name, at in moments.items()}
    return format_html(str(sentence), seller=format_html("<bdi>{}</bdi>", seller), **said)
