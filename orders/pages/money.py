"""The money of something cancelled, told from what is recorded: a case, its sentences and how far it has come."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cancellations import wordings
from cancellations.codes import REPLACED, UNPAID
from cancellations.models import Cancellation, Refund
from cancellations.terms import PaymentMethod
from foundation.moments import day
from foundation.money import money
from foundation.text import WordsPair
from orders.models import Order
from orders.words import money as words
from orders.words.money import MoneyCase

URGENCY = [MoneyCase.FAILED, MoneyCase.OVERDUE, MoneyCase.DUE, MoneyCase.SENT, MoneyCase.COMPLETED]


@dataclass(frozen=True)
class Step:
    """One of the three stations of a refund. State: done, now, todo or broken."""

    label: str
    state: str
    at: SafeString | str = ""


@dataclass(frozen=True)
class MoneyLine:
    """What happens to the money, and when."""

    case: MoneyCase
    headline: str
    detail: str
    brief: str
    failure: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def next_step(self) -> SafeString:
        """What the buyer can do about the money before anything else ("" where nothing is wrong with it)."""
        with_name, without = words.NEXT_STEP.get(self.case, ("", ""))
        name = settings.MARKETPLACE_NAME
        return format_html(str(with_name if name else without), marketplace=format_html("<bdi>{}</bdi>", name))


def money_lines(
    order: Order, ended: Cancellation, refunds: Iterable[Refund], *, is_free: bool = False
) -> list[MoneyLine]:
    """Tell what is known: a line for each refund, the most urgent first, or one line where there is no refund.

    The refunds are those of the cancellation, and what is known of others of the order: together they may be all that
    was paid. `is_free` is what cost nothing.
    """
    refunds = list(refunds)
    lines = [_of_refund(order, ended, refund) for refund in refunds if refund.cancellation_id == ended.pk]
    if lines:
        return sorted(lines, key=lambda line: URGENCY.index(line.case))
    case = case_without_refund(order, ended)
    if case == MoneyCase.NOTHING_RECORDED and order.total is not None:
        paid_back = sum((one.amount for one in refunds if one.currency == order.currency), Decimal(0))
        if is_free or paid_back >= order.total:
            return [nothing_due(is_paid_back=paid_back >= order.total > 0)]
    return [_without_refund(case)]


def nothing_due(*, is_paid_back: bool) -> MoneyLine:
    """Tell that nothing comes back: because other refunds are all that was paid, or because nothing was paid for it."""
    line = _without_refund(MoneyCase.NOTHING_DUE)
    return replace(line, detail=str(words.PAID_BACK)) if is_paid_back else line


def case_without_refund(order: Order, ended: Cancellation) -> MoneyCase:
    """Find the case where no refund is recorded. Being cancelled is not being refunded, and nothing is assumed."""
    if order.is_cash_on_delivery:
        return MoneyCase.CASH if _is_before_the_door(order, ended) else MoneyCase.CASH_UNKNOWN
    reason = wordings.reason(ended.reason_id)
    if ended.was_charged or order.paid_at:
        return MoneyCase.MOVED if reason.code == REPLACED else MoneyCase.NOTHING_RECORDED
    if ended.was_charged is False or reason.code in UNPAID:
        return MoneyCase.NOT_CHARGED
    return MoneyCase.UNKNOWN


def _is_before_the_door(order: Order, ended: Cancellation) -> bool:
    """Tell whether what is paid on delivery was cancelled before anybody could ask for money."""
    if order.delivered_at is None or ended.was_charged is False:
        return True
    return ended.cancelled_at is not None and ended.cancelled_at < (order.shipped_at or order.delivered_at)


def case_of(refund: Refund, *, today: date) -> MoneyCase:
    """Find the case of a refund: its state, or overdue when the day it was expected by has passed."""
    is_late = refund.expected_by is not None and refund.expected_by < today
    if is_late and refund.state in {Refund.State.DUE, Refund.State.SENT}:
        return MoneyCase.OVERDUE
    return MoneyCase(refund.state)


def _without_refund(case: MoneyCase) -> MoneyLine:
    detail, brief = words.DETAIL[case][1], words.BRIEF[case][1]
    return MoneyLine(case, str(words.HEADLINE[case]), str(detail), str(brief))


def _of_refund(order: Order, ended: Cancellation, refund: Refund) -> MoneyLine:
    case = case_of(refund, today=timezone.localdate())
    amount = money(refund.amount, refund.currency)
    arrived = refund.completed_at and timezone.localtime(refund.completed_at).date()
    named_day = arrived if case == MoneyCase.COMPLETED else refund.expected_by
    is_late_though_sent = case == MoneyCase.OVERDUE and refund.state == Refund.State.SENT
    return MoneyLine(
        case,
        headline_of(order, refund),
        _late(refund, amount) if is_late_though_sent else _sentence(words.DETAIL[case], amount, named_day),
        _sentence(words.BRIEF[case], amount, named_day),
        failure=str(words.FAILURE).format(failure=refund.failure) if refund.failure else "",
        steps=_steps(ended, refund, case),
    )


def headline_of(order: Order, refund: Refund) -> str:
    """Say how much goes back, and where to; of what did not go through, that it has not."""
    amount = money(refund.amount, refund.currency)
    if refund.state == Refund.State.FAILED:
        return str(words.NOT_BACK).format(amount=amount)
    return destination(order, refund.method, amount)


def destination(order: Order, method: str, amount: str) -> str:
    """Say how much goes back, and where to."""
    if order.payment_label and method in {order.payment_method, PaymentMethod.UNKNOWN}:
        return str(words.BACK_TO_LABEL).format(amount=amount, label=order.payment_label)
    return str(words.BACK_TO[PaymentMethod(method)]).format(amount=amount)


def _sentence(pair: WordsPair, amount: str, on: date | None) -> SafeString:
    with_day, without = pair
    chosen = with_day if on and with_day else without or with_day
    return format_html(str(chosen), amount=amount, day=day(on) if on else "")


def _late(refund: Refund, amount: str) -> SafeString:
    with_sent, without = words.OVERDUE_SENT
    sentence = str(with_sent if refund.sent_at else without)
    sent, by = (day(on) if on else "" for on in (refund.sent_at, refund.expected_by))
    return format_html(sentence, amount=amount, sent=sent, day=by)


def _steps(ended: Cancellation, refund: Refund, case: MoneyCase) -> tuple[Step, ...]:
    began = ended.cancelled_at or refund.due_at
    first = Step(str(words.STEP_CANCELLED), "done", _short(began))
    sent = Step(str(words.STEP_SENT), "now", _short(refund.sent_at))
    promised = refund.expected_by if _can_be_kept(refund) else None
    by = Step(str(words.STEP_WITH_YOU_BY if promised else words.STEP_WITH_YOU), "todo", _short(promised))
    match refund.state:
        case Refund.State.DUE:
            return (first, Step(str(words.STEP_TO_SEND), "broken" if case == MoneyCase.OVERDUE else "now"), by)
        case Refund.State.SENT:
            return (first, sent, by)
        case Refund.State.FAILED:
            return (first, Step(str(words.STEP_FAILED), "broken"), Step(str(words.STEP_WITH_YOU), "todo"))
    arrived = Step(str(words.STEP_WITH_YOU), "done", _short(refund.completed_at))
    return (first, Step(sent.label, "done", sent.at), arrived)


def _can_be_kept(refund: Refund) -> bool:
    """Tell whether the day that is promised does not lie before the one on which the money was sent."""
    on, sent_at = refund.expected_by, refund.sent_at
    return on is None or sent_at is None or on >= timezone.localdate(sent_at)


def _short(on: date | None) -> SafeString | str:
    return day(on, "SHORT_DATE_FORMAT") if on else ""
