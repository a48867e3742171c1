"""Where the parts of the charts lie: every case in which a chart of one's own goes wrong."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.charts import Box, Column, bar, columns, nice_ticks, shortened


def column(*counts: int, label: str = "3 Nov") -> Column:
    return Column(label, [(f"series{n}", count, f"{count} of series {n}") for n, count in enumerate(counts)])


def number(percent: str) -> float:
    return float(percent.removesuffix("%"))


def bottom(box: Box) -> float:
    return number(box.y) + number(box.height)


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (5, [0, 2, 4, 6]),
        (8, [0, 2, 4, 6, 8]),
        (9, [0, 5, 10]),
        (47, [0, 20, 40, 60]),
        (1_000, [0, 500, 1_000]),
        (123_456, [0, 50_000, 100_000, 150_000]),
    ],
)
def test_ticks_are_round(most: int, ticks: list[int]) -> None:
    assert nice_ticks(most) == ticks


@given(st.integers(0, 10**9))
def test_ticks_reach_the_highest_column_and_are_few(most: int) -> None:
    ticks = nice_ticks(most)
    assert ticks[0] == 0
    assert max(most, 1) <= ticks[-1]
    assert len(ticks) <= 5
    assert len({after - before for before, after in pairwise(ticks)}) == 1
    assert len(ticks) == 2 or ticks[-2] < most


@pytest.mark.parametrize(("is_rtl", "x"), [(False, "0.00%"), (True, "75.00%")])
def test_a_bar_grows_from_where_reading_begins(is_rtl: bool, x: str) -> None:
    assert (bar(1, 4, is_rtl=is_rtl).x, bar(1, 4, is_rtl=is_rtl).width) == (x, "25.00%")


def test_bars_of_nothing_have_no_width() -> None:
    assert bar(0, 0).width == "0.00%"


def test_a_chart_of_nothing_has_a_ground_line_and_no_boxes() -> None:
    chart = columns([])
    assert (chart.boxes, chart.labels) == ([], [])
    assert [(tick.y, tick.label) for tick in chart.ticks] == [("100.00%", 0), ("0.00%", 1)]


def test_columns_of_nothing_have_labels_and_no_boxes() -> None:
    chart = columns([column(0, 0), column(0, 0)])
    assert chart.boxes == []
    assert len(chart.labels) == 2


def test_one_column_stands_in_the_middle() -> None:
    (box,) = (chart := columns([column(4)])).boxes
    assert number(box.x) + number(box.width) / 2 == pytest.approx(50, abs=0.01)
    assert (box.y, box.height, box.title) == ("0.00%", "100.00%", "4 of series 0")
    assert chart.labels[0].anchor == "middle"


def test_series_stand_on_each_other_and_an_empty_one_leaves_no_box() -> None:
    first, second = columns([column(2, 0, 6)]).boxes
    assert (first.series, second.series) == ("series0", "series2")
    assert bottom(first) == 100
    assert bottom(second) == number(first.y) == 75
    assert second.y == "0.00%"


def test_sixty_columns_stay_apart_and_few_of_them_are_named() -> None:
    chart = columns([column(n) for n in range(1, 61)])
    assert all(number(a.x) + number(a.width) < number(b.x) for a, b in pairwise(chart.boxes))
    assert number(chart.boxes[-1].x) + number(chart.boxes[-1].width) < 100
    assert len(chart.labels) == 3


def test_right_to_left_it_is_mirrored() -> None:
    parts = [column(1, label="first"), column(2), column(3, label="last")]
    left, right = columns(parts), columns(parts, is_rtl=True)
    mirrored = [100 - number(box.x) - number(box.width) for box in right.boxes]
    assert mirrored == pytest.approx([number(box.x) for box in left.boxes], abs=0.02)
    assert number(right.labels[0].x) > number(right.labels[-1].x)
    assert [label.anchor for label in right.labels] == [label.anchor for label in left.labels]


def test_few_columns_have_their_labels_below_their_middle() -> None:
    labels = columns([column(1) for _ in range(3)]).labels
    assert [(label.anchor, label.x) for label in labels] == [("middle", x) for x in ("16.67%", "50.00%", "83.33%")]


@pytest.mark.parametrize("is_rtl", [False, True])
@pytest.mark.parametrize("count", range(4, 61))
def test_many_columns_leave_each_label_a_quarter_of_the_box_or_more(count: int, is_rtl: bool) -> None:
    labels = columns([column(1) for _ in range(count)], is_rtl=is_rtl).labels
    starts = [number(label.x) for label in labels if label.anchor == "start"]
    begins = starts if not is_rtl else [100 - x for x in starts]
    assert all(later - earlier >= 25 for earlier, later in pairwise(begins))
    room_of_last = 100 - begins[-1]
    assert room_of_last >= (50 if labels[-1].anchor == "end" else 25)


def test_a_long_label_is_cut() -> None:
    assert shortened("Donaudampfschifffahrt") == "Donaudampfs…"
    assert shortened("3 November") == "3 November"


@given(st.lists(st.lists(st.integers(0, 10**6), max_size=4), max_size=60), st.booleans())
def test_nothing_leaves_the_box(counts: list[list[int]], is_rtl: bool) -> None:
    chart = columns([column(*part) for part in counts], is_rtl=is_rtl)
    for box in chart.boxes:
        assert number(box.x) >= -0.01
        assert number(box.x) + number(box.width) <= 100.01
        assert number(box.y) >= -0.01
        assert bottom(box) <= 100.02
