"""The buyer asks the seller to cancel; the seller answers; silence approves."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from cancellations.curating import retire
from cancellations.models import Cancellation, Reason, Refund
from orders.models import CancellationRequest, Event, Mail, Order, OrderLine, RequestedLine
from orders.portions import take
from orders.previewing import preview
from orders.refusals import AlreadyDecided, CannotAsk, CannotCancel, CannotGiveReason, CannotTake, UnfitNote
from orders.requesting import (
    approve_lapsed,
    approve_request,
    decline_request,
    request_cancellation,
    withdraw_request,
)
from orders.rules import cancel_rule, may_ask_again
from tests.factories import MOMENT, CancellationRequestFactory, EventFactory, OrderFactory
from tests.faults import contents, survives_faults

pytestmark = pytest.mark.django_db
TABLES = [Order, OrderLine, CancellationRequest, RequestedLine, Cancellation, Refund, Event, Mail]


def reason(code: str = "change_address") -> Reason:
    return Reason.objects.get(code=code)


def ask(order: Order, **rest: Any) -> CancellationRequest:
    assert order.buyer
    return request_cancellation(order, **{"by": order.buyer, "reason": reason(), **rest})


def deadline(asked: CancellationRequest) -> datetime:
    assert asked.answer_by
    return asked.answer_by


def kinds(order: Order) -> list[str]:
    return list(order.events.order_by("pk").values_list("kind", flat=True))


# Asking


def test_it_gives_the_seller_two_days() -> None:
    asked = ask(OrderFactory.create(), note="We have moved.")
    assert asked.state == "open"
    assert asked.requested_at
    assert deadline(asked) - asked.requested_at == timedelta(hours=48)
    assert kinds(asked.order) == ["request_opened"]
    assert asked.note == "We have moved."


def test_it_can_ask_for_some_of_the_items() -> None:
    order = OrderFactory.create(lines=2, lines__quantity=3)
    line = order.lines.all()[0]
    asked = ask(order, quantities={line.pk: 2})
    assert list(asked.lines.values_list("line", "quantity")) == [(line.pk, 2)]


def test_asking_for_everything_that_is_left_is_asking_for_the_order() -> None:
    order = OrderFactory.create(lines=2)
    asked = ask(order, quantities={line.pk: line.quantity for line in order.lines.all()})
    assert not asked.lines.exists()


def test_nobody_asks_for_what_can_be_done_at_once() -> None:
    with pytest.raises(CannotAsk, match="You need not ask"):
        ask(OrderFactory.create(awaiting_payment=True))
    with pytest.raises(CannotAsk, match="You need not ask"):
        ask(OrderFactory.create(paid_at=timezone.now() - timedelta(minutes=59)))


def test_nobody_asks_twice() -> None:
    order = OrderFactory.create()
    ask(order)
    with pytest.raises(CannotAsk, match="You have asked already"):
        ask(order)


@pytest.mark.parametrize("state", ["shipped", "delivered", "cancelled"])
def test_nobody_asks_when_it_is_too_late(state: str) -> None:
    with pytest.raises(CannotCancel):
        ask(OrderFactory.create(**{state: True}))


def test_it_refuses_reasons_that_are_not_a_buyers_or_not_in_use() -> None:
    with pytest.raises(CannotGiveReason, match="not yours"):
        ask(OrderFactory.create(), reason=reason("out_of_stock"))
    retire(reason())
    with pytest.raises(CannotGiveReason, match="no longer in use"):
        ask(OrderFactory.create())


def test_it_refuses_lines_of_another_order_and_quantities_that_are_not_there() -> None:
    order, other = OrderFactory.create(lines=2), OrderFactory.create()
    with pytest.raises(CannotTake, match="not part of the order"):
        ask(order, quantities={other.lines.get().pk: 1})
    line = order.lines.all()[0]
    with pytest.raises(CannotTake, match="1 can still be cancelled, not 7"):
        ask(order, quantities={line.pk: 7})
    with pytest.raises(CannotTake, match="cannot be negative"):
        ask(order, quantities={line.pk: -1})
    with pytest.raises(CannotTake, match="at least one"):
        ask(order, quantities={line.pk: 0})


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("x" * 1_001, "longer than 1,000"),
        ("a\x00b", "NUL"),
        ("a\x07b", "control character"),
        ("a\u202eb", "writing direction"),
        ("a\ud800b", "surrogate"),
    ],
)
def test_it_refuses_unfit_words(note: str, sentence: str) -> None:
    with pytest.raises(UnfitNote, match=sentence):
        ask(OrderFactory.create(), note=note)


# Asking again


def test_a_buyer_may_ask_again_a_day_after_a_refusal() -> None:
    order = OrderFactory.create()
    declined = CancellationRequestFactory.create(order=order, declined=True, decided=timezone.now())
    with pytest.raises(CannotAsk, match="less than 24 hours ago"):
        ask(order)
    CancellationRequest.objects.filter(pk=declined.pk).update(decided_at=timezone.now() - timedelta(hours=24))
    assert ask(order).state == "open"


def test_the_day_after_a_refusal_ends_with_its_24th_hour() -> None:
    last = CancellationRequest(state="declined", decided_at=MOMENT)
    asked_again = [MOMENT + timedelta(hours=24, seconds=seconds) for seconds in (-1, 0)]
    assert [may_ask_again(last, now=now, has_changed=False) for now in asked_again] == [False, True]


def test_a_buyer_may_ask_again_once_the_order_has_changed() -> None:
    order = OrderFactory.create()
    CancellationRequestFactory.create(order=order, declined=True, decided=timezone.now() - timedelta(hours=1))
    EventFactory.create(order=order, kind="changed")
    assert ask(order).state == "open"


def test_a_buyer_may_ask_again_after_withdrawing() -> None:
    order = OrderFactory.create()
    assert order.buyer
    withdraw_request(ask(order), by=order.buyer)
    assert ask(order).state == "open"


# Answering


def test_the_seller_approves_and_the_order_ends_for_the_buyers_reason(seller_member: User) -> None:
    asked = ask(OrderFactory.create())
    made = approve_request(asked, by=seller_member)
    assert made
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("approved", seller_member)
    assert (made.source, made.requested_by, made.reason.code) == ("seller", "buyer", "change_address")
    assert Order.objects.get().is_cancelled
    assert kinds(asked.order) == ["request_opened", "request_approved", "cancelled", "refund_due"]


def test_approving_cancels_only_the_items_that_were_asked_for(seller_member: User) -> None:
    order = OrderFactory.create(lines=2, lines__quantity=3)
    line = order.lines.all()[0]
    made = approve_request(ask(order, quantities={line.pk: 2}), by=seller_member)
    line.refresh_from_db()
    order.refresh_from_db()
    assert (line.cancelled_quantity, line.cancellation) == (2, made)
    assert not order.is_cancelled


def test_a_reason_that_was_retired_since_is_still_the_buyers(seller_member: User) -> None:
    asked = ask(OrderFactory.create())
    retire(asked.reason)
    made = approve_request(asked, by=seller_member)
    assert made
    assert made.reason.code == "change_address"


def test_the_seller_declines_with_a_reason(seller_member: User) -> None:
    asked = decline_request(ask(OrderFactory.create()), by=seller_member, answer=" It is on the lorry. ")
    assert (asked.state, asked.decline_reason) == ("declined", "It is on the lorry.")
    assert not Order.objects.get().is_cancelled
    with pytest.raises(UnfitNote, match="cannot be empty"):
        decline_request(CancellationRequestFactory.create(), by=seller_member, answer="  ")


def test_the_buyer_withdraws() -> None:
    asked = ask(OrderFactory.create())
    assert asked.order.buyer
    assert withdraw_request(asked, by=asked.order.buyer).state == "withdrawn"
    assert kinds(asked.order) == ["request_opened", "request_withdrawn"]


@pytest.mark.parametrize("state", ["approved", "declined", "withdrawn"])
def test_what_is_decided_stays_decided(state: str, seller_member: User) -> None:
    asked = CancellationRequestFactory.create(**{state: True})
    for act in (
        lambda: withdraw_request(asked, by=seller_member),
        lambda: approve_request(asked, by=seller_member),
        lambda: decline_request(asked, by=seller_member, answer="No."),
    ):
        with pytest.raises(AlreadyDecided):
            act()


def test_nothing_is_approved_once_the_order_has_been_sent(seller_member: User) -> None:
    asked = ask(OrderFactory.create())
    Order.objects.update(status="shipped", shipped_at=MOMENT)
    with pytest.raises(CannotCancel):
        approve_request(asked, by=seller_member)
    asked.refresh_from_db()
    assert asked.state == "open"


# Silence


def test_silence_approves_at_the_deadline_and_not_before() -> None:
    asked = ask(OrderFactory.create())
    assert approve_lapsed(now=deadline(asked) - timedelta(seconds=1)) == 0
    assert approve_lapsed(now=deadline(asked)) == 1
    asked.refresh_from_db()
    made = Cancellation.objects.get()
    assert asked.state == "approved_by_silence"
    assert (made.source, made.requested_by, made.reason.code) == ("system", "buyer", "change_address")
    assert approve_lapsed(now=deadline(asked)) == 0


def test_money_that_silence_sends_back_comes_by_the_day_that_was_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    order = OrderFactory.create()
    asked_at = MOMENT + timedelta(hours=2)
    promised = preview(order, take(order, None), rule=cancel_rule(order, now=asked_at), now=asked_at)
    assert (promised.answer_by, promised.expected_by) == (asked_at + timedelta(hours=48), date(2026, 11, 11))
    monkeypatch.setattr(timezone, "now", lambda: asked_at)
    asked = ask(order)
    monkeypatch.setattr(timezone, "now", lambda: deadline(asked))
    assert approve_lapsed(now=deadline(asked)) == 1
    assert Refund.objects.get().expected_by == promised.expected_by


def test_silence_does_not_cancel_what_has_been_sent() -> None:
    asked = ask(OrderFactory.create())
    Order.objects.update(status="shipped", shipped_at=MOMENT)
    assert approve_lapsed(now=deadline(asked)) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.decline_reason) == (
        "declined",
        "The order has been sent, so it can no longer be cancelled.",
    )


def test_the_command_closes_every_request_that_lapsed() -> None:
    for _ in range(3):
        CancellationRequestFactory.create(lapsed=True)
    call_command("approve_lapsed_requests")
    assert set(CancellationRequest.objects.values_list("state", flat=True)) == {"approved_by_silence"}


# Between the deadline and the command that carries silence out


def lapsed(**rest: Any) -> CancellationRequest:
    made: CancellationRequest = CancellationRequestFactory.create(lapsed=True, **rest)
    return made


def test_after_the_deadline_nobody_declines_and_silence_is_carried_out(seller_member: User) -> None:
    asked = lapsed()
    with pytest.raises(AlreadyDecided, match="that meant yes"):
        decline_request(asked, by=seller_member, answer="No.")
    made = Cancellation.objects.get()
    assert (made.source, made.requested_by, made.cancelled_by) == ("system", "buyer", None)
    assert kinds(asked.order) == ["request_lapsed", "cancelled", "refund_due"]
    assert approve_lapsed(now=timezone.now()) == 0


def test_an_approval_after_the_deadline_is_that_of_silence(seller_member: User) -> None:
    asked = lapsed()
    made = approve_request(asked, by=seller_member)
    assert made
    assert (made.source, made.cancelled_by) == ("system", None)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("approved_by_silence", None)
    assert kinds(asked.order)[0] == "request_lapsed"


def test_a_refusal_after_the_deadline_of_what_has_been_sent_says_that(seller_member: User) -> None:
    asked = lapsed()
    Order.objects.update(status="shipped", shipped_at=MOMENT)
    with pytest.raises(CannotCancel):
        decline_request(asked, by=seller_member, answer="No.")
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("declined", None)
    assert asked.decline_reason == "The order has been sent, so it can no longer be cancelled."


def test_what_silence_means_elsewhere_is_decided_elsewhere(seller_member: User) -> None:
    asked = lapsed(origin="shop")
    assert decline_request(asked, by=seller_member, answer="No.").state == "declined"


# When something breaks in the middle


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_fault_leaves_nothing_half_done(after: bool, seller_member: User) -> None:
    order = OrderFactory.create(lines=2, seller=seller_member.sellers.get())
    made: list[CancellationRequest] = []
    assert survives_faults(lambda: made.append(ask(order)), *TABLES, after=after) >= 5
    assert survives_faults(lambda: approve_request(made[-1], by=seller_member), *TABLES, after=after) >= 10
    assert [len(rows) for rows in contents(Order, CancellationRequest, Cancellation, Refund)] == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["decline", "withdraw", "lapse"])
def test_a_fault_in_an_answer_leaves_nothing_half_done(act: str, seller_member: User) -> None:
    asked = CancellationRequestFactory.create(lapsed=act == "lapse")
    acts = {
        "decline": lambda: decline_request(asked, by=seller_member, answer="No."),
        "withdraw": lambda: withdraw_request(asked, by=seller_member),
        "lapse": lambda: approve_lapsed(now=timezone.now()),
    }
    assert survives_faults(acts[act], *TABLES, after=True) >= 4
    asked.refresh_from_db()
    assert asked.state != "open"
