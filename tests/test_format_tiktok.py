"""TikTok Shop's orders, cancellation records and lines."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from cancellations.terms import PaymentMethod, Source
from feeds.formats import OptionRefused, Options
from feeds.formats.tiktok import TikTok
from orders.models import Order
from tests.payloads import SHOP, document, documents, faults, parts_of, real, write_json, write_lines

LINE = {"id": "1-1", "product_name": "Coffee", "sku_name": "Big", "seller_sku": "C1", "sale_price": "119"}
ORDER = {
    "id": "576672422510560515",
    "status": "AWAITING_SHIPMENT",
    "create_time": 1709384720,
    "update_time": 1709384800,
    "paid_time": 1709384730,
    "user_id": "7",
    "is_cod": False,
    "payment_method_name": "Credit card",
    "payment": {"currency": "MYR", "total_amount": "119"},
    "line_items": [LINE, {**LINE, "id": "1-2"}],
}
CANCELLED = {**ORDER, "status": "CANCELLED", "cancellation_initiator": "BUYER", "cancel_reason": "No longer needed"}
RECORD = {
    "cancel_id": "404",
    "order_id": ORDER["id"],
    "cancel_status": "CANCELLATION_REQUEST_COMPLETE",
    "cancel_reason": "ecom_order_to_ship_canceled_reason_no_longer_needed",
    "role": "BUYER",
}


def gone(user: str, reason: str, **fields: Any) -> dict[str, Any]:
    return {**LINE, "display_status": "CANCELLED", "cancel_user": user, "cancel_reason": reason, **fields}


def test_it_reads_tiktoks_own_sample(data_dir):
    sample = real(data_dir, "tiktok/order_cancelled_buyer.json")
    made = document("tiktok", sample)
    assert (made.number, made.status, made.currency, made.total) == (
        "576672422510560515",
        Order.Status.CANCELLED,
        "MYR",
        Decimal(119),
    )
    assert made.payment_method == PaymentMethod.BANK_TRANSFER
    assert made.cancellation
    assert made.cancellation.source == Source.BUYER
    assert made.cancellation.raw_reason == "Need to change color or size"
    assert made.cancellation.cancelled_at == datetime(2024, 3, 2, 18, 53, 54, tzinfo=UTC)
    assert made.cancellation.was_charged is None
    [line] = made.lines
    assert (line.title, line.variant, line.sku, line.quantity) == ("Him Coffee- Energy Booster...", "Buy 1", "COF1", 1)
    assert line.cancellation is None  # it ended as its order did


def test_it_drops_names_addresses_and_phones(data_dir):
    sample = real(data_dir, "tiktok/order_cancelled_buyer.json")
    address = {part for part in parts_of(sample["data"]["orders"][0]["recipient_address"]) if isinstance(part, str)}
    kept = document("tiktok", sample).model_dump_json()
    assert not [part for part in address - {"MY"} if part in kept]


@pytest.mark.parametrize("sample", ["cancellation_buyer", "line_item_cancelled_system"])
def test_a_record_alone_is_refused_for_it_is_not_an_order(data_dir, sample):
    payload = real(data_dir, f"tiktok/{sample}.json")
    [fault] = faults("tiktok", payload)
    assert TikTok(SHOP).record(next(TikTok.payloads(payload)), 1).cells["number"] == payload["order_id"]
    assert fault.sentence == "It says nothing of the order itself: send it together with its order."


def test_a_record_beside_its_order_gives_the_reasons_code(data_dir):
    record = real(data_dir, "tiktok/cancellation_buyer.json")
    order = {**ORDER, "id": record["order_id"], "status": "CANCELLED"}
    made = document("tiktok", [record, order])
    assert made.cancellation
    assert made.cancellation.source == Source.BUYER
    assert made.cancellation.raw_reason == "ecom_order_to_ship_canceled_reason_high_delivery_costs"


def test_a_line_beside_its_order_is_a_part_cancellation(data_dir):
    sample = real(data_dir, "tiktok/line_item_cancelled_system.json")
    order = {**ORDER, "id": sample["order_id"], "line_items": [{**LINE, "id": sample["raw"]["id"]}, LINE]}
    made = document("tiktok", [sample, order])
    first, second = made.lines
    assert made.status == Order.Status.PREPARING
    assert (first.cancelled_quantity, second.cancelled_quantity) == (1, 0)
    assert first.cancellation
    assert (first.cancellation.source, first.cancellation.raw_reason) == (Source.SYSTEM, "Giao gói hàng thất bại")


@pytest.mark.parametrize(
    ("word", "source"),
    [
        ("BUYER", Source.BUYER),
        ("SELLER", Source.SELLER),
        ("SYSTEM", Source.SYSTEM),
        ("OPERATOR", Source.SYSTEM),
        ("MARTIAN", Source.UNKNOWN),
        ("", Source.UNKNOWN),
    ],
)
def test_who_cancelled_is_what_tiktok_says_never_what_the_reason_sounds_like(word, source):
    made = document("tiktok", {**CANCELLED, "cancellation_initiator": word, "cancel_reason": "Seller is out of stock"})
    assert made.cancellation
    assert made.cancellation.source == source


def test_lines_that_all_say_the_same_speak_for_a_silent_order():
    lines = [gone("SELLER", "Out of stock"), gone("SELLER", "Out of stock")]
    made = document("tiktok", {**ORDER, "status": "CANCELLED", "line_items": lines})
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.raw_reason) == (Source.SELLER, "Out of stock")
    assert [line.cancellation for line in made.lines] == [None, None]


def test_a_line_that_ended_otherwise_than_its_order_says_so():
    lines = [gone("SELLER", "Out of stock"), gone("BUYER", "No longer needed")]
    first, second = document("tiktok", {**CANCELLED, "line_items": lines}).lines
    assert first.cancellation
    assert first.cancellation.source == Source.SELLER
    assert second.cancellation is None


def test_a_request_that_waits_is_no_cancellation():
    waiting = {**RECORD, "cancel_status": "CANCELLATION_REQUEST_PENDING"}
    assert document("tiktok", [ORDER, waiting]).status == Order.Status.PREPARING
    made = document("tiktok", [CANCELLED, {**waiting, "cancel_reason": "x"}])
    assert made.cancellation
    assert made.cancellation.raw_reason == "No longer needed"


def asking(state: str = "PENDING", **fields: Any) -> dict[str, Any]:
    times = {"create_time": 1709384900, "update_time": 1709385000}
    return {**RECORD, **times, "cancel_status": f"CANCELLATION_REQUEST_{state}", **fields}


@pytest.mark.parametrize(("word", "state"), [("PENDING", "open"), ("SUCCESS", "approved")])
def test_it_reads_what_the_buyer_asked(word, state):
    made = document("tiktok", [ORDER, asking(word)])
    assert made.request
    assert (made.request.state, made.request.raw_reason) == (state, RECORD["cancel_reason"])
    assert made.request.requested_at == datetime(2024, 3, 2, 13, 8, 20, tzinfo=UTC)
    assert (made.request.decided_by, made.request.answer_by, made.request.lines) == (None, None, ())
    assert bool(made.request.decided_at) == (state != "open")


@pytest.mark.parametrize(
    "record",
    [asking(word) for word in ("COMPLETE", "CANCEL", "CANCELLED", "REJECTED")]
    + [asking(role="SELLER"), asking(role="")],
)
def test_what_is_over_by_nobody_knows_whom_and_what_the_seller_began_are_no_requests(record):
    assert document("tiktok", [ORDER, record]).request is None


def test_an_open_request_says_by_when_it_has_to_be_answered():
    acts = [{"action": "SELLER_RESPOND_CANCEL", "deadline": 1709557700}, {"action": "OTHER", "deadline": 1709557800}]
    waiting = document("tiktok", [ORDER, asking(seller_next_action_response=acts)]).request
    answered = document("tiktok", [ORDER, asking("SUCCESS", seller_next_action_response=acts)]).request
    assert waiting
    assert answered
    assert (waiting.answer_by, answered.answer_by) == (datetime(2024, 3, 4, 13, 8, 20, tzinfo=UTC), None)
    without = document("tiktok", [ORDER, asking(seller_next_action_response=None)]).request
    assert without
    assert without.answer_by is None


def test_a_record_that_names_pieces_asks_for_those():
    lines = [{**LINE, "id": "1-1", "sku_id": "5"}, {**LINE, "id": "1-2", "sku_id": "6"}]
    some = document("tiktok", [{**ORDER, "line_items": lines}, asking(cancel_line_items=[{"sku_id": "6"}])]).request
    own = asking(cancel_line_items=[{"order_line_item_id": "1-1", "sku_id": "5"}])
    other = document("tiktok", [{**ORDER, "line_items": lines}, own]).request
    every = asking(cancel_line_items=[{"sku_id": "6"}, {"sku_id": "5"}])
    whole = document("tiktok", [{**ORDER, "line_items": lines}, every]).request
    assert some
    assert other
    assert whole
    assert [[line.position for line in one.lines] for one in (some, other, whole)] == [[2], [1], []]
    nobodys = asking(cancel_line_items=[{"sku_id": "7"}])
    assert document("tiktok", [{**ORDER, "line_items": lines}, nobodys]).request is None


def test_a_record_that_changed_makes_a_newer_statement_of_an_order_that_did_not():
    waiting, answered = document("tiktok", [ORDER, asking()]), asking("SUCCESS", update_time=1709389999)
    assert document("tiktok", [ORDER, answered]).version > waiting.version > document("tiktok", ORDER).version


def test_its_own_sample_of_a_finished_record_is_no_request(data_dir):
    record = real(data_dir, "tiktok/cancellation_buyer.json")
    assert document("tiktok", [{**ORDER, "id": record["order_id"]}, record]).request is None


REFUNDED = {**RECORD, "refund_amount": {"currency": "MYR", "refund_total": "100.5"}}


def test_an_amount_without_a_state_is_no_refund_that_is_due():
    made = document("tiktok", [CANCELLED, REFUNDED])
    assert made.cancellation
    assert (made.cancellation.refunds, made.cancellation.was_charged) == ((), True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("paid", "sentence"),
    [
        (ORDER["paid_time"], "You paid, and no refund is recorded yet."),
        (None, "We have no record of a payment or a refund."),
    ],
)
def test_the_page_says_that_nothing_more_is_known_of_the_money(tmp_path, client, paid, sentence):
    path = write_lines(
        tmp_path / "tiktok.jsonl", [{**CANCELLED, "paid_time": paid, "buyer_email": "mai@example.com"}, REFUNDED]
    )
    call_command("import_orders", path, seller="Shop")
    order = Order.objects.get(number=ORDER["id"])
    client.force_login(order.buyer)
    page = client.get(order.get_absolute_url()).content.decode()
    assert sentence in page
    wrong = ("To be sent", "has not been sent", "You were not charged", "Nothing to refund", "due back to you")
    assert [said for said in wrong if said in page] == []


def test_cash_on_delivery_is_never_paid_before():
    made = document("tiktok", {**CANCELLED, "is_cod": True})
    assert made.cancellation
    assert (made.paid_at, made.payment_method) == (None, PaymentMethod.CASH_ON_DELIVERY)
    assert made.cancellation.was_charged is False
    assert document("tiktok", {**ORDER, "is_cod": True, "status": "UNPAID"}).status == Order.Status.PREPARING


def test_the_newest_statement_wins_and_says_so_by_its_version():
    newer = {**CANCELLED, "update_time": 1709384801}
    assert document("tiktok", newer).version > document("tiktok", ORDER).version
    assert document("tiktok", [newer, ORDER]) == document("tiktok", newer) == document("tiktok", [ORDER, newer])


def test_several_orders_come_out_of_one_answer():
    answer = {"code": 0, "data": {"orders": [ORDER, {**ORDER, "id": "2"}]}}
    assert {made.number for made in documents("tiktok", answer)} == {"2", ORDER["id"]}


@pytest.mark.parametrize(
    ("payload", "field", "sentence"),
    [
        ({**ORDER, "status": "RETURNED"}, "status", "This value is not known."),
        ({**ORDER, "status": None}, "status", "It is missing."),
        ({**ORDER, "create_time": "yesterday"}, "create_time", "It must be a date and time with an offset from UTC"),
        ({**ORDER, "is_cod": "no"}, "is_cod", "It must be true or false."),
        ({**ORDER, "line_items": {}}, "line_items", "It must be a list."),
        ({**ORDER, "line_items": [7]}, "line_items.1", "It must be an object with fields of its own."),
        ({**ORDER, "line_items": [{**LINE, "sale_price": "x"}]}, "line_items.1.sale_price", "It must be an amount"),
        ({**ORDER, "line_items": [{**LINE, "sale_price": "-1"}]}, "line_items.1.sale_price", "It must be at least 0."),
        ({**ORDER, "buyer_email": "nobody"}, "buyer_email", "It is not an e-mail address."),
        ({**ORDER, "id": None}, "id", "It is missing."),
        ([7], "payload", "It must be an object with fields of its own."),
        ("none", "payload", "It must be an object with fields of its own."),
    ],
)  # fmt: skip
def test_what_is_no_order_is_refused_by_field(payload, field, sentence):
    found = faults("tiktok", payload)
    assert (field, True) in [(fault.field, fault.sentence.startswith(sentence)) for fault in found]


def test_it_must_be_told_whose_shop_it_is():
    with pytest.raises(OptionRefused, match="does not say whose shop it is: name it with --seller"):
        documents("tiktok", ORDER, Options())


@pytest.mark.django_db
def test_its_files_are_recognised_imported_and_a_second_time_unchanged(tmp_path, capsys):
    path = write_lines(tmp_path / "tiktok.jsonl.gz", [CANCELLED, RECORD, {**ORDER, "id": "2"}])
    call_command("import_orders", path, seller="Shop")
    call_command("import_orders", write_json(tmp_path / "again.json", [RECORD, CANCELLED]), seller="Shop")
    said = [line for line in capsys.readouterr().out.splitlines() if "unchanged" in line]
    assert ["2 new, 0 changed, 0 unchanged" in said[0], "0 new, 0 changed, 1 unchanged" in said[1]] == [True, True]
    cancellation = Order.objects.get(number=ORDER["id"]).cancellation
    assert cancellation
    assert (cancellation.reason.code, cancellation.raw_reason) == ("changed_mind", RECORD["cancel_reason"])
