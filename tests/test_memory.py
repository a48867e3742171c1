"""How often Python looks for what nothing refers to any more."""

import gc

import pytest

from foundation.memory import rarely_collecting


def test_it_looks_rarely_for_a_while_and_then_as_often_as_before():
    usual = gc.get_threshold()
    with rarely_collecting():
        assert gc.get_threshold()[0] > usual[0]
        assert gc.get_freeze_count() > 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == (usual, 0)


def test_it_looks_as_often_as_before_after_an_error_too():
    usual = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), rarely_collecting():
        raise ZeroDivisionError
    assert gc.get_threshold() == usual
