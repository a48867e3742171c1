"""What became of what a buyer asked; both sides read the same clock."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.moments import moment
from foundation.text import Words
from orders.models import CancellationRequest

State = CancellationRequest.State
NEWS: dict[State, Words] = {
    State.OPEN: _(
        "Asked on {asked}. {seller} has until {until} to answer; no answer by then means yes. "
        "Until then the order goes on."
    ),
    State.APPROVED: _("Asked on {asked}. The request was approved on {decided}."),
    State.DECLINED: _("Asked on {asked}. The request was declined on {decided}, and the order goes on."),
    State.WITHDRAWN: _("Asked on {asked}. The request was withdrawn on {decided}, and the order goes on."),
    State.APPROVED_BY_SILENCE: _("Asked on {asked}. No answer came by {until}, so the request was approved."),
}
BRIEF = _("Cancellation asked for. {seller} answers by {until}; no answer means yes.")


def request_news(request: CancellationRequest, *, seller: str) -> SafeString:
    """Say when it was asked, who must act until when, and what came of it."""
    return format_html(
        str(NEWS[State(request.state)]),
        asked=moment(request.requested_at),
        until=moment(request.answer_by),
        decided=moment(request.decided_at) if request.decided_at else "",
        seller=format_html("<bdi>{}</bdi>", seller),
    )


def request_brief(request: CancellationRequest, *, seller: str) -> SafeString:
    """Say on a card who must act until when."""
    return format_html(str(BRIEF), until=moment(request.answer_by), seller=format_html("<bdi>{}</bdi>", seller))
