"""The page on which a buyer cancels: what it says before the button, what it does, and what it refuses."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from cancellations.models import Cancellation, Reason, Refund
from orders.models import CancellationRequest, Event, Order, Seller
from orders.requesting import approve_request
from orders.shown import as_text, left_of
from tests.factories import (
    CancellationFactory,
    CancellationRequestFactory,
    EventFactory,
    OrderFactory,
    OrderLineFactory,
    ReasonFactory,
)
from tests.pages import links_of, promised_on, shown_on, text_of

CANCEL = {"cancel": "1"}
ASK = {"ask": "1"}


@pytest.fixture
def unpaid(buyer: User, seller: Seller) -> Order:
    """An order that can be cancelled at once: one item, not paid."""
    order: Order = OrderFactory.create(buyer=buyer, seller=seller, number="C1", awaiting_payment=True)
    return order


@pytest.fixture
def fresh(buyer: User, seller: Seller) -> Order:
    """An order that was paid five minutes ago: three of one item at 20, two of another at 30."""
    order: Order = OrderFactory.create(
        buyer=buyer, seller=seller, number="C1", lines=0, paid_at=timezone.now() - timedelta(minutes=5)
    )
    OrderLineFactory(order=order, position=1, title="Bowl", quantity=3, unit_price=Decimal(20))
    OrderLineFactory(order=order, position=2, title="Lamp", quantity=2, unit_price=Decimal(30))
    return order


@pytest.fixture
def settled(buyer: User, seller: Seller) -> Order:
    """An order that was paid weeks ago: the seller has to be asked."""
    order: Order = OrderFactory.create(buyer=buyer, seller=seller, number="C1")
    return order


def address(order: Order) -> str:
    return f"/orders/{order.number}/cancel/"


def lines(order: Order, *quantities: Any) -> dict[str, Any]:
    """Return the fields that choose so many of each line, on a page that shows just that."""
    all_lines = list(order.lines.all())
    chosen = {line.pk: quantity for line, quantity in zip(all_lines, quantities, strict=True)}
    promised = as_text({line: quantity for line, quantity in chosen.items() if quantity})
    fields = {f"line_{line}": quantity for line, quantity in chosen.items()}
    return fields | {"shown": as_text(left_of(all_lines)), "promised": promised}


def nothing_has_changed() -> bool:
    written = (Cancellation, CancellationRequest, Refund, Event)
    return not any(model.objects.exists() for model in written)


# Who may see it


def test_it_asks_visitors_to_sign_in(client: Client, unpaid: Order) -> None:
    assert client.get(address(unpaid))["Location"] == "/accounts/login/?next=/orders/C1/cancel/"
    assert client.post(address(unpaid), CANCEL).status_code == 302
    assert nothing_has_changed()


def test_somebody_elses_order_is_a_404(stranger_client: Client, seller_client: Client, unpaid: Order) -> None:
    for client in (stranger_client, seller_client):
        assert client.get(address(unpaid)).status_code == 404
        assert client.post(address(unpaid), CANCEL).status_code == 404
    assert nothing_has_changed()


def test_it_is_reached_from_the_order_and_from_its_card(buyer_client: Client, unpaid: Order) -> None:
    for page in ("/orders/", "/orders/C1/"):
        assert address(unpaid) in [to for _, to in links_of(buyer_client.get(page))]


# What it says before the button


def test_it_says_that_it_happens_at_once_and_that_nothing_was_charged(buyer_client: Client, unpaid: Order) -> None:
    page = text_of(buyer_client.get(address(unpaid)))
    assert "The order is cancelled at once, as soon as you press the button." in page
    assert "You have not been charged, so there is nothing to refund." in page
    assert "Cancel this order Keep the order" in page


def test_it_says_how_much_comes_back_where_to_and_by_when(buyer_client: Client, fresh: Order) -> None:
    page = text_of(buyer_client.get(address(fresh)))
    assert "€120.00 back to Visa ending 4242" in page
    assert "It should be with you by" in page


def test_it_says_by_when_the_seller_answers(buyer_client: Client, settled: Order) -> None:
    page = text_of(buyer_client.get(address(settled)))
    assert "Minh Long Ceramics is asked to cancel, and has until" in page
    assert "No answer by then means yes." in page
    assert "€120.00 back to Visa ending 4242 If your request is approved, it should be with you by" in page
    assert "Ask to cancel Keep the order" in page


def test_it_says_that_cash_on_delivery_leaves_nothing_to_refund(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, cash_on_delivery=True)
    assert "Nothing to refund: you would have paid on delivery." in text_of(buyer_client.get(address(order)))


def test_it_says_so_where_the_amount_or_the_payment_is_not_known(buyer: User, buyer_client: Client) -> None:
    paid = OrderFactory.create(buyer=buyer, total=None)
    unknown = OrderFactory.create(buyer=buyer, paid=False)
    assert "You have paid. How much comes back is not known here" in text_of(buyer_client.get(address(paid)))
    assert "We have no record of a payment" in text_of(buyer_client.get(address(unknown)))


NOTHING = "There is nothing to refund for this. It cost nothing."
NOTHING_MORE = "There is nothing to refund for this. Other refunds of this order cover all that was paid."


def told_after(client: Client, order: Order) -> list[str]:
    """Return what the order's page, My Orders and the receipt say."""
    return [text_of(client.get(page)) for page in ("/orders/C1/", "/orders/", "/orders/C1/receipt/")]


