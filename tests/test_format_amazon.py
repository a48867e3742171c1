"""Amazon's orders: asked by one, done by another, item by item."""

from typing import Any

import pytest
from django.core.management import call_command

from cancellations.terms import PaymentMethod, Source
from orders.models import Event, Order
from tests.payloads import document, faults, real, write_json


def item(**fields: Any) -> dict[str, Any]:
    product = {"title": "Echo", "sellerSku": "E1", "price": {"unitPrice": {"amount": "49.99", "currencyCode": "USD"}}}
    return {"quantityOrdered": 2, "product": product, "fulfillment": {"quantityFulfilled": 0}, **fields}


def ended(by: str, reason: str = "NoInventory", asked: str = "") -> dict[str, Any]:
    request = {"cancellationRequest": {"requester": asked, "cancelReason": "Too slow"}} if asked else {}
    return {"cancellation": {**request, "cancellationExecution": {"cancelledBy": by, "cancelReason": reason}}}


ORDER: dict[str, Any] = {
    "orderId": "123-4567890-1234567",
    "createdTime": "2026-11-03T10:30:00Z",
    "lastUpdatedTime": "2026-11-03T14:45:00Z",
    "buyer": {"buyerName": "John Smith", "buyerEmail": "x1@marketplace.amazon.com"},
    "recipient": {"deliveryAddress": {"phone": "555-123-4567"}},
    "proceeds": {"grandTotal": {"amount": "199.96", "currencyCode": "USD"}},
    "fulfillment": {"fulfillmentStatus": "UNSHIPPED"},
    "orderItems": [item(), item()],
}


def order(status: str, *items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**ORDER, "fulfillment": {"fulfillmentStatus": status}, "orderItems": list(items), **fields}


def test_it_reads_amazons_own_sample(data_dir):
    made = document("amazon", real(data_dir, "amazon_sp/orders_2026-01-01_searchOrders.json"))
    assert (made.number, made.status, made.carrier) == ("123-4567890-1234567", Order.Status.DELIVERED, "UPS")
    first, second = made.lines
    assert (first.cancelled_quantity, second.cancelled_quantity) == (2, 0)
    assert first.cancellation
    assert (first.cancellation.source, first.cancellation.requested_by) == (Source.SELLER, Source.BUYER)
    assert first.cancellation.raw_reason == "Buyer requested cancellation"
    kept = made.model_dump_json()
    assert [part for part in ("555-123", "Main Street", "Smith") if part in kept] == []


@pytest.mark.parametrize(
    ("word", "source"), [("BUYER", "buyer"), ("MERCHANT", "seller"), ("AMAZON", "system"), ("ALEXA", "unknown")]
)
def test_who_cancelled_is_who_carried_it_out(word, source):
    made = document(
        "amazon", order("CANCELLED", item(**ended(word, "Buyer asked")), item(**ended(word, "Buyer asked")))
    )
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.raw_reason) == (source, "Buyer asked")
    assert [line.cancelled_quantity for line in made.lines] == [0, 0]


def test_a_request_alone_cancels_nothing():
    asked = item(cancellation={"cancellationRequest": {"requester": "BUYER", "cancelReason": "Too slow"}})
    made = document("amazon", order("UNSHIPPED", asked, item()))
    assert (made.status, made.cancellations) == (Order.Status.PREPARING, [])


def requested(by: str = "BUYER", why: str = "Too slow", **fields: Any) -> dict[str, Any]:
    return item(cancellation={"cancellationRequest": {"requester": by, "cancelReason": why}}, **fields)


def test_the_sellers_execution_of_what_the_buyer_asked_grants_it(data_dir):
    asked = document("amazon", real(data_dir, "amazon_sp/orders_2026-01-01_searchOrders.json")).request
    assert asked
    assert (asked.state, asked.decided_by, asked.raw_reason) == ("approved", "seller", "Changed mind about purchase")
    assert [(line.position, line.quantity) for line in asked.lines] == [(1, 2)]
    assert (asked.requested_at, asked.answer_by, asked.decided_at) == (None, None, None)


def test_a_request_without_an_execution_waits_for_an_answer():
    half = {"quantityFulfilled": 1}
    asked = document("amazon", order("UNSHIPPED", item(), requested(), requested(fulfillment=half))).request
    assert asked
    assert (asked.state, asked.raw_reason, asked.decided_by) == ("open", "Too slow", None)
    assert [(line.position, line.quantity) for line in asked.lines] == [(2, 2), (3, 1)]


