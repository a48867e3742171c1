"""How far the money has come."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.models import User
from cancellations.models import Cancellation, Refund, RefundTime
from orders.belonging import order_of
from orders.models import Event, Mail, Order
from orders.refunding import LEADS_TO, record_refund
from orders.refusals import AlreadyDecided, NotReportedAnyMore, UnfitNote
from tests.factories import MOMENT, OrderFactory, RefundFactory, RefundTimeFactory
from tests.faults import survives_faults

pytestmark = pytest.mark.django_db
State = Refund.State


@pytest.fixture
def refund(db: None) -> Refund:
    order = OrderFactory.create(cancelled=True, source="seller", paid=True)
    return RefundFactory.create(cancellation=order.cancellation)


def test_it_is_sent_and_arrives(admin: User, refund: Refund) -> None:
    record_refund(refund, state=State.SENT, by=admin, at=MOMENT, reference="R-1")
    done = record_refund(refund, state=State.COMPLETED, by=admin, at=MOMENT)
    assert (done.state, done.sent_at, done.completed_at, done.reference) == ("completed", MOMENT, MOMENT, "R-1")
    assert list(Event.objects.order_by("pk").values_list("kind", "by")) == [
        ("refund_sent", admin.pk),
        ("refund_completed", admin.pk),
    ]


def test_what_failed_is_sent_again(admin: User, refund: Refund) -> None:
    failed = record_refund(refund, state=State.FAILED, by=admin, failure="The card is closed.")
    assert failed.failure == "The card is closed."
    again = record_refund(refund, state=State.SENT, by=admin)
    assert (again.state, again.failure) == ("sent", "")


@pytest.mark.parametrize(
    ("before", "sent_on", "promised"),
    [
        ("due", date(2026, 11, 12), date(2026, 11, 12)),  # on the last day: it stays
        ("due", date(2026, 11, 13), date(2026, 11, 20)),  # late
        ("failed", date(2026, 11, 6), date(2026, 11, 13)),  # again
    ],
)
def test_what_is_sent_late_or_again_gets_a_new_day(
    admin: User, refund: Refund, before: str, sent_on: date, promised: date
) -> None:
    RefundTimeFactory.create(method="card", working_days=5)
    Refund.objects.update(state=before, expected_by=date(2026, 11, 12))
    at = datetime.combine(sent_on, time(12), tzinfo=UTC)
    record_refund(refund, state=State.SENT, by=admin, at=at)
    refund.refresh_from_db()
    assert (refund.sent_at, refund.expected_by) == (at, promised)


def test_a_day_that_has_passed_is_not_promised_where_nobody_knows_how_long_it_takes(
    admin: User, refund: Refund
) -> None:
    RefundTime.objects.all().delete()
    Refund.objects.update(state="failed")
    assert record_refund(refund, state=State.SENT, by=admin).expected_by is None


@pytest.mark.parametrize("before", ["due", "failed"])
def test_a_day_that_a_feed_states_stays_the_feeds(admin: User, refund: Refund, before: str) -> None:
    Cancellation.objects.update(origin="test-feed")
    Refund.objects.update(state=before, expected_by=date(2026, 11, 4))
    sent = record_refund(refund, state=State.SENT, by=admin, at=MOMENT + timedelta(days=30))
    assert sent.expected_by == date(2026, 11, 4)


@pytest.mark.parametrize("state", [State.COMPLETED, State.FAILED])
def test_only_sending_promises_anew(admin: User, refund: Refund, state: Refund.State) -> None:
    before = refund.expected_by
    assert record_refund(refund, state=state, by=admin, at=MOMENT + timedelta(days=30)).expected_by == before


@pytest.mark.parametrize("before", State.values)
@pytest.mark.parametrize("state", [State.SENT, State.COMPLETED, State.FAILED])
def test_only_some_states_lead_to_others(admin: User, refund: Refund, before: str, state: Refund.State) -> None:
    Refund.objects.update(state=before)
    if before in LEADS_TO[state]:
        assert record_refund(refund, state=state, by=admin).state == state
    else:
        with pytest.raises(AlreadyDecided, match="already"):
            record_refund(refund, state=state, by=admin)


def test_what_the_origin_dropped_is_not_recorded(admin: User, refund: Refund) -> None:
    Refund.objects.all().delete()
    with pytest.raises(NotReportedAnyMore, match="no longer reports this refund"):
        record_refund(refund, state=State.SENT, by=admin)
    assert not Event.objects.exists()


def test_it_refuses_unfit_words(admin: User, refund: Refund) -> None:
    with pytest.raises(UnfitNote, match="100"):
        record_refund(refund, state=State.SENT, by=admin, reference="x" * 101)


def test_it_finds_the_order_of_a_part(admin: User) -> None:
    order = OrderFactory.create(lines__part_cancelled=True)
    ended = order.lines.get().cancellation
    assert ended
    assert order_of(ended) == order
    record_refund(RefundFactory.create(cancellation=ended), state=State.SENT, by=admin)
    assert Event.objects.get().order == order


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_leaves_nothing_half_done(after: bool, admin: User, refund: Refund) -> None:
    def send() -> None:
        record_refund(refund, state=State.SENT, by=admin)

    assert survives_faults(send, Order, Refund, Event, Mail, after=after) >= 4
    refund.refresh_from_db()
    assert refund.state == "sent"
