"""The why card: who ended it, at whose wish, why, and what can be done."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from cancellations.curating import add_wording
from cancellations.models import Reason
from orders.models import Order, Seller
from tests.factories import (
    MOMENT,
    CancellationFactory,
    OrderFactory,
    OrderLineFactory,
    ReasonFactory,
    RefundFactory,
)
from tests.pages import address_of, text_of

WHEN = "3 November 2026, 09:30"
UNDATED = "The date is not stated."


def page_of(client: Client, order: Order) -> str:
    return text_of(client.get(order.get_absolute_url()))


def cancelled(buyer: User, seller: Seller, **fields: Any) -> Order:
    """Make an order that was cancelled on 3 November at half past nine."""
    order: Order = OrderFactory.create(
        **{"buyer": buyer, "seller": seller, "cancelled": True, "placed_at": MOMENT, **fields}
    )
    return order


# Who, and at whose wish

SENTENCES = {
    ("buyer", "buyer"): ("You cancelled this order on {when}.", "You cancelled this order. {undated}"),
    ("buyer", "seller"): (
        "You cancelled this order, as the seller had asked, on {when}.",
        "You cancelled this order, as the seller had asked. {undated}",
    ),
    ("seller", "seller"): (
        "Minh Long Ceramics cancelled this order on {when}.",
        "Minh Long Ceramics cancelled this order. {undated}",
    ),
    ("seller", "buyer"): (
        "Minh Long Ceramics cancelled this order because you asked, on {when}.",
        "Minh Long Ceramics cancelled this order because you asked. {undated}",
    ),
    ("system", "system"): ("Cancelled automatically on {when}.", "Cancelled automatically. {undated}"),
    ("system", "buyer"): (
        "Cancelled automatically because you asked, on {when}.",
        "Cancelled automatically because you asked. {undated}",
    ),
    ("system", "seller"): (
        "Cancelled automatically because Minh Long Ceramics asked, on {when}.",
        "Cancelled automatically because Minh Long Ceramics asked. {undated}",
    ),
    ("unknown", "unknown"): (
        "This order was cancelled on {when}. By whom is not stated.",
        "This order was cancelled. By whom and when is not stated.",
    ),
}
SOURCES = ["buyer", "seller", "system", "unknown"]


@pytest.mark.parametrize("asked_by", SOURCES)
@pytest.mark.parametrize("source", SOURCES)
def test_it_says_who_cancelled_when_and_at_whose_wish(
    buyer: User, seller: Seller, buyer_client: Client, source: str, asked_by: str
) -> None:
    dated, undated = SENTENCES.get((source, asked_by)) or SENTENCES[source, source]
    fields = {"source": source, "cancellation__requested_by": asked_by, "cancellation__origin": "test-feed"}
    order = cancelled(buyer, seller, **fields)
    assert dated.format(when=WHEN) in page_of(buyer_client, order)
    order = cancelled(buyer, seller, **fields, cancellation__cancelled_at=None)
    assert undated.format(undated=UNDATED) in page_of(buyer_client, order)


@pytest.mark.parametrize(
    ("source", "asked_by", "said"),
    [
        ("buyer", "buyer", "You cancelled part of this order on {when}."),
        ("buyer", "seller", "You cancelled part of this order, as the seller had asked, on {when}."),
        ("seller", "seller", "Minh Long Ceramics cancelled part of this order on {when}."),
        ("seller", "buyer", "Minh Long Ceramics cancelled part of this order because you asked, on {when}."),
        ("system", "system", "Part of this order was cancelled automatically on {when}."),
        ("system", "buyer", "Part of this order was cancelled automatically because you asked, on {when}."),
        ("system", "seller", "Part of this order was cancelled automatically because Minh Long Ceramics asked, on"),
        ("unknown", "unknown", "Part of this order was cancelled on {when}. By whom is not stated."),
    ],
)
def test_it_says_who_cancelled_a_part(
    buyer: User, seller: Seller, buyer_client: Client, source: str, asked_by: str, said: str
) -> None:
    ended = CancellationFactory.create(source=source, requested_by=asked_by)
    order = OrderFactory.create(buyer=buyer, seller=seller, lines=0)
    OrderLineFactory(order=order, quantity=3, cancelled_quantity=1, cancellation=ended)
    assert said.format(when=WHEN) in page_of(buyer_client, order)


@pytest.mark.parametrize(
    ("source", "asked_by", "code", "who", "why", "receipt"),
    [
        (
            "seller",
            "buyer",
            "buyer_asked",
            "Minh Long Ceramics cancelled this order on {when}.",
            "The seller says that you asked for it.",
            "Cancelled by Minh Long Ceramics, the seller Cancelled on",
        ),
        (
            "buyer",
            "seller",
            "seller_asked_me",
            "You cancelled this order on {when}.",
            "Your reason was that the seller asked you to cancel.",
            "Cancelled by Mai Nguyễn, the buyer Cancelled on",
        ),
    ],
)
def test_a_wish_that_only_its_giver_tells_is_told_once_as_their_word(
    buyer: User,
    seller: Seller,
    buyer_client: Client,
    source: str,
    asked_by: str,
    code: str,
    who: str,
    why: str,
    receipt: str,
) -> None:
    fields = {"source": source, "reason_code": code, "cancellation__requested_by": asked_by}
    order = cancelled(buyer, seller, **fields, cancellation__origin="test-feed")
    assert f"{who.format(when=WHEN)} {why}" in page_of(buyer_client, order)
    assert receipt in text_of(buyer_client.get(f"{order.get_absolute_url()}receipt/"))
    card = text_of(buyer_client.get("/orders/"))
    assert ("because you asked" in card, "as the seller had asked" in card, why in card) == (False, False, True)


@pytest.mark.parametrize(
    ("source", "who"),
    [
        ("seller", "Minh Long Ceramics cancelled this order because you asked"),
        ("system", SENTENCES["system", "buyer"][0]),
    ],
)
def test_a_request_that_was_carried_out_stays_told_though_its_reason_names_another_wish(
    buyer: User, seller: Seller, buyer_client: Client, source: str, who: str
) -> None:
    fields = {"source": source, "reason_code": "seller_asked_me", "cancellation__requested_by": "buyer"}
    order = cancelled(buyer, seller, **fields)
    assert who.format(when=WHEN) in page_of(buyer_client, order)
    assert "Asked for by Mai Nguyễn, the buyer" in text_of(buyer_client.get(f"{order.get_absolute_url()}receipt/"))
    assert "because you asked" in text_of(buyer_client.get("/orders/"))


# The reason


def test_it_says_why_what_can_be_done_and_how_to_avoid_it(buyer: User, seller: Seller, buyer_client: Client) -> None:
    page = page_of(buyer_client, cancelled(buyer, seller, cancellation__reason=ReasonFactory.create()))
    assert "Snow closed the road to the seller. The road was closed for longer than an order may wait." in page
    assert "What you can do Order again when the road is open, or choose another seller." in page
    assert "Next time Nothing you did caused this." in page


def test_it_keeps_what_is_for_sellers_to_itself(buyer: User, seller: Seller, buyer_client: Client) -> None:
    page = page_of(buyer_client, cancelled(buyer, seller, cancellation__reason=ReasonFactory.create()))
    assert "Say in your shop when your road is closed." not in page


def test_where_nothing_can_be_avoided_it_does_not_try(buyer: User, seller: Seller, buyer_client: Client) -> None:
    reason = ReasonFactory.create(wording__prevention="")
    assert "Next time" not in page_of(buyer_client, cancelled(buyer, seller, cancellation__reason=reason))


@pytest.mark.parametrize("code", ["out_of_stock", "payment_not_received", "seller_did_not_ship", "not_stated"])
def test_every_reason_of_the_catalogue_is_told_in_its_own_words(
    buyer: User, seller: Seller, buyer_client: Client, code: str
) -> None:
    wording = Reason.objects.get(code=code).wordings.get(version=1)
    order = cancelled(buyer, seller, source="system", reason_code=code)
    assert wording.explanation in page_of(buyer_client, order)


SILENT = "The record says nothing about why."
NO_CLEAR = "No clear reason was given for this cancellation."
SELLER_IS_SILENT = "The seller gave no reason."
SAID = "What was said about it matches no reason that we know. It is shown as it was said."
IF_YOURSELF = "If you cancelled it yourself, there is nothing more to do."
IF_ASKED = "If you asked for it, there is nothing more to do."
ASK = "What you can do Ask the seller or the marketplace why it ended."


@pytest.mark.parametrize(
    ("by", "why", "next_step"),
    [
        (("seller", "seller"), SELLER_IS_SILENT, ASK),
        (("system", "seller"), SELLER_IS_SILENT, ASK),
        (("system", "system"), NO_CLEAR, ASK),
        (("seller", "buyer"), NO_CLEAR, IF_ASKED),
        (("system", "buyer"), NO_CLEAR, IF_ASKED),
        (("buyer", "buyer"), NO_CLEAR, IF_YOURSELF),
        (("buyer", "seller"), NO_CLEAR, IF_YOURSELF),
        (("unknown", "unknown"), NO_CLEAR, IF_YOURSELF),
    ],
)
@pytest.mark.parametrize("words", [{}, {"raw_reason": "Lò nung hỏng"}, {"note": "The kiln broke."}])
def test_without_a_known_reason_it_says_who_was_silent_or_that_words_are_not_understood(
    buyer: User,
    seller: Seller,
    buyer_client: Client,
    by: tuple[str, str],
    words: dict[str, str],
    why: str,
    next_step: str,
) -> None:
    ended = CancellationFactory.create(source=by[0], requested_by=by[1], reason_code="not_stated", **words)
    page = page_of(buyer_client, cancelled(buyer, seller, cancellation=ended))
    assert (SAID if words else f"{why} {SILENT}") in page
    assert next_step in page
    assert sum(page.count(other) for other in (IF_YOURSELF, IF_ASKED, ASK)) == 1


def test_the_card_the_receipt_and_the_seller_read_the_same(
    buyer: User, seller: Seller, buyer_client: Client, seller_client: Client
) -> None:
    ended = CancellationFactory.create(source="seller", reason_code="not_stated")
    order = cancelled(buyer, seller, cancellation=ended)
    for client, address in (
        (buyer_client, "/orders/"),
        (buyer_client, f"/orders/{order.number}/receipt/"),
        (seller_client, f"/selling/orders/{order.number}/"),
    ):
        assert SELLER_IS_SILENT in text_of(client.get(address))


def test_an_edit_of_the_wording_leaves_older_orders_as_their_buyers_read_them(
    buyer: User, seller: Seller, admin: User, buyer_client: Client
) -> None:
    reason = ReasonFactory.create()
    old = cancelled(buyer, seller, cancellation__reason=reason)
    texts = {**reason.wordings.get().texts, "headline": "Snow, and more snow."}
    added = add_wording(reason, language="en", by=admin, **texts)
    new = cancelled(buyer, seller, cancellation__reason=reason, cancellation__wording_version=added.version)
    assert "Snow closed the road to the seller." in page_of(buyer_client, old)
    assert "Snow, and more snow." not in page_of(buyer_client, old)
    assert "Snow, and more snow." in page_of(buyer_client, new)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ship_by": datetime(2026, 11, 12, 12, tzinfo=UTC)}, "The seller did not send it by 12 November 2026."),
        ({"ship_by": None}, "The seller did not send it."),
        ({"carrier": "Blue Post"}, "The carrier, Blue Post, knows more."),
        ({"carrier": ""}, "The carrier knows more."),
        ({"carrier": "{seller} & <i>Sons</i>"}, "The carrier, {seller} & <i>Sons</i>, knows more."),
    ],
)
def test_the_words_name_what_is_known_of_the_order_and_read_well_without(
    buyer: User, seller: Seller, buyer_client: Client, fields: dict[str, Any], said: str
) -> None:
    reason = ReasonFactory.create(
        wording__headline="The seller did not send it[ by {ship_by}].",
        wording__explanation="The carrier[, {carrier},] knows more.",
    )
    assert said in page_of(buyer_client, cancelled(buyer, seller, cancellation__reason=reason, **fields))


def test_it_names_another_party_than_the_source_when_the_reason_does(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    order = cancelled(
        buyer,
        seller,
        source="system",
        reason_code="seller_did_not_ship",
        ship_by=datetime(2026, 11, 12, 12, tzinfo=UTC),
    )
    page = page_of(buyer_client, order)
    assert f"Cancelled automatically on {WHEN}. The seller did not send your order by 12 November 2026." in page


@pytest.mark.parametrize(
    ("source", "by"),
    [
        ("buyer", "Your own words"),
        ("seller", "Minh Long Ceramics, in their own words"),
        ("system", "Noted by the marketplace"),
        ("unknown", "Noted with the cancellation"),
    ],
)
def test_a_note_is_quoted_and_attributed(
    buyer: User, seller: Seller, buyer_client: Client, source: str, by: str
) -> None:
    order = cancelled(buyer, seller, source=source, cancellation__note="The last one broke.")
    assert f"“The last one broke.” {by}" in page_of(buyer_client, order)


def test_without_a_note_nothing_is_quoted(buyer: User, seller: Seller, buyer_client: Client) -> None:
    page = page_of(buyer_client, cancelled(buyer, seller))
    assert "“" not in page
    assert "own words" not in page


def test_a_reason_that_is_not_understood_shows_the_words_it_came_with(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    order = cancelled(
        buyer, seller, source="unknown", cancellation__origin="feed", cancellation__raw_reason="Lý do khác <b>#9</b>"
    )
    page = page_of(buyer_client, order)
    assert "“Lý do khác <b>#9</b>” The reason in the words of the shop it came from" in page


def test_a_reason_that_is_understood_is_not_told_twice(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = cancelled(buyer, seller, cancellation__raw_reason="Doesn't want it anymore")
    assert "Doesn't want it anymore" not in page_of(buyer_client, order)


def test_what_others_wrote_is_shown_as_text(buyer: User, buyer_client: Client) -> None:
    evil = "<script>alert('1')</script> {when} {0} %s"
    order = OrderFactory.create(
        buyer=buyer,
        seller__name=evil,
        lines__title=evil,
        lines__variant=evil,
        carrier=evil,
        tracking_number=evil,
        payment_label=evil,
        cancelled=True,
        source="seller",
        cancellation__note=evil,
    )
    answer = buyer_client.get(order.get_absolute_url())
    assert "<script>alert" not in answer.content.decode()
    assert f"{evil} cancelled this order on" in text_of(answer)
    assert f"“{evil}” {evil}, in their own words" in text_of(answer)


def test_help_is_offered_where_the_marketplace_has_some(
    buyer: User, seller: Seller, buyer_client: Client, settings: Settings
) -> None:
    order = cancelled(buyer, seller)
    settings.HELP_URL = ""
    assert "Ask Pho Market" not in page_of(buyer_client, order)
    settings.HELP_URL, settings.MARKETPLACE_NAME = "https://help.example/", "Pho Market"
    assert address_of(buyer_client.get(order.get_absolute_url()), "Ask Pho Market") == "https://help.example/"
    settings.MARKETPLACE_NAME = ""
    assert address_of(buyer_client.get(order.get_absolute_url()), "Ask the marketplace") == "https://help.example/"


def test_what_moved_to_another_order_is_not_to_be_bought_elsewhere(
    buyer: User, seller: Seller, buyer_client: Client, settings: Settings
) -> None:
    settings.FIND_ITEM_URL = "https://shop.example/find?q={item}"
    moved = {"source": "system", "reason_code": "order_replaced", "paid": True}
    page = page_of(buyer_client, cancelled(buyer, seller, **moved))
    assert "You paid for what was moved to another order." in page
    assert "Ask the marketplace when the money comes back." not in page
    assert "See it at other sellers" not in page


# Parts


def test_each_part_has_its_own_card_beside_what_happens_next(buyer: User, seller: Seller, buyer_client: Client) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, lines=0)
    for position, (title, headline) in enumerate([("Bowl", "First news."), ("Lamp", "Latest news.")], 1):
        reason = ReasonFactory.create(wording__headline=headline)
        ended = CancellationFactory.create(source="seller", reason=reason)
        OrderLineFactory(
            order=order, position=position, title=title, quantity=5, cancelled_quantity=2, cancellation=ended
        )
        RefundFactory(cancellation=ended, amount=Decimal(position * 11), expected_by=None)
    OrderLineFactory(order=order, position=3, title="Kept")
    page = page_of(buyer_client, order)
    assert "What happens next Minh Long Ceramics is preparing your order." in page
    latest, first = page.index("Latest news."), page.index("First news.")
    assert latest < page.index("2 of 5 Lamp") < page.index("€22.00 back to") < first
    assert first < page.index("2 of 5 Bowl") < page.index("€11.00 back to")


def test_a_line_that_is_gone_and_one_that_is_halved_say_so(buyer: User, seller: Seller, buyer_client: Client) -> None:
    ended = CancellationFactory.create()
    order = OrderFactory.create(buyer=buyer, seller=seller, lines=0)
    for position, (title, gone) in enumerate([("Bowl", 5), ("Lamp", 2), ("Kept", 0)], 1):
        OrderLineFactory(
            order=order,
            position=position,
            title=title,
            quantity=5,
            cancelled_quantity=gone,
            cancellation=ended if gone else None,
        )
    page = page_of(buyer_client, order)
    assert "5 of 5 Bowl" in page
    assert "5 of 5 cancelled" in page
    assert "2 of 5 cancelled" in page
    assert "0 of 5" not in page


def test_an_order_whose_parts_were_cancelled_one_by_one_tells_the_end_first(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    first = CancellationFactory.create(reason=ReasonFactory.create(wording__headline="First news."))
    order = cancelled(buyer, seller, lines=1, cancellation__reason=ReasonFactory.create())
    OrderLineFactory(order=order, position=2, cancelled_quantity=1, cancellation=first)
    page = page_of(buyer_client, order)
    assert page.index("You cancelled this order on") < page.index("You cancelled part of this order on")
    assert "What happens next" not in page
