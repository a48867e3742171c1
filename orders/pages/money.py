"""The money of something cancelled, told from what is recorded: a case, its sentences and how far it has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cancellations import wordings
from cancellations.models import Cancellation, Refund
from cancellations.terms import PaymentMethod
from foundation.moments import day
from foundation.money import money
from foundation.text import WordsPair
from orders.figures import REPLACED
from orders.models import Order
from orders.words import money as words
from orders.words.money import MoneyCase

# Their very meaning is that no payment came in.
UNPAID_REASONS = {"payment_not_received", "payment_failed"}
URGENCY = [MoneyCase.FAILED, MoneyCase.OVERDUE, MoneyCase.DUE, MoneyCase.SENT, MoneyCase.COMPLETED]

NEEDS_HELP = {
    MoneyCase.FAILED,
    MoneyCase.OVERDUE,
    MoneyCase.NOTHING_RECORDED,
    MoneyCase.CASH_UNKNOWN,
    MoneyCase.UNKNOWN,
}


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
    def needs_help(self) -> bool:
        """Tell whether the reader has to ask somebody."""
        return self.case in NEEDS_HELP


def money_lines(order: Order, ended: Cancellation, refunds: Iterable[Refund]) -> list[MoneyLine]:
    """Tell what is known: a line for each refund, the most urgent first, or one line where there is no refund."""
    lines = [_of_refund(order, ended, refund) for refund in refunds if refund.cancellation_id == ended.pk]
    if lines:
        return sorted(lines, key=lambda line: URGENCY.index(line.case))
    return [_without_refund(case_without_refund(order, ended))]


def case_without_refund(order: Order, ended: Cancellation) -> MoneyCase:
    """Find the case where no refund is recorded. Being cancelled is not being refunded, and nothing is assumed."""
    if order.is_cash_on_delivery:
        return MoneyCase.CASH if _is_before_the_door(order, ended) else MoneyCase.CASH_UNKNOWN
    reason = wordings.reason(ended.reason_id)
    if ended.was_charged or order.paid_at:
        return MoneyCase.MOVED if reason.code == REPLACED else MoneyCase.NOTHING_RECORDED
    if ended.was_charged is False or reason.code in UNPAID_REASONS:
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
    return MoneyLine(
        case,
        destination(order, refund.method, amount),
        _sentence(words.DETAIL[case], amount, named_day),
        _sentence(words.BRIEF[case], amount, named_day),
        failure=str(words.FAILURE).format(failure=refund.failure) if refund.failure else "",
        steps=_steps(ended, refund, case),
    )


def destination(order: Order, method: str, amount: str) -> str:
    """Say how much goes back, and where to."""
    if order.payment_label and method in {order.payment_method, PaymentMethod.UNKNOWN}:
        return str(words.BACK_TO_LABEL).format(amount=amount, label=order.payment_label)
    return str(words.BACK_TO[PaymentMethod(method)]).format(amount=amount)


def _sentence(pair: WordsPair, amount: str, on: date | None) -> SafeString:
    with_day, without = pair
    chosen = with_day if on and with_day else without or with_day
    return format_html(str(chosen), amount=amount, day=day(on) if on else "")


def _steps(ended: Cancellation, refund: Refund, case: MoneyCase) -> tuple[Step, ...]:
    began = ended.cancelled_at or refund.due_at
    first = Step(str(words.STEP_CANCELLED), "done", _short(began))
    sent = Step(str(words.STEP_SENT), "now", _short(refund.sent_at))
    arrival = words.STEP_WITH_YOU_BY if refund.expected_by else words.STEP_WITH_YOU
    by = Step(str(arrival), "todo", _short(refund.expected_by))
    match refund.state:
        case Refund.State.DUE:
            return (first, Step(str(words.STEP_TO_SEND), "broken" if case == MoneyCase.OVERDUE else "now"), by)
        case Refund.State.SENT:
            return (first, sent, by)
        case Refund.State.FAILED:
            return (first, Step(str(words.STEP_FAILED), "broken"), Step(str(words.STEP_WITH_YOU), "todo"))
    arrived = Step(str(words.STEP_WITH_YOU), "done", _short(refund.completed_at))
    return (first, Step(sent.label, "done", sent.at), arrived)


def _short(on: date | None) -> SafeString | str:
    return day(on, "SHORT_DATE_FORMAT") if on else ""
