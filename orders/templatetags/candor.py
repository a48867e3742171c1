"""What templates say about times and pictures, and how a mail says it without HTML."""

from datetime import date, datetime
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from foundation import moments, text

register = template.Library()


@register.filter
def day(on: date | datetime | None) -> SafeString | str:
    """Write a date."""
    return moments.day(on) if on else ""


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """Write a time."""
    return moments.moment(at) if at else ""


@register.filter
def short_moment(at: datetime | None) -> SafeString | str:
    """Write a time with a short month."""
    return moments.moment(at, "SHORT_DATETIME_FORMAT") if at else ""


register.filter("plain", text.plain)


@register.filter
def quoted(words: str) -> SafeString:
    """Put somebody's own words into the quotation marks of the reader's language."""
    return format_html(gettext("“{words}”"), words=format_html("<bdi>{}</bdi>", words))


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Draw an icon; a word always stands beside it."""
    turns = " icon--turns" if name in {"next", "back", "shipped"} else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" viewBox="0 0 24 24"><use href="{}#{}"></use></svg>',
        turns,
        static("icons.svg"),
        name,
    )
