"""What the buyer has asked, as the order and its card show it, and taking it back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cancellations.models import Reason
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.models import CancellationRequest, Order, Seller
from orders.requesting import approve_lapsed
from tests.factories import (
    PASSWORD,
    CancellationRequestFactory,
    EventFactory,
    OrderFactory,
    OrderLineFactory,
    RequestedLineFactory,
    UserFactory,
)
from tests.pages import text_of


@pytest.fixture
def order(buyer: User, seller: Seller) -> Order:
    """An order that the seller has to be asked about."""
    made: Order = OrderFactory.create(buyer=buyer, seller=seller, number="C1", lines__title="Bowl", lines__quantity=3)
    return made


def withdraw(client: Client, asked: CancellationRequest) -> str:
    return text_of(client.post(f"/orders/{asked.order.number}/withdraw/{asked.pk}/", follow=True))


# What both sides see


def test_the_order_shows_what_was_asked_until_when_and_how_to_take_it_back(buyer_client: Client, order: Order) -> None:
    CancellationRequestFactory(order=order, note="I move house on Friday.")
    page = text_of(buyer_client.get("/orders/C1/"))
    assert "You asked to cancel Asked on 2 November 2026, 11:30." in page
    assert "Minh Long Ceramics has until 2 November 2099, 09:30 to answer; no answer by then means yes." in page
    assert "The whole order. Reason: changed mind “I move house on Friday.” Your own words" in page
    assert "Withdraw my request" in page
    assert "You have asked the seller to cancel it, and the answer is due by 2 November 2099, 09:30." in page


@pytest.mark.parametrize(("state", "is_above"), [({}, True), ({"withdrawn": True}, False), ({"declined": True}, False)])
def test_it_stands_above_what_was_cancelled_only_while_it_is_open(
    buyer: User, buyer_client: Client, state: dict[str, bool], is_above: bool
) -> None:
    line = OrderLineFactory.create(order__buyer=buyer, part_cancelled=True)
    CancellationRequestFactory(order=line.order, **state)
    page = text_of(buyer_client.get(line.order.get_absolute_url()))
    assert page.count("You asked to cancel") == 1
    assert (page.index("You asked to cancel") < page.index("cancelled part of this order")) is is_above


def test_the_card_shows_it_and_offers_no_second_request(buyer_client: Client, order: Order) -> None:
    CancellationRequestFactory(order=order)
    page = text_of(buyer_client.get("/orders/"))
    assert "Cancellation asked for. Minh Long Ceramics answers by 2 November 2099, 09:30; no answer means yes." in page
    assert "Withdraw my request" in page
    assert "Ask to cancel" not in page


def test_both_sides_read_the_same_clock(buyer_client: Client, seller_client: Client, order: Order) -> None:
    asked = CancellationRequestFactory.create(order=order)
    until = f'<time datetime="{timezone.localtime(asked.answer_by).isoformat(timespec="minutes")}">'
    for client, address in ((buyer_client, "/orders/C1/"), (seller_client, "/selling/orders/C1/")):
        assert until in client.get(address).content.decode()


def test_after_the_deadline_both_sides_read_that_it_is_being_cancelled(
    buyer_client: Client, seller_client: Client, order: Order
) -> None:
    asked = CancellationRequestFactory.create(order=order, lapsed=True)
    lapsed = "No answer came by 4 November 2026, 11:30, and that means yes: it is being cancelled."
    cards, theirs, ours = [
        text_of(client.get(address))
        for client, address in (
            (buyer_client, "/orders/"),
            (buyer_client, "/orders/C1/"),
            (seller_client, "/selling/orders/C1/"),
        )
    ]
    assert [page.count(lapsed) for page in (cards, theirs, ours)] == [1, 2, 1]
    assert [
        sentence for sentence in ("to answer", "is due by", "answers by") if sentence in cards + theirs + ours
    ] == []
    assert "Withdraw my request" in cards
    assert "Withdraw my request" in theirs
    assert "Approve and cancel" not in ours
    answer = seller_client.get(f"/selling/orders/C1/decline/{asked.pk}/")
    assert (answer.status_code, lapsed in text_of(answer)) == (409, True)


def test_a_deadline_of_the_marketplace_is_not_ours(buyer_client: Client, seller_client: Client, order: Order) -> None:
    CancellationRequestFactory(order=order, lapsed=True, origin="shop")
    for client, address in ((buyer_client, "/orders/"), (buyer_client, "/orders/C1/")):
        assert "being cancelled" not in text_of(client.get(address))
    assert "Approve and cancel Decline" in text_of(seller_client.get("/selling/orders/C1/"))


def test_it_shows_which_items_were_asked_for(buyer_client: Client, seller_client: Client, order: Order) -> None:
    asked = CancellationRequestFactory.create(order=order)
    RequestedLineFactory(request=asked, line=order.lines.get(), quantity=2)
    for client, address in ((buyer_client, "/orders/C1/"), (seller_client, "/selling/orders/C1/")):
        assert "2 × Bowl" in text_of(client.get(address))


def test_it_shows_why_the_seller_declined(buyer_client: Client, seller_member: User, order: Order) -> None:
    CancellationRequestFactory(order=order, declined=True, decided_by=seller_member)
    page = text_of(buyer_client.get("/orders/C1/"))
    assert "The request was declined on 2 November 2026, 17:30, and the order goes on." in page
    assert "“The parcel is with the carrier already.” Minh Long Ceramics" in page
    assert "Withdraw my request" not in page


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_an_order_that_ended_later_is_not_said_to_go_on(buyer_client: Client, order: Order, state: str) -> None:
    CancellationRequestFactory(order=order, **{state: True})
    assert f"The request was {state} on 2 November 2026, 17:30, and the order goes on." in text_of(
        buyer_client.get("/orders/C1/")
    )
    cancel_order(order, source=Source.SELLER, reason=Reason.objects.get(code="out_of_stock"))
    page = text_of(buyer_client.get("/orders/C1/"))
    assert f"The request was {state} on 2 November 2026, 17:30, and the order went on." in page
    assert "goes on" not in page


def test_an_order_that_is_delivered_is_not_said_to_go_on(buyer_client: Client, order: Order) -> None:
    CancellationRequestFactory(order=order, declined=True, decided_at=None, decided_origin="shopee")
    Order.objects.update(status="delivered")
    page = text_of(buyer_client.get("/orders/C1/"))
    assert "The request was declined, and the order went on. The date is not stated." in page


def test_what_nobody_declined_is_not_put_into_the_sellers_mouth(buyer_client: Client, order: Order) -> None:
    CancellationRequestFactory(order=order, declined=True)
    assert "“The parcel is with the carrier already.” Noted by the marketplace" in text_of(
        buyer_client.get("/orders/C1/")
    )


def test_after_a_day_one_may_ask_again(buyer_client: Client, order: Order) -> None:
    CancellationRequestFactory(order=order, declined=True, decided=timezone.now() - timedelta(hours=25))
    assert "Ask the seller to cancel" in text_of(buyer_client.get("/orders/C1/"))


def test_a_change_before_the_refusal_does_not_count(buyer_client: Client, order: Order) -> None:
    EventFactory(order=order, kind="changed", recorded_at=timezone.now() - timedelta(hours=3))
    CancellationRequestFactory(order=order, declined=True, decided=timezone.now() - timedelta(hours=2))
    page = text_of(buyer_client.get("/orders/C1/"))
    assert "You can ask again from" in page
    assert "Ask the seller to cancel" not in page


# Taking it back


def test_it_is_withdrawn_and_the_order_goes_on(buyer_client: Client, order: Order) -> None:
    asked = CancellationRequestFactory.create(order=order)
    page = withdraw(buyer_client, asked)
    assert "Your request has been withdrawn. The order goes on." in page
    assert "Request to cancel withdrawn" in page
    assert "Ask the seller to cancel" in page
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_after_the_deadline_it_is_withdrawn_until_silence_is_carried_out(buyer_client: Client, order: Order) -> None:
    asked = CancellationRequestFactory.create(order=order, lapsed=True)
    assert "Your request has been withdrawn. The order goes on." in withdraw(buyer_client, asked)
    assert approve_lapsed(now=timezone.now()) == 0
    order.refresh_from_db()
    assert not order.is_cancelled


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("withdrawn", "This request has been withdrawn already."),
        ("approved", "The seller has approved this request already."),
        ("declined", "The seller has declined this request already."),
    ],
)
def test_what_is_decided_cannot_be_withdrawn(buyer_client: Client, order: Order, state: str, sentence: str) -> None:
    asked = CancellationRequestFactory.create(order=order, **{state: True})
    answer = buyer_client.post(f"/orders/C1/withdraw/{asked.pk}/")
    assert answer.status_code == 409
    assert sentence in text_of(answer)
    asked.refresh_from_db()
    assert asked.state == state


def test_a_newer_request_is_not_withdrawn_by_an_older_page(buyer_client: Client, order: Order) -> None:
    older = CancellationRequestFactory.create(order=order, withdrawn=True)
    newer = CancellationRequestFactory.create(order=order)
    assert "This request has been withdrawn already." in withdraw(buyer_client, older)
    newer.refresh_from_db()
    assert newer.state == "open"


def test_nobody_else_can_withdraw_it(
    client: Client, stranger_client: Client, seller_client: Client, order: Order
) -> None:
    asked = CancellationRequestFactory.create(order=order)
    address = f"/orders/C1/withdraw/{asked.pk}/"
    assert client.post(address).status_code == 302
    assert stranger_client.post(address).status_code == seller_client.post(address).status_code == 404
    asked.refresh_from_db()
    assert asked.state == "open"


def test_a_request_about_another_order_is_a_404(buyer_client: Client, order: Order) -> None:
    others = CancellationRequestFactory.create(order__buyer=UserFactory())
    for asked in (others.pk, 0, 10**30):
        assert buyer_client.post(f"/orders/C1/withdraw/{asked}/").status_code == 404
    others.refresh_from_db()
    assert others.state == "open"


def test_it_takes_a_post_with_the_token_and_nothing_else(buyer: User, buyer_client: Client, order: Order) -> None:
    asked = CancellationRequestFactory.create(order=order)
    address = f"/orders/C1/withdraw/{asked.pk}/"
    for method in ("head", "options", "put", "delete"):
        answer = getattr(buyer_client, method)(address)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(buyer)
    assert strict.post(address).status_code == 403
    asked.refresh_from_db()
    assert asked.state == "open"


def test_who_signed_in_only_after_pressing_is_led_back_to_the_button(client: Client, buyer: User, order: Order) -> None:
    asked = CancellationRequestFactory.create(order=order)
    sent_away = client.post(f"/orders/C1/withdraw/{asked.pk}/")
    person = {"login": buyer.email, "password": PASSWORD}
    answer = client.post(sent_away["Location"], person, follow=True)
    assert answer.redirect_chain[-1] == ("/orders/C1/", 302)
    page = text_of(answer)
    assert "Nothing has been done yet. Press the button again." in page
    assert "Withdraw my request" in page
    asked.refresh_from_db()
    assert asked.state == "open"


def test_nobody_else_is_led_to_it(
    client: Client, buyer_client: Client, stranger_client: Client, seller_client: Client, order: Order
) -> None:
    asked = CancellationRequestFactory.create(order=order)
    others = CancellationRequestFactory.create()
    address = f"/orders/C1/withdraw/{asked.pk}/"
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"
    assert stranger_client.get(address).status_code == seller_client.get(address).status_code == 404
    assert buyer_client.get(f"/orders/C1/withdraw/{others.pk}/").status_code == 404


def test_the_card_offers_asking_again_only_when_that_is_possible(buyer_client: Client, order: Order) -> None:
    refused = CancellationRequestFactory.create(order=order, declined=True, decided=timezone.now())
    assert "Ask to cancel" not in text_of(buyer_client.get("/orders/"))
    CancellationRequest.objects.filter(pk=refused.pk).update(decided_at=timezone.now() - timedelta(days=1))
    assert "Ask to cancel" in text_of(buyer_client.get("/orders/"))


def test_what_was_asked_still_stands_on_the_order_that_it_ended(buyer_client: Client, buyer: User) -> None:
    ended = OrderFactory.create(buyer=buyer, number="C2", cancelled=True, source="seller", reason_code="out_of_stock")
    CancellationRequestFactory(order=ended, approved=True, note="I move house on Friday.")
    page = text_of(buyer_client.get("/orders/C2/"))
    assert "The request was approved on 2 November 2026" in page
    assert "“I move house on Friday.”" in page
