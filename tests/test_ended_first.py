"""A request that nobody had answered when the order ended: closed, and not told as approved."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from cancellations.models import Reason
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.models import CancellationRequest, Order, Seller
from orders.recording import record_orders
from orders.requesting import approve_lapsed, approve_request, request_cancellation
from tests.documents import (
    ASKED,
    ORIGIN,
    cancellation_document,
    cancelled_document,
    order_document,
    request_document,
)
from tests.factories import CancellationRequestFactory, OrderFactory
from tests.mailers import html_of, letter
from tests.pages import text_of

pytestmark = pytest.mark.django_db

BUYER, MEMBER = "mai@example.org", "long@example.org"
PAGE, SELLING, CANCEL = "/orders/A1/", "/selling/orders/A1/", "/selling/orders/A1/cancel/"
NOT_ANSWERED = "before the request was answered."
APPROVED = "The request was approved"
CLOSED = "Request to cancel closed, because the order was cancelled"


@pytest.fixture
def asked(buyer: User, seller: Seller, seller_member: User) -> CancellationRequest:
    """A request that waits for an answer."""
    order = OrderFactory.create(buyer=buyer, seller=seller, number="A1", origin=ORIGIN, paid=True, lines=2)
    made: CancellationRequest = CancellationRequestFactory.create(
        order=order, answer_by=timezone.now() + timedelta(hours=40)
    )
    return made


def end(asked: CancellationRequest, code: str = "out_of_stock", source: Source = Source.SELLER, **more: Any) -> None:
    cancel_order(asked.order, source=source, reason=Reason.objects.get(code=code), **more)


def end_by_feed(source: Source, reason: str, **fields: Any) -> None:
    ended = cancellation_document(source=source, reason=reason, **fields)
    record_orders([cancelled_document(version=2, buyer=None, cancellation=ended)], origin=ORIGIN)


def pages(buyer_client: Client, seller_client: Client) -> list[str]:
    """Return what both sides read."""
    return [text_of(buyer_client.get(PAGE)), text_of(seller_client.get(SELLING))]


def test_both_sides_read_that_the_order_ended_before_an_answer(
    buyer_client: Client, seller_client: Client, asked: CancellationRequest
) -> None:
    end(asked)
    day = f"{timezone.localtime():%-d %B %Y}"
    for page in pages(buyer_client, seller_client):
        assert f"asked to cancel Asked on 2 November 2026, 11:30. The order was cancelled on {day}" in page
        assert NOT_ANSWERED in page
        assert f"{CLOSED} {timezone.localtime():%-d %b %Y}" in page
        assert APPROVED not in page


def test_what_ends_at_the_buyers_wish_is_the_answer(
    buyer_client: Client, seller_client: Client, asked: CancellationRequest
) -> None:
    end(asked, "buyer_asked")
    theirs, ours = pages(buyer_client, seller_client)
    assert APPROVED in theirs
    assert NOT_ANSWERED not in theirs + ours
    assert CLOSED not in theirs + ours


def test_a_buyer_who_ends_it_has_had_no_answer(
    buyer_client: Client, seller_client: Client, asked: CancellationRequest
) -> None:
    end(asked, "changed_mind", Source.BUYER)
    for page in pages(buyer_client, seller_client):
        assert NOT_ANSWERED in page


def test_an_approval_of_a_part_stays_one_when_the_rest_ends(
    buyer: User, buyer_client: Client, seller_client: Client, seller_member: User, asked: CancellationRequest
) -> None:
    asked.delete()
    part = {asked.order.lines.all()[0].pk: 1}
    wanted = request_cancellation(
        asked.order, by=buyer, reason=Reason.objects.get(code="changed_mind"), quantities=part
    )
    approve_request(wanted, by=seller_member)
    end(asked)
    theirs, ours = pages(buyer_client, seller_client)
    assert APPROVED in theirs
    assert NOT_ANSWERED not in theirs + ours


def test_giving_a_part_that_was_asked_for_stays_an_answer_when_the_rest_ends(
    buyer: User, buyer_client: Client, seller_client: Client, asked: CancellationRequest
) -> None:
    asked.delete()
    part = {asked.order.lines.all()[0].pk: 1}
    request_cancellation(asked.order, by=buyer, reason=Reason.objects.get(code="changed_mind"), quantities=part)
    end(asked, "buyer_asked", quantities=part)
    end(asked)
    assert APPROVED in text_of(buyer_client.get(PAGE))


@pytest.mark.parametrize(
    ("source", "reason", "fields", "sentence"),
    [
        (Source.SELLER, "out_of_stock", {}, NOT_ANSWERED),
        (Source.SELLER, "out_of_stock", {"cancelled_at": None}, f"The order was cancelled {NOT_ANSWERED}"),
        (Source.SYSTEM, "seller_did_not_ship", {}, NOT_ANSWERED),
        (Source.UNKNOWN, "not_stated", {}, "Whether the request was answered is not stated."),
        (Source.SELLER, "buyer_asked", {"requested_by": Source.BUYER}, APPROVED),
        (Source.SELLER, "buyer_asked", {}, APPROVED),
        (Source.BUYER, "changed_mind", {}, APPROVED),
    ],
)
def test_what_a_feed_ends_is_told_by_whose_wish_it_was(
    buyer_client: Client,
    asked: CancellationRequest,
    source: Source,
    reason: str,
    fields: dict[str, Any],
    sentence: str,
) -> None:
    end_by_feed(source, reason, **fields)
    page = text_of(buyer_client.get(PAGE))
    assert sentence in page
    assert ("Request to cancel approved" in page, CLOSED in page) == (sentence == APPROVED, sentence != APPROVED)


def test_a_deadline_that_finds_the_order_ended_is_no_approval(
    buyer_client: Client,
    seller_client: Client,
    asked: CancellationRequest,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    end(asked)
    long_ago = timezone.now() - timedelta(days=1)
    CancellationRequest.objects.update(state="open", decided_at=None, answer_by=long_ago)  # as rows of before may be
    with django_capture_on_commit_callbacks(execute=True):
        assert approve_lapsed(now=timezone.now()) == 1
    assert [told.subject for told in mail.outbox] == ["Your request to cancel order A1 is closed"]
    for page in pages(buyer_client, seller_client):
        assert NOT_ANSWERED in page
        assert CLOSED in page
        assert APPROVED not in page


def test_an_origin_that_tells_the_answer_later_is_believed(
    buyer: User, buyer_client: Client, asked: CancellationRequest
) -> None:
    asked.delete()
    ended = cancellation_document(source=Source.SELLER, reason="out_of_stock", cancelled_at=ASKED + timedelta(hours=2))
    answered = request_document("approved", decided_at=ASKED + timedelta(hours=1))
    for version, request, is_answered in ((2, request_document(), False), (3, answered, True)):
        record_orders([cancelled_document(version=version, cancellation=ended, request=request)], origin=ORIGIN)
        Order.objects.update(buyer=buyer)
        page = text_of(buyer_client.get(PAGE))
        assert (NOT_ANSWERED in page, CLOSED in page) == (not is_answered, not is_answered)
        assert (APPROVED in page, "Request to cancel approved" in page) == (is_answered, is_answered)


@pytest.mark.parametrize("is_ended_again", [False, True])
def test_an_end_that_is_taken_back_leaves_no_approval(
    buyer_client: Client, seller_client: Client, asked: CancellationRequest, is_ended_again: bool
) -> None:
    end_by_feed(Source.SELLER, "out_of_stock")
    record_orders([order_document(version=3, buyer=None)], origin=ORIGIN)
    if is_ended_again:
        ended = cancellation_document(source=Source.SELLER, reason="item_damaged")
        record_orders([cancelled_document(version=4, buyer=None, cancellation=ended)], origin=ORIGIN)
    theirs, ours = pages(buyer_client, seller_client)
    assert "The order was cancelled. Whether the request was answered is not stated." in theirs
    assert APPROVED not in theirs + ours
    assert "Request to cancel approved" not in theirs + ours
    assert CLOSED in theirs
    assert CLOSED in ours


def test_the_mails_say_it_too(
    asked: CancellationRequest, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        end(asked, "seller_did_not_ship", Source.SYSTEM)
    for address, heading in ((BUYER, "You asked to cancel"), (MEMBER, "The buyer asked to cancel")):
        told = letter(to=address)
        body = told.body.replace("\N{NO-BREAK SPACE}", " ")
        assert f"{heading}\n\nAsked on 2 November 2026, 11:30. The order was cancelled on" in body
        assert NOT_ANSWERED in told.body
        assert heading in html_of(told)
        assert NOT_ANSWERED in html_of(told)


def test_a_mail_of_an_answer_says_nothing_of_it(
    asked: CancellationRequest, seller_member: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        approve_request(asked, by=seller_member)
    [told] = mail.outbox
    assert "You asked to cancel" not in told.body


def test_whoever_answers_too_late_reads_that_the_order_has_ended(
    buyer_client: Client, seller_client: Client, asked: CancellationRequest
) -> None:
    end(asked)
    for client, address in (
        (buyer_client, f"{PAGE}withdraw/{asked.pk}/"),
        (seller_client, f"{SELLING}approve/{asked.pk}/"),
        (seller_client, f"{SELLING}decline/{asked.pk}/"),
    ):
        page = text_of(client.post(address, {"answer": "It is packed."}))
        assert "The order has been cancelled already." in page
        assert "approved this request already" not in page


def test_the_sellers_form_names_the_request_that_waits(seller_client: Client, asked: CancellationRequest) -> None:
    waiting = "The buyer has asked to cancel this. Answer the buyer"
    answer = seller_client.get(CANCEL)
    assert waiting in text_of(answer)
    assert f'href="{SELLING}#asked"' in answer.content.decode()
    for over in ({"answer_by": timezone.now()}, {"state": "withdrawn", "decided_at": timezone.now()}):
        CancellationRequest.objects.update(**over)
        assert waiting not in text_of(seller_client.get(CANCEL))
    assert 'id="asked"' in seller_client.get(SELLING).content.decode()
    assert Order.objects.get().status == "preparing"
