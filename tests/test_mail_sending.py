"""A mail is sent once, whoever fails or dies in between, and no action fails or waits because of mail."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.models import Q
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from cancellations.models import Reason
from cancellations.terms import Source
from orders import sending
from orders.cancelling import cancel_order
from orders.models import Mail, Order, Seller
from orders.sending import LEASE, MOST_ATTEMPTS, send_due
from orders.tasks import send_mails
from tests.factories import OrderFactory
from tests.mailers import Away, GoesAway, Refuses, WorkerDiesAfter, WorkerDiesBefore, use_mailer
from tests.racing import ON_POSTGRESQL

BUYER, SELLER = "mai@example.org", "long@example.org"


def cancelled(buyer: User, seller: Seller) -> Order:
    order = OrderFactory.create(buyer=buyer, seller=seller)
    cancel_order(order, source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))
    order.refresh_from_db()
    return order


@pytest.fixture
def due(db: None, buyer: User, seller: Seller, settings: Settings) -> Mail:
    """A mail to the buyer that could not be sent yet."""
    use_mailer(settings, Away)
    cancelled(buyer, seller)
    use_mailer(settings)
    return Mail.objects.get()


@pytest.fixture
def two_due(due: Mail, seller: Seller, seller_member: User, settings: Settings) -> list[Mail]:
    """The one to the buyer, and a later one to the seller."""
    use_mailer(settings, Away)
    cancelled(User.objects.create_user(external_id="nobody"), seller)
    use_mailer(settings)
    return list(Mail.objects.order_by("pk"))


def sent_to() -> list[str]:
    return [message.to[0] for message in mail.outbox]


def sweep() -> int:
    return send_due(Mail.objects.all())


def later(**span: float) -> None:
    """Let time go by, as the rows see it."""
    by = timedelta(**span)
    for one in Mail.objects.all():
        claimed_at = one.claimed_at and one.claimed_at - by
        Mail.objects.filter(pk=one.pk).update(due_at=one.due_at - by, claimed_at=claimed_at)


# Once


def test_it_is_claimed_sent_and_marked(due):
    assert sweep() == 1
    due.refresh_from_db()
    assert due.sent_at >= due.claimed_at
    assert (due.attempts, sent_to()) == (1, [BUYER])


def test_the_task_and_the_sweep_send_it_once(due):
    assert send_mails.call([due.event_id]) == 1
    assert send_mails.call([due.event_id]) == sweep() == 0
    assert sent_to() == [BUYER]


def test_one_that_is_deleted_once_it_is_claimed_stops_nobody(two_due, monkeypatch):
    """As with its recipient, or with its order."""
    claim = sending._claim

    def claim_and_delete(pk: int) -> bool:
        is_ours = claim(pk)
        Mail.objects.filter(pk=two_due[0].pk).delete()
        return is_ours

    monkeypatch.setattr(sending, "_claim", claim_and_delete)
    assert sweep() == 1
    assert sent_to() == [SELLER]


def test_what_is_due_later_waits(due):
    Mail.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert sweep() == 0


def test_what_another_sender_holds_is_left_to_it(due):
    Mail.objects.update(claimed_at=timezone.now() - LEASE + timedelta(seconds=30))
    assert sweep() == 0
    later(minutes=1)
    assert sweep() == 1


@pytest.mark.django_db(transaction=True)
def test_it_is_not_sent_from_inside_a_transaction(due):
    """The claim would be seen by nobody else."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        sweep()
    assert mail.outbox == []


# A worker that dies


def test_a_worker_that_dies_before_sending_leaves_it_to_the_next(due, settings):
    use_mailer(settings, WorkerDiesBefore)
    with pytest.raises(SystemExit):
        sweep()
    use_mailer(settings)
    assert sweep() == 0  # it may still be at it
    later(minutes=11)
    assert sweep() == 1
    assert sent_to() == [BUYER]


def test_a_worker_that_dies_after_sending_sends_it_again_under_the_same_id(due, settings):
    use_mailer(settings, WorkerDiesAfter)
    with pytest.raises(SystemExit):
        sweep()
    use_mailer(settings)
    later(minutes=11)
    sweep()
    [first, second] = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert first == second


def test_a_mail_that_kills_its_workers_is_given_up(due, settings):
    use_mailer(settings, WorkerDiesBefore)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            sweep()
        later(minutes=11)
    assert sweep() == 0


# A mail server that fails


def test_what_the_mail_server_refuses_does_not_stop_the_others(two_due, settings):
    use_mailer(settings, Refuses)
    assert sweep() == 1
    assert sent_to() == [SELLER]
    refused = Mail.objects.get(sent_at=None)
    assert (refused.pk, refused.claimed_at, refused.attempts) == (two_due[0].pk, None, 1)


