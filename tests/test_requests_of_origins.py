"""A request that was made at the marketplace, as the buyer, the seller and their mail show it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from cancellations.terms import Source
from orders.documents import BuyerDocument, OrderDocument, RequestedLineDocument, SellerDocument
from orders.models import CancellationRequest, Order, Seller
from orders.recording import record_orders
from orders.requesting import approve_request
from tests.documents import ORIGIN, cancellation_document, cancelled_document, order_document, request_document
from tests.factories import CancellationRequestFactory, OrderFactory
from tests.mailers import letter, subjects
from tests.pages import text_of

pytestmark = pytest.mark.django_db

PAGE, CARDS, SELLING = "/orders/A1/", "/orders/", "/selling/orders/A1/"
BUYER, MEMBER = "mai@example.org", "long@example.org"
SHOP = "Minh Long Ceramics"
MAI = BuyerDocument(external_id="mai.nguyen")


def record(*documents: OrderDocument) -> None:
    record_orders(documents, origin=ORIGIN)


def asked(state: str = "open", version: int = 1, **fields: Any) -> OrderDocument:
    return order_document(version=version, buyer=MAI, request=request_document(state, **fields))


# Pages


DROPPED = "The marketplace no longer reports this request, so there is nothing to decide."


@pytest.mark.parametrize("act", ["withdraw", "approve", "decline"])
def test_what_the_origin_dropped_while_the_page_was_open_is_explained(
    buyer: User, buyer_client: Client, seller_member: User, seller_client: Client, act: str
) -> None:
    record(asked(seller=SellerDocument(name=SHOP)))
    pk = CancellationRequest.objects.get().pk
    record(order_document(version=2, buyer=MAI, seller=SellerDocument(name=SHOP)))
    client, page = (buyer_client, PAGE) if act == "withdraw" else (seller_client, SELLING)
    answer = client.post(f"{page}{act}/{pk}/", {"answer": "It is packed."})
    assert (answer.status_code, DROPPED in text_of(answer)) == (409, True)
    assert client.post(f"{page}{act}/{pk + 1}/", {"answer": "It is packed."}).status_code == 404
    if act != "decline":  # a form of its own; whoever only reads a button's address is led to the order
        assert client.get(f"{page}{act}/{pk}/", follow=True).redirect_chain == [(page, 302)]
    assert not Order.objects.get().is_cancelled


def test_without_a_clock_none_is_shown_and_silence_is_no_promise(buyer: User, buyer_client: Client) -> None:
    record(asked(requested_at=None))
    page = text_of(buyer_client.get(PAGE))
    assert "When it was asked is not stated. Minh Long Ceramics has not answered yet; by when is not stated." in page
    assert "You have asked the seller to cancel it. By when the answer is due is not stated." in page
    assert "Cancellation asked for date not stated · you" in page
    card = text_of(buyer_client.get(CARDS))
    assert "Cancellation asked for. Minh Long Ceramics has not answered yet." in card
    assert "means yes" not in page + card


def test_without_a_clock_the_seller_is_told_that_too(seller_member: User, seller_client: Client) -> None:
    record(asked(requested_at=None))
    assert "You have not answered yet; by when is not stated." in text_of(seller_client.get(SELLING))
    card = text_of(seller_client.get("/selling/orders/"))
    assert "The buyer asks to cancel. By when you have to answer is not stated." in card


def test_with_the_origins_clock_both_sides_see_it(
    buyer: User, buyer_client: Client, seller_member: User, seller_client: Client
) -> None:
    record(asked(answer_by=datetime.fromisoformat("2026-11-05T09:00:00+00:00")))
    news = (
        "Asked on 2 November 2026, 11:30. {who} until 5 November 2026, 09:00 to answer. "
        "Until there is an answer, the order goes on."
    )
    theirs, ours = text_of(buyer_client.get(PAGE)), text_of(seller_client.get(SELLING))
    assert news.format(who="Minh Long Ceramics has") in theirs
    assert news.format(who="You have") in ours
    assert "means yes" not in theirs + ours
    card = text_of(seller_client.get("/selling/orders/"))
    assert "The buyer asks to cancel. Answer by 5 November 2026, 09:00." in card
    assert "Minh Long Ceramics answers by 5 November 2026, 09:00." in text_of(buyer_client.get(CARDS))


def test_a_request_made_here_keeps_its_promise(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, number="A1")
    CancellationRequestFactory.create(order=order)
    assert "no answer by then means yes. Until then the order goes on." in text_of(buyer_client.get(PAGE))


def test_a_refusal_is_the_sellers_if_the_origin_says_so(buyer: User, buyer_client: Client) -> None:
    record(asked("declined", decline_reason="It is packed."))
    page = text_of(buyer_client.get(PAGE))
    assert "The request was declined, and the order goes on. The date is not stated." in page
    assert f"“It is packed.” {SHOP}" in page


def test_a_refusal_by_nobody_knows_whom_is_nobodys_words(buyer: User, buyer_client: Client) -> None:
    record(asked("declined", decline_reason="It is packed.", decided_by=None))
    assert "“It is packed.” Noted by the marketplace" in text_of(buyer_client.get(PAGE))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({}, "The seller gave no reason."), ({"decided_by": None}, "No reason was given.")],
)
def test_a_refusal_without_a_reason_says_that_there_is_none(
    buyer: User, buyer_client: Client, fields: dict[str, Any], sentence: str
) -> None:
    record(asked("declined", **fields))
    assert sentence in text_of(buyer_client.get(PAGE))


def test_what_the_catalogue_does_not_know_is_shown_in_the_origins_words(buyer: User, buyer_client: Client) -> None:
    record(asked(reason="", raw_reason="Wegen des Hundes"))
    assert "“Wegen des Hundes” The reason in the words of the shop it came from" in text_of(buyer_client.get(PAGE))


def test_what_an_origin_no_longer_reports_stays_in_the_history(buyer: User, buyer_client: Client) -> None:
    record(asked())
    record(order_document(version=2, buyer=MAI))
    page = text_of(buyer_client.get(PAGE))
    assert "You asked to cancel" not in page
    assert "The marketplace no longer reports the request to cancel" in page
    assert "Cancellation asked for" in page


def test_a_second_answer_is_told_as_a_contradiction(
    buyer: User, buyer_client: Client, seller_member: User, seller: Seller
) -> None:
    record(asked())
    approve_request(CancellationRequest.objects.get(), by=seller_member)
    record(asked("declined", version=2))
    page = text_of(buyer_client.get(PAGE))
    assert "The seller's system reported another answer to the request; the first one stands" in page
    assert Order.objects.get().is_cancelled


def test_both_sides_can_answer_here(
    buyer: User, buyer_client: Client, seller_member: User, seller_client: Client
) -> None:
    record(asked())
    request = CancellationRequest.objects.get()
    assert "Withdraw my request" in text_of(buyer_client.get(PAGE))
    assert "Approve and cancel" in text_of(seller_client.get(SELLING))
    seller_client.post(f"{SELLING}decline/{request.pk}/", {"answer": "It is packed."})
    request.refresh_from_db()
    assert (request.state, request.decided_origin, request.origin) == ("declined", "", ORIGIN)


def test_the_sellers_list_of_those_who_wait_has_them_too(seller_member: User, seller_client: Client) -> None:
    record(asked())
    page = text_of(seller_client.get("/selling/"))
    assert "A1" in page
    assert "no deadline is known" in page


# Mail


@pytest.fixture
def news(
    buyer: User, seller_member: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Callable[..., None]:
    """Record documents, and leave in the outbox what they caused."""

    def do(*documents: OrderDocument) -> None:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            record(*documents)

    return do


def now() -> datetime:
    return timezone.now()


def test_both_sides_are_told_of_a_request_while_it_is_fresh(news: Callable[..., None]) -> None:
    news(asked(requested_at=now(), answer_by=now() + timedelta(days=1)))
    assert subjects(to=BUYER) == [f"You asked {SHOP} to cancel your order A1"]
    [to_seller] = subjects(to=MEMBER)
    assert to_seller.startswith("The buyer asks to cancel order A1: answer by")
    assert "means yes" not in f"{letter(to=BUYER).body} {letter(to=MEMBER).body}"


def test_without_a_clock_the_mail_names_none(news: Callable[..., None]) -> None:
    some = [RequestedLineDocument(position=1, quantity=1)]
    news(asked(requested_at=now(), lines=some))
    assert subjects(to=MEMBER) == ["The buyer asks to cancel part of order A1"]
    assert "By when you have to answer is not stated." in letter(to=MEMBER).body
    assert "By when the answer is due is not stated." in letter(to=BUYER).body


@pytest.mark.parametrize("at", [None, timezone.now() - timedelta(days=30)])
@pytest.mark.parametrize("state", ["open", "declined", "approved"])
def test_history_is_told_to_nobody(news: Callable[..., None], at: datetime | None, state: str) -> None:
    news(asked(state, requested_at=at))
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("state", "fields", "subject", "sentence"),
    [
        ("approved", {}, f"{SHOP} agreed to cancel your order A1", "It is not reported as cancelled yet."),
        ("approved", {"decided_by": None}, "Your request to cancel order A1 was approved", "not reported as cancelled"),
        ("approved_by_silence", {}, f"approved: {SHOP} did not answer in time", "did not answer in time"),
        ("declined", {"decline_reason": "It is packed."}, f"{SHOP} declined to cancel your order A1", "It is packed."),
        ("declined", {}, f"{SHOP} declined to cancel your order A1", "No reason was given."),
        ("declined", {"decided_by": None}, "Your request to cancel order A1 was declined", "You can ask again."),
    ],
)
def test_the_buyer_is_told_what_the_origin_decided(
    news: Callable[..., None], state: str, fields: dict[str, Any], subject: str, sentence: str
) -> None:
    news(asked(requested_at=now()))
    moment = CancellationRequest.objects.get().requested_at
    news(asked(state, 2, requested_at=moment, **fields))
    [told] = subjects(to=BUYER)
    assert subject in told
    assert sentence in letter(to=BUYER).body


def test_a_request_made_here_that_the_parcel_overtook_is_told(news: Callable[..., None], buyer: User) -> None:
    order = OrderFactory.create(buyer=buyer, number="A1", origin=ORIGIN)
    CancellationRequestFactory.create(order=order, requested_at=now(), answer_by=now() + timedelta(days=2))
    news(order_document(version=2, buyer=MAI, status=Order.Status.SHIPPED))
    assert subjects(to=BUYER) == ["Your order A1 could not be cancelled: it had been sent"]


@pytest.mark.parametrize("at", [timezone.now(), None], ids=["dated", "undated"])
def test_a_cancellation_by_the_feed_is_told_once(news: Callable[..., None], buyer: User, at: datetime | None) -> None:
    order = OrderFactory.create(buyer=buyer, number="A1", origin=ORIGIN)
    CancellationRequestFactory.create(order=order, requested_at=now(), answer_by=now() + timedelta(days=2))
    ended = cancellation_document(source=Source.SELLER, reason="out_of_stock", cancelled_at=at)
    news(cancelled_document(version=2, buyer=MAI, cancellation=ended))
    assert subjects(to=BUYER) == [f"{SHOP} cancelled your order A1: out of stock"]
