"""What the database itself refuses about reasons, wordings, cancellations, refunds and contests."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError

from cancellations.models import Cancellation, Reason
from foundation.constraints import MOST_MONEY
from tests.constraints import Case, refused, refused_for, write, write_raw
from tests.factories import (
    MOMENT,
    AliasFactory,
    CancellationFactory,
    ContestFactory,
    FeedbackFactory,
    ReasonFactory,
    RefundFactory,
    RefundTimeFactory,
    WordingFactory,
)

pytestmark = pytest.mark.django_db

completed = partial(RefundFactory, completed=True)
noted = partial(CancellationFactory, note="I found mine.")
upheld = partial(ContestFactory, upheld=True)
rejected = partial(ContestFactory, rejected=True)

CASES = [
    # Reason
    Case("a code with a hyphen", "cancellations_reason_code_form", ReasonFactory, {"code": "sold-out"}),
    Case("a code with a line break", "cancellations_reason_code_form", ReasonFactory, {"code": "sold_out\n"}),
    Case("a code that starts with a digit", "cancellations_reason_code_form", ReasonFactory, {"code": "2_late"}),
    Case("a code of one letter", "cancellations_reason_code_form", ReasonFactory, {"code": "x"}),
    Case("an unknown side", "cancellations_reason_responsible", ReasonFactory, {"responsible": "weather"}),
    Case("an unknown way out", "cancellations_reason_instead", ReasonFactory, {"instead": "pray"}),
    Case("a reason nobody may give", "cancellations_reason_given_by_somebody", ReasonFactory, {"by_buyer": False}),
    # Wording
    Case("a version written twice", "cancellations_wording_version_once", WordingFactory),
    Case("version zero", "cancellations_wording_version_from_one", WordingFactory, {"version": 0}),
    Case("version a million and one", "cancellations_wording_version_from_one", WordingFactory, {"version": 1_000_001}),
    Case("a language in capitals", "cancellations_wording_language_form", WordingFactory, {"language": "DE"}),
    Case("a language with a line break", "cancellations_wording_language_form", WordingFactory, {"language": "de\n"}),
    Case("no label", "cancellations_wording_label_not_empty", WordingFactory, {"label": ""}),
    Case("no headline", "cancellations_wording_headline_not_empty", WordingFactory, {"headline": ""}),
    Case("no explanation", "cancellations_wording_explanation_not_empty", WordingFactory, {"explanation": ""}),
    Case("no next step", "cancellations_wording_next_step_not_empty", WordingFactory, {"next_step": ""}),
    # Alias
    Case("an alias given twice", "cancellations_alias_once", AliasFactory),
    Case("an alias of an unknown source", "cancellations_alias_source", AliasFactory, {"source": "courier"}),
    Case("an alias of no origin", "cancellations_alias_origin_not_empty", AliasFactory, {"origin": ""}),
    Case("an alias without words", "cancellations_alias_text_not_empty", AliasFactory, {"text": ""}),
    # Cancellation
    Case("a key of no words", "cancellations_cancellation_raw_key_of_words", CancellationFactory, {"raw_key": "late"}),
    Case("an unknown source", "cancellations_cancellation_source", CancellationFactory, {"source": "courier"}),
    Case("no source", "cancellations_cancellation_source", CancellationFactory, {"source": ""}),
    Case("asked by whom?", "cancellations_cancellation_requested_by", CancellationFactory, {"requested_by": "x"}),
    Case("words of a courier", "cancellations_cancellation_note_by", noted, {"note_by": "courier"}),
    Case("nobody's words", "cancellations_cancellation_note_by_of_a_note", noted, {"note": ""}),
    Case("no wording", "cancellations_cancellation_wording_version", CancellationFactory, {"wording_version": 0}),
    Case("made here, never", "cancellations_cancellation_here_has_a_time", CancellationFactory, {"cancelled_at": None}),
    # Refund
    Case("a refund of nothing", "cancellations_refund_amount", RefundFactory, {"amount": 0}),
    Case("a negative refund", "cancellations_refund_amount", RefundFactory, {"amount": Decimal("-0.01")}),
    Case("an absurd refund", "cancellations_refund_amount", RefundFactory, {"amount": MOST_MONEY + 1}),
    Case("a refund without a currency", "cancellations_refund_currency", RefundFactory, {"currency": ""}),
    Case("a currency in small letters", "cancellations_refund_currency", RefundFactory, {"currency": "eur"}),
    Case("back to a shell", "cancellations_refund_method", RefundFactory, {"method": "cowries"}),
    Case("back to cash on delivery", "cancellations_refund_not_cash", RefundFactory, {"method": "cash_on_delivery"}),
    Case("a refund halfway", "cancellations_refund_state", RefundFactory, {"state": "halfway"}),
    Case("due, yet sent", "cancellations_refund_due_is_not_sent", RefundFactory, {"sent_at": MOMENT}),
    Case("sent, yet completed", "cancellations_refund_completed_at_when_completed", completed, {"state": "sent"}),
    Case("no failure, yet failed", "cancellations_refund_failure_when_failed", RefundFactory, {"failure": "Expired."}),
    # RefundTime
    Case("a time for shells", "cancellations_refundtime_method", RefundTimeFactory, {"method": "cowries"}),
    Case("ninety-one days", "cancellations_refundtime_working_days", RefundTimeFactory, {"working_days": 91}),
    # Contest and feedback
    Case("a contest in the air", "cancellations_contest_state", upheld, {"state": "pending"}),
    Case("two open contests", "cancellations_contest_one_open", ContestFactory),
    Case("open and decided", "cancellations_contest_decided_at_when_decided", ContestFactory, {"decided_at": MOMENT}),
    Case("overtaken, never", "cancellations_contest_decided_at_when_decided", ContestFactory, {"state": "overtaken"}),
    Case("decided, never", "cancellations_contest_decided_at_when_decided", upheld, {"decided_at": None}),
    Case("rejected in silence", "cancellations_contest_rejected_has_an_answer", rejected, {"answer": ""}),
    Case("an empty statement", "cancellations_contest_statement_not_empty", ContestFactory, {"statement": ""}),
    Case("a second opinion", "cancellations_feedback_once", FeedbackFactory),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_refuses(case: Case) -> None:
    case.attempt()


@pytest.mark.parametrize("amount", [Decimal("0.001"), Decimal("1234567.891"), Decimal(MOST_MONEY)])
def test_it_takes_every_amount_that_can_be_paid_and_gives_it_back(amount: Decimal) -> None:
    refund = RefundFactory.create(amount=amount)
    refund.refresh_from_db()
    assert refund.amount == amount


def test_it_takes_a_second_contest_once_the_first_is_decided() -> None:
    first = ContestFactory.create(rejected=True)
    ContestFactory.create(cancellation=first.cancellation)


def test_it_takes_an_imported_cancellation_without_a_time() -> None:
    write(CancellationFactory.create(), {"cancelled_at": None, "origin": "shopee"})


@pytest.mark.parametrize("column", ["reason_id", "source", "requested_by", "wording_version"])
def test_it_refuses_a_cancellation_without(column: str) -> None:
    with refused_for(f'null value in column "{column}"', f"cancellations_cancellation.{column}"):
        write_raw(CancellationFactory.create(), column, None)


def test_it_refuses_a_cancellation_with_a_reason_that_is_not_there() -> None:
    with refused_for("reason_id"):
        write_raw(CancellationFactory.create(), "reason_id", 999_999)


@pytest.mark.parametrize("use", [CancellationFactory, AliasFactory])
def test_it_refuses_to_delete_a_used_reason(use: type[CancellationFactory]) -> None:
    row: Model = use.create(reason=ReasonFactory(by_seller=True))
    reason = Reason.objects.get(pk=row.reason_id)  # type: ignore[attr-defined]
    with pytest.raises(ProtectedError):
        reason.delete()
    with refused_for("reason_id"):
        Reason.objects.filter(pk=reason.pk)._raw_delete(using="default")


def test_it_refuses_to_delete_a_cancellation_that_was_refunded() -> None:
    refund = RefundFactory.create()
    with pytest.raises(ProtectedError):
        refund.cancellation.delete()
    with refused_for("cancellation_id"):
        Cancellation.objects.filter(pk=refund.cancellation.pk)._raw_delete(using="default")


def test_it_keeps_a_code_for_one_reason() -> None:
    with refused_for("cancellations_reason_code", "cancellations_reason.code"):
        write(ReasonFactory.create(), {"code": "changed_mind"})


def test_it_keeps_one_refund_time_for_a_method() -> None:
    RefundTimeFactory.create(method="card")
    with refused_for("cancellations_refundtime_method", "cancellations_refundtime.method"):
        write(RefundTimeFactory.create(method="other"), {"method": "card"})


def test_it_refuses_a_refund_whose_amount_is_not_a_number() -> None:
    refund = RefundFactory.create()
    with refused(type(refund), "cancellations_refund_amount"):
        write_raw(refund, "amount", "NaN")


def test_it_says_in_words_that_somebody_must_be_able_to_give_a_reason() -> None:
    with pytest.raises(ValidationError, match="Say who may give this reason: the buyer, the seller or the system"):
        ReasonFactory.build(by_buyer=False).full_clean()


def test_it_says_in_words_that_what_is_cancelled_here_has_a_time() -> None:
    with pytest.raises(ValidationError, match="What is cancelled here has a time"):
        CancellationFactory.build(cancelled_at=None).full_clean()


def test_it_takes_a_cancellation_long_after_the_wording_changed() -> None:
    write(CancellationFactory.create(), {"wording_version": 1_000_000, "cancelled_at": MOMENT + timedelta(days=9_000)})
