"""What is left to chance: what people buy and when, what goes wrong, and how often. The proportions are real ones."""

from functools import cache
from random import Random

from cancellations.terms import PaymentMethod, Source
from feeds.demo.files import Product, Shop, habits, shops
from feeds.demo.stories import UNPAID, Item

IS_CANCELLED = 0.21
HAS_A_NOTE = 0.12
IS_SENT_LATE, IS_SENT_LATE_IN_BAD_DAYS = 0.04, 0.35
IS_NOT_THERE = 0.16  # of what is scarce
BROKEN_IN_BAD_DAYS = 9.0  # times as often as usual
HOURS = dict(enumerate([1, 1, 0, 0, 0, 1, 3, 5, 8, 9, 9, 10, 13, 11, 8, 8, 9, 10, 12, 16, 19, 18, 12, 5]))
ITEMS = {1: 78, 2: 14, 3: 6, 5: 2}
QUANTITIES = {1: 88, 2: 8, 3: 2, 6: 2}

type End = tuple[Source, str]


def draw[Value](weights: dict[Value, int] | dict[Value, float], chance: Random) -> Value:
    """Draw one of the values by their weights."""
    return chance.choices(list(weights), list(weights.values()))[0]


def draw_hour(chance: Random) -> str:
    """Draw when somebody buys: at noon and in the evening more than at night."""
    return f"{draw(HOURS, chance):02}:{chance.randrange(60):02}"


def draw_items(seller: Shop, chance: Random) -> tuple[Item, ...]:
    """Draw what somebody buys: different things, mostly one of each."""
    return tuple(draw_item(product, chance) for product in chance.sample(seller.products, draw(ITEMS, chance)))


def draw_item(product: Product, chance: Random) -> Item:
    """Draw a variant and a quantity."""
    variant = chance.choice(product.variants) if product.variants else ""
    return Item(sku=product.sku, variant=variant, quantity=draw(QUANTITIES, chance))


def draw_gaps(seller: Shop, items: tuple[Item, ...], chance: Random) -> frozenset[str]:
    """Draw which of the items the seller has sold without having them."""
    return frozenset(item.sku for item in items if item.sku in seller.scarce and chance.random() < IS_NOT_THERE)


def draw_delay(seller: Shop, days: int, chance: Random) -> int:
    """Draw how many working days after the promise the parcel leaves."""
    often = IS_SENT_LATE_IN_BAD_DAYS if is_in_bad_days(seller, days) else IS_SENT_LATE
    return chance.randint(1, 4) if chance.random() < often else 0


def draw_end(shop: str, payment: PaymentMethod, days: int, chance: Random) -> End | None:
    """Draw who ends the order and why, if it ends."""
    weights = weights_of(shop, payment, is_in_bad_days(shops()[shop], days))
    usual = sum(sum(reasons.values()) for reasons in habits().weights.values())
    return draw(weights, chance) if chance.random() < IS_CANCELLED * sum(weights.values()) / usual else None


def draw_note(reason: str, chance: Random) -> str:
    """Draw what somebody writes beside a reason."""
    notes = habits().notes.get(reason, ())
    return chance.choice(notes) if notes and chance.random() < HAS_A_NOTE else ""


def is_in_bad_days(seller: Shop, days: int) -> bool:
    """Tell whether that long ago was in the days in which the seller broke promises."""
    return seller.late is not None and seller.late[0] >= days >= seller.late[1]


@cache
def weights_of(shop: str, payment: PaymentMethod, is_bad: bool) -> dict[End, float]:
    """Return how often each reason ends an order of this shop that is paid like this."""
    usual = shops()[shop].habits
    factors = {"seller_did_not_ship": BROKEN_IN_BAD_DAYS} if is_bad else {}
    return {
        (Source(by), reason): weight * usual.get(reason, 1.0) * factors.get(reason, 1.0)
        for by, reasons in habits().weights.items()
        for reason, weight in reasons.items()
        if can_end(payment, reason)
    }


def can_end(payment: PaymentMethod, reason: str) -> bool:
    """Tell whether an order that is paid like this can end like this: cash is paid at the door or not at all."""
    is_cash = payment == PaymentMethod.CASH_ON_DELIVERY
    return reason not in UNPAID if is_cash else reason != "delivery_refused"
