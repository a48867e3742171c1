"""How far the money has come."""

import pytest

from accounts.models import User
from cancellations.models import Refund
from orders.models import Event, Mail, Order
from orders.refunding import LEADS_TO, order_of, record_refund
from orders.refusals import AlreadyDecided, UnfitNote
from tests.factories import MOMENT, OrderFactory, RefundFactory
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


@pytest.mark.parametrize("before", State.values)
@pytest.mark.parametrize("state", [State.SENT, State.COMPLETED, State.FAILED])
def test_only_some_states_lead_to_others(admin: User, refund: Refund, before: str, state: Refund.State) -> None:
    Refund.objects.update(state=before)
    if before in LEADS_TO[state]:
        assert record_refund(refund, state=state, by=admin).state == state
    else:
        with pytest.raises(AlreadyDecided, match="already"):
            record_refund(refund, state=state, by=admin)


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
