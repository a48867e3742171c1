"""The demo's own files: their shape, checked when they are read."""

import tomllib
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from cancellations.catalogue_files import read_catalogue
from cancellations.terms import PaymentMethod

FOLDER = Path(__file__).parent


class Entry(BaseModel):
    """What all entries share: unknown keys are mistakes, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Product(Entry):
    """One thing on sale, in one or more variants at one price."""

    sku: str
    title: str
    variants: tuple[str, ...] = ()
    price: Decimal


class Shop(Entry):
    """A seller: what they sell, how they send it, how buyers pay, and what goes wrong more often than elsewhere.

    ships_in is in working days, transit in days (least, most). free_from is the value that travels free of charge.
    In the days (oldest, newest) of `late` promises were broken; what is `scarce` is sold more often than it is there.
    """

    name: str
    rating: Decimal
    rating_count: int
    currency: str
    ships_in: int
    transit: tuple[int, int]
    carriers: tuple[str, ...]
    delivery: Decimal
    free_from: Decimal
    share: int
    buyers: tuple[str, ...]
    payments: dict[PaymentMethod, int]
    habits: dict[str, float] = {}
    scarce: frozenset[str] = frozenset()
    late: tuple[int, int] | None = None
    products: Annotated[tuple[Product, ...], Field(min_length=1)]

    @cached_property
    def by_sku(self) -> dict[str, Product]:
        """The products by their stock-keeping units."""
        return {product.sku: product for product in self.products}


class Names(Entry):
    """The names of one culture, in the order in which they are said."""

    first: tuple[str, ...]
    second: tuple[str, ...]


class Habits(Entry):
    """How often each reason is given among a thousand cancellations, by who gives it; and what people write."""

    weights: dict[str, dict[str, int]]
    notes: dict[str, tuple[str, ...]]


def read_toml(name: str) -> dict[str, Any]:
    """Read a file of the demo; amounts stay exact."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"), parse_float=Decimal)


@cache
def shops() -> dict[str, Shop]:
    """Return the sellers by their short names."""
    files = sorted((FOLDER / "shops").glob("*.toml"))
    return {file.stem: Shop.model_validate(read_toml(f"shops/{file.name}")) for file in files}


@cache
def names() -> dict[str, Names]:
    """Return the names by culture."""
    return {culture: Names.model_validate(entry) for culture, entry in read_toml("names.toml").items()}


@cache
def habits() -> Habits:
    """Return why orders end."""
    return Habits.model_validate(read_toml("habits.toml"))


@cache
def working_days() -> dict[PaymentMethod, int]:
    """Return how long refunds take: what the marketplace promises is what the catalogue says when it is loaded."""
    return read_catalogue().working_days
