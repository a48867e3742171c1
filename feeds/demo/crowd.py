"""Everybody who buys: a few people whose orders are read one by one, and a crowd that makes the figures."""

from collections.abc import Iterator
from functools import cache
from random import Random

from django.utils.text import slugify

from feeds.demo.chances import draw
from feeds.demo.factories import StoryFactory
from feeds.demo.files import names, shops
from feeds.demo.people import BUYER, OFFICE, SELLER
from feeds.demo.stories import Story, written_stories
from orders.documents import BuyerDocument

# How many orders, and from how many days.
OFFICE_ORDERS, OFFICE_DAYS = 2_000, 1_100
CROWD_ORDERS, CROWD_DAYS = 2_400, 400
SELLERS_ORDERS = 7
# What a guesthouse needs, and what a potter buys.
OFFICE_SHOPS = {
    "casa-lucera": 24,
    "gom-la-sen": 18,
    "ofra-garden": 14,
    "sazankado": 12,
    "sparrow-volt": 12,
    "tiem-vai-cham": 8,
    "buchladen-am-wehr": 7,
    "rayhana": 5,
}
SELLERS_SHOPS = {"tiem-vai-cham": 3, "sparrow-volt": 2, "sazankado": 2}
NEWEST_NUMBER = 60_000_000
NUMBERS_A_DAY = 7_000


class Numbers:
    """Order numbers as a marketplace gives them: a later day has greater ones."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken

    def draw(self, days: int, chance: Random) -> str:
        """Draw a free number of the day."""
        while True:
            digits = str(NEWEST_NUMBER - days * NUMBERS_A_DAY + chance.randrange(NUMBERS_A_DAY))
            number = f"{digits[:4]}-{digits[4:]}"
            if number not in self._taken:
                self._taken.add(number)
                return number


def all_stories() -> list[Story]:
    """Return every order of the demo."""
    written = [*written_stories("mai", BUYER.as_buyer), *written_stories("khoa")]
    numbers = Numbers({story.number for story in written})
    return [*written, *office(numbers), *sellers_own(numbers), *crowd(numbers)]


def office(numbers: Numbers) -> Iterator[Story]:
    """Tell what a guesthouse has bought in three years."""
    chance = seeded("office")
    for _ in range(OFFICE_ORDERS):
        yield drawn(OFFICE.as_buyer, draw(OFFICE_SHOPS, chance), chance.randint(1, OFFICE_DAYS), numbers, chance)


def sellers_own(numbers: Numbers) -> Iterator[Story]:
    """Tell what the seller who signs in has bought from others."""
    chance = seeded("seller")
    for _ in range(SELLERS_ORDERS):
        yield drawn(SELLER.as_buyer, draw(SELLERS_SHOPS, chance), chance.randint(1, 200), numbers, chance)


def crowd(numbers: Numbers) -> Iterator[Story]:
    """Tell what everybody else has bought in thirteen months, a little more in each."""
    chance = seeded("crowd")
    shares = {name: shop.share for name, shop in shops().items()}
    for _ in range(CROWD_ORDERS):
        shop = draw(shares, chance)
        buyer = chance.choice(people_of(chance.choice(shops()[shop].buyers)))
        yield drawn(buyer, shop, 1 + int(CROWD_DAYS * chance.random() ** 1.2), numbers, chance)


@cache
def people_of(culture: str) -> list[BuyerDocument]:
    """Return the buyers of a culture: all that its names make."""
    both = names()[culture]
    pairs = [f"{first} {second}" for first in both.first for second in both.second]
    return [
        BuyerDocument(external_id=f"{slugify(name).replace('-', '.') or culture}.{place:02}", name=name)
        for place, name in enumerate(pairs, 1)
    ]


def seeded(what: str) -> Random:
    """Return a source of chance that is the same in every run."""
    return Random(f"the demo's {what}")  # noqa: S311  (no secret)


def drawn(buyer: BuyerDocument, shop: str, days: int, numbers: Numbers, chance: Random) -> Story:
    """Draw an order of a buyer at a shop, so many days ago."""
    story: Story = StoryFactory(number=numbers.draw(days, chance), buyer=buyer, shop=shop, days=days, chance=chance)
    return story