def test_of_a_free_order_it_says_before_and_after_that_nothing_comes_back(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(number="C1", buyer=buyer, total=0, paid_at=timezone.now() - timedelta(minutes=5))
    assert NOTHING in text_of(buyer_client.get(address(order)))
    buyer_client.post(address(order), CANCEL)
    page, listed, receipt = told_after(buyer_client, order)
    assert NOTHING in page
    assert all("There is nothing to refund for this." in told for told in (listed, receipt))
    assert not any("no refund is recorded" in told for told in (page, listed, receipt))


def test_of_the_rest_after_a_voucher_it_says_before_and_after_that_nothing_more_comes_back(
    buyer: User, buyer_client: Client
) -> None:
    order = OrderFactory.create(
        number="C1", buyer=buyer, total=100, lines=0, paid_at=timezone.now() - timedelta(minutes=5)
    )
    OrderLineFactory.create(order=order, quantity=3, unit_price=50)
    buyer_client.post(address(order), lines(order, 2) | CANCEL)
    assert Refund.objects.get().amount == Decimal(100)
    assert NOTHING_MORE in text_of(buyer_client.get(address(order)))
    buyer_client.post(address(order), CANCEL)
    page, listed, receipt = told_after(buyer_client, order)
    assert NOTHING_MORE in page
    assert all("There is nothing to refund for this." in told for told in (listed, receipt))
    assert not any("no refund is recorded" in told for told in (page, listed, receipt))


def test_of_an_item_that_cost_nothing_it_says_before_and_after_that_nothing_comes_back(
    buyer: User, buyer_client: Client
) -> None:
    order = OrderFactory.create(
        number="C1", buyer=buyer, total=40, lines=0, paid_at=timezone.now() - timedelta(minutes=5)
    )
    OrderLineFactory.create(order=order, unit_price=0)
    OrderLineFactory.create(order=order, position=2, unit_price=40)
    chosen = lines(order, 1, 0)
    assert NOTHING in text_of(buyer_client.post(address(order), chosen | {"preview": "1"}))
    buyer_client.post(address(order), chosen | CANCEL)
    assert NOTHING in text_of(buyer_client.get("/orders/C1/"))


def test_it_promises_what_the_action_then_records(buyer_client: Client, fresh: Order) -> None:
    chosen = lines(fresh, 2, 0)
    page = text_of(buyer_client.post(address(fresh), chosen | {"preview": "1"}))
    assert "€40.00 back to Visa ending 4242" in page
    buyer_client.post(address(fresh), chosen | CANCEL)
    refund = Refund.objects.get()
    assert refund.amount == Decimal(40)
    assert refund.expected_by
    assert f"by {refund.expected_by:%-d %B %Y}." in page


# The reasons


def offered(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="reason" value="')[1:]]


def test_it_offers_the_current_reasons_of_buyers_and_no_other(buyer_client: Client, unpaid: Order) -> None:
    Reason.objects.filter(code="found_cheaper").update(retired_at=timezone.now())
    expected = Reason.objects.filter(by_buyer=True, retired_at=None).exclude(code__in=["not_stated", "no_reason_given"])
    page = buyer_client.get(address(unpaid)).content.decode()
    assert offered(page) == [*expected.values_list("code", flat=True), "no_reason_given"]
    assert 'type="radio"' in page
    assert " checked" not in page
    assert " required" not in page.split("<fieldset")[1].split("</fieldset>")[0]


@pytest.mark.parametrize("chosen", [{}, {"reason": ""}, {"reason": "no_reason_given"}])
def test_a_buyer_need_not_give_a_reason(buyer_client: Client, unpaid: Order, chosen: dict[str, str]) -> None:
    page = buyer_client.post(address(unpaid), chosen | CANCEL, follow=True)
    made = Cancellation.objects.get()
    assert (made.source, made.requested_by, made.reason.code) == ("buyer", "buyer", "no_reason_given")
    assert "You cancelled this order on" in text_of(page)


def test_it_offers_the_way_out_of_a_reason_beside_it(buyer_client: Client, unpaid: Order) -> None:
    page = buyer_client.get(address(unpaid)).content.decode()
    way_out = page.split('value="change_address"')[1].split("</div>")[0]
    described_by = way_out.split('aria-describedby="')[1].split('"')[0]
    assert f'id="{described_by}">Perhaps nothing has to be cancelled: ask Minh Long Ceramics' in way_out
    assert "way-out" not in page.split('value="changed_mind"')[1].split("</div>")[0]


def way_out(client: Client, order: Order, code: str) -> str:
    page = client.get(address(order)).content.decode()
    return page.split(f'value="{code}"')[1].split('<div class="reason">')[0]


def test_it_offers_to_pay_another_way_only_while_the_order_is_not_paid(
    buyer: User, buyer_client: Client, unpaid: Order, seller: Seller
) -> None:
    paid = OrderFactory.create(buyer=buyer, seller=seller, number="C2")
    for code in ("change_payment", "payment_difficult"):
        assert "you can pay it another way" in way_out(buyer_client, unpaid, code)
        assert "Perhaps" not in way_out(buyer_client, paid, code)


def test_it_offers_to_cancel_some_items_only_where_there_is_a_choice(
    buyer: User, buyer_client: Client, fresh: Order, seller: Seller
) -> None:
    single = OrderFactory.create(buyer=buyer, seller=seller, number="C2")
    assert "cancel only the items you do not want" in way_out(buyer_client, fresh, "change_items")
    assert "cancel only the items" not in way_out(buyer_client, single, "change_items")
    assert "Perhaps a question is enough: ask Minh Long Ceramics" in way_out(buyer_client, single, "change_items")


def test_the_sellers_name_is_text_wherever_it_stands(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, awaiting_payment=True, seller__name="<script>{0}&", seller__slug="s")
    page = buyer_client.get(address(order)).content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;{0}&amp; and the marketplace&#x27;s administrators read this." in page.replace("'", "&#x27;")


def test_it_says_who_reads_the_free_text(buyer_client: Client, unpaid: Order) -> None:
    page = text_of(buyer_client.get(address(unpaid)))
    assert "Minh Long Ceramics and the marketplace's administrators read this." in page


# Cancelling


def test_it_cancels_with_the_reason_and_the_buyers_words(buyer_client: Client, unpaid: Order) -> None:
    answer = buyer_client.post(address(unpaid), {"reason": "found_cheaper", "note": " Half the price. "} | CANCEL)
    assert (answer.status_code, answer["Location"]) == (302, "/orders/C1/")
    made = Cancellation.objects.get()
    assert (made.reason.code, made.note, made.was_charged) == ("found_cheaper", "Half the price.", False)
    page = text_of(buyer_client.get("/orders/C1/"))
    assert "The order is cancelled." in page
    assert "“Half the price.” Your own words" in page


def test_it_asks_the_seller_where_it_is_not_instant(buyer_client: Client, settled: Order) -> None:
    page = text_of(buyer_client.post(address(settled), {"reason": "change_address"} | ASK, follow=True))
    assert "Your request has been sent to the seller." in page
    assert "You asked to cancel" in page
    assert not Order.objects.get().is_cancelled
    assert CancellationRequest.objects.get().reason.code == "change_address"


def test_some_of_it_is_cancelled_and_the_rest_stays(buyer_client: Client, fresh: Order) -> None:
    page = text_of(buyer_client.post(address(fresh), lines(fresh, 1, 2) | CANCEL, follow=True))
    assert "The items are cancelled." in page
    assert "You cancelled part of this order" in page
    assert [line.cancelled_quantity for line in fresh.lines.all()] == [1, 2]
    assert not Order.objects.get().is_cancelled


def test_all_lines_are_the_whole_order(buyer_client: Client, fresh: Order) -> None:
    buyer_client.post(address(fresh), lines(fresh, 3, 2) | CANCEL)
    assert Order.objects.get().is_cancelled


def test_some_of_it_can_be_asked_for(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, lines__title="Bowl", lines__quantity=3)
    page = text_of(buyer_client.post(address(order), lines(order, 2) | ASK, follow=True))
    assert [(one.line_id, one.quantity) for one in CancellationRequest.objects.get().lines.all()] == [
        (order.lines.get().pk, 2)
    ]
    assert "2 × Bowl" in page


def test_the_preview_says_what_goes_and_what_stays_and_keeps_what_was_entered(
    buyer_client: Client, fresh: Order
) -> None:
    entered = lines(fresh, 1, 0) | {"reason": "change_items", "note": "One is enough.", "preview": "1"}
    answer = buyer_client.post(address(fresh), entered)
    page, source = text_of(answer), answer.content.decode()
    assert "Will be cancelled 1 × Bowl Stays ordered 2 × Bowl 2 × Lamp" in page
    assert "€20.00 back to Visa ending 4242" in page
    assert "Cancel these items Keep the order" in page
    assert 'value="change_items"' in source.split(" checked")[0].rsplit("<input", 1)[1]
    assert ">\nOne is enough.</textarea>" in source
    assert 'value="1"' in source.split(f'name="line_{fresh.lines.first().pk}"')[1].split(">")[0]  # type: ignore[union-attr]
    assert nothing_has_changed()


def test_a_form_sent_without_any_button_only_shows_what_would_happen(buyer_client: Client, unpaid: Order) -> None:
    assert buyer_client.post(address(unpaid), {"reason": "changed_mind"}).status_code == 200
    assert nothing_has_changed()


def test_an_order_of_one_item_has_nothing_to_choose(buyer_client: Client, unpaid: Order) -> None:
    page = text_of(buyer_client.get(address(unpaid)))
    assert "What should be cancelled?" not in page
    assert "Will be cancelled 1 × Rice cooker" in page


# Too late, twice, or meanwhile


def test_the_second_of_two_submits_finds_an_explanation(buyer_client: Client, unpaid: Order) -> None:
    first, second = [buyer_client.post(address(unpaid), {"reason": "changed_mind"} | CANCEL) for _ in range(2)]
    assert (first.status_code, second.status_code) == (302, 409)
    assert Cancellation.objects.count() == 1
    page = text_of(second)
    assert "The order has been cancelled already. You cancelled this order on" in page
    assert "See the order as it is now" in page


def test_a_seller_who_ships_in_between_is_quicker(buyer_client: Client, unpaid: Order) -> None:
    buyer_client.get(address(unpaid))
    Order.objects.update(status="shipped", shipped_at=timezone.now())
    answer = buyer_client.post(address(unpaid), CANCEL)
    assert answer.status_code == 409
    page = text_of(answer)
    assert f"It can no longer be cancelled, because it was sent on {timezone.localtime():%-d %B %Y}" in page
    assert "When it arrives, you can ask to return it." in page
    assert nothing_has_changed()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"shipped": True}, "because it was sent on 4 November 2026"),
        ({"delivered": True}, "because it was delivered on 7 November 2026"),
        ({"cancelled": True, "source": "seller"}, "Minh Long Ceramics cancelled this order on 3 November 2026"),
    ],
)
def test_the_page_of_what_cannot_be_cancelled_says_since_when_and_why(
    buyer: User, seller: Seller, buyer_client: Client, state: dict[str, Any], sentence: str
) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, **state)
    answer = buyer_client.get(address(order))
    assert answer.status_code == 409
    assert sentence in text_of(answer)


