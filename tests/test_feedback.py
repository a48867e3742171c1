""" "Did this explain it?": one vote for each card, that can be changed."""

import re

import pytest
from django.test import Client

from accounts.models import User
from cancellations.models import Feedback
from cancellations.terms import Source
from orders.feedback import give_feedback
from orders.models import Order, Seller
from tests.factories import CancellationFactory, OrderFactory, OrderLineFactory
from tests.faults import survives_faults
from tests.pages import text_of


@pytest.fixture
def order(buyer: User, seller: Seller) -> Order:
    """A cancelled order."""
    made: Order = OrderFactory.create(buyer=buyer, seller=seller, number="C1", cancelled=True)
    return made


def address(order: Order) -> str:
    return f"/orders/{order.number}/feedback/{order.cancellation_id}/"


def pressed(client: Client) -> dict[str, str]:
    """Return what each button of the card says about itself."""
    page = client.get("/orders/C1/").content.decode()
    return dict(re.findall(r'name="helpful" value="(\w+)" aria-pressed="(\w+)"', page))


def test_nothing_is_pressed_to_begin_with(buyer_client: Client, order: Order) -> None:
    assert pressed(buyer_client) == {"yes": "false", "no": "false"}
    assert "Did this explain it? Yes No This is not what happened" in text_of(buyer_client.get("/orders/C1/"))


def test_a_vote_is_shown_and_leads_back_to_the_buttons(buyer_client: Client, order: Order) -> None:
    answer = buyer_client.post(address(order), {"helpful": "yes"})
    anchor = f"vote-{order.cancellation_id}"
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/C1/#{anchor}")
    assert f'id="{anchor}"' in buyer_client.get("/orders/C1/").content.decode()
    assert pressed(buyer_client) == {"yes": "true", "no": "false"}
    assert "Noted. You can change your answer." in text_of(buyer_client.get("/orders/C1/"))


def test_a_vote_can_be_changed_and_counts_once(buyer: User, buyer_client: Client, order: Order) -> None:
    for vote in ("yes", "yes", "no"):
        buyer_client.post(address(order), {"helpful": vote})
    given = Feedback.objects.get()
    assert (given.given_by, given.is_helpful) == (buyer, False)
    assert pressed(buyer_client) == {"yes": "false", "no": "true"}


def test_each_part_has_its_own_vote(buyer: User, buyer_client: Client) -> None:
    line = OrderLineFactory.create(order__buyer=buyer, order__number="C1", part_cancelled=True)
    CancellationFactory.create()
    assert buyer_client.post(f"/orders/C1/feedback/{line.cancellation_id}/", {"helpful": "no"}).status_code == 302
    assert Feedback.objects.get().cancellation == line.cancellation


@pytest.mark.parametrize("sent", [{}, {"helpful": ""}, {"helpful": "maybe"}, {"helpful": "\x00"}, {"helpful": "YES"}])
def test_anything_else_is_not_a_vote(buyer_client: Client, order: Order, sent: dict[str, str]) -> None:
    answer = buyer_client.post(address(order), sent)
    assert answer.status_code == 400
    assert "This request cannot be understood." in text_of(answer)
    assert not Feedback.objects.exists()


def test_nobody_else_votes(
    client: Client, buyer: User, buyer_client: Client, stranger_client: Client, seller_client: Client, order: Order
) -> None:
    another = OrderFactory.create(buyer=buyer, cancelled=True)
    for reader in (stranger_client, seller_client):
        assert reader.post(address(order), {"helpful": "yes"}).status_code == 404
    for number in (another.cancellation_id, 0, 10**30):
        assert buyer_client.post(f"/orders/C1/feedback/{number}/", {"helpful": "yes"}).status_code == 404
    assert client.post(address(order), {"helpful": "yes"}).status_code == 302
    assert not Feedback.objects.exists()


def test_the_seller_sees_the_card_without_the_buttons(seller_client: Client, order: Order) -> None:
    page = text_of(seller_client.get("/selling/orders/C1/"))
    assert "You changed your mind" in page
    assert "Did this explain it?" not in page


def test_it_takes_a_post_with_the_token_and_nothing_else(buyer: User, buyer_client: Client, order: Order) -> None:
    assert buyer_client.head(address(order)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(buyer)
    assert strict.post(address(order), {"helpful": "yes"}).status_code == 403
    assert not Feedback.objects.exists()


def test_who_only_reads_the_address_is_led_to_the_card(
    buyer_client: Client, stranger_client: Client, order: Order
) -> None:
    answer = buyer_client.get(address(order), follow=True)
    assert answer.redirect_chain == [("/orders/C1/", 302)]
    assert "Nothing has been done yet. Press the button again." in text_of(answer)
    assert not Feedback.objects.exists()
    assert stranger_client.get(address(order)).status_code == 404
    assert buyer_client.get("/orders/C1/feedback/0/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_fault_leaves_no_second_vote(buyer: User) -> None:
    ended = CancellationFactory.create(source=Source.SELLER)
    assert survives_faults(lambda: give_feedback(ended, by=buyer, is_helpful=True), Feedback, after=True) >= 2
    assert Feedback.objects.get().is_helpful
