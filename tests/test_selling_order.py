"""The seller's page of an order: who may see it, the answer to a request, and the seller's own cancellation."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cancellations.models import Cancellation, Reason, Refund
from orders.models import CancellationRequest, Event, Order, OrderLine, Seller
from orders.shown import as_text, left_of
from tests.factories import (
    CancellationFactory,
    CancellationRequestFactory,
    OrderFactory,
    OrderLineFactory,
    RefundFactory,
    RequestedLineFactory,
    SellerFactory,
)
from tests.pages import links_of, promised_on, shown_on, text_of

DETAIL = "/selling/orders/C1/"
CANCEL = "/selling/orders/C1/cancel/"
PRESSED = {"cancel": "1"}


@pytest.fixture
def order(buyer: User, seller: Seller) -> Order:
    """A paid order: three of one item at 20, two of another at 30."""
    made: Order = OrderFactory.create(buyer=buyer, seller=seller, number="C1", lines=0)
    OrderLineFactory(order=made, position=1, title="Bowl", quantity=3, unit_price=Decimal(20))
    OrderLineFactory(order=made, position=2, title="Lamp", quantity=2, unit_price=Decimal(30))
    return made


@pytest.fixture
def asked(order: Order) -> CancellationRequest:
    """A request of the buyer that waits for an answer."""
    made: CancellationRequest = CancellationRequestFactory.create(
        order=order, note="I move house.", answer_by=timezone.now() + timedelta(hours=40)
    )
    return made


def lines(order: Order, *quantities: Any) -> dict[str, Any]:
    """Return the fields that choose so many of each line, on a page that shows just that."""
    all_lines = list(order.lines.all())
    chosen = {line.pk: quantity for line, quantity in zip(all_lines, quantities, strict=True)}
    promised = as_text({line: quantity for line, quantity in chosen.items() if quantity})
    fields = {f"line_{line}": quantity for line, quantity in chosen.items()}
    return fields | {"shown": as_text(left_of(all_lines)), "promised": promised}


def answers_to(asked: CancellationRequest) -> list[str]:
    return [f"{DETAIL}{act}/{asked.pk}/" for act in ("approve", "decline")]


# Who may see it


def test_only_members_of_the_seller_come_in(
    client: Client,
    buyer_client: Client,
    stranger: User,
    stranger_client: Client,
    admin_client: Client,
    asked: CancellationRequest,
) -> None:
    SellerFactory.create(name="Northwind Audio").members.add(stranger)
    pages = [DETAIL, CANCEL, answers_to(asked)[1]]
    posts = [(CANCEL, {"reason": "out_of_stock"} | lines(asked.order, 1, 0) | PRESSED)]
    posts += [(address, {"answer": "No."}) for address in answers_to(asked)]
    for reader in (buyer_client, stranger_client, admin_client):
        assert {reader.get(page).status_code for page in pages} == {404}
        assert {reader.post(*post).status_code for post in posts} == {404}
    assert {client.get(page).status_code for page in pages} == {302}
    assert {client.post(*post).status_code for post in posts} == {302}
    asked.refresh_from_db()
    assert asked.state == "open"
    assert not Cancellation.objects.exists()


def test_a_member_sees_the_order_and_nothing_that_leads_to_the_buyer(
    seller_client: Client, buyer: User, asked: CancellationRequest
) -> None:
    for address in (DETAIL, CANCEL, answers_to(asked)[1]):
        answer = seller_client.get(address)
        assert answer.status_code == 200
        private = [str(buyer.email), str(buyer.external_id), buyer.name]
        assert [known for known in private if known in answer.content.decode()] == []


def test_a_member_sees_the_very_card_that_the_buyer_sees(
    buyer: User, seller: Seller, buyer_client: Client, seller_client: Client
) -> None:
    order = OrderFactory.create(
        buyer=buyer, seller=seller, number="C1", cancelled=True, source="seller", paid=True, cancellation__note="Sorry."
    )
    RefundFactory(cancellation=order.cancellation, sent=True)
    theirs, ours = [
        text_of(client.get(page)) for client, page in ((buyer_client, "/orders/C1/"), (seller_client, DETAIL))
    ]
    card = theirs[theirs.index("Minh Long Ceramics cancelled") : theirs.index("Did this explain it?")]
    assert "€120.00 back to Visa ending 4242" in card
    assert card in f"{ours} "
    assert "This is what your buyer sees." in ours
    assert "What you can do about it" in ours


def test_it_speaks_to_the_seller(seller_client: Client, order: Order) -> None:
    Order.objects.update(ship_by=timezone.now())
    page = text_of(seller_client.get(DETAIL))
    assert f"It has to be sent by {timezone.localtime():%-d %B %Y}." in page
    assert "preparing your order" not in page
    assert "Order placed 2 Nov 2026, 09:30 · the buyer" in page


# Answering a request


def test_it_shows_what_the_buyer_asks_and_until_when(seller_client: Client, asked: CancellationRequest) -> None:
    page = text_of(seller_client.get(DETAIL))
    assert "The buyer asks to cancel Asked on 2 November 2026, 11:30." in page
    assert f"You have until {timezone.localtime(asked.answer_by):%-d %B %Y, %H:%M} to answer" in page
    assert "Minh Long Ceramics has until" not in page
    assert "The whole order. Reason: changed mind “I move house.” The buyer's own words" in page
    assert "Approve and cancel Decline" in page


@pytest.mark.parametrize(("state", "is_first"), [({}, True), ({"declined": True}, False)])
def test_what_waits_for_an_answer_stands_above_what_was_cancelled_and_what_is_over_below(
    seller_client: Client, order: Order, state: dict[str, bool], is_first: bool
) -> None:
    OrderLineFactory(order=order, position=3, title="Tray", part_cancelled=True)
    CancellationRequestFactory(order=order, answer_by=timezone.now() + timedelta(hours=40), **state)
    page = text_of(seller_client.get(DETAIL))
    assert (page.index("to cancel Asked on") < page.index("This is what your buyer sees.")) == is_first


def test_approving_cancels_as_the_buyer_asked(
    buyer_client: Client, seller_client: Client, asked: CancellationRequest
) -> None:
    page = text_of(seller_client.post(answers_to(asked)[0], follow=True))
    assert "It is cancelled, as the buyer asked." in page
    assert Order.objects.get().is_cancelled
    assert "Minh Long Ceramics cancelled this order because you asked" in text_of(buyer_client.get("/orders/C1/"))


def test_approving_cancels_only_the_items_that_were_asked_for(
    seller_client: Client, order: Order, asked: CancellationRequest
) -> None:
    RequestedLineFactory(request=asked, line=order.lines.all()[0], quantity=2)
    page = text_of(seller_client.get(DETAIL))
    assert "2 × Bowl" in page.split("The buyer asks to cancel")[1].split("Approve and cancel")[0]
    seller_client.post(answers_to(asked)[0])
    assert [line.cancelled_quantity for line in order.lines.all()] == [2, 0]


def test_declining_takes_a_reason_that_the_buyer_reads(
    buyer_client: Client, seller_client: Client, asked: CancellationRequest
) -> None:
    form = text_of(seller_client.get(answers_to(asked)[1]))
    assert "What the buyer asked for The whole order. Reason: changed mind “I move house.”" in form
    assert "Why not? The buyer reads this, in your words." in form
    page = text_of(seller_client.post(answers_to(asked)[1], {"answer": "It is on the lorry."}, follow=True))
    assert "Your answer has been sent to the buyer. The order goes on." in page
    assert "The buyer asked to cancel" in page
    theirs = text_of(buyer_client.get("/orders/C1/"))
    assert "“It is on the lorry.” Minh Long Ceramics" in theirs


def test_nobody_declines_after_the_deadline_and_the_order_is_cancelled(
    buyer_client: Client, seller_client: Client, order: Order
) -> None:
    asked = CancellationRequestFactory.create(order=order, lapsed=True)
    answer = seller_client.post(answers_to(asked)[1], {"answer": "It is on the lorry."})
    assert answer.status_code == 409
    assert (
        "No answer came by 4 November 2026, 11:30, and that meant yes: it is cancelled, as the buyer asked."
        in text_of(answer)
    )
    asked.refresh_from_db()
    order.refresh_from_db()
    assert (asked.state, asked.decline_reason, order.is_cancelled) == ("approved_by_silence", "", True)
    assert "Request to cancel approved, because no answer came in time" in text_of(buyer_client.get("/orders/C1/"))


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("", "Say it in a few words: this cannot be empty."),
        ("x" * 10_000, "Your text is longer than 1,000 characters."),
        ("a\x00b", "It contains a NUL byte."),
        ("a\u202eb", "It contains an invisible character that turns the writing direction."),
    ],
)
def test_a_refusal_needs_fit_words(
    seller_client: Client, asked: CancellationRequest, answer: str, sentence: str
) -> None:
    page = seller_client.post(answers_to(asked)[1], {"answer": answer})
    assert page.status_code == 200
    assert sentence in text_of(page)
    asked.refresh_from_db()
    assert asked.state == "open"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("withdrawn", "This request has been withdrawn already."),
        ("approved", "The seller has approved this request already."),
        ("declined", "The seller has declined this request already."),
    ],
)
def test_what_is_decided_stays_decided(seller_client: Client, order: Order, state: str, sentence: str) -> None:
    asked = CancellationRequestFactory.create(order=order, **{state: True})
    approve, decline = answers_to(asked)
    for answer in (
        seller_client.post(approve),
        seller_client.get(decline),
        seller_client.post(decline, {"answer": "No."}),
    ):
        assert answer.status_code == 409
        assert sentence in text_of(answer)
    asked.refresh_from_db()
    assert asked.state == state


def test_an_older_page_does_not_answer_a_newer_request(seller_client: Client, order: Order) -> None:
    older = CancellationRequestFactory.create(order=order, withdrawn=True)
    CancellationRequestFactory.create(order=order)
    assert seller_client.post(answers_to(older)[0]).status_code == 409
    assert not Order.objects.get().is_cancelled


def test_a_request_about_another_order_is_a_404(seller_client: Client, order: Order) -> None:
    others = CancellationRequestFactory.create()
    for number in (others.pk, 0, 10**30):
        assert seller_client.post(f"{DETAIL}approve/{number}/").status_code == 404
        assert seller_client.get(f"{DETAIL}decline/{number}/").status_code == 404


def test_who_is_no_member_any_more_by_the_time_the_page_is_made_gets_a_404(
    seller_client: Client, seller: Seller, asked: CancellationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(request: CancellationRequest) -> None:
        seller.members.clear()

    monkeypatch.setattr("orders.views.selling.check_can_be_declined", leave)
    assert seller_client.get(answers_to(asked)[1]).status_code == 404


def test_approving_what_was_sent_meanwhile_is_explained(seller_client: Client, asked: CancellationRequest) -> None:
    Order.objects.update(status="shipped", shipped_at=timezone.now())
    answer = seller_client.post(answers_to(asked)[0])
    assert answer.status_code == 409
    assert "The order has been sent, so it can no longer be cancelled. It was sent on" in text_of(answer)


def test_approving_takes_a_post_with_the_token_and_nothing_else(
    seller_client: Client, seller_member: User, asked: CancellationRequest
) -> None:
    approve, decline = answers_to(asked)
    assert seller_client.head(approve).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(seller_member)
    for address in (approve, decline, CANCEL):
        assert strict.post(address, {"answer": "No.", "reason": "out_of_stock"} | PRESSED).status_code == 403
    asked.refresh_from_db()
    assert asked.state == "open"


def test_who_only_reads_the_address_of_the_approval_is_led_to_the_order(
    seller_client: Client, buyer_client: Client, asked: CancellationRequest
) -> None:
    approve = answers_to(asked)[0]
    answer = seller_client.get(approve, follow=True)
    assert answer.redirect_chain == [(DETAIL, 302)]
    assert "Nothing has been done yet. Press the button again." in text_of(answer)
    asked.refresh_from_db()
    assert asked.state == "open"
    assert buyer_client.get(approve).status_code == seller_client.get(f"{DETAIL}approve/0/").status_code == 404


# Cancelling as the seller


def offered(client: Client) -> set[str]:
    page = client.get(CANCEL).content.decode()
    return {part.split('"')[0] for part in page.split('name="reason" value="')[1:]}


def test_it_offers_the_current_reasons_of_sellers_and_no_other(seller_client: Client, order: Order) -> None:
    Reason.objects.filter(code="pricing_error").update(retired_at=timezone.now())
    expected = Reason.objects.filter(by_seller=True, retired_at=None)
    assert offered(seller_client) == {*expected.values_list("code", flat=True)} - {"not_stated", "buyer_asked"}


def test_that_the_buyer_asked_can_be_said_only_if_the_buyer_did(seller_client: Client, order: Order) -> None:
    sent = {"reason": "buyer_asked"} | lines(order, 3, 2) | PRESSED
    assert "This reason cannot be chosen here." in text_of(seller_client.post(CANCEL, sent))
    declined = CancellationRequestFactory.create(order=order, withdrawn=True)
    assert "buyer_asked" not in offered(seller_client)
    assert "This reason cannot be chosen here." in text_of(seller_client.post(CANCEL, sent))
    declined.delete()
    CancellationRequestFactory.create(order=order)
    assert "buyer_asked" in offered(seller_client)
    assert seller_client.post(CANCEL, sent).status_code == 302
    made = Cancellation.objects.get()
    assert (made.source, made.requested_by) == ("seller", "buyer")


def test_a_seller_has_to_give_a_reason(seller_client: Client, order: Order) -> None:
    for chosen in ({}, {"reason": "not_stated"}, {"reason": "changed_mind"}):
        answer = seller_client.post(CANCEL, chosen | lines(order, 3, 2) | PRESSED)
        assert answer.status_code == 200
        assert "Nothing has been done." in text_of(answer)
    assert "Choose the reason: the buyer reads it." in text_of(seller_client.post(CANCEL, lines(order, 1, 0) | PRESSED))
    assert not Cancellation.objects.exists()


def test_it_says_what_will_happen_before_the_button(seller_client: Client, order: Order) -> None:
    page = text_of(seller_client.get(CANCEL))
    assert "The order is cancelled at once, and the buyer reads the reason you give." in page
    assert "The buyer's money €120.00 back to Visa ending 4242 It is due at once" in page
    assert "The buyer and the marketplace's administrators read this." in page
    assert "Cancel this order Keep the order" in page


def test_the_preview_needs_no_reason_and_changes_nothing(seller_client: Client, order: Order) -> None:
    answer = seller_client.post(CANCEL, lines(order, 0, 1) | {"note": "Broken.", "preview": "1"})
    page = text_of(answer)
    assert "Will be cancelled 1 × Lamp Stays ordered 3 × Bowl 1 × Lamp" in page
    assert "€30.00 back to Visa ending 4242" in page
    assert "Choose the reason" not in page
    assert ">\nBroken.</textarea>" in answer.content.decode()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"awaiting_payment": True}, "The buyer has not been charged, so there is nothing to refund."),
        ({"cash_on_delivery": True}, "Nothing to refund: the buyer would have paid on delivery."),
        ({"total": 0}, "There is nothing to refund for this. It cost nothing."),
        ({"total": None}, "The buyer has paid. How much goes back is not known here."),
        ({"paid": False}, "We have no record of a payment, so we cannot say what goes back."),
    ],
)
def test_it_says_what_is_known_of_the_buyers_money(
    seller: Seller, seller_client: Client, fields: dict[str, Any], sentence: str
) -> None:
    OrderFactory.create(seller=seller, number="C1", **fields)
    assert sentence in text_of(seller_client.get(CANCEL))


def test_the_buyer_reads_who_why_and_the_sellers_words(
    buyer_client: Client, seller_client: Client, order: Order
) -> None:
    sent = {"reason": "out_of_stock", "note": "The last one broke."} | lines(order, 3, 2) | PRESSED
    assert "Cancelled. The buyer reads the reason you gave." in text_of(seller_client.post(CANCEL, sent, follow=True))
    page = text_of(buyer_client.get("/orders/C1/"))
    assert "Minh Long Ceramics cancelled this order on" in page
    assert "The seller ran out of something you ordered" in page
    assert "“The last one broke.” Minh Long Ceramics, in their own words" in page


def test_some_of_it_is_cancelled_and_the_rest_goes_on(seller_client: Client, order: Order) -> None:
    sent = {"reason": "item_damaged"} | lines(order, 1, 0) | PRESSED
    page = text_of(seller_client.post(CANCEL, sent, follow=True))
    assert "1 of 3 Bowl" in page
    assert "Cancel all or some of it" in page
    assert not Order.objects.get().is_cancelled


@pytest.mark.parametrize(
    ("kept", "button"),
    [((3, 2), "Cancel all or some of it"), ((0, 2), "Cancel all or some of it"), ((1, 0), "Cancel this order")],
)
def test_of_a_single_piece_there_is_no_some(
    seller_client: Client, order: Order, kept: tuple[int, int], button: str
) -> None:
    for line, left in zip(order.lines.all(), kept, strict=True):
        if gone := line.quantity - left:
            ended = CancellationFactory.create(source="seller")
            OrderLine.objects.filter(pk=line.pk).update(cancelled_quantity=gone, cancellation=ended)
    answer = seller_client.get(DETAIL)
    assert [said for said, link in links_of(answer) if link == CANCEL] == [button]


def test_no_item_no_cancellation(seller_client: Client, order: Order) -> None:
    answer = seller_client.post(CANCEL, {"reason": "item_damaged"} | lines(order, 0, 0) | PRESSED)
    assert answer.status_code == 200
    assert "Choose at least one item." in text_of(answer)


def test_cancelling_closes_what_the_buyer_asked(seller_client: Client, asked: CancellationRequest) -> None:
    seller_client.post(CANCEL, {"reason": "buyer_asked"} | lines(asked.order, 3, 2) | PRESSED)
    asked.refresh_from_db()
    assert asked.state == "approved"


@pytest.mark.parametrize("state", [{"shipped": True}, {"delivered": True}, {"cancelled": True}])
def test_what_has_ended_cannot_be_cancelled(seller: Seller, seller_client: Client, state: dict[str, bool]) -> None:
    OrderFactory.create(seller=seller, number="C1", **state)
    assert CANCEL not in [link for _said, link in links_of(seller_client.get(DETAIL))]
    for answer in (seller_client.get(CANCEL), seller_client.post(CANCEL, {"reason": "out_of_stock"} | PRESSED)):
        assert answer.status_code == 409
        page = text_of(answer)
        assert "That is not possible now" in page
        assert "2026" in page.split("What happened")[1]


def test_two_members_cancel_once(seller_client: Client, order: Order) -> None:
    sent = {"reason": "out_of_stock"} | lines(order, 3, 2) | PRESSED
    assert [seller_client.post(CANCEL, sent).status_code for _ in range(2)] == [302, 409]
    assert Cancellation.objects.count() == 1


def test_some_of_a_line_that_is_sent_three_times_is_cancelled_once(seller_client: Client, order: Order) -> None:
    sent = {"reason": "out_of_stock"} | lines(order, 1, 0) | shown_on(seller_client.get(CANCEL)) | PRESSED
    answers = [seller_client.post(CANCEL, sent) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 409, 409]
    assert [line.cancelled_quantity for line in order.lines.all()] == [1, 0]
    assert Cancellation.objects.count() == Refund.objects.count() == 1
    page = text_of(answers[-1])
    assert "This time nothing has been done: what can be cancelled has changed since that page was opened." in page
    assert "Bowl: 3 could be cancelled when that page was opened, 2 can be cancelled now." in page
    assert "See the order as it is now" in page


def test_what_the_buyer_cancelled_meanwhile_is_not_cancelled_again(
    buyer_client: Client, seller_client: Client, order: Order
) -> None:
    Order.objects.update(paid_at=timezone.now())
    bought, sold = shown_on(buyer_client.get("/orders/C1/cancel/")), shown_on(seller_client.get(CANCEL))
    sent = lines(order, 1, 0) | PRESSED
    assert buyer_client.post("/orders/C1/cancel/", sent | bought).status_code == 302
    assert seller_client.post(CANCEL, {"reason": "out_of_stock"} | sent | sold).status_code == 409
    assert [line.cancelled_quantity for line in order.lines.all()] == [1, 0]


def test_the_preview_carries_along_what_the_page_showed(seller_client: Client, order: Order) -> None:
    first = shown_on(seller_client.get(CANCEL))
    previewed = seller_client.post(CANCEL, lines(order, 1, 0) | first | {"preview": "1"})
    assert shown_on(previewed) == first
    sent = {"reason": "out_of_stock"} | lines(order, 1, 0) | shown_on(previewed) | PRESSED
    assert [seller_client.post(CANCEL, sent).status_code for _ in range(2)] == [302, 409]
    assert seller_client.post(CANCEL, lines(order, 1, 0) | first | {"preview": "1"}).status_code == 409


def test_the_sellers_button_does_what_the_page_said(seller_client: Client, order: Order) -> None:
    chosen = {"reason": "out_of_stock"} | lines(order, 1, 0)
    answer = seller_client.post(CANCEL, chosen | promised_on(seller_client.get(CANCEL)) | PRESSED)
    assert answer.status_code == 409
    assert "You have changed how many since this page said what happens" in text_of(answer)
    assert not Cancellation.objects.exists()
    assert seller_client.post(CANCEL, chosen | promised_on(answer) | PRESSED).status_code == 302
    assert [line.cancelled_quantity for line in order.lines.all()] == [1, 0]


def test_chosen_lines_need_to_be_told_what_the_page_showed(seller_client: Client, order: Order) -> None:
    sent = {"reason": "out_of_stock"} | lines(order, 1, 0) | PRESSED
    del sent["shown"]
    answer = seller_client.post(CANCEL, sent)
    assert answer.status_code == 200
    assert "This page was sent without all that belongs to it." in text_of(answer)
    assert not Cancellation.objects.exists()
    assert seller_client.post(CANCEL, sent | shown_on(answer)).status_code == 302
