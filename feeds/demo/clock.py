"""The demo's time: every moment is told from one anchor, the moment of the first load."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property

from django.utils import timezone

AGE = re.compile(r"(\d+)d (\d\d:\d\d)")
SPAN = re.compile(r"(\d+)(d|h|min)")
UNITS = {"d": "days", "h": "hours", "min": "minutes"}


def span(text: str) -> timedelta:
    """Read a length of time, as in "25min", "20h" or "3d"."""
    if not (match := SPAN.fullmatch(text)):
        raise ValueError(f"{text!r} is no length of time, as 25min, 20h or 3d are.")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


@dataclass(frozen=True)
class Clock:
    """The anchor, to the minute. What lies after it has not happened yet."""

    now: datetime

    @property
    def version(self) -> int:
        """The version of what is told now: later told is newer."""
        return int(self.now.timestamp())

    def moment(self, age: str) -> datetime:
        """Return when something happened: "9d 20:14" (nine days ago at that hour), "20h", "25min"."""
        if not (match := AGE.fullmatch(age)):
            return self.now - span(age)
        return self.at(self.day_of(self.now) - timedelta(days=int(match[1])), time.fromisoformat(match[2]))

    def at(self, day: date, hour: time) -> datetime:
        """Return the moment of that hour on that day, in the marketplace's zone."""
        return datetime.combine(day, hour, tzinfo=self._zone)

    def day_of(self, moment: datetime) -> date:
        """Return the day that it is then, in the marketplace's zone."""
        return moment.astimezone(self._zone).date()

    def past(self, moment: datetime | None) -> datetime | None:
        """Return the moment if it has come."""
        return moment if moment and moment <= self.now else None

    @cached_property
    def _zone(self) -> tzinfo:
        return timezone.get_current_timezone()
