"""Times and dates as people read them."""

import re
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

# Of a day and a clock time: a line may end between them, after the comma of either script, and nowhere else.
UNBROKEN = re.compile("(?<![,،]) ")


def moment(at: datetime, style: str = "DATETIME_FORMAT") -> SafeString:
    """Write a time as a `<time>` element, in the marketplace's zone."""
    local = timezone.localtime(at)
    written = UNBROKEN.sub("\xa0", date_format(local, style))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), written)


def zoned_moment(at: datetime) -> SafeString:
    """Write a time with its zone, for what leaves the page that names the zone."""
    return moment(at, f"{get_format('DATETIME_FORMAT')} T")


def day(on: date | datetime, style: str = "DATE_FORMAT") -> SafeString:
    """Write a date as a `<time>` element; of a time, the date it has in the marketplace's zone."""
    when = timezone.localtime(on).date() if isinstance(on, datetime) else on
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), date_format(when, style))


def plain_day(on: date | datetime) -> str:
    """Write a date as text."""
    when = timezone.localtime(on).date() if isinstance(on, datetime) else on
    return date_format(when, "DATE_FORMAT")
