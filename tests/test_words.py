"""The sentences of the buyer's pages: complete tables, and no placeholder that nothing fills."""

import importlib
import pkgutil
from collections.abc import Iterator
from string import Formatter
from types import ModuleType
from typing import Any

import pytest
from django.utils.functional import Promise

from cancellations.terms import PaymentMethod, Source
from orders import words
from orders.models import Order
from orders.rules import Window
from orders.words import history, money, status, who
from orders.words.money import MoneyCase

# Each table is filled in one place, whichever of its sentences is chosen.
TABLES: list[tuple[dict[Any, Any], set[str]]] = [
    (who.WHOLE, {"seller", "when"}),
    (who.PART, {"seller", "when"}),
    (who.BRIEF, {"seller"}),
    (who.BRIEF_PART, {"seller"}),
    (who.QUOTED, {"seller"}),
    (who.FACET, set()),
    (money.HEADLINE, set()),
    (money.BACK_TO, {"amount"}),
    (money.DETAIL, {"day"}),
    (money.BRIEF, {"amount", "day"}),
    (status.NEXT, {"seller", "day"}),
    (status.WINDOW, {"when"}),
    (history.EVENTS, set()),
]
MODULES = [importlib.import_module(found.name) for found in pkgutil.iter_modules(words.__path__, "orders.words.")]


def texts(value: object) -> Iterator[str]:
    """Walk what a module holds, and give every text that is translated."""
    if isinstance(value, Promise):
        yield str(value)
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in texts(part))
    elif isinstance(value, tuple | list):
        yield from (text for part in value for text in texts(part))


def names_in(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_sentence_can_be_filled(module: ModuleType) -> None:
    sentences = [text for value in vars(module).values() for text in texts(value)]
    assert sentences
    for sentence in sentences:
        filled = sentence.format(**dict.fromkeys(names_in(sentence), "x"))
        assert not set("{}") & set(filled), sentence


@pytest.mark.parametrize(("table", "facts"), TABLES)
def test_every_sentence_of_a_table_is_filled_with_what_its_page_knows(table: dict[Any, Any], facts: set[str]) -> None:
    for sentence in texts(table):
        assert set(names_in(sentence)) <= facts, sentence


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_sentence_keeps_to_the_rules_for_words(module: ModuleType) -> None:
    for sentence in (text for value in vars(module).values() for text in texts(value)):
        assert not any(word in sentence.lower() for word in ("unfortunately", "please note", "canceled")), sentence
        assert sentence == sentence.strip()


@pytest.mark.parametrize("table", [who.WHOLE, who.PART], ids=["whole", "part"])
def test_with_a_time_it_says_when_and_without_one_that_it_is_not_stated(
    table: dict[tuple[str, str], tuple[str, str]],
) -> None:
    for dated, undated in table.values():
        assert "{when}" in str(dated)
        assert "not stated" in str(undated)
        assert "{when}" not in str(undated)


def test_whoever_ends_an_order_can_be_named() -> None:
    for table in (who.WHOLE, who.PART, who.BRIEF, who.BRIEF_PART):
        assert {(source, source) for source in Source.values} <= set(table)
    for brief in (who.ACTOR, who.FACET, who.QUOTED):
        assert set(brief) == set(Source)


def test_a_part_is_told_as_a_whole_is() -> None:
    assert set(who.PART) == set(who.WHOLE) == set(who.BRIEF) == set(who.BRIEF_PART)


def test_every_case_of_the_money_has_its_sentences() -> None:
    assert set(money.DETAIL) == set(money.BRIEF) == set(MoneyCase)
    assert set(money.BACK_TO) == set(PaymentMethod)
    for table in (money.DETAIL, money.BRIEF):
        assert all(any(pair) for pair in table.values())


def test_every_open_state_says_what_happens_next_and_every_window_what_can_be_done() -> None:
    assert set(status.NEXT) == set(Order.Status) - {Order.Status.CANCELLED}
    assert set(status.WINDOW) == set(Window)
