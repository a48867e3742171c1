"""The why card: who ended it, why, what happens to the money, what can be done now, and how to avoid it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from cancellations import wordings
from cancellations.codes import NO_REASON_GIVEN, NOT_STATED, REPLACED
from cancellations.models import Cancellation, Contest, Feedback, Reason, Refund
from cancellations.terms import Responsible, Source
from foundation.moments import plain_day
from orders.models import Order
from orders.pages.money import MoneyLine, money_lines
from orders.portions import Portion
from orders.ways_out import address_of_item, address_of_seller, leads_to_marketplace
from orders.words.contest import CONTEST_NEWS
from orders.words.unexplained import unexplained
from orders.words.who import brief_who, quoted_by, quoted_by_line, who_sentence


@dataclass(frozen=True)
class WhyCard:
    """One cancellation as its buyer reads it: of a whole order, or of some of its items."""

    order: Order
    ended: Cancellation
    refunds: tuple[Refund, ...]
    is_whole: bool
    portions: tuple[Portion, ...] = ()
    item: str = ""
    contest: Contest | None = None
    vote: Feedback | None = None
    other_refunds: tuple[Refund, ...] = ()  # of the order's other cancellations

    @cached_property
    def words(self) -> wordings.Texts:
        """The wording as it was recorded, in the reader's language, with the facts of this order put in."""
        wording = wordings.wording(self.ended.reason_id, self.ended.wording_version)
        told = wordings.filled(wording, facts_of(self.order))
        return unexplained(told, self.ended) if self.reason.code == NOT_STATED else told

    @property
    def reason(self) -> Reason:
        """The reason itself."""
        return wordings.reason(self.ended.reason_id)

    @property
    def who(self) -> SafeString:
        """Who, what and when, in one sentence."""
        return who_sentence(self.ended, seller=self.order.seller.name, is_whole=self.is_whole)

    @property
    def brief_who(self) -> SafeString:
        """Who, for a card in a list."""
        return brief_who(self.ended, seller=self.order.seller.name, is_whole=self.is_whole)

    @property
    def quoted_by_line(self) -> SafeString:
        """Whose words the note is, on a page."""
        return quoted_by_line(self.ended, seller=self.order.seller.name)

    @property
    def quoted_by(self) -> str:
        """Whose words the note is."""
        return quoted_by(self.ended, seller=self.order.seller.name)

    @property
    def foreign_words(self) -> str:
        """The origin's own words, where they are not understood yet."""
        return self.ended.raw_reason if self.reason.code == NOT_STATED else ""

    @property
    def find_address(self) -> str:
        """Where the buyer finds the item at other sellers, unless they wanted it no longer, or it still comes."""
        side = self.reason.responsible
        is_unexplained = side == Responsible.UNKNOWN and self.ended.requested_by == Source.BUYER
        if side == Responsible.BUYER or is_unexplained or self.reason.code == REPLACED:
            return ""
        return address_of_item(self.portions[0].line.title if self.portions else self.item)

    @property
    def ask_address(self) -> str:
        """Where the buyer can ask the seller about it."""
        return address_of_seller(self.order)

    @property
    def leads_to_marketplace(self) -> bool:
        """Tell whether what the card says leads to the marketplace before anybody else."""
        return leads_to_marketplace(self.ended, self.reason, {line.case for line in self.money})

    @property
    def can_be_voted_on(self) -> bool:
        """Tell whether there is an explanation to judge, and not only that the buyer would rather give none."""
        return self.reason.code != NO_REASON_GIVEN

    @property
    def can_be_contested(self) -> bool:
        """Tell whether the buyer may say that this is not what happened: once, and again after a correction."""
        return self.contest is None or self.contest.state == Contest.State.UPHELD

    @property
    def contest_news(self) -> str:
        """What became of the contest."""
        return str(CONTEST_NEWS[Contest.State(self.contest.state)]) if self.contest else ""

    @cached_property
    def money(self) -> list[MoneyLine]:
        """What happens to the money, the most urgent first."""
        is_free = bool(self.portions) and all(portion.price == 0 for portion in self.portions)
        return money_lines(self.order, self.ended, [*self.refunds, *self.other_refunds], is_free=is_free)


def why_card(order: Order, refunds: Iterable[Refund], **more: Any) -> WhyCard | None:
    """Make the card of an order that was cancelled as a whole; `more` are its first item, the contest and the like."""
    if order.cancellation is None:
        return None
    return WhyCard(order, order.cancellation, tuple(refunds), is_whole=True, **more)


def part_card(order: Order, ended: Cancellation, refunds: Iterable[Refund], **more: Any) -> WhyCard:
    """Make the card of some items that were cancelled; `more` are the portions, the contest and the like."""
    return WhyCard(order, ended, tuple(refunds), is_whole=False, **more)


def facts_of(order: Order) -> dict[str, str]:
    """Return what a wording may name of an order; what is not known is left out."""
    facts = {"seller": order.seller.name, "carrier": order.carrier}
    if order.ship_by:
        facts["ship_by"] = plain_day(order.ship_by)
    return {name: value for name, value in facts.items() if value}
