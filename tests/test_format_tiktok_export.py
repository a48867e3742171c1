"""The order export of TikTok Shop's Seller Centre."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cancellations.terms import PaymentMethod, Source
from feeds.formats import OptionRefused, Options
from feeds.formats.tiktok_export import FORMAT
from feeds.refusals import FileRefused, RecordRefused
from orders.documents import OrderDocument
from orders.models import Order
from tests.exports import write_csv

ROW = {
    "Order ID": "577958834469439754\t",
    "Order Status": "To ship",
    "Order Substatus": "Awaiting shipment",
    "Cancelation/Return Type": "",
    "Seller SKU": "BOWL\t",
    "Product Name": "Bát sứ",
    "Variation": "Xanh",
    "Quantity": "2",
    "SKU Unit Original Price": "49000",
    "Order Amount": "98000",
    "Order Refund Amount": "",
    "Created Time": "03/11/2026 19:20:00\t",
    "Paid Time": "03/11/2026 19:22:00\t",
    "Shipped Time": "\t",
    "Delivered Time": "\t",
    "Cancelled Time": "\t",
    "Cancel By": "",
    "Cancel Reason": "",
    "Shipping Provider Name": "J&T Express",
    "Tracking ID": "JT1\t",
    "Buyer Username": "mai.nguyen",
    "Recipient": "Mai Nguyễn",
    "Phone #": "(+84)91****12",
    "Payment Method": "Credit card",
}
DESCRIPTIONS = {title: f"Description of {title}." for title in ROW}
CANCELLED = {
    **ROW,
    "Order Status": "Canceled",
    "Cancelation/Return Type": "Cancel",
    "Cancelled Time": "04/11/2026 08:00:00\t",
    "Cancel By": "User",
    "Cancel Reason": "No longer needed",
    "Order Refund Amount": "98000",
}
VIETNAM = Options(seller="Shop", zone=timezone(timedelta(hours=7)), currency="VND")


def read(folder: Path, *rows: dict[str, Any]) -> list[OrderDocument]:
    form = FORMAT(VIETNAM)
    records = sorted(form.records(write_csv(folder / "orders.csv", [DESCRIPTIONS, *rows])))
    return [form.document(list(group)) for _, group in groupby(records, key=lambda record: record.key)]


def faults(folder: Path, *rows: dict[str, Any]) -> set[tuple[int, str, str]]:
    with pytest.raises(RecordRefused) as caught:
        read(folder, *rows)
    return {(fault.row, fault.field, fault.sentence) for fault in caught.value.faults}


def test_it_reads_an_order_under_the_descriptions(tmp_path):
    [made] = read(tmp_path, ROW, {**ROW, "Product Name": "Đĩa", "Quantity": "1"})
    assert (made.number, made.status, made.currency) == ("577958834469439754", Order.Status.PREPARING, "VND")
    assert made.placed_at == datetime(2026, 11, 3, 12, 20, tzinfo=UTC)
    assert (made.total, made.payment_method) == (Decimal(98000), PaymentMethod.CARD)
    assert (made.carrier, made.tracking_number, made.shipped_at) == ("J&T Express", "JT1", None)
    assert [(line.title, line.sku, line.quantity) for line in made.lines] == [("Bát sứ", "BOWL", 2), ("Đĩa", "BOWL", 1)]
    assert "91" not in made.model_dump_json()


def test_it_says_who_why_and_when(tmp_path):
    [made] = read(tmp_path, CANCELLED)
    cancellation = made.cancellation
    assert cancellation
    assert (cancellation.source, cancellation.raw_reason) == (Source.BUYER, "No longer needed")
    assert cancellation.cancelled_at == datetime(2026, 11, 4, 1, tzinfo=UTC)
    assert cancellation.was_charged is True
    assert cancellation.refunds == ()  # an amount goes back, and how far it is, is not said


@pytest.mark.parametrize(
    ("word", "source"),
    [("Buyer", "buyer"), ("Seller", "seller"), ("System", "system"), ("Operator", "system"), ("", "unknown")],
)
def test_who_cancelled_is_its_own_column(tmp_path, word, source):
    [made] = read(tmp_path, {**CANCELLED, "Cancel By": word, "Cancel Reason": "Seller is out of stock"})
    assert made.cancellation
    assert made.cancellation.source == source


def test_one_cancelled_item_is_a_part_of_its_order(tmp_path):
    gone = {**CANCELLED, "Order Status": "Shipped", "Cancel By": "Seller", "Cancel Reason": "Out of stock"}
    [made] = read(tmp_path, {**ROW, "Order Status": "Shipped"}, gone)
    assert made.cancellation is None
    assert [line.cancelled_quantity for line in made.lines] == [0, 2]


BY_SELLER = {
    **CANCELLED,
    "Cancel By": "Seller",
    "Cancel Reason": "Out of stock",
    "Cancelled Time": "04/11/2026 09:00:00",
}


def test_rows_that_ended_differently_keep_their_own_and_the_order_does_not_know(tmp_path):
    [made] = read(tmp_path, CANCELLED, BY_SELLER)
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.raw_reason) == (Source.UNKNOWN, "")
    assert [(one.source, one.raw_reason, one.was_charged) for one in made.cancellations[1:]] == [
        (Source.BUYER, "No longer needed", True),
        (Source.SELLER, "Out of stock", True),
    ]
    assert [line.cancelled_quantity for line in made.lines] == [2, 2]
    times = [datetime(2026, 11, 4, hour, tzinfo=UTC) for hour in (2, 1, 2)]
    assert [one.cancelled_at for one in made.cancellations] == times  # the order had ended when the last of it had


def test_what_all_rows_say_is_said_of_the_order(tmp_path):
    silent = {**CANCELLED, "Cancel By": "", "Cancel Reason": "", "Cancelled Time": ""}
    [made] = read(tmp_path, silent, BY_SELLER, {**BY_SELLER, "Cancelled Time": "04/11/2026 09:05:00"})
    assert made.cancellation
    assert (made.cancellation.source, made.cancellation.raw_reason) == (Source.SELLER, "Out of stock")
    assert made.cancellation.cancelled_at == datetime(2026, 11, 4, 2, 5, tzinfo=UTC)
    assert [line.cancellation for line in made.lines] == [None, None, None]


def test_a_part_says_when_it_was_cancelled(tmp_path):
    [made] = read(tmp_path, ROW, {**BY_SELLER, "Order Status": ROW["Order Status"]})
    [ending] = made.cancellations
    assert (ending.source, ending.was_charged) == (Source.SELLER, True)
    assert ending.cancelled_at == datetime(2026, 11, 4, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("Order Status", "Shipped"),
        ("Order Amount", "99000"),
        ("Buyer Username", "linh.tran"),
        ("Payment Method", "Cash on delivery"),
        ("Created Time", "03/11/2026 19:21:00"),
        ("Paid Time", "03/11/2026 19:23:00"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(tmp_path, column, other):
    sentence = "It is not what row 3 says, although both are of the same order."
    assert faults(tmp_path, ROW, {**ROW, column: other}) == {(4, column, sentence)}
    [made] = read(tmp_path, ROW, {**ROW, column: ""})
    assert len(made.lines) == 2  # one that says less contradicts nothing


def test_several_parcels_have_no_single_carrier(tmp_path):
    [made] = read(tmp_path, ROW, {**ROW, "Tracking ID": "JT2", "Shipped Time": "04/11/2026 08:00:00"})
    assert (made.carrier, made.tracking_number) == ("J&T Express", "")


@pytest.mark.parametrize(("column", "field"), [("Shipped Time", "shipped_at"), ("Delivered Time", "delivered_at")])
def test_several_parcels_have_no_single_time(tmp_path, column, field):
    first, second = ({**ROW, column: f"0{day}/11/2026 08:00:00"} for day in (4, 5))
    [made] = read(tmp_path, first, second)
    assert getattr(made, field) is None
    [made] = read(tmp_path, first, {**ROW, column: ""})
    assert getattr(made, field) == datetime(2026, 11, 4, 1, tzinfo=UTC)


def test_a_returned_item_is_not_a_cancelled_one(tmp_path):
    [made] = read(tmp_path, {**ROW, "Order Status": "Completed", "Cancelation/Return Type": "Return/Refund"})
    assert made.lines[0].cancellation is None


def test_cash_on_delivery_is_never_paid_before(tmp_path):
    [made] = read(tmp_path, {**CANCELLED, "Payment Method": "Cash on delivery", "Order Refund Amount": "0"})
    assert made.cancellation
    assert (made.paid_at, made.cancellation.was_charged, made.cancellation.refunds) == (None, False, ())


def test_what_has_come_further_is_newer(tmp_path):
    [cancelled] = read(tmp_path, CANCELLED)
    [preparing] = read(tmp_path, ROW)
    assert cancelled.version > preparing.version


def test_what_is_wrong_is_named_by_row_and_column(tmp_path):
    broken = {**ROW, "Order Status": "Lost", "Quantity": "two", "Created Time": "2026-11-03"}
    assert faults(tmp_path, broken) == {
        (3, "Order Status", "This status is not known."),
        (3, "Quantity", "It must be a whole number."),
        (3, "Created Time", "It must be a date and time, as in 23/11/2026 09:00:00."),
    }
    assert faults(tmp_path, {**ROW, "Product Name": ""}) == {(3, "Product Name", "It is empty.")}
    assert faults(tmp_path, {**ROW, "Order ID": "5 7"}) == {
        (3, "Order ID", "An order number has 1 to 64 letters, digits, dots, underscores or hyphens.")
    }


def test_a_table_without_its_columns_is_refused(tmp_path):
    path = write_csv(tmp_path / "orders.csv", [{"Order ID": "1", "Order Status": "Shipped"}])
    with pytest.raises(FileRefused, match="It has no column Cancel By, Cancel Reason, Product Name, Quantity"):
        list(FORMAT(VIETNAM).records(path))


def test_a_column_that_is_there_twice_is_refused(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(f"{','.join(ROW)},Order Amount\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="It has the column Order Amount more than once"):
        list(FORMAT(VIETNAM).records(path))


def test_it_must_be_told_shop_zone_and_currency():
    with pytest.raises(OptionRefused, match="does not say its shop, time zone and currency"):
        FORMAT(Options(seller="Shop"))


@pytest.mark.django_db
def test_it_is_recognised_and_imported(tmp_path):
    path = write_csv(tmp_path / "orders.csv", [DESCRIPTIONS, CANCELLED])
    call_command("import_orders", path, seller="Shop", time_zone="+07:00", currency="VND")
    cancellation = Order.objects.get().cancellation
    assert cancellation
    assert (cancellation.source, cancellation.reason.code) == ("buyer", "changed_mind")
