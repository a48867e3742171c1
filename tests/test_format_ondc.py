"""ONDC's messages: who may use a code, and who is responsible."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cancellations.mapping import ReasonBook
from cancellations.models import Alias
from cancellations.terms import PaymentMethod, Source
from feeds.formats.ondc import CARRIERS_CODES
from orders.models import Order
from tests.payloads import document, faults

# The network's own example of an on_cancel (it publishes YAML; what it sends is JSON), without what is not read.
SAMPLE: dict[str, Any] = {
    "summary": "Cancellation acceptance by Seller",
    "value": {
        "context": {"action": "on_cancel", "bap_id": "buyerNP.com", "bpp_id": "sellerNP.com"},
        "message": {
            "order": {
                "id": "O1",
                "state": "Cancelled",
                "provider": {"id": "P1"},
                "items": [{"id": "I1", "quantity": {"count": 2}}],
                "billing": {"name": "ONDC buyer", "email": "nobody@example.com", "phone": "0000000000"},
                "cancellation": {"cancelled_by": "buyerNP.com", "reason": {"id": "004"}},
                "fulfillments": [
                    {
                        "state": {"descriptor": {"code": "Cancelled"}},
                        "tags": [
                            {
                                "code": "cancel_request",
                                "list": [
                                    {"code": "reason_id", "value": "013"},
                                    {"code": "cancelled_by", "value": "buyerNP.com"},
                                ],
                            },
                            {"code": "quote_trail", "list": [{"code": "value", "value": "-17.00"}]},
                        ],
                    }
                ],
                "quote": {
                    "price": {"currency": "USD", "value": "5.00"},
                    "breakup": [
                        {
                            "@ondc/org/item_id": "I1",
                            "title": "Allen Solly Men T-shirt",
                            "@ondc/org/title_type": "item",
                            "item": {"price": {"currency": "USD", "value": "10.00"}},
                        },
                        {"@ondc/org/item_id": "I1", "title": "Tax", "@ondc/org/title_type": "tax"},
                    ],
                },
                "payment": {"params": {"currency": "USD", "amount": "17.00"}, "status": "PAID", "type": "ON-ORDER"},
                "created_at": "2023-06-03T09:30:00.000Z",
                "updated_at": "2023-06-03T11:00:30.000Z",
            }
        },
    },
}


def message(by: str = "buyerNP.com", code: str = "010", **fields: Any) -> dict[str, Any]:
    order = {**SAMPLE["value"]["message"]["order"], "fulfillments": [], **fields}
    order["cancellation"] = {"cancelled_by": by, "reason": {"id": code}}
    return {"context": SAMPLE["value"]["context"], "message": {"order": order}}


def codes(folder: Path) -> list[dict[str, str]]:
    with (folder / "vocabulary" / "ondc_codes.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_it_reads_the_networks_own_example():
    made = document("ondc", SAMPLE)
    assert (made.number, made.status, made.currency) == ("O1", Order.Status.CANCELLED, "USD")
    assert made.total == 17  # what was paid, and not what the cancellation left of the quote
    [line] = made.lines
    assert (line.title, line.quantity, line.unit_price) == ("Allen Solly Men T-shirt", 2, Decimal(10))
    cancellation = made.cancellation
    assert cancellation
    assert (cancellation.source, cancellation.requested_by) == (Source.BUYER, Source.BUYER)
    assert (cancellation.raw_reason, cancellation.cancelled_at) == ("004", None)
    assert cancellation.was_charged is True
    assert [part for part in ("0000000000", "ONDC buyer") if part in made.model_dump_json()] == []


@pytest.mark.parametrize(
    ("participant", "code", "source"),
    [
        ("buyerNP.com", "010", "buyer"),
        ("sellerNP.com", "002", "seller"),
        ("sellerNP.com", "012", "seller"),
        ("lsp.com", "020", "system"),
        ("lsp.com", "010", "unknown"),  # a carrier may not use it, so who this was is not known
        ("", "020", "unknown"),
    ],
)
def test_who_cancelled_is_a_participant_of_the_message(participant, code, source):
    made = document("ondc", message(participant, code))
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.raw_reason) == (source, code)


def test_the_carriers_codes_are_those_of_the_networks_list(data_dir):
    may_be_the_carriers = {row["code"] for row in codes(data_dir) if "LSP" in row["who_can_use"]}
    assert may_be_the_carriers == CARRIERS_CODES


@pytest.mark.django_db
def test_a_code_is_understood_only_from_who_may_use_it_and_bears_the_same_cause(data_dir):
    users = {"buyer": ("BNP", "Buyer NP"), "seller": ("SNP",), "system": ("LSP",)}
    causes = {"buyer": "BNP", "seller": "SNP", "carrier": "LSP"}
    listed = {row["code"]: row for row in codes(data_dir)}
    aliases = Alias.objects.filter(origin="ondc").select_related("reason")
    assert aliases
    for alias in aliases:
        row = listed[alias.text]
        assert any(user in row["who_can_use"] for user in users[alias.source])
        assert row["cause_attributed_to"] == causes[alias.reason.responsible]


@pytest.mark.django_db
def test_the_same_code_from_who_may_not_use_it_is_not_understood():
    book = ReasonBook.load("ondc")
    assert book.understand("system", raw="020").reason.code == "lost_in_transit"
    assert not book.understand("buyer", raw="020").is_understood


@pytest.mark.parametrize(
    ("state", "parcel", "status"),
    [
        ("Accepted", "Pending", "preparing"),
        ("In-progress", "Order-picked-up", "shipped"),
        ("Completed", "Order-delivered", "delivered"),
    ],
)
def test_it_knows_the_states_and_those_of_the_parcel(state, parcel, status):
    parcels = [{"state": {"descriptor": {"code": parcel}}}]
    assert document("ondc", message(state=state, fulfillments=parcels)).status == status


def test_cash_on_delivery_was_not_charged():
    made = document("ondc", message(payment={"type": "ON-FULFILLMENT", "status": "NOT-PAID"}))
    assert made.payment_method == PaymentMethod.CASH_ON_DELIVERY
    assert made.cancellation
    assert made.cancellation.was_charged is False


def test_the_time_is_the_cancellations_own():
    order = message()["message"]["order"]
    order["cancellation"]["time"] = "2023-06-03T11:00:00Z"
    made = document("ondc", {"context": SAMPLE["value"]["context"], "message": {"order": order}})
    assert made.cancellation
    assert made.cancellation.cancelled_at
    assert made.cancellation.cancelled_at.hour == 11


def request_tag(**said: str) -> dict[str, Any]:
    return {"code": "cancel_request", "list": [{"code": code, "value": value} for code, value in said.items()]}


def entry(fulfilment: str, count: int, item: str = "I1") -> dict[str, Any]:
    return {"id": item, "fulfillment_id": fulfilment, "quantity": {"count": count}}


RTO: dict[str, Any] = {
    "items": [entry("F1", 0), entry("F1-RTO", 2)],
    "fulfillments": [
        {
            "id": "F1",
            "type": "Delivery",
            "state": {"descriptor": {"code": "Cancelled"}},
            "tags": [request_tag(retry_count="3", rto_id="F1-RTO", reason_id="013", initiated_by="lsp.com")],
        },
        {"id": "F1-RTO", "type": "RTO", "state": {"descriptor": {"code": "RTO-Initiated"}}},
    ],
}
PART: dict[str, Any] = {
    "state": "Accepted",
    "items": [entry("F1", 1), entry("C1", 1)],
    "fulfillments": [
        {"id": "F1", "type": "Delivery", "state": {"descriptor": {"code": "Pending"}}},
        {"id": "C1", "type": "Cancel", "tags": [request_tag(reason_id="002", initiated_by="sellerNP.com")]},
    ],
}


def test_what_goes_back_to_where_it_came_from_is_one_cancelled_item_by_who_began_it():
    said = message(**RTO)
    del said["message"]["order"]["cancellation"]
    made = document("ondc", said)
    assert [(line.quantity, line.cancelled_quantity, line.cancellation) for line in made.lines] == [(2, 0, None)]
    assert made.cancellation
    assert (made.status, made.cancellation.source, made.cancellation.raw_reason) == ("cancelled", "system", "013")


def test_a_cancelled_part_is_a_quantity_of_its_item():
    made = document("ondc", message(**PART))
    [line] = made.lines
    assert (made.status, made.cancellation, line.quantity, line.cancelled_quantity) == ("preparing", None, 2, 1)
    assert line.cancellation
    assert (line.cancellation.source, line.cancellation.raw_reason) == ("seller", "002")


def test_a_part_keeps_its_own_end_when_the_rest_is_cancelled_later():
    made = document("ondc", message(**{**PART, "state": "Cancelled"}))
    [line] = made.lines
    assert made.cancellation
    assert line.cancellation
    assert (made.cancellation.source, line.cancellation.source, line.cancelled_quantity) == ("buyer", "seller", 1)


def test_an_order_of_which_every_piece_was_cancelled_is_cancelled():
    made = document("ondc", message(**{**PART, "items": [entry("F1", 0), entry("C1", 2)]}))
    assert made.cancellation
    assert (made.status, made.cancellation.source, made.cancellation.raw_reason) == ("cancelled", "seller", "002")


def test_an_item_without_pieces_is_left_out_and_fewer_than_none_are_refused():
    made = document("ondc", message(**{**PART, "items": [entry("F1", 2), entry("F1", 0, "I2")]}))
    assert [(line.quantity, line.cancelled_quantity) for line in made.lines] == [(2, 0)]
    [fault] = faults("ondc", message(**{**PART, "items": [entry("F1", 2), entry("C1", -1)]}))
    assert fault == (1, "message.order.items.2.quantity.count", "It must be at least 0.")


def test_what_is_no_order_is_refused_by_field():
    assert faults("ondc", message(state="Lost"))[0].field == "message.order.state"
    assert {fault.field for fault in faults("ondc", {"context": {}})} >= {"message.order.id", "message.order.state"}
    assert faults("ondc", message(items=[{"id": "I1"}]))[0].field == "message.order.items.1.quantity.count"
