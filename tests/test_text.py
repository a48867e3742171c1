"""Text that comes from outside: what is refused, masked and folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancellations.aliases import alias_key
from foundation.text import fault_in, folded, mask_cards, one_line
from orders.searching import search_text_of


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a\x00b", "It contains a NUL byte."),
        ("a\ud800b", "It contains half a character (a lone surrogate)."),
        ("a\x1bb", "It contains a control character."),
        ("a\x85b", "It contains a control character."),
        ("a\u202eb", "It contains an invisible character that turns the writing direction."),
        ("Two lines,\nand a\ttab", ""),
        ("نور الهدى, Nguyễn, 陶瓷 🙂", ""),
    ],
)
def test_it_says_what_makes_a_text_unfit(text, fault):
    assert fault_in(text) == fault


# All that have Unicode's property Bidi_Control.
@pytest.mark.parametrize("mark", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_whatever_turns_the_writing_direction_makes_it_unfit(mark):
    assert fault_in(f"a{mark}b") == "It contains an invisible character that turns the writing direction."


def test_one_line_folds_white_space_and_composes_letters():
    assert one_line("  Nga\u0300y \n\u00a0ho\u0300a ") == "Ngày hòa"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4242424242424242", "•••• 4242"),
        ("4242-4242-4242-4242.", "•••• 4242."),
        ("0.4242424242424242", "0.4242424242424242"),  # decimals are no card
        ("card 4242 4242 4242 4242, please", "card •••• 4242, please"),
        ("order 4242424242424241", "order 4242424242424241"),  # its check digit is wrong: no card
        ("call 0901 234 567", "call 0901 234 567"),
    ],
)
def test_card_numbers_are_masked_and_others_are_not(text, masked):
    assert mask_cards(text) == masked


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Đơn hàng MỚI", "don hang moi"),
        ("Łódź, Søren", "lodz, soren"),
        ("  Café\n au  lait ", "cafe au lait"),
        ("ﬁne", "fine"),
    ],
)
def test_search_goes_without_case_accents_and_white_space(text, form):
    assert folded(text) == form


@given(st.text(max_size=600))
def test_an_alias_key_is_its_own_key(text):
    assert alias_key(alias_key(text)) == alias_key(text)
    assert len(alias_key(text)) <= 500


def test_the_words_of_an_origin_are_compared_without_their_accidents():
    assert alias_key("Người bán  không gửi hàng đúng hạn.") == alias_key("người bán không gửi HÀNG đúng hạn")


def test_what_is_searched_holds_number_seller_and_items_within_its_column():
    text = search_text_of("A1", "Cửa hàng Đẹp", ["Bát sứ " * 100])
    assert text.startswith("a1 cua hang dep bat su")
    assert len(text) <= 500
