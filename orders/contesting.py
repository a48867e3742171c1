"""A buyer says "this is not what happened"; an administrator upholds or rejects that."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cancellations.models import Cancellation, Contest, Reason
from cancellations.terms import Source
from cancellations.wordings import newest_version
from orders.belonging import lock_order_of, order_of
from orders.cancelling import check_reason
from orders.happenings import record_event
from orders.models import Event, Order
from orders.notes import fit_note, needed_note
from orders.refusals import AlreadyDecided, CannotContest

State = Contest.State
MOST_CHARACTERS = 2_000


@transaction.atomic
def contest_reason(order: Order, cancellation: Cancellation, *, by: User, statement: str) -> Contest:
    """Say that a cancellation is not what happened.

    Raise CannotContest if that is being looked at, or was decided; NotCancelledAnyMore if the origin took it back.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)  # lock first, look second
    order_of(cancellation)
    last = Contest.objects.filter(cancellation=cancellation).order_by("-pk").first()
    if last and last.state in CONTESTED:  # what was corrected may be wrong again
        raise CannotContest(CONTESTED[State(last.state)])
    contest = Contest.objects.create(
        cancellation=cancellation, raised_by=by, statement=needed_note(statement, most=MOST_CHARACTERS)
    )
    _tell(order, contest, Event.Kind.CONTESTED, Source.BUYER, by)
    return contest


@transaction.atomic
def uphold_contest(contest: Contest, *, by: User, source: Source, reason: Reason, answer: str = "") -> Contest:
    """Agree with the buyer: correct who and why. The old reason stays in the timeline.

    Raise AlreadyDecided, CannotGiveReason if that source may not give that reason, CannotContest if nothing changes.
    """
    order, contest = _lock(contest)
    cancellation = Cancellation.objects.get(pk=contest.cancellation_id)
    check_reason(reason, source)
    before = {"source": cancellation.source, "reason": cancellation.reason.code}
    after = {"source": source.value, "reason": reason.code}
    if before == after:
        raise CannotContest(_("This is the reason that is recorded. To keep it, reject the contest."))
    cancellation.source, cancellation.requested_by = source, source
    cancellation.reason, cancellation.wording_version = reason, newest_version(reason.pk)
    cancellation.save(update_fields=["source", "requested_by", "reason", "wording_version"])
    contest = _decide(contest, State.UPHELD, by, fit_note(answer, most=MOST_CHARACTERS))
    facts = {"cancellation": cancellation.pk, "from": before, "to": after}
    record_event(order, Event.Kind.REASON_CORRECTED, actor=Source.SYSTEM, by=by, facts=facts)
    _tell(order, contest, Event.Kind.CONTEST_UPHELD, Source.SYSTEM, by)
    return contest


@transaction.atomic
def reject_contest(contest: Contest, *, by: User, answer: str) -> Contest:
    """Keep the reason, with an answer that the buyer reads. Raise AlreadyDecided, UnfitNote."""
    order, contest = _lock(contest)
    contest = _decide(contest, State.REJECTED, by, needed_note(answer, most=MOST_CHARACTERS))
    _tell(order, contest, Event.Kind.CONTEST_REJECTED, Source.SYSTEM, by)
    return contest


def overtake_contests(taken_back: Iterable[Cancellation]) -> None:
    """Close what is open about cancellations that their origin took back. Their orders must be locked.

    Nothing is left to correct; the history says that the order, or the item, was opened again.
    """
    open_ones = Contest.objects.filter(cancellation__in=taken_back, state=State.OPEN)
    open_ones.update(state=State.OVERTAKEN, decided_at=timezone.now())


def _lock(contest: Contest) -> tuple[Order, Contest]:
    """Lock the order, then read the contest again. Raise AlreadyDecided if it is no longer open."""
    order = lock_order_of(contest.cancellation)
    contest = Contest.objects.get(pk=contest.pk)
    if contest.state != State.OPEN:
        raise AlreadyDecided(_("This contest was decided already."))
    return order, contest


def _decide(contest: Contest, state: Contest.State, by: User, answer: str) -> Contest:
    contest.state, contest.decided_at, contest.decided_by, contest.answer = state, timezone.now(), by, answer
    contest.save(update_fields=["state", "decided_at", "decided_by", "answer"])
    return contest


def _tell(order: Order, contest: Contest, kind: Event.Kind, actor: Source, by: User) -> None:
    facts = {"contest": contest.pk, "cancellation": contest.cancellation_id}
    record_event(order, kind, actor=actor, by=by, facts=facts)


CONTESTED = {
    State.OPEN: _("You have told us already. An administrator is looking at it."),
    State.REJECTED: _("You have told us, and the answer stands on the order's page."),
}
