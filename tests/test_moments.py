"""Times and dates as people read them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from foundation.moments import day, moment, plain_day
from orders.templatetags import candor

LATE = datetime(2026, 11, 2, 18, 5, 59, tzinfo=UTC)


def test_a_time_is_written_for_people_and_for_machines() -> None:
    assert moment(LATE) == '<time datetime="2026-11-02T18:05+00:00">2\xa0November\xa02026, 18:05</time>'


def test_a_time_can_be_short() -> None:
    assert moment(LATE, "SHORT_DATETIME_FORMAT").endswith(">2\xa0Nov\xa02026, 18:05</time>")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "2\xa0November\xa02026, 18:05"),
        ("de", "2.\xa0November\xa02026, 18:05"),
        ("ar", "2\xa0نوفمبر\xa02026، 18:05"),
    ],
)
def test_a_line_may_end_only_between_a_day_and_its_clock_time(language: str, written: str) -> None:
    with translation.override(language):
        assert f">{written}<" in moment(LATE)


def test_times_and_dates_are_those_of_the_marketplaces_zone() -> None:
    with timezone.override("Asia/Ho_Chi_Minh"):
        assert moment(LATE) == '<time datetime="2026-11-03T01:05+07:00">3\xa0November\xa02026, 01:05</time>'
        assert day(LATE) == '<time datetime="2026-11-03">3 November 2026</time>'
        assert plain_day(LATE) == "3 November 2026"


def test_a_date_stays_what_it_is_in_every_zone() -> None:
    with timezone.override("America/Los_Angeles"):
        assert day(date(2026, 11, 2)) == '<time datetime="2026-11-02">2 November 2026</time>'
        assert plain_day(date(2026, 11, 2)) == "2 November 2026"


def test_other_languages_write_their_own_way() -> None:
    with translation.override("de"):
        assert plain_day(LATE) == "2. November 2026"


@pytest.mark.parametrize("written", [candor.day, candor.moment, candor.short_moment])
def test_in_templates_what_is_missing_is_written_as_nothing(written) -> None:
    assert written(None) == ""
    assert "2 Nov" in written(LATE).replace("\xa0", " ")
