"""What the origin says against a cancellation that was made here, and what came of that."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.moments import day
from foundation.text import Words, WordsPair
from orders.models import Conflict

SHIPPED, DELIVERED = Conflict.Said.SHIPPED, Conflict.Said.DELIVERED
# With the day, and where it is not stated: of the whole order, and of some of its items.
WHOLE: dict[str, WordsPair] = {
    SHIPPED: (
        _("The marketplace's records say that this order was sent on {day}."),
        _("The marketplace's records say that this order was sent, and not when."),
    ),
    DELIVERED: (
        _("The marketplace's records say that this order was delivered on {day}."),
        _("The marketplace's records say that this order was delivered, and not when."),
    ),
}
PART: dict[str, WordsPair] = {
    SHIPPED: (
        _("The marketplace's records say that the cancelled items were sent on {day}."),
        _("The marketplace's records say that the cancelled items were sent, and not when."),
    ),
    DELIVERED: (
        _("The marketplace's records say that the cancelled items were delivered on {day}."),
        _("The marketplace's records say that the cancelled items were delivered, and not when."),
    ),
}
OPEN: Words = _("The cancellation stands. Somebody is looking into it.")
SETTLED: Words = _("The cancellation stands. It was looked into:")


def conflict_news(conflict: Conflict, *, is_whole: bool) -> SafeString:
    """Say what the records say."""
    dated, undated = (WHOLE if is_whole else PART)[conflict.said]
    at = conflict.said_at
    return format_html(str(dated if at else undated), day=day(at) if at else "")
