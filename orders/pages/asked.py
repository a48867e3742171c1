"""What the buyer asked last, as the order's page shows it to both sides."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString

from cancellations import wordings
from cancellations.codes import NO_REASON_GIVEN, NOT_STATED
from cancellations.models import Cancellation
from cancellations.terms import Source
from foundation.rows import instances
from orders.models import CancellationRequest, Event, Order, OrderLine, RequestedLine
from orders.overtaking import ended_first, is_about, is_end_undone
from orders.portions import Portion
from orders.rules import OPEN_STATUSES
from orders.words.request import request_news


@dataclass(frozen=True)
class Asked:
    """A request with what surrounds it, from an order that was read `for_display`."""

    request: CancellationRequest
    order: Order
    lines: Iterable[OrderLine]
    is_for_seller: bool = False

    @property
    def news(self) -> SafeString:
        """What became of it, and who must act until when."""
        goes_on = self.order.status in OPEN_STATUSES
        seller = self.order.seller.name
        return request_news(
            self.request,
            seller=seller,
            goes_on=goes_on,
            is_for_seller=self.is_for_seller,
            ended=self.ended_first,
            is_end_undone=is_end_undone(self.request, self.order, self._events),
        )

    @cached_property
    def ended_first(self) -> Cancellation | None:
        """What ended the order before the request was answered; None where it was answered, or is open."""
        return ended_first(self.request, self.order, self._events)

    @property
    def reason(self) -> str:
        """Why the buyer asked ("" where they would rather not say)."""
        if wordings.reason(self.request.reason_id).code == NO_REASON_GIVEN:
            return ""
        return wordings.newest_wording(self.request.reason_id).label

    @property
    def foreign_words(self) -> str:
        """The origin's words for why, where the catalogue does not know them."""
        is_understood = wordings.reason(self.request.reason_id).code != NOT_STATED
        return "" if is_understood else self.request.raw_reason

    @property
    def is_answered_by_seller(self) -> bool:
        """Tell whether the refusal is the seller's own answer, and not noted because the order had been sent."""
        told = [event.actor for event in self._events if is_about(event, self.request)]
        return bool(self.request.decided_by_id or (told and told[-1] == Source.SELLER))

    @property
    def portions(self) -> list[Portion]:
        """What the buyer asked to cancel; nothing is the whole order."""
        rows = instances(RequestedLine, self.order.requested_rows)  # type: ignore[attr-defined]
        lines = {line.pk: line for line in self.lines}
        return [Portion(lines[row.line_id], row.quantity) for row in rows if row.request_id == self.request.pk]

    @property
    def _events(self) -> list[Event]:
        return instances(Event, self.order.event_rows)  # type: ignore[attr-defined]
