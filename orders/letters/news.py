"""An event as it is told, and the letter that tells it."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cancellations import wordings
from cancellations.codes import NO_REASON_GIVEN
from cancellations.models import Refund
from foundation.moments import moment
from foundation.money import money
from foundation.rows import instances
from foundation.text import Words, WordsPair, one_line, plain
from orders.audiences import ENDINGS
from orders.models import CancellationRequest, Event, Order, RequestedLine
from orders.pages.detail import OrderPage
from orders.pages.money import MoneyLine
from orders.pages.why import WhyCard, facts_of
from orders.portions import Portion
from orders.rules import ASK_AGAIN_AFTER
from orders.words.mail import REASON


@dataclass(frozen=True)
class Quote:
    """Somebody's own words, and whose they are."""

    text: str
    by: str


@dataclass(frozen=True)
class Letter:
    """What one mail says, in the order in which it is read."""

    subject: str
    opening: SafeString
    page: OrderPage
    url: str
    link: Words
    because: SafeString
    lead: str = ""
    explanation: str = ""
    portions: tuple[Portion, ...] = ()
    quotes: tuple[Quote, ...] = ()
    asked: str = ""
    money: tuple[MoneyLine, ...] = ()
    next_step: str = ""


@dataclass(frozen=True)
class News:
    """One event with its order, read `for_display`, and what both know of the matter today."""

    event: Event
    page: OrderPage

    @property
    def order(self) -> Order:
        """The order that it happened to."""
        return self.page.order

    @cached_property
    def request(self) -> CancellationRequest | None:
        """The request that the event is about."""
        return next((one for one in self.page.requests if one.pk == self.event.facts.get("request")), None)

    @cached_property
    def refund(self) -> Refund | None:
        """The refund that the event is about; None where its feed has taken it back."""
        return next((one for one in self.page.refunds if one.pk == self.event.facts.get("refund")), None)

    @cached_property
    def card(self) -> WhyCard | None:
        """The cancellation that the event is about; None where there is none, or none any more."""
        return next((one for one in self.page.cards if one.ended.pk == self._cancellation), None)

    @cached_property
    def asked_for(self) -> tuple[Portion, ...]:
        """What the buyer asked to cancel; nothing where that is the whole order."""
        lines = RequestedLine.objects.filter(request=self.request).select_related("line").order_by("line__position")
        return tuple(Portion(one.line, one.quantity) for one in lines)

    @property
    def unanswered(self) -> str:
        """What became of a request that was not answered before the order ended; "" where there is none."""
        asked = self.page.unanswered
        return asked.news if asked and self.card and self.card.is_whole else ""

    def fill(self, sentence: Words | WordsPair) -> SafeString:
        """Put what is known into a sentence; of two, into the one with the marketplace's name, if it has one."""
        chosen = sentence[0 if settings.MARKETPLACE_NAME else 1] if isinstance(sentence, tuple) else sentence
        return format_html(str(chosen), **self._facts)

    def subject(self, pair: WordsPair, *, is_whole: bool) -> str:
        """Choose a subject and fill it: one line, whatever a name holds."""
        return one_line(plain(self.fill(pair[0] if is_whole else pair[1])))

    @cached_property
    def _facts(self) -> dict[str, str]:
        facts = {
            "number": self.order.number,
            "seller": self.order.seller.name,
            "marketplace": settings.MARKETPLACE_NAME,
            "when": moment(self.event.occurred_at or self.event.recorded_at),
        }
        if self.request:
            facts["until"] = moment(self.request.answer_by) if self.request.answer_by else ""
            facts["label"] = wordings.newest_wording(self.request.reason_id).label
            facts["again"] = moment(self.request.decided_at + ASK_AGAIN_AFTER) if self.request.decided_at else ""
        if self.refund:
            facts["amount"] = money(self.refund.amount, self.refund.currency)
        if self.card:
            facts["label"] = self.card.words.label
        return facts

    @property
    def why_asked(self) -> str:
        """Why the buyer asks, in the catalogue's own sentence where they would rather not say."""
        if self.request is None or wordings.reason(self.request.reason_id).code != NO_REASON_GIVEN:
            return self.fill(REASON)
        wording = wordings.newest_wording(self.request.reason_id)
        told = wordings.filled(wording, facts_of(self.order))
        return told.seller_advice if self.page.is_for_seller else told.headline

    @property
    def _cancellation(self) -> int | None:
        if self.refund:
            return self.refund.cancellation_id
        known: int | None = self.event.facts.get("cancellation")
        return known or (self._carried_out if "request" in self.event.facts else None)

    @property
    def _carried_out(self) -> int | None:
        """Find the cancellation that a request led to."""
        events = instances(Event, self.order.event_rows)  # type: ignore[attr-defined]
        request = self.event.facts["request"]
        endings = (event for event in events if event.kind in ENDINGS and event.facts.get("request") == request)
        return next((event.facts["cancellation"] for event in endings), None)
