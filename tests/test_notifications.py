"""The page on which people choose their mails."""

import pytest
from django.test import Client

from accounts.models import MutedMail
from tests.factories import MutedMailFactory
from tests.pages import address_of, text_of

pytestmark = pytest.mark.django_db
PAGE = "/accounts/notifications/"


def muted(user):
    return set(user.muted_mails.values_list("kind", flat=True))


def choices(response):
    return {choice.data["value"]: choice.data["selected"] for choice in response.context["form"]["wanted"]}


def test_it_asks_visitors_to_sign_in():
    response = Client().get(PAGE)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_the_account_page_leads_there(buyer_client):
    assert address_of(buyer_client.get("/accounts/"), "Choose which mails you get") == PAGE


def test_to_begin_with_everything_is_sent(buyer_client):
    assert choices(buyer_client.get(PAGE)) == {"refund_sent": True, "refund_completed": True}


def test_what_is_not_ticked_is_muted(buyer_client, buyer):
    response = buyer_client.post(PAGE, {"wanted": ["refund_completed"]}, follow=True)
    assert "Saved." in text_of(response)
    assert muted(buyer) == {"refund_sent"}
    assert choices(response) == {"refund_sent": False, "refund_completed": True}


def test_nothing_ticked_mutes_all_that_can_be(buyer_client, buyer):
    buyer_client.post(PAGE)
    assert muted(buyer) == {"refund_sent", "refund_completed"}


def test_ticking_it_again_sends_it_again(buyer_client, buyer):
    buyer_client.post(PAGE)
    buyer_client.post(PAGE, {"wanted": ["refund_sent", "refund_completed"]})
    buyer_client.post(PAGE, {"wanted": ["refund_sent", "refund_completed"]})
    assert muted(buyer) == set()


def test_who_acts_for_a_seller_chooses_about_that_too(seller_client, seller_member):
    assert choices(seller_client.get(PAGE)) == dict.fromkeys(["refund_sent", "refund_completed", "order_ended"], True)
    seller_client.post(PAGE, {"wanted": ["refund_sent", "refund_completed"]})
    assert muted(seller_member) == {"order_ended"}


def test_it_says_what_is_always_sent(buyer_client, seller_client):
    said = text_of(buyer_client.get(PAGE))
    assert "An order of yours was cancelled" in said
    assert "A refund did not go through" in said
    assert "A buyer asks you to cancel" not in said
    assert "A buyer asks you to cancel: no answer in time means yes" in text_of(seller_client.get(PAGE))


@pytest.mark.parametrize("kind", ["cancelled", "order_ended", "\x00"])
def test_what_is_not_offered_cannot_be_chosen(buyer_client, buyer, kind):
    response = buyer_client.post(PAGE, {"wanted": [kind]})
    assert response.status_code == 200
    assert "One of these cannot be chosen here." in text_of(response)
    assert muted(buyer) == set()


def test_what_was_muted_as_a_seller_outlives_the_seller(buyer_client, buyer):
    MutedMailFactory.create(user=buyer, kind="order_ended")
    buyer_client.post(PAGE, {"wanted": ["refund_sent", "refund_completed"]})
    assert muted(buyer) == {"order_ended"}


def test_nobody_chooses_for_somebody_else(buyer_client, stranger):
    buyer_client.post(PAGE)
    assert set(MutedMail.objects.filter(user=stranger)) == set()


def test_who_has_no_address_is_told_so(buyer_client, buyer):
    assert "no mail reaches you" not in text_of(buyer_client.get(PAGE))
    buyer.email = None
    buyer.save(update_fields=["email"])
    assert "You have no e-mail address here, so no mail reaches you." in text_of(buyer_client.get(PAGE))