def test_a_promise_to_cancel_at_once_is_not_turned_into_a_request(buyer_client: Client, fresh: Order) -> None:
    chosen = lines(fresh, 1, 0) | {"reason": "change_items"}
    Order.objects.update(paid_at=timezone.now() - timedelta(minutes=61))
    answer = buyer_client.post(address(fresh), chosen | CANCEL)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "The time in which you could cancel at once is over. Nothing has been done: you can ask the seller." in page
    assert "Stays ordered 2 × Bowl" in page
    assert nothing_has_changed()
    assert buyer_client.post(address(fresh), chosen | ASK).status_code == 302


def test_nobody_is_asked_what_can_be_done_at_once(buyer_client: Client, unpaid: Order) -> None:
    answer = buyer_client.post(address(unpaid), ASK)
    assert answer.status_code == 409
    assert "You need not ask any more: you can cancel at once." in text_of(answer)
    assert nothing_has_changed()


def test_a_second_request_is_refused_with_the_clock_of_the_first(buyer_client: Client, settled: Order) -> None:
    CancellationRequestFactory(order=settled)
    for answer in (buyer_client.get(address(settled)), buyer_client.post(address(settled), ASK)):
        assert answer.status_code == 409
        page = text_of(answer)
        assert "You have asked the seller to cancel it, and the answer is due by 2 November 2099, 09:30" in page
    assert CancellationRequest.objects.count() == 1


