"""Time zones as people name them."""

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(text: str) -> tzinfo:
    """Read an offset such as +07:00, or a name such as Asia/Ho_Chi_Minh. Raise ValueError for what is neither."""
    if match := re.fullmatch(r"([+-])(\d\d):?([0-5]\d)", text):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if offset < timedelta(hours=15):
            return timezone(offset if match[1] == "+" else -offset)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("It is neither an offset nor the name of a time zone.") from error


def name_of(zone: tzinfo | None) -> str:
    """Name a zone so that it can be read back; the empty text where there is none."""
    return str(zone).removeprefix("UTC") or "+00:00" if zone else ""
