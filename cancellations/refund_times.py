"""By when money that goes back is with the buyer."""

from datetime import date, datetime

from django.utils import timezone

from cancellations.models import RefundTime
from foundation.working_days import add_working_days


def expected_by(method: str, *, since: datetime) -> date | None:
    """Return the last day on which a refund that starts now may arrive; None where nobody has said how long it takes.

    Days are those of the marketplace's zone. Public holidays are not known here: administrators allow for them in the
    number of days.
    """
    days = RefundTime.objects.filter(method=method).values_list("working_days", flat=True).first()
    return None if days is None else add_working_days(timezone.localdate(since), days)