def test_after_a_refusal_it_says_from_when_on_one_may_ask_again(buyer_client: Client, settled: Order) -> None:
    declined_at = timezone.now() - timedelta(hours=1)
    CancellationRequestFactory(order=settled, declined=True, decided=declined_at)
    answer = buyer_client.get(address(settled))
    assert answer.status_code == 409
    again = timezone.localtime(declined_at + timedelta(hours=24))
    assert f"You can ask again from {again:%-d %B %Y, %H:%M} on" in text_of(answer)
    assert "Ask the seller to cancel" not in text_of(buyer_client.get("/orders/C1/"))
    EventFactory(order=settled, kind="changed")
    assert buyer_client.get(address(settled)).status_code == 200
    assert "Ask the seller to cancel" in text_of(buyer_client.get("/orders/C1/"))


def test_an_older_page_does_not_cancel_what_was_not_chosen(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, awaiting_payment=True, lines=2)
    bowl, lamp = order.lines.all()
    chosen = lines(order, 1, 0)
    bowl.cancelled_quantity, bowl.cancellation = 1, CancellationFactory.create(source="seller")
    bowl.save()
    answer = buyer_client.post(address(order), chosen | CANCEL)
    assert answer.status_code == 409
    assert f"{bowl.title}: 1 could be cancelled when that page was opened, none can be now." in text_of(answer)
    del chosen["shown"]
    answer = buyer_client.post(address(order), chosen | CANCEL)
    assert "Some of what you chose is not part of this order, or not any more." in text_of(answer)
    lamp.refresh_from_db()
    assert lamp.cancelled_quantity == 0


