"""Orders that nobody wrote, drawn by factory-boy: the same ones in every run."""

from random import Random
from typing import Any

import factory

from cancellations.terms import PaymentMethod, Source
from feeds.demo import chances
from feeds.demo.files import shops
from feeds.demo.stories import Ending, Item, Story

REFUNDS = {"": 94, "none": 3, "failed": 2, "sent": 1}
MISSING = {"": 93, "cancelled_at": 5, "shipped_at": 1, "delivered_at": 1}
LABELS = {
    PaymentMethod.CARD: "Calla card",
    PaymentMethod.WALLET: "Pebble wallet",
    PaymentMethod.PAY_LATER: "Calla in three",
}
ASKED_BY = {"buyer_asked": Source.BUYER, "seller_asked_me": Source.SELLER}


class EndingFactory(factory.Factory):
    """An ending `by` somebody for a `reason`, with the words and the way of the money that go with it."""

    class Meta:
        model = Ending

    class Params:
        chance = None  # where the draws come from

    asked_by = factory.LazyAttribute(lambda made: ASKED_BY.get(made.reason))
    note = factory.LazyAttribute(lambda made: chances.draw_note(made.reason, made.chance))
    refund = factory.LazyAttribute(lambda made: chances.draw(REFUNDS, made.chance))
    failure = factory.LazyAttribute(lambda made: "The account is closed." if made.refund == "failed" else "")


class StoryFactory(factory.Factory):
    """An order of a `buyer` at a `shop`, `days` ago: what is bought, how it is paid, how it goes and ends."""

    class Meta:
        model = Story

    class Params:
        chance = None  # where the draws come from
        days = 1
        seller = factory.LazyAttribute(lambda made: shops()[made.shop])
        basket = factory.LazyAttribute(lambda made: chances.draw_items(made.seller, made.chance))
        gaps = factory.LazyAttribute(lambda made: chances.draw_gaps(made.seller, made.basket, made.chance))

    placed = factory.LazyAttribute(lambda made: f"{made.days}d {chances.draw_hour(made.chance)}")
    payment = factory.LazyAttribute(lambda made: chances.draw(made.seller.payments, made.chance))
    label = factory.LazyAttribute(lambda made: LABELS.get(made.payment, ""))
    late_by = factory.LazyAttribute(lambda made: chances.draw_delay(made.seller, made.days, made.chance))
    missing = factory.LazyAttribute(lambda made: frozenset({chances.draw(MISSING, made.chance)} - {""}))
    items = factory.LazyAttribute(lambda made: without_gaps(made))
    ending = factory.LazyAttribute(lambda made: whole_ending(made))


def without_gaps(made: Any) -> tuple[Item, ...]:
    """Cancel what the seller does not have, unless that is all there is."""
    if len(made.gaps) == len(made.basket):
        return made.basket  # type: ignore[no-any-return]
    return tuple(cancelled(item, made.chance) if item.sku in made.gaps else item for item in made.basket)


def cancelled(item: Item, chance: Random) -> Item:
    """Cancel an item by itself, because it is out of stock."""
    ending = EndingFactory(by=Source.SELLER, reason="out_of_stock", chance=chance)
    return item.model_copy(update={"cancelled": item.quantity, "ending": ending})


def whole_ending(made: Any) -> Ending | None:
    """Draw how the whole order ends; one of which a part has ended goes on."""
    if made.gaps:
        end = (Source.SELLER, "out_of_stock") if len(made.gaps) == len(made.basket) else None
    else:
        end = chances.draw_end(made.shop, made.payment, made.days, made.chance)
    return EndingFactory(by=end[0], reason=end[1], chance=made.chance) if end else None
