"""Facts inside a wording: put in where they are known, left out with the words around them where they are not."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cancellations.placeholders import FACTS, check_text, fill

LATE = "The seller[, {seller},] did not send your order[ by {ship_by}]."
TEXTS = st.text(alphabet="ab {}[]", max_size=20)
VALUES = st.text(alphabet="ab{}[]", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "The seller did not send your order."),
        ({"ship_by": "12 November"}, "The seller did not send your order by 12 November."),
        ({"seller": "Batik Sari"}, "The seller, Batik Sari, did not send your order."),
        ({"seller": "", "ship_by": ""}, "The seller did not send your order."),
    ],
)
def test_it_keeps_the_sentence_whole(facts: dict[str, str], sentence: str) -> None:
    assert fill(LATE, facts) == sentence


def test_it_leaves_a_part_out_when_one_of_its_two_facts_is_missing() -> None:
    text = "It was lost[ between {seller} and {carrier}]."
    assert fill(text, {"seller": "Batik Sari"}) == "It was lost."


def test_it_leaves_a_text_without_facts_as_it_is() -> None:
    assert fill("You changed your mind.", {"seller": "Batik Sari"}) == "You changed your mind."


def test_it_takes_a_text_whose_facts_may_all_be_missing() -> None:
    check_text(LATE)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Ask[ {seler}].", r"\{seler\} is not known here; these are: \{carrier\}, \{seller\}, \{ship_by\}"),
        ("Ask[ {}].", r"\{\} is not known here"),
        ("Ask {seller}.", "A fact may be missing: put it and the words around it in square brackets"),
        ("Ask[ {seller}.", "A fact may be missing"),
        ("Ask[ {seller].", "A bracket is not closed, or stands inside another"),
        ("Ask seller].", "A bracket is not closed"),
        ("Ask[ the seller[ {seller}]].", "A bracket is not closed, or stands inside another"),
    ],
)
def test_it_says_in_words_what_an_administrator_got_wrong(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        check_text(text)


@given(st.lists(st.one_of(TEXTS, st.sampled_from([f"[ by {{{fact}}}]" for fact in FACTS]))))
def test_a_text_that_passes_never_shows_a_placeholder(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        check_text(text)
    except ValueError:
        assume(False)
    for facts in ({}, dict.fromkeys(FACTS, "x")):
        assert not set("{}[]") & set(fill(text, facts))


@given(st.fixed_dictionaries(dict.fromkeys(FACTS, VALUES)))
def test_a_fact_is_shown_as_it_is_whatever_it_holds(facts: dict[str, str]) -> None:
    assert fill(LATE, facts) == f"The seller, {facts['seller']}, did not send your order by {facts['ship_by']}."