def test_an_older_page_that_promised_to_keep_the_rest_does_not_end_the_order(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, awaiting_payment=True, lines=2)
    chosen = lines(order, 0, 1)
    order.lines.filter(position=1).update(cancelled_quantity=1, cancellation=CancellationFactory(source="seller"))
    assert buyer_client.post(address(order), chosen | CANCEL).status_code == 409
    assert not Order.objects.get().is_cancelled
    assert buyer_client.post(address(order), lines(order, 0, 1) | CANCEL).status_code == 302
    assert Order.objects.get().is_cancelled


# Some of a line, twice


def taken_of(order: Order) -> list[int]:
    return [line.cancelled_quantity for line in order.lines.all()]


def test_some_of_a_line_that_is_sent_three_times_is_cancelled_once(buyer_client: Client, fresh: Order) -> None:
    sent = lines(fresh, 1, 0) | shown_on(buyer_client.get(address(fresh))) | CANCEL
    answers = [buyer_client.post(address(fresh), sent) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 409, 409]
    assert (taken_of(fresh), Cancellation.objects.count(), Refund.objects.count()) == ([1, 0], 1, 1)
    page = text_of(answers[-1])
    assert "This time nothing has been done: what can be cancelled has changed since that page was opened." in page
    assert "Bowl: 3 could be cancelled when that page was opened, 2 can be cancelled now." in page
    assert "Lamp: " not in page
    assert "look at the order as it is now and choose again" in page
    assert "See the order as it is now" in page


@pytest.mark.parametrize("second", [(1, 0), (0, 1), (3, 0), (3, 2)])
def test_the_second_of_two_tabs_takes_nothing(buyer_client: Client, fresh: Order, second: tuple[int, int]) -> None:
    tabs = [shown_on(buyer_client.get(address(fresh))) for _ in range(2)]
    assert buyer_client.post(address(fresh), lines(fresh, 1, 0) | tabs[0] | CANCEL).status_code == 302
    assert buyer_client.post(address(fresh), lines(fresh, *second) | tabs[1] | CANCEL).status_code == 409
    assert taken_of(fresh) == [1, 0]
    third = shown_on(buyer_client.get(address(fresh)))
    assert buyer_client.post(address(fresh), lines(fresh, 1, 0) | third | CANCEL).status_code == 302
    assert taken_of(fresh) == [2, 0]


def test_the_preview_carries_along_what_the_page_showed(buyer_client: Client, fresh: Order) -> None:
    first = shown_on(buyer_client.get(address(fresh)))
    previewed = buyer_client.post(address(fresh), lines(fresh, 1, 0) | first | {"preview": "1"})
    assert shown_on(previewed) == first
    sent = lines(fresh, 1, 0) | shown_on(previewed) | CANCEL
    assert [buyer_client.post(address(fresh), sent).status_code for _ in range(2)] == [302, 409]
    assert buyer_client.post(address(fresh), lines(fresh, 1, 0) | first | {"preview": "1"}).status_code == 409
    assert taken_of(fresh) == [1, 0]


