"""A buyer who would rather not say why: told as that, on every page and in every mail, without advice."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from cancellations.curating import CannotRetire, retire
from cancellations.models import Cancellation, Reason
from orders.models import CancellationRequest, Order, Seller
from orders.requesting import approve_request
from tests.factories import CancellationFactory, OrderFactory
from tests.mailers import letter
from tests.pages import text_of

pytestmark = pytest.mark.django_db

PAGE, SELLING = "/orders/A1/", "/selling/orders/A1/"
TO_BUYER = "You gave no reason, and need not give one."
TO_SELLER = "The buyer gave no reason, and need not give one."
BUYER, SELLER = "mai@example.org", "long@example.org"


@pytest.fixture(autouse=True)
def addresses(settings: Settings) -> None:
    settings.FIND_ITEM_URL = "https://shop.example/find?q={item}"


@pytest.fixture
def unpaid(buyer: User, seller: Seller, seller_member: User) -> Order:
    order: Order = OrderFactory.create(buyer=buyer, seller=seller, number="A1", awaiting_payment=True)
    return order


@pytest.fixture
def paid(buyer: User, seller: Seller, seller_member: User) -> Order:
    order: Order = OrderFactory.create(buyer=buyer, seller=seller, number="A1")
    return order


@pytest.fixture
def told(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[[Callable[[], object]], None]:
    def do(act: Callable[[], object]) -> None:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()

    return do


def test_the_buyer_reads_that_they_need_not_say_and_no_advice(buyer_client: Client, unpaid: Order) -> None:
    page = text_of(buyer_client.post(f"{PAGE}cancel/", {"reason": "no_reason_given", "cancel": "1"}, follow=True))
    assert TO_BUYER in page
    assert "Cancelled: no reason given" in page
    for untrue in (
        "clear reason",
        "If you cancelled it yourself",
        "See it at other sellers",
        "Next time",
        "Did this explain it?",
    ):
        assert untrue not in page
    assert TO_BUYER in text_of(buyer_client.get("/orders/"))
    assert TO_BUYER in text_of(buyer_client.get(f"{PAGE}receipt/"))


def test_the_seller_reads_that_the_buyer_need_not_say(
    buyer_client: Client, seller_client: Client, unpaid: Order
) -> None:
    buyer_client.post(f"{PAGE}cancel/", {"cancel": "1"})
    page = text_of(seller_client.get(SELLING))
    assert TO_SELLER in page
    assert "name a reason whenever you cancel" not in page


def test_the_mails_say_so_too(
    buyer_client: Client, unpaid: Order, told: Callable[[Callable[[], object]], None]
) -> None:
    told(lambda: buyer_client.post(f"{PAGE}cancel/", {"cancel": "1"}))
    assert TO_BUYER in letter(to=BUYER).body
    assert "Reason: no reason given." in letter(to=SELLER).body
    assert TO_SELLER in letter(to=SELLER).body


def test_so_do_the_mails_about_a_request(
    buyer_client: Client, paid: Order, told: Callable[[Callable[[], object]], None]
) -> None:
    told(lambda: buyer_client.post(f"{PAGE}cancel/", {"ask": "1"}))
    assert TO_BUYER in letter(to=BUYER).body
    assert TO_SELLER in letter(to=SELLER).body
    assert all("The reason given" not in letter(to=reader).body for reader in (BUYER, SELLER))


def test_a_request_without_a_reason_stays_one_when_it_is_carried_out(
    buyer_client: Client, seller_client: Client, seller_member: User, paid: Order
) -> None:
    asked = text_of(buyer_client.post(f"{PAGE}cancel/", {"ask": "1"}, follow=True))
    assert "You asked to cancel" in asked
    assert "Reason:" not in asked
    assert "Reason:" not in text_of(seller_client.get(SELLING))
    approve_request(CancellationRequest.objects.get(), by=seller_member)
    made = Cancellation.objects.get()
    assert (made.source, made.requested_by, made.reason.code) == ("seller", "buyer", "no_reason_given")
    page = text_of(buyer_client.get(PAGE))
    assert TO_BUYER in page
    assert "See it at other sellers" not in page
    assert TO_SELLER in text_of(seller_client.get(SELLING))


@pytest.mark.parametrize("language", ["de", "ar"])
def test_other_languages_have_words_for_it_and_no_advice_either(language: str, db: None) -> None:
    wording = Reason.objects.get(code="no_reason_given").wordings.get(language=language)
    assert wording.headline
    assert not wording.prevention


def test_where_an_origin_is_silent_it_is_still_not_known(buyer: User, seller: Seller, buyer_client: Client) -> None:
    ended = CancellationFactory.create(source="buyer", origin="shopee", reason_code="not_stated")
    OrderFactory.create(buyer=buyer, seller=seller, number="A1", cancelled=True, cancellation=ended)
    page = text_of(buyer_client.get(PAGE))
    assert "No clear reason was given for this cancellation." in page
    assert "See it at other sellers" not in page  # nobody knows that they still want it


def test_the_quality_report_counts_it_as_not_stated(admin_client: Client) -> None:
    OrderFactory(cancelled=True, source="buyer", reason_code="no_reason_given")
    page = text_of(admin_client.get("/admin/insights/reason-quality/"))
    assert "not stated, or not understood 1 100.0 %" in page
    assert "here buyer 1 0.0 % 100.0 %" in page


def test_it_cannot_be_retired(db: None) -> None:
    with pytest.raises(CannotRetire, match="“no_reason_given” stays in use"):
        retire(Reason.objects.get(code="no_reason_given"))
