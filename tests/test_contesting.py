"""A buyer says "this is not what happened"; an administrator upholds or rejects that; and votes."""

from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import User
from cancellations.models import Cancellation, Contest, Feedback, Reason
from cancellations.terms import Source
from orders.contesting import contest_reason, reject_contest, uphold_contest
from orders.feedback import give_feedback
from orders.models import Event, Mail, Order
from orders.refusals import AlreadyDecided, CannotContest, CannotGiveReason, UnfitNote
from tests.factories import ContestFactory, OrderFactory, WordingFactory
from tests.faults import survives_faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(buyer: User) -> Order:
    return OrderFactory.create(buyer=buyer, cancelled=True, source="buyer", reason_code="changed_mind")


def contest(order: Order, statement: str = "The shop rang me and cancelled.") -> Contest:
    assert order.cancellation
    assert order.buyer
    return contest_reason(order, order.cancellation, by=order.buyer, statement=statement)


def reason(code: str) -> Reason:
    return Reason.objects.get(code=code)


def test_it_records_the_statement(order: Order, buyer: User) -> None:
    said = contest(order)
    assert (said.state, said.raised_by, said.statement) == ("open", buyer, "The shop rang me and cancelled.")
    assert Event.objects.get().kind == "contested"


def test_it_is_said_once_while_it_is_open_or_was_rejected(order: Order, admin: User) -> None:
    said = contest(order)
    with pytest.raises(CannotContest, match="looking at it"):
        contest(order)
    reject_contest(said, by=admin, answer="The log says otherwise.")
    with pytest.raises(CannotContest, match="the answer stands"):
        contest(order)


def test_upholding_corrects_who_and_why_and_keeps_what_was_before(order: Order, admin: User) -> None:
    uphold_contest(contest(order), by=admin, source=Source.SELLER, reason=reason("out_of_stock"), answer="Right.")
    ended = Cancellation.objects.get()
    assert (ended.source, ended.requested_by, ended.reason.code) == ("seller", "seller", "out_of_stock")
    facts = Event.objects.get(kind="reason_corrected").facts
    assert facts["from"] == {"source": "buyer", "reason": "changed_mind"}
    assert facts["to"] == {"source": "seller", "reason": "out_of_stock"}


def test_upholding_records_the_newest_words_of_the_new_reason(order: Order, admin: User) -> None:
    written = reason("out_of_stock").wordings.latest("version").version
    newest = WordingFactory.create(reason=reason("out_of_stock"), version=written + 1)
    uphold_contest(contest(order), by=admin, source=Source.SELLER, reason=reason("out_of_stock"))
    assert Cancellation.objects.get().wording_version == newest.version


def test_upholding_leaves_a_note_to_its_author(admin: User) -> None:
    order = OrderFactory.create(cancelled=True, source="seller", cancellation__note="Sold out, sorry.")
    uphold_contest(contest(order), by=admin, source=Source.BUYER, reason=reason("changed_mind"))
    ended = Cancellation.objects.get()
    assert (ended.source, ended.note, ended.note_by) == ("buyer", "Sold out, sorry.", "seller")


def test_notes_of_before_are_their_sources_words_unless_that_was_corrected() -> None:
    said, corrected = [OrderFactory.create(cancelled=True, cancellation__note="I found mine.") for _ in range(2)]
    silent = OrderFactory.create(cancelled=True)
    ContestFactory.create(cancellation=corrected.cancellation, upheld=True)
    Cancellation.objects.update(note_by="")
    import_module("cancellations.migrations.0006_authors_of_known_notes").write_authors(apps, None)
    authors = dict(Cancellation.objects.values_list("order", "note_by"))
    assert authors == {said.pk: "buyer", corrected.pk: "unknown", silent.pk: ""}


def test_what_was_corrected_may_be_contested_again(order: Order, admin: User) -> None:
    uphold_contest(contest(order), by=admin, source=Source.SELLER, reason=reason("out_of_stock"))
    assert contest(order).state == "open"


def test_upholding_changes_something(order: Order, admin: User) -> None:
    with pytest.raises(CannotContest, match="reject the contest"):
        uphold_contest(contest(order), by=admin, source=Source.BUYER, reason=reason("changed_mind"))


def test_the_corrected_reason_is_one_that_the_source_may_give(order: Order, admin: User) -> None:
    with pytest.raises(CannotGiveReason):
        uphold_contest(contest(order), by=admin, source=Source.BUYER, reason=reason("out_of_stock"))


def test_rejecting_needs_an_answer(order: Order, admin: User) -> None:
    said = contest(order)
    with pytest.raises(UnfitNote, match="cannot be empty"):
        reject_contest(said, by=admin, answer=" ")
    assert reject_contest(said, by=admin, answer="The log says so.").answer == "The log says so."


def test_it_is_decided_once(order: Order, admin: User) -> None:
    decided = ContestFactory.create(cancellation=order.cancellation, rejected=True)
    with pytest.raises(AlreadyDecided):
        reject_contest(decided, by=admin, answer="No.")
    with pytest.raises(AlreadyDecided):
        uphold_contest(decided, by=admin, source=Source.SELLER, reason=reason("out_of_stock"))


def test_a_vote_can_be_changed_and_counts_once(order: Order, buyer: User) -> None:
    assert order.cancellation
    give_feedback(order.cancellation, by=buyer, is_helpful=True)
    give_feedback(order.cancellation, by=buyer, is_helpful=False)
    assert list(Feedback.objects.values_list("is_helpful", flat=True)) == [False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_leaves_nothing_half_done(after: bool, order: Order, admin: User) -> None:
    tables = [Order, Cancellation, Contest, Event, Mail]
    assert survives_faults(lambda: contest(order), *tables, after=after) >= 4

    def uphold() -> None:
        uphold_contest(Contest.objects.get(), by=admin, source=Source.SELLER, reason=reason("out_of_stock"))

    assert survives_faults(uphold, *tables, after=after) >= 6
    assert Cancellation.objects.get().source == "seller"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_in_a_rejection_or_a_vote_leaves_nothing_half_done(
    after: bool, order: Order, buyer: User, admin: User
) -> None:
    said = contest(order)
    tables = [Order, Cancellation, Contest, Feedback, Event, Mail]
    assert survives_faults(lambda: reject_contest(said, by=admin, answer="No."), *tables, after=after) >= 5
    ended = Cancellation.objects.get()
    assert survives_faults(lambda: give_feedback(ended, by=buyer, is_helpful=True), *tables, after=after) >= 2
    assert (Contest.objects.get().state, Feedback.objects.get().is_helpful) == ("rejected", True)