def test_an_older_page_does_not_cancel_the_whole_order_after_some_of_it(buyer_client: Client, fresh: Order) -> None:
    older = shown_on(buyer_client.get(address(fresh)))
    buyer_client.post(address(fresh), lines(fresh, 1, 0) | CANCEL)
    assert buyer_client.post(address(fresh), lines(fresh, 2, 2) | older | CANCEL).status_code == 409
    assert not Order.objects.get().is_cancelled


@pytest.mark.parametrize("shown", [None, "", "x", "1", "1:", ":3", "1:2:3", "1:-3", "١:٣", "\x00", f"1:{'9' * 5_000}"])
@pytest.mark.parametrize("chosen", [(1, 0), (3, 2)])
def test_chosen_lines_need_to_be_told_what_the_page_showed(
    buyer_client: Client, fresh: Order, chosen: tuple[int, int], shown: str | None
) -> None:
    sent = lines(fresh, *chosen) | CANCEL | {"shown": shown}
    if shown is None:
        del sent["shown"]
    answer = buyer_client.post(address(fresh), sent)
    assert answer.status_code == 200
    assert "This page was sent without all that belongs to it. Look again, then send it again." in text_of(answer)
    assert nothing_has_changed()
    assert buyer_client.post(address(fresh), lines(fresh, *chosen) | shown_on(answer) | CANCEL).status_code == 302


CHANGED = "You have changed how many since this page said what happens, so nothing has been done yet."


@pytest.mark.parametrize(
    ("previewed", "chosen"), [((1, 0), (3, 2)), ((3, 2), (0, 1)), ((1, 0), (1, 1)), (None, (1, 0))]
)
def test_the_button_does_what_the_page_said_and_nothing_else(
    buyer_client: Client, fresh: Order, previewed: tuple[int, int] | None, chosen: tuple[int, int]
) -> None:
    """Whoever changes how many after the page has said what happens is told anew, and presses again."""
    page = buyer_client.get(address(fresh))
    if previewed:
        page = buyer_client.post(address(fresh), lines(fresh, *previewed) | {"preview": "1"})
    answer = buyer_client.post(address(fresh), lines(fresh, *chosen) | promised_on(page) | CANCEL)
    assert (answer.status_code, CHANGED in text_of(answer)) == (409, True)
    assert nothing_has_changed()
    assert buyer_client.post(address(fresh), lines(fresh, *chosen) | promised_on(answer) | CANCEL).status_code == 302
    assert taken_of(fresh) == list(chosen)


@pytest.mark.parametrize("promised", [None, "", "x", "1:", "1:-3", "\x00", f"1:{'9' * 5_000}"])
def test_what_promises_nothing_cancels_nothing(buyer_client: Client, fresh: Order, promised: str | None) -> None:
    sent = lines(fresh, 1, 0) | CANCEL | {"promised": promised}
    if promised is None:
        del sent["promised"]
    assert buyer_client.post(address(fresh), sent).status_code == 409
    assert nothing_has_changed()


@pytest.mark.parametrize("chosen", [(0, 0), ("", ""), ("x", 1), (9, 0)])
def test_a_preview_of_what_cannot_be_taken_promises_nothing(
    buyer_client: Client, fresh: Order, chosen: tuple[Any, Any]
) -> None:
    answer = buyer_client.post(address(fresh), lines(fresh, *chosen) | {"preview": "1"})
    page = text_of(answer)
    assert promised_on(answer) == {"promised": ""}
    assert "Nothing has been done. Something in the form has to be corrected first" in page
    assert ("Choose at least one item." in page) == (chosen in [(0, 0), ("", "")])
    assert not [
        said for said in ("Will be cancelled", "Your money", "as soon as you press", 'name="cancel"') if said in page
    ]
    assert 'name="cancel"' not in answer.content.decode()


def test_a_note_that_is_too_long_leaves_the_promise(buyer_client: Client, fresh: Order) -> None:
    answer = buyer_client.post(address(fresh), lines(fresh, 1, 0) | {"note": "x" * 1_001} | CANCEL)
    page = text_of(answer)
    assert "Something in the form has to be corrected first" in page
    assert "The rest of the order goes on." in page
    assert buyer_client.post(address(fresh), lines(fresh, 1, 0) | promised_on(answer) | CANCEL).status_code == 302


