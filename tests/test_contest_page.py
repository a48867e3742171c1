"""The page on which a buyer says "this is not what happened", and what becomes of that."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cancellations.models import Contest, Reason
from cancellations.terms import Source
from orders.cancelling import cancel_order
from orders.contesting import reject_contest, uphold_contest
from orders.models import Order, Seller
from tests.factories import CancellationFactory, ContestFactory, OrderFactory, OrderLineFactory
from tests.pages import follow, text_of

LINK = "This is not what happened"


@pytest.fixture
def order(buyer: User, seller: Seller) -> Order:
    """An order that the buyer is said to have cancelled."""
    made: Order = OrderFactory.create(buyer=buyer, seller=seller, number="C1", cancelled=True)
    return made


def address(order: Order) -> str:
    return f"/orders/{order.number}/contest/{order.cancellation_id}/"


def test_it_is_reached_from_the_card_and_says_what_is_recorded_and_who_reads(
    buyer_client: Client, order: Order
) -> None:
    page = text_of(follow(buyer_client, buyer_client.get("/orders/C1/"), LINK))
    assert "What is recorded You cancelled this order on 3 November 2026, 09:30. You changed your mind" in page
    assert "An administrator of the marketplace reads this, compares it with the records and answers." in page
    assert "Send to the marketplace Leave it as it is" in page


def test_the_statement_stands_on_the_card_and_the_contest_in_the_timeline(buyer_client: Client, order: Order) -> None:
    answer = buyer_client.post(address(order), {"statement": "It was not me."}, follow=True)
    page = text_of(answer)
    assert "An administrator will look at it and answer on this page." in page
    assert "You said that this is not what happened. An administrator is looking at it. “It was not me.”" in page
    assert "“This is not what happened”" in page
    assert Contest.objects.get().statement == "It was not me."


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("open", "You have told us already. An administrator is looking at it."),
        ("rejected", "You have told us, and the answer stands on the order's page."),
    ],
)
def test_it_can_be_contested_once_while_it_is_looked_at_and_not_after_a_no(
    buyer_client: Client, order: Order, state: str, sentence: str
) -> None:
    ContestFactory(cancellation=order.cancellation, **({} if state == "open" else {state: True}))
    assert f"/contest/{order.cancellation_id}/" not in buyer_client.get("/orders/C1/").content.decode()
    for answer in (buyer_client.get(address(order)), buyer_client.post(address(order), {"statement": "No!"})):
        assert answer.status_code == 409
        assert sentence in text_of(answer)
    assert Contest.objects.count() == 1


def test_the_second_of_two_submits_finds_an_explanation(buyer_client: Client, order: Order) -> None:
    answers = [buyer_client.post(address(order), {"statement": "It was not me."}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert Contest.objects.count() == 1


def test_what_was_corrected_shows_the_new_reason_and_names_the_old_one(
    buyer: User, admin: User, buyer_client: Client, order: Order
) -> None:
    contest = ContestFactory.create(cancellation=order.cancellation, raised_by=buyer)
    uphold_contest(
        contest, by=admin, source=Source.SELLER, reason=Reason.objects.get(code="out_of_stock"), answer="You are right."
    )
    page = text_of(buyer_client.get("/orders/C1/"))
    assert "Minh Long Ceramics cancelled this order on 3 November 2026, 09:30." in page
    assert "You said that this was not what happened, and the reason was corrected." in page
    assert "“You are right.” The marketplace's answer" in page
    assert "Reason corrected; before, it was “changed mind”" in page
    assert "It was checked and corrected" in page
    assert buyer_client.get(address(order)).status_code == 200  # what was corrected may be wrong again


def test_a_note_stays_its_authors_when_the_reason_is_corrected(
    buyer: User, seller: Seller, admin: User, buyer_client: Client, admin_client: Client
) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, number="C1")
    ended = cancel_order(
        order, source=Source.SELLER, reason=Reason.objects.get(code="out_of_stock"), note="Sold out, sorry."
    )
    contest = ContestFactory.create(cancellation=ended, raised_by=buyer)
    uphold_contest(contest, by=admin, source=Source.BUYER, reason=Reason.objects.get(code="changed_mind"))
    page, receipt = [text_of(buyer_client.get(f"/orders/C1/{end}")) for end in ("", "receipt/")]
    assert "You cancelled this order" in page
    assert "“Sold out, sorry.” Minh Long Ceramics, in their own words" in page
    assert "“Sold out, sorry.” (Minh Long Ceramics, in their own words)" in receipt
    assert "Your own words" not in page + receipt
    again = ContestFactory.create(cancellation=ended, raised_by=buyer)
    deciding = text_of(admin_client.get(reverse("admin:contest-decide", args=[again.pk])))
    assert "Sold out, sorry. Seller" in deciding


def test_what_was_rejected_shows_the_answer(buyer: User, admin: User, buyer_client: Client, order: Order) -> None:
    contest = ContestFactory.create(cancellation=order.cancellation, raised_by=buyer)
    reject_contest(contest, by=admin, answer="It was cancelled from your account.")
    page = text_of(buyer_client.get("/orders/C1/"))
    assert "It was checked, and the reason stands." in page
    assert "“It was cancelled from your account.” The marketplace's answer" in page
    assert "It was checked and kept" in page


def test_a_cancelled_part_can_be_contested(buyer: User, buyer_client: Client) -> None:
    part = OrderLineFactory.create(order__buyer=buyer, part_cancelled=True)
    where = f"/orders/{part.order.number}/contest/{part.cancellation_id}/"
    assert buyer_client.post(where, {"statement": "They promised both."}).status_code == 302
    assert Contest.objects.get().cancellation == part.cancellation


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("", "Say it in a few words: this cannot be empty."),
        (" \r\n ", "Say it in a few words: this cannot be empty."),
        ("x" * 10_000, "Your text is longer than 2,000 characters."),
        ("a\x00b", "It contains a NUL byte."),
        ("a\x9bb", "It contains a control character."),
        ("a\u2066b", "It contains an invisible character that turns the writing direction."),
    ],
)
def test_it_says_what_is_wrong_and_changes_nothing(
    buyer_client: Client, order: Order, statement: str, sentence: str
) -> None:
    answer = buyer_client.post(address(order), {"statement": statement})
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert not Contest.objects.exists()


def test_it_says_so_in_the_readers_language(buyer_client: Client, order: Order) -> None:
    answer = buyer_client.post(address(order), {"statement": "a\x9bb"}, headers={"accept-language": "de"})
    assert "Der Text enthält ein Steuerzeichen." in text_of(answer)


def test_other_peoples_cards_and_cards_of_other_orders_are_a_404(
    client: Client, buyer: User, buyer_client: Client, stranger_client: Client, seller_client: Client, order: Order
) -> None:
    another = OrderFactory.create(buyer=buyer, cancelled=True)
    lost = CancellationFactory.create()
    wrong = [f"/orders/C1/contest/{number}/" for number in (another.cancellation_id, lost.pk, 0, 10**30)]
    assert {buyer_client.post(where, {"statement": "No."}).status_code for where in wrong} == {404}
    for reader in (stranger_client, seller_client):
        assert reader.get(address(order)).status_code == 404
        assert reader.post(address(order), {"statement": "No."}).status_code == 404
    assert client.get(address(order)).status_code == 302
    assert not Contest.objects.exists()


def test_it_takes_no_form_without_the_token(buyer: User, order: Order) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(buyer)
    assert client.post(address(order), {"statement": "No."}).status_code == 403
    assert not Contest.objects.exists()