def test_it_is_tried_again_after_longer_and_longer_and_then_given_up(due, settings, caplog):
    use_mailer(settings, Refuses)
    waits = []
    for _ in range(MOST_ATTEMPTS):
        assert sweep() == 0
        due.refresh_from_db()
        waits.append(round((due.due_at - timezone.now()) / timedelta(minutes=1)))
        assert sweep() == 0  # not yet
        later(minutes=waits[-1] + 1)
    assert waits == [1, 4, 16, 64, 256, 1024, 4096]
    use_mailer(settings)
    assert sweep() == 0
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 6 + [logging.ERROR]


def test_the_log_names_no_address(due, settings, caplog):
    use_mailer(settings, Refuses)
    sweep()
    [record] = caplog.records
    assert (record.mail, record.outcome) == (due.pk, "SMTPRecipientsRefused")
    assert "@" not in str(record.__dict__)


def test_while_the_mail_server_is_away_nothing_is_claimed(two_due, settings):
    use_mailer(settings, Away)
    assert sweep() == 0
    assert set(Mail.objects.values_list("attempts", "claimed_at")) == {(0, None)}
    use_mailer(settings)
    assert sweep() == 2


def test_when_the_mail_server_hangs_up_the_rest_waits(two_due, settings):
    use_mailer(settings, GoesAway)
    assert sweep() == 0
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 1]
    use_mailer(settings)
    later(minutes=2)
    assert sweep() == 2


def test_a_fault_in_one_mail_does_not_stop_the_others(two_due, caplog):
    User.objects.filter(email=BUYER).update(email="mai@exa\nmple.org")  # no form and no feed lets this in
    assert sweep() == 1
    assert sent_to() == [SELLER]
    assert caplog.records[0].exc_info


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mailer", [Away, GoesAway, Refuses, WorkerDiesBefore])
def test_the_action_succeeds_whatever_becomes_of_the_mail(buyer, seller, settings: Settings, mailer):
    use_mailer(settings, mailer)
    assert cancelled(buyer, seller).is_cancelled
    assert mail.outbox == []
    use_mailer(settings)
    later(minutes=11)
    assert sweep() == 1


@pytest.mark.django_db(transaction=True)
def test_the_action_succeeds_where_the_task_cannot_be_handed_over(buyer, seller, settings: Settings):
    """The table of the tasks is not there, or the database went away with the commit."""
    settings.TASKS = {"default": {"BACKEND": "tests.mailers.NoTasks"}}
    assert cancelled(buyer, seller).is_cancelled
    assert mail.outbox == []
    assert sweep() == 1


# The worker and the command


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_what_the_request_left_to_it(settings: Settings, buyer, seller):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    order = cancelled(buyer, seller)
    assert mail.outbox == []
    call_command("db_worker", batch=True, startup_delay=False, interval=0, verbosity=0)
    assert [message.subject for message in mail.outbox] == [f"You cancelled your order {order.number}"]


def test_the_command_says_what_it_did(two_due, capsys):
    Mail.objects.filter(pk=two_due[1].pk).update(attempts=MOST_ATTEMPTS)
    call_command("send_due_mail")
    call_command("send_due_mail")
    assert capsys.readouterr().out.splitlines() == ["Sent 1; given up in all: 1.", "Sent 0; given up in all: 1."]


# Several at once


class MeetBeforeClaiming:
    """Let senders wait for each other when each has seen what is due and none has claimed it."""

    def __init__(self, senders: int) -> None:
        self.barrier = Barrier(senders, timeout=10)

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "orders_mail"') and not self.barrier.broken:
            self._meet()
        return execute(sql, *rest)

    def _meet(self) -> None:
        try:
            self.barrier.wait()
        except BrokenBarrierError:
            return
        self.barrier.abort()


def sweeps_at_once(senders: int) -> int:
    """Run so many sweeps in their worst order; return how many mails they say they have sent."""
    meet = MeetBeforeClaiming(senders)

    def run(_place: int) -> int:
        try:
            with connection.execute_wrapper(meet):
                return sweep()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(senders) as threads:
        return sum(threads.map(run, range(senders)))


def on_postgresql(test: Any) -> Any:
    for mark in ON_POSTGRESQL:
        test = mark(test)
    return test


@on_postgresql
def test_of_several_sweeps_at_once_one_sends_each_mail(two_due):
    assert sweeps_at_once(4) == 2
    assert sorted(sent_to()) == [SELLER, BUYER]


@on_postgresql
def test_without_comparing_each_of_them_sends_it(due, monkeypatch):
    """The control: the same race, with the claim taken whether or not it is free."""
    monkeypatch.setattr(sending, "_is_free", lambda now: Q())
    assert sweeps_at_once(4) == 4
    assert sent_to() == [BUYER] * 4