def test_another_orders_page_is_not_this_ones(buyer: User, buyer_client: Client, fresh: Order) -> None:
    other = OrderFactory.create(buyer=buyer, lines__quantity=2)
    sent = lines(fresh, 1, 0) | shown_on(buyer_client.get(address(other))) | CANCEL
    assert buyer_client.post(address(fresh), sent).status_code == 409
    assert nothing_has_changed()


def test_some_of_a_line_is_asked_for_once(buyer: User, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, lines__title="Bowl", lines__quantity=3)
    sent = lines(order, 1) | shown_on(buyer_client.get(address(order))) | ASK
    assert [buyer_client.post(address(order), sent).status_code for _ in range(2)] == [302, 409]
    approve_request(CancellationRequest.objects.get(), by=buyer)
    answer = buyer_client.post(address(order), sent)
    assert answer.status_code == 409
    assert "Bowl: 3 could be cancelled when that page was opened, 2 can be cancelled now." in text_of(answer)
    assert CancellationRequest.objects.count() == 1


class _Meanwhile:
    """Take one of an order's first line between the page's look at the order and the action's own."""

    def __init__(self, order: Order) -> None:
        self.order, self.looks = order, 0

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.looks += 'FROM "orders_order"' in sql
        if self.looks == 2:
            self.looks += 1
            self.order.lines.filter(position=1).update(
                cancelled_quantity=1, cancellation=CancellationFactory(source="seller")
            )
        return execute(sql, *rest)


@pytest.mark.parametrize("chosen", [(1, 0), (2, 2), (3, 2)])
@pytest.mark.parametrize(
    ("who", "hours", "sent"),
    [("buyer", 0, CANCEL), ("buyer", 2, ASK), ("seller", 0, CANCEL | {"reason": "out_of_stock"})],
    ids=["cancelled", "asked for", "by the seller"],
)
def test_what_changes_between_the_look_and_the_lock_is_noticed(
    buyer_client: Client,
    seller_client: Client,
    fresh: Order,
    chosen: tuple[int, int],
    who: str,
    hours: int,
    sent: dict[str, str],
) -> None:
    Order.objects.update(paid_at=timezone.now() - timedelta(hours=hours))
    client, path = (seller_client, "/selling/orders/C1/cancel/") if who == "seller" else (buyer_client, address(fresh))
    with connection.execute_wrapper(_Meanwhile(fresh)):
        answer = client.post(path, lines(fresh, *chosen) | sent)
    assert answer.status_code == 409
    assert "Bowl: 3 could be cancelled when that page was opened, 2 can be cancelled now." in text_of(answer)
    assert nothing_has_changed()  # not even meanwhile: on one connection, that is undone with the action


# What is refused


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"reason": "out_of_stock"}, "This reason cannot be chosen here."),
        ({"reason": "payment_failed"}, "This reason cannot be chosen here."),
        ({"reason": "no_such_reason"}, "This reason cannot be chosen here."),
        ({"reason": "\x00"}, "This reason cannot be chosen here."),
        ({"reason": "snowed_in"}, "This reason cannot be chosen here."),
        ({"note": "x" * 10_000}, "Your text is longer than 1,000 characters."),
        ({"note": "a\x00b"}, "It contains a NUL byte."),
        ({"note": "a\x07b"}, "It contains a control character."),
        ({"note": "a\u202eb"}, "It contains an invisible character that turns the writing direction."),
    ],
)
def test_it_says_what_is_wrong_and_changes_nothing(
    buyer_client: Client, unpaid: Order, sent: dict[str, str], sentence: str
) -> None:
    ReasonFactory.create(code="snowed_in", retired_at=timezone.now())
    answer = buyer_client.post(address(unpaid), sent | CANCEL)
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert "Nothing has been done. Something in the form has to be corrected first" in text_of(answer)
    assert nothing_has_changed()


@pytest.mark.parametrize(
    ("quantities", "sentence"),
    [
        ((4, 0), "At most 3 can still be cancelled."),
        ((-1, 0), "Write how many to cancel, or 0 to keep it."),
        (("two", 0), "Write how many, as a number."),
        (("1.5", 0), "Write how many, as a number."),
        (("9" * 5_000, 0), "Write how many, as a number."),
        ((0, 0), "Choose at least one item."),
        (("", ""), "Choose at least one item."),
        (("\x00", 0), "Write how many, as a number."),
    ],
)
def test_it_refuses_what_is_no_quantity(
    buyer_client: Client, fresh: Order, quantities: tuple[Any, Any], sentence: str
) -> None:
    for button in (CANCEL, {"preview": "1"}):
        answer = buyer_client.post(address(fresh), lines(fresh, *quantities) | button)
        assert answer.status_code == 200
    assert sentence in text_of(buyer_client.post(address(fresh), lines(fresh, *quantities) | CANCEL))
    assert nothing_has_changed()


