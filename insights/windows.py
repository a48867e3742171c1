"""Windows of days, all in the marketplace's zone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
MOST_DAILY, MOST_WEEKLY, MOST_MONTHLY = 14, 100, 800


@dataclass(frozen=True)
class Window:
    """Some days in a row, the first and the last included."""

    since: date
    until: date

    @classmethod
    def of_days(cls, count: int, *, until: date) -> "Window":
        """Return so many days, the last of them included."""
        return cls(until - (count - 1) * DAY, until)

    @classmethod
    def of_months(cls, count: int, *, until: date) -> "Window":
        """Return the month of this day, up to it, and whole months before."""
        months = until.year * 12 + until.month - count
        return cls(date(months // 12, months % 12 + 1, 1), until)

    def __contains__(self, day: date) -> bool:
        return self.since <= day <= self.until

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Window":
        """The window of the same length that ends where this one begins."""
        return Window.of_days(self.days, until=self.since - DAY)

    def leaves_on(self, day: date) -> date:
        """Return the day on which what happened on `day` is no longer in the window, when it moves with time."""
        return day + self.days * DAY

    def parts(self) -> list["Window"]:
        """Return the days; of more, the weeks from Monday; of many, the months; of very many, the years."""
        if self.days <= MOST_DAILY:
            return list(self._cut(lambda day: day))
        if self.days <= MOST_WEEKLY:
            return list(self._cut(lambda day: day + (6 - day.weekday()) * DAY))
        return list(self._cut(_end_of_month if self.days <= MOST_MONTHLY else _end_of_year))

    def _cut(self, end_of: Callable[[date], date]) -> Iterator["Window"]:
        since = self.since
        while since <= self.until:
            until = min(end_of(since), self.until)
            yield Window(since, until)
            since = until + DAY


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def _end_of_year(day: date) -> date:
    return date(day.year, 12, 31)
