"""“The buyer asked”: a reason for what the buyer asked for, and for nothing else."""

import pytest

from accounts.models import User
from cancellations.models import Cancellation, Reason
from cancellations.terms import Source
from orders.asked import asked_for
from orders.cancel_form import CancelForm
from orders.cancelling import cancel_order
from orders.models import Order
from orders.refusals import CannotGiveReason
from orders.requesting import approve_request, decline_request, request_cancellation
from tests.factories import OrderFactory

pytestmark = pytest.mark.django_db

LESS = "asked to cancel less than that"


@pytest.fixture
def order() -> Order:
    """Three of one item, three of another."""
    made: Order = OrderFactory.create(lines=2, lines__quantity=3)
    return made


def ask(order: Order, first: int = 0) -> None:
    assert order.buyer
    reason = Reason.objects.get(code="changed_mind")
    quantities = {order.lines.all()[0].pk: first} if first else None
    request_cancellation(order, by=order.buyer, reason=reason, quantities=quantities)


def end(order: Order, *quantities: int, code: str = "buyer_asked") -> Cancellation:
    """Cancel as the seller: so many of each line, all without any."""
    reason = Reason.objects.get(code=code)
    lines = zip(order.lines.all(), quantities, strict=False)
    chosen = {line.pk: some for line, some in lines} or None
    return cancel_order(order, quantities=chosen, source=Source.SELLER, reason=reason)


def test_it_may_be_given_for_all_when_all_was_asked_for(order):
    ask(order)
    assert end(order).requested_by == Source.BUYER


def test_it_may_be_given_for_what_was_asked_for_and_no_more(order):
    ask(order, 2)
    for more in ((), (3,), (0, 1), (2, 1)):
        with pytest.raises(CannotGiveReason, match=LESS):
            end(order, *more)
    assert end(order, 2)


def test_after_an_approval_it_is_no_reason_for_the_rest_of_the_order(order, seller_member: User):
    ask(order, 2)
    approve_request(order.requests.get(), by=seller_member)
    for rest in ((), (1,), (0, 1)):
        with pytest.raises(CannotGiveReason, match="has not asked"):
            end(order, *rest)
    assert end(order, code="out_of_stock").requested_by == Source.SELLER


def test_giving_all_that_was_asked_for_closes_the_request(order):
    ask(order, 2)
    end(order, 1)
    assert order.requests.get().is_open
    end(order, 1)
    assert order.requests.get().state == "approved"


def test_approving_takes_only_what_has_not_been_given_yet(order, seller_member: User):
    ask(order, 2)
    end(order, 1)
    approve_request(order.requests.get(), by=seller_member)
    assert order.lines.all()[0].cancelled_quantity == 2


def test_what_ended_for_another_reason_does_not_use_up_what_was_asked_for(order):
    end(order, 1, code="out_of_stock")
    ask(order, 2)
    assert end(order, 1)
    with pytest.raises(CannotGiveReason, match=LESS):
        end(order, 1, 1)
    assert end(order, 1)
    assert not asked_for(order)


def test_a_second_request_is_added_to_the_first(order, seller_member: User):
    ask(order, 1)
    approve_request(order.requests.get(), by=seller_member)
    ask(order, 2)
    assert end(order, 2)


def test_a_request_that_was_declined_is_no_reason(order, seller_member: User):
    ask(order)
    decline_request(order.requests.get(), by=seller_member, answer="It is packed.")
    with pytest.raises(CannotGiveReason, match="has not asked"):
        end(order)


def test_it_is_offered_while_something_is_asked_for(order, seller_member: User):
    assert "buyer_asked" not in CancelForm(order, Source.SELLER).offered
    ask(order, 1)
    assert "buyer_asked" in CancelForm(order, Source.SELLER).offered
    approve_request(order.requests.get(), by=seller_member)
    assert "buyer_asked" not in CancelForm(order, Source.SELLER).offered