def test_it_refuses_a_line_of_another_order(buyer: User, buyer_client: Client, fresh: Order) -> None:
    other = OrderFactory.create(buyer=buyer, lines__quantity=2)
    answer = buyer_client.post(address(fresh), lines(other, 1) | lines(fresh, 1, 0) | CANCEL)
    assert "Some of what you chose is not part of this order, or not any more." in text_of(answer)
    assert nothing_has_changed()


def test_line_breaks_count_once_as_browsers_count_them(buyer_client: Client, unpaid: Order) -> None:
    assert buyer_client.post(address(unpaid), {"note": "a\r\n" * 499 + "a"} | CANCEL).status_code == 302
    assert len(Cancellation.objects.get().note) == 999


def test_what_looks_like_a_cards_number_is_masked(buyer_client: Client, unpaid: Order) -> None:
    buyer_client.post(address(unpaid), {"note": "Charge 4242 4242 4242 4242 instead."} | CANCEL)
    assert Cancellation.objects.get().note == "Charge •••• 4242 instead."


def test_it_takes_no_form_without_the_token(buyer: User, unpaid: Order) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(buyer)
    assert client.post(address(unpaid), CANCEL).status_code == 403
    assert nothing_has_changed()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_it_takes_no_other_method(buyer_client: Client, unpaid: Order, method: str) -> None:
    assert getattr(buyer_client, method)(address(unpaid)).status_code == 405


def test_more_fields_than_any_form_has_are_refused(buyer_client: Client, unpaid: Order) -> None:
    answer = buyer_client.post(address(unpaid), {f"line_{n}": "1" for n in range(2_001)} | CANCEL)
    assert answer.status_code == 400
    assert "This request cannot be understood." in text_of(answer)
    assert nothing_has_changed()


ANYTHING = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.sampled_from(["changed_mind", "not_stated", "out_of_stock", "1", "0", "-1", "1e9", "\x00", "\ud800", "٣", "½"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(["reason", "note", "line", "line_x", "line_", "shown", "preview"]), ANYTHING))
)
def test_whatever_is_sent_gets_an_answer_and_cancels_nothing_without_its_button(
    buyer_client: Client, fresh: Order, fields: list[tuple[str, str]]
) -> None:
    own = f"line_{fresh.lines.first().pk}"  # type: ignore[union-attr]
    body = urlencode(
        [(own if name == "line" else name, value.encode(errors="surrogatepass")) for name, value in fields]
    )
    answer = buyer_client.post(address(fresh), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {200, 409}
    assert nothing_has_changed()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANYTHING, min_size=4, max_size=4))
def test_whatever_is_sent_with_the_button_cancels_once_or_says_why_not(
    buyer_client: Client, fresh: Order, values: list[str]
) -> None:
    first, second, reason, note = [value.encode(errors="surrogatepass") for value in values]
    body = urlencode(lines(fresh, first, second) | {"reason": reason, "note": note} | CANCEL)
    with transaction.atomic():
        answer = buyer_client.post(address(fresh), body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {200, 302}
        assert Cancellation.objects.count() == (answer.status_code == 302)
        transaction.set_rollback(True)


# What the order and its card say


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"awaiting_payment": True}, "You can cancel it at once, since it is not paid yet."),
        ({}, "it cannot be cancelled at once, but you can ask the seller to cancel it."),
        ({"shipped": True}, "It can no longer be cancelled, because it was sent on 4 November 2026"),
        ({"delivered": True}, "It can no longer be cancelled, because it was delivered on 7 November 2026"),
    ],
)
def test_the_order_says_whether_it_can_be_cancelled(
    buyer: User, buyer_client: Client, state: dict[str, bool], sentence: str
) -> None:
    order = OrderFactory.create(buyer=buyer, **state)
    assert sentence in text_of(buyer_client.get(order.get_absolute_url()))


def test_the_order_says_how_long_it_can_be_cancelled_at_once(buyer_client: Client, fresh: Order) -> None:
    assert fresh.paid_at
    until = timezone.localtime(fresh.paid_at + timedelta(minutes=60))
    page = text_of(buyer_client.get("/orders/C1/"))
    assert f"You can cancel it at once until {until:%-d %B %Y, %H:%M}. After that, you can ask the seller to." in page
