"""Days from Monday to Friday. Public holidays are not known here."""

from datetime import date, timedelta

A_WEEK = 5
SATURDAY = 5


def add_working_days(day: date, count: int) -> date:
    """Go on by so many days from Monday to Friday; by none, stay where you are, be it a Sunday."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def working_days(since: date, until: date) -> int:
    """Count the days from Monday to Friday after `since`, up to `until`; 0 where that lies before."""
    weeks, rest = divmod(max((until - since).days, 0), 7)
    beyond = (since + timedelta(days=offset) for offset in range(1, rest + 1))
    return weeks * A_WEEK + sum(day.weekday() < SATURDAY for day in beyond)
