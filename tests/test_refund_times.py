"""By when money that goes back is with the buyer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from cancellations.models import RefundTime
from cancellations.refund_times import expected_by
from cancellations.terms import PaymentMethod
from foundation.working_days import add_working_days
from tests.factories import RefundTimeFactory

FRIDAY = date(2026, 11, 6)
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
COUNTS = st.integers(0, 90)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 2), 0, date(2026, 11, 2)),
        (date(2026, 11, 2), 4, FRIDAY),
        (FRIDAY, 1, date(2026, 11, 9)),
        (FRIDAY, 5, date(2026, 11, 13)),
        (date(2026, 11, 7), 1, date(2026, 11, 9)),
        (date(2026, 11, 8), 0, date(2026, 11, 8)),
        (date(2026, 12, 31), 10, date(2027, 1, 14)),
    ],
)
def test_it_counts_from_monday_to_friday(start: date, count: int, end: date) -> None:
    assert add_working_days(start, count) == end


@given(start=DAYS, count=COUNTS)
def test_it_passes_exactly_so_many_working_days(start: date, count: int) -> None:
    end = add_working_days(start, count)
    passed = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(day.isoweekday() <= 5 for day in passed) == count


@given(start=DAYS, count=st.integers(1, 90))
def test_it_never_ends_on_a_weekend(start: date, count: int) -> None:
    assert add_working_days(start, count).isoweekday() <= 5


@pytest.mark.django_db
def test_it_expects_the_money_when_the_administrators_say() -> None:
    RefundTimeFactory.create(method=PaymentMethod.BANK_TRANSFER, working_days=3)
    assert expected_by("bank_transfer", since=datetime(2026, 11, 5, 12, tzinfo=UTC)) == date(2026, 11, 10)


@pytest.mark.django_db
def test_it_expects_nothing_where_nobody_has_said_how_long_it_takes() -> None:
    RefundTime.objects.filter(method=PaymentMethod.WALLET).delete()
    assert expected_by("wallet", since=datetime(2026, 11, 5, 12, tzinfo=UTC)) is None


@override_settings(TIME_ZONE="Asia/Ho_Chi_Minh")
@pytest.mark.django_db
def test_it_counts_from_the_day_it_is_in_the_marketplace() -> None:
    RefundTimeFactory.create(method=PaymentMethod.CARD, working_days=1)
    thursday_in_utc = datetime(2026, 11, 5, 18, tzinfo=UTC)
    assert expected_by("card", since=thursday_in_utc) == date(2026, 11, 9)
