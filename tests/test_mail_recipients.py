"""Who is mailed: those whom it concerns, whom mail reaches, and who want it."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from cancellations.models import Reason, Refund
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.contesting import contest_reason, reject_contest
from orders.mailing import announce
from orders.models import Event, Mail, Order, Seller
from orders.refunding import record_refund
from orders.requesting import decline_request, request_cancellation
from tests.factories import EventFactory, MutedMailFactory, OrderFactory
from tests.mailers import subjects

pytestmark = pytest.mark.django_db
BUYER, SELLER = "mai@example.org", "long@example.org"


@pytest.fixture
def order(buyer: User, seller: Seller, seller_member: User) -> Order:
    return OrderFactory.create(number="1042", buyer=buyer, seller=seller)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[..., None]:
    """Do it, and what follows its commit."""

    def do(act: Callable[[], object]) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            act()

    return do


def cancel(order: Order, source: Source = Source.BUYER) -> None:
    code = {Source.BUYER: "changed_mind", Source.SELLER: "out_of_stock", Source.SYSTEM: "payment_not_received"}[source]
    cancel_order(order, source=source, reason=Reason.objects.get(code=code))


def opened_again(order: Order) -> None:
    order.lines.update(cancellation=None, cancelled_quantity=0)
    Order.objects.update(status=Order.Status.PREPARING, cancellation=None)


def test_nothing_is_sent_before_the_commit(order, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        cancel(order)
        assert mail.outbox == []
    assert len(mail.outbox) == 2


def test_what_is_rolled_back_is_told_to_nobody(order, django_capture_on_commit_callbacks):
    @transaction.atomic
    def changes_its_mind() -> None:
        cancel(order)
        raise LookupError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(LookupError):
        changes_its_mind()
    assert mail.outbox == []
    assert not Mail.objects.exists()


@pytest.mark.parametrize("source", [Source.BUYER, Source.SYSTEM])
def test_every_member_of_the_seller_is_told_and_nobody_of_another(order, committed, stranger, source):
    colleague = User.objects.create_user("linh@example.org")
    order.seller.members.add(colleague)
    OrderFactory.create().seller.members.add(stranger)
    committed(lambda: cancel(order, source))
    assert sorted(message.to[0] for message in mail.outbox) == ["linh@example.org", SELLER, BUYER]
    assert all(len(message.to) == 1 and not message.cc and not message.bcc for message in mail.outbox)


def test_a_buyer_who_acts_for_the_seller_is_mailed_once_as_the_buyer(order, committed, buyer):
    order.seller.members.add(buyer)
    committed(lambda: cancel(order))
    assert subjects(to=BUYER) == ["You cancelled your order 1042"]


def test_an_order_without_a_buyer_has_nobody_to_tell(order, committed):
    Order.objects.update(buyer=None)
    committed(lambda: cancel(order, Source.SELLER))
    assert mail.outbox == []


def test_somebody_whom_only_a_feed_knows_is_told_too(committed):
    unclaimed = User.objects.create_user("new@example.org", external_id="new")
    committed(lambda: cancel(OrderFactory.create(number="7", buyer=unclaimed)))
    assert subjects() == ["You cancelled your order 7"]


@pytest.mark.parametrize("fields", [{"email": None}, {"is_active": False}])
def test_no_mail_is_due_to_whom_none_reaches(order, committed, fields):
    User.objects.filter(email=SELLER).update(external_id="long", **fields)
    User.objects.filter(email=BUYER).update(**fields)
    committed(lambda: cancel(order))
    assert mail.outbox == []
    assert not Mail.objects.exists()


@pytest.mark.parametrize("fields", [{"email": None}, {"is_active": False}])
def test_who_has_closed_the_account_since_is_not_mailed(order, django_capture_on_commit_callbacks, fields):
    with django_capture_on_commit_callbacks(execute=True):
        cancel(order)
        User.objects.filter(email=BUYER).update(**fields)
    assert [message.to for message in mail.outbox] == [[SELLER]]
    assert not Mail.objects.filter(sent_at=None).exists()


def test_who_no_longer_acts_for_the_seller_is_not_mailed(order, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        cancel(order)
        order.seller.members.clear()
    assert [message.to for message in mail.outbox] == [[BUYER]]


def test_who_is_no_longer_the_buyer_is_not_mailed(order, django_capture_on_commit_callbacks, stranger):
    with django_capture_on_commit_callbacks(execute=True):
        cancel(order, Source.SELLER)
        Order.objects.update(buyer=stranger)
    assert mail.outbox == []


def test_an_order_that_was_opened_again_is_not_told_as_cancelled(order, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        cancel(order)
        opened_again(order)
    assert mail.outbox == []
    assert not Mail.objects.exists()


def test_a_request_that_was_answered_since_is_not_told_as_open(order, buyer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        request_cancellation(order, by=buyer, reason=Reason.objects.get(code="changed_mind"))
        cancel(order, Source.SELLER)
    assert subjects(to=SELLER) == []
    assert subjects(to=BUYER) == ["Minh Long Ceramics cancelled your order 1042: out of stock"]


def test_an_answer_about_an_order_that_was_opened_again_is_told_to_nobody(
    order, buyer, admin, django_capture_on_commit_callbacks
):
    cancel(order, Source.SELLER)
    order.refresh_from_db()
    contest = contest_reason(order, order.cancellation, by=buyer, statement="They had plenty.")
    with django_capture_on_commit_callbacks(execute=True):
        reject_contest(contest, by=admin, answer="Their records say so.")
        opened_again(order)
    assert mail.outbox == []


def test_an_answer_to_a_request_that_is_gone_is_told_to_nobody(
    order, buyer, seller_member, django_capture_on_commit_callbacks
):
    request = request_cancellation(order, by=buyer, reason=Reason.objects.get(code="changed_mind"))
    with django_capture_on_commit_callbacks(execute=True):
        decline_request(request, by=seller_member, answer="It is packed.")
        request.delete()
    assert mail.outbox == []


def test_a_refund_that_its_feed_took_back_is_told_to_nobody(order, admin, django_capture_on_commit_callbacks):
    cancel(order, Source.SELLER)
    with django_capture_on_commit_callbacks(execute=True):
        record_refund(Refund.objects.get(), state=Refund.State.SENT, by=admin)
        Refund.objects.all().delete()
    assert mail.outbox == []


@pytest.mark.parametrize("state", [Refund.State.SENT, Refund.State.COMPLETED])
def test_news_of_a_refund_can_be_muted(order, buyer, admin, committed, state):
    MutedMailFactory.create(user=buyer, kind=f"refund_{state}")
    cancel(order, Source.SELLER)
    committed(lambda: record_refund(Refund.objects.get(), state=state, by=admin))
    assert mail.outbox == []


def test_a_refund_that_failed_is_told_all_the_same(order, buyer, admin, committed):
    for kind in ["refund_sent", "refund_completed", "refund_failed"]:
        MutedMailFactory.create(user=buyer, kind=kind)
    cancel(order, Source.SELLER)
    committed(lambda: record_refund(Refund.objects.get(), state=Refund.State.FAILED, by=admin))
    assert len(mail.outbox) == 1


def test_a_seller_can_mute_cancellations_but_not_requests(order, buyer, seller_member, committed):
    MutedMailFactory.create(user=seller_member, kind="order_ended")
    MutedMailFactory.create(user=seller_member, kind="request_opened")
    reason = Reason.objects.get(code="changed_mind")
    committed(lambda: request_cancellation(order, by=buyer, reason=reason))
    assert subjects(to=SELLER)[0].startswith("The buyer asks to cancel order 1042")
    mail.outbox.clear()
    committed(lambda: cancel(order))
    assert [message.to for message in mail.outbox] == [[BUYER]]


def test_muting_as_a_seller_mutes_nothing_as_a_buyer(order, buyer, committed):
    MutedMailFactory.create(user=buyer, kind="order_ended")
    committed(lambda: cancel(order))
    assert subjects(to=BUYER) == ["You cancelled your order 1042"]


@pytest.mark.parametrize(
    "kind", ["recorded", "changed", "reopened", "refund_due", "contested", "reason_corrected", "conflict"]
)
def test_other_events_are_told_on_the_page_only(order, kind):
    announce([EventFactory.create(order=order, kind=kind)])
    assert not Mail.objects.exists()


def test_announcing_twice_makes_one_mail(order, committed):
    committed(lambda: cancel(order))
    committed(lambda: announce(list(Event.objects.all())))
    assert len(mail.outbox) == Mail.objects.count() == 2


@pytest.mark.parametrize("count", [1, 50])
def test_announcing_costs_the_same_for_one_event_and_for_fifty(count, django_assert_num_queries):
    events = [ended_at_a_shop_of_its_own() for _ in range(count)]
    with django_assert_num_queries(4):  # members, addresses, what is muted, and the mails
        announce(events)
    assert Mail.objects.count() == 2 * count


def ended_at_a_shop_of_its_own() -> Event:
    order = OrderFactory.create()
    order.seller.members.add(User.objects.create_user(f"{order.number}@example.org"))
    return EventFactory.create(order=order, kind="cancelled", actor="buyer")
