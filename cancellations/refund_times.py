"""By when money that goes back is with the buyer."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from cancellations.models import RefundTime

SATURDAY = 5


def expected_by(method: str, *, since: datetime) -> date | None:
    """Return the last day on which a refund that starts now may arrive; None where nobody has said how long it takes.

    Days are those of the marketplace's zone. Public holidays are not known here: administrators allow for them in the
    number of days.
    """
    days = RefundTime.objects.filter(method=method).values_list("working_days", flat=True).first()
    return None if days is None else add_working_days(timezone.localdate(since), days)


def add_working_days(day: date, count: int) -> date:
    """Go on by so many days from Monday to Friday; by none, stay where you are, be it a Sunday."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day