def test_asked_of_every_item_it_is_asked_of_the_order():
    asked = document("amazon", order("UNSHIPPED", requested(), requested(why="Mistake"))).request
    assert asked
    assert (asked.lines, asked.raw_reason) == ((), "")  # two reasons have no one word


@pytest.mark.parametrize(
    "one", [requested("MERCHANT"), requested("ALEXA"), item(**ended("AMAZON", asked="BUYER")), item()]
)
def test_nobody_elses_wish_and_nobody_elses_deed_is_an_answer(one):
    assert document("amazon", order("UNSHIPPED", one, item())).request is None


def test_only_what_was_not_sent_is_cancelled():
    sent_one = item(**ended("MERCHANT"), fulfillment={"quantityFulfilled": 1})
    made = document("amazon", order("PARTIALLY_SHIPPED", sent_one, item()))
    assert [(line.quantity, line.cancelled_quantity) for line in made.lines] == [(2, 1), (2, 0)]


def test_items_that_ended_in_different_ways_keep_them_apart():
    made = document("amazon", order("CANCELLED", item(**ended("MERCHANT")), item(**ended("BUYER", "Mistake"))))
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.raw_reason) == (Source.UNKNOWN, "")
    assert [line.cancellation and line.cancellation.source for line in made.lines] == ["seller", "buyer"]


def test_an_order_whose_every_item_was_cancelled_is_cancelled():
    made = document("amazon", order("UNSHIPPED", item(**ended("MERCHANT", asked="BUYER"))))
    assert made.status == Order.Status.CANCELLED
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.requested_by) == (Source.SELLER, Source.BUYER)


def test_a_cancelled_order_whose_items_say_nothing_is_cancelled_by_somebody_unknown():
    made = document("amazon", order("CANCELLED", item()))
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.was_charged) == (Source.UNKNOWN, None)


def test_what_cannot_be_fulfilled_is_not_sent_and_not_cancelled():
    made = document("amazon", order("UNFULFILLABLE", item()))
    assert (made.status, made.cancellations) == (Order.Status.PREPARING, [])


@pytest.mark.parametrize(
    ("ways", "method", "charged"),
    [
        (["CashOnDelivery"], PaymentMethod.CASH_ON_DELIVERY, False),
        (["CashOnDelivery", "GiftCard"], PaymentMethod.UNKNOWN, None),
        (["CreditCard"], PaymentMethod.CARD, None),
        (["Pix"], PaymentMethod.OTHER, None),
        ([], PaymentMethod.UNKNOWN, None),
    ],
)
def test_it_reads_how_it_is_paid_and_cash_was_not_charged(ways, method, charged):
    payment = {"paymentExecutions": [{"paymentMethod": way} for way in ways]}
    made = document("amazon", order("CANCELLED", item(), payment=payment))
    assert made.cancellation
    assert (made.payment_method, made.cancellation.was_charged) == (method, charged)


def test_what_is_no_order_is_refused_by_field():
    assert faults("amazon", order("LOST", item()))[0].field == "fulfillment.fulfillmentStatus"
    assert faults("amazon", order("SHIPPED", item(quantityOrdered="two")))[0].field == "orderItems.1.quantityOrdered"
    assert faults("amazon", order("SHIPPED", item(cancellation=[7])))[0].field == "orderItems.1.cancellation"


@pytest.mark.django_db
def test_it_is_recognised_imported_and_a_second_time_unchanged(tmp_path, capsys):
    sold_out = item(**ended("MERCHANT"))
    path = write_json(tmp_path / "amazon.json", {"orders": [order("PARTIALLY_SHIPPED", sold_out, item())]})
    call_command("import_orders", path, seller="Shop")
    before = Event.objects.count()
    call_command("import_orders", path, seller="Shop")
    assert "0 new, 0 changed, 1 unchanged" in capsys.readouterr().out
    assert Event.objects.count() == before
    cancellation = Order.objects.get().lines.order_by("position")[0].cancellation
    assert cancellation
    assert (cancellation.source, cancellation.reason.code) == ("seller", "out_of_stock")
