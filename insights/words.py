"""How figures are said."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from cancellations import wordings
from cancellations.terms import Responsible, Source
from foundation.shares import percent
from insights.definitions import OFTEN
from insights.windows import MOST_MONTHLY, MOST_WEEKLY, Window

BUYER, SELLER, SYSTEM, UNKNOWN = Source.BUYER, Source.SELLER, Source.SYSTEM, Source.UNKNOWN
BY_FOR_SELLER = {
    BUYER: gettext_lazy("the buyer"),
    SELLER: gettext_lazy("you"),
    SYSTEM: gettext_lazy("the system"),
    UNKNOWN: gettext_lazy("not stated"),
}
SIDE_FOR_SELLER = {
    Responsible.SELLER: gettext_lazy("yours to fix"),
    Responsible.BUYER: gettext_lazy("the buyer"),
    Responsible.CARRIER: gettext_lazy("the carrier"),
    Responsible.PAYMENT_PROVIDER: gettext_lazy("the payment provider"),
    Responsible.MARKETPLACE: gettext_lazy("the marketplace"),
    Responsible.NOBODY: gettext_lazy("nobody"),
    Responsible.UNKNOWN: gettext_lazy("not known"),
}
SENTENCE_FOR_SELLER = {
    BUYER: gettext_lazy("Cancelled by the buyer."),
    SELLER: gettext_lazy("Cancelled by you."),
    SYSTEM: gettext_lazy("Cancelled automatically."),
    UNKNOWN: gettext_lazy("Cancelled; by whom is not stated."),
}


def label(reason: int) -> str:
    """Name a reason in two to four words, as it is worded now."""
    return wordings.newest_wording(reason).label


def days_between(window: Window) -> str:
    """Name one day, or the first and the last of several."""
    if window.days == 1:
        return short_day(window.since)
    return _("{since} to {until}").format(since=short_day(window.since), until=short_day(window.until))


def name_of(part: Window, *, of: Window) -> str:
    """Name a part of a window: a day, some days, a month or a year, as the window is cut."""
    if of.days <= MOST_WEEKLY:
        return days_between(part)
    return date_format(part.since, "M Y" if of.days <= MOST_MONTHLY else "Y")


def short_name_of(part: Window, *, of: Window) -> str:
    """Name a part of a window in as few letters as a chart on a phone has room for."""
    if of.days <= MOST_WEEKLY:
        return short_day(part.since)
    return date_format(
        part.since, pgettext("a month, in letters of the date filter", "M ’y") if of.days <= MOST_MONTHLY else "Y"
    )


def short_day(day: date) -> str:
    """Write a day without its year."""
    style = pgettext("a day and a month, in letters of the date filter", "j M")
    return date_format(day, style).replace(" ", "\xa0")


def seller_sentence(*, ended: int, orders: int, share: Decimal, days: int) -> str:
    """Say which share of a seller's orders ended on their side, with both numbers."""
    sentence = ngettext(
        "{ended} of {orders} order of the last {days} days ended for a reason on your side: {share}.",
        "{ended} of {orders} orders of the last {days} days ended for a reason on your side: {share}.",
        orders,
    )
    numbers = {"ended": number_format(ended, force_grouping=True), "orders": number_format(orders, force_grouping=True)}
    return sentence.format(**numbers, days=days, share=percent(share))


def change_sentence(now: Decimal, before: Decimal | None, *, days: int) -> str:
    """Say how a share has changed since the window before."""
    if before is None:
        return _("There were no orders in the {days} days before to compare with.").format(days=days)
    sentence = _("It was {share} in the {days} days before.")
    if now > before:
        sentence = _("Up from {share} in the {days} days before.")
    elif now < before:
        sentence = _("Down from {share} in the {days} days before.")
    return sentence.format(share=percent(before), days=days)


def nothing_cancelled() -> str:
    """Say that there is nothing to show."""
    return _("No cancellations in this period.")


def none_cancelled_sentence(*, orders: int, period: str) -> str:
    """Say that a buyer's orders all went on."""
    sentence = ngettext(
        "Your {orders} order {period} was not cancelled.",
        "None of your {orders} orders {period} was cancelled.",
        orders,
    )
    return sentence.format(orders=number_format(orders, force_grouping=True), period=period)


def buyer_sentence(*, reasons: Sequence[tuple[int, int]], orders: int, period: str) -> str:
    """Say how many of a buyer's orders were cancelled, and why: `reasons` with their counts, the most frequent first.

    A reason is called usual where at least half of the orders ended for it. None is named where several come first,
    where the first came only once among others, or where none of them names a cause.
    """
    named = [one for one in reasons if wordings.reason(one[0]).names_a_cause]
    (most, often), *others = named or [(0, 0)]
    cancelled = sum(count for _reason, count in reasons)
    is_first = often > max((count for _reason, count in others), default=0) and often >= min(OFTEN, cancelled)
    if not is_first and len(named) == len(reasons):
        sentence = _("{cancelled} of your {orders} orders {period} were cancelled, for {many} different reasons.")
    elif not is_first:
        sentence = ngettext(
            "{cancelled} of your {orders} orders {period} was cancelled.",
            "{cancelled} of your {orders} orders {period} were cancelled.",
            cancelled,
        )
    elif often * 2 >= cancelled:
        sentence = ngettext(
            "{cancelled} of your {orders} orders {period} was cancelled; the reason was: {label}.",
            "{cancelled} of your {orders} orders {period} were cancelled; the usual reason was: {label}.",
            cancelled,
        )
    else:
        sentence = _(
            "{cancelled} of your {orders} orders {period} were cancelled; the most frequent reason, "
            "{often} times, was: {label}."
        )
    counts = {"cancelled": cancelled, "orders": orders, "often": often, "many": len(reasons)}
    numbers = {name: number_format(count, force_grouping=True) for name, count in counts.items()}
    return sentence.format(**numbers, period=period, label=label(most) if is_first else "")
