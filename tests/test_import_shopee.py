"""What Shopee's exports say, in three languages, and what is read out of them."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from cancellations.terms import PaymentMethod, Source
from feeds.formats import OptionRefused, Options
from feeds.formats.shopee import FORMAT
from feeds.refusals import Fault, FileRefused, RecordRefused
from orders.documents import OrderDocument
from orders.models import Order
from tests.exports import ENGLISH, INDONESIAN, VIETNAMESE, write_csv, write_workbook

SINGAPORE = Options(seller="Shop", zone=timezone(timedelta(hours=8)), currency="SGD")
COD = "Thanh toán khi nhận hàng"


class Reader:
    """Reads rows as if they had been exported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def documents(self, *rows: dict[str, Any], options: Options | None = None) -> list[OrderDocument]:
        export = FORMAT(options or Options(seller="Shop"))
        records = sorted(export.records(write_csv(self.folder / "orders.csv", rows)))
        return [export.document(list(group)) for _, group in groupby(records, key=lambda record: record.key)]

    def document(self, row: dict[str, Any], options: Options | None = None, **cells: Any) -> OrderDocument:
        [document] = self.documents({**row, **cells}, options=options)
        return document

    def faults(self, *rows: dict[str, Any]) -> list[Fault]:
        with pytest.raises(RecordRefused) as caught:
            self.documents(*rows)
        return caught.value.faults


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def vietnamese(reason: str = "", **cells: str) -> dict[str, str]:
    """Make a row; with a reason, of a cancelled order."""
    named = {title.replace("_", " "): text for title, text in cells.items()}
    return {**VIETNAMESE, **({"Trạng Thái Đơn Hàng": "Đã hủy", "Lý do hủy": reason} if reason else {}), **named}


# The three languages


def test_it_reads_the_vietnamese_export(reader):
    document = reader.document(VIETNAMESE)
    assert (document.number, document.status) == ("230115A1", Order.Status.DELIVERED)
    assert (document.total, document.currency) == (Decimal(98000), "VND")
    assert document.placed_at == datetime(2023, 1, 15, 3, 31, tzinfo=UTC)  # +07:00
    assert document.shipped_at == datetime(2023, 1, 16, 10, 19, tzinfo=UTC)
    assert document.ship_by == datetime(2023, 1, 17, 4, 1, tzinfo=UTC)
    assert (document.payment_method, document.payment_label) == (PaymentMethod.WALLET, "Ví ShopeePay")
    assert document.buyer
    assert (document.buyer.external_id, document.seller.name) == ("nguoimua_1", "Shop")
    assert document.carrier == "SPX Express"
    [line] = document.lines
    assert (line.title, line.variant, line.sku, line.quantity) == ("Bát sứ", "Xanh", "BOWL-B", 2)
    assert line.unit_price == Decimal(49000)


def test_it_reads_the_english_export(reader):
    document = reader.document(ENGLISH, SINGAPORE)
    assert (document.number, document.status, document.currency) == ("2401A1", Order.Status.DELIVERED, "SGD")
    assert (document.total, document.lines[0].unit_price) == (Decimal("1025.90"), Decimal("1025.90"))
    assert document.paid_at == datetime(2024, 1, 3, 1, 5, tzinfo=UTC)
    assert (document.payment_method, document.carrier) == (PaymentMethod.CARD, "Ninja Van")
    assert document.tracking_number == "SPX1"


def test_it_reads_the_indonesian_export(reader):
    document = reader.document(INDONESIAN)
    assert (document.number, document.status, document.currency) == ("2401B1", Order.Status.DELIVERED, "IDR")
    assert (document.total, document.lines[0].unit_price) == (Decimal(38300), Decimal(38300))
    assert document.placed_at == datetime(2024, 1, 3, 2, 0, tzinfo=UTC)
    assert document.payment_method == PaymentMethod.WALLET


def test_it_reads_the_headers_of_other_indonesian_files(reader):
    row = {**INDONESIAN, "order_id": "2401B2", "product_category": "Rumah"}
    del row["No. Pesanan"], row["Nama Produk"]
    document = reader.document(row)
    assert (document.number, document.lines[0].title) == ("2401B2", "Rumah")


def test_headers_may_be_decomposed_reordered_and_oddly_spaced(reader):
    row = {
        unicodedata.normalize("NFD", title).upper().replace(" ", "  "): text
        for title, text in reversed(VIETNAMESE.items())
    }
    assert reader.document(row) == reader.document(VIETNAMESE)


def test_what_it_does_not_use_never_leaves_the_file(reader):
    written = repr(reader.documents(VIETNAMESE)) + repr(
        list(FORMAT(Options(seller="Shop")).records(reader.folder / "orders.csv"))
    )
    assert "Hàng Bạc" not in written
    assert "Mai Nguyễn" not in written


@pytest.mark.parametrize("title", ["Mã đơn hàng", "Trạng Thái Đơn Hàng", "Lý do hủy", "Tên sản phẩm", "Số lượng"])
def test_a_column_that_is_needed_and_missing_is_named(reader, title):
    row = {name: text for name, text in VIETNAMESE.items() if name != title}
    with pytest.raises(FileRefused, match=f"no column {title},"):
        reader.documents(row)


def test_a_column_that_is_there_twice_is_refused(reader, tmp_path):
    path = tmp_path / "twice.csv"
    path.write_text("Order ID,Order Status,Cancel reason,Product Name,Quantity,Quantity\nA1,Completed,,Bowl,1,2\n")
    with pytest.raises(FileRefused, match="the column Quantity more than once"):
        list(FORMAT(SINGAPORE).records(path))


def test_a_file_of_another_kind_is_told_apart(reader):
    with pytest.raises(FileRefused, match="none of the columns of a Shopee order export"):
        reader.documents({"Name": "Mai", "Age": "31"})


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        (Options(seller="Shop", zone=UTC), "--currency"),
        (Options(seller="Shop", currency="SGD"), "--time-zone"),
    ],
)
def test_an_english_export_is_asked_for_what_it_does_not_say(reader, options, asked):
    with pytest.raises(FileRefused, match=asked):
        reader.documents(ENGLISH, options=options)


def test_it_is_asked_whose_shop_it_is():
    with pytest.raises(OptionRefused, match="--seller"):
        FORMAT(Options())


# Who and why


@pytest.mark.parametrize(
    ("text", "source", "words"),
    [
        ("Hủy bởi người mua  lí do là: Lý do khác", Source.BUYER, "Lý do khác"),
        ("Hủy bởi người mua lý do là: Lý do khác", Source.BUYER, "Lý do khác"),
        ("Huỷ bởi người bán  lí do là: Hết hàng", Source.SELLER, "Hết hàng"),
        ("TỰ ĐỘNG HỦY BỞI HỆ THỐNG SHOPEE  LÍ DO LÀ: X", Source.SYSTEM, "X"),
        ("Tự động hủy bởi hệ thống Shopee", Source.SYSTEM, ""),
        ("Người bán không gửi hàng", Source.UNKNOWN, "Người bán không gửi hàng"),
        # The reason names the seller; that is not who cancelled.
        (
            "Hủy bởi người mua  lí do là: Người bán không trả lời thắc mắc / yêu cầu của người mua",
            Source.BUYER,
            "Người bán không trả lời thắc mắc / yêu cầu của người mua",
        ),
        (
            "Tự động hủy bởi hệ thống Shopee  lí do là: Người bán không gửi hàng đúng hạn.",
            Source.SYSTEM,
            "Người bán không gửi hàng đúng hạn.",
        ),
    ],
)
def test_who_cancelled_is_what_the_origin_states_never_what_the_reason_mentions(reader, text, source, words):
    cancellation = reader.document(vietnamese(text)).cancellation
    assert cancellation
    assert (cancellation.source, cancellation.raw_reason) == (source, words)


@pytest.mark.parametrize(
    ("text", "source", "words"),
    [
        ("Dibatalkan oleh Pembeli. Alasan: Lainnya/ berubah pikiran", Source.BUYER, "Lainnya/ berubah pikiran"),
        ("Dibatalkan oleh Penjual. Alasan: Produk habis", Source.SELLER, "Produk habis"),
        ("Dibatalkan secara otomatis oleh sistem. Alasan: Penjual gagal", Source.SYSTEM, "Penjual gagal"),
        ("Dibatalkan secara otomatis oleh sistem Shopee. Alasan: Lainnya", Source.SYSTEM, "Lainnya"),
    ],
)
def test_who_cancelled_is_stated_in_indonesian_too(reader, text, source, words):
    document = reader.document({**INDONESIAN, "Status Pesanan": "Batal", "Alasan Pembatalan": text})
    assert document.cancellation
    assert (document.cancellation.source, document.cancellation.raw_reason) == (source, words)


def test_a_cancelled_order_without_a_reason_leaves_both_open(reader):
    document = reader.document({**ENGLISH, "Order Status": "Cancelled"}, SINGAPORE)
    assert document.cancellation
    assert (document.cancellation.source, document.cancellation.raw_reason) == (Source.UNKNOWN, "")
    assert document.cancellation.cancelled_at is None
    assert document.cancellation.refunds == ()


# Statuses


@pytest.mark.parametrize(
    ("row", "title", "text", "status"),
    [
        (VIETNAMESE, "Trạng Thái Đơn Hàng", "Chờ xác nhận", Order.Status.AWAITING_PAYMENT),
        (VIETNAMESE, "Trạng Thái Đơn Hàng", "Chờ lấy hàng", Order.Status.PREPARING),
        (VIETNAMESE, "Trạng Thái Đơn Hàng", "Đang giao", Order.Status.SHIPPED),
        (VIETNAMESE, "Trạng Thái Đơn Hàng", "Đã huỷ", Order.Status.CANCELLED),
        (INDONESIAN, "Status Pesanan", "Belum Bayar", Order.Status.AWAITING_PAYMENT),
        (INDONESIAN, "Status Pesanan", "Perlu Dikirim", Order.Status.PREPARING),
        (INDONESIAN, "Status Pesanan", "Telah Dikirim", Order.Status.SHIPPED),
        (
            INDONESIAN,
            "Status Pesanan",
            "Pesanan diterima, namun Pembeli masih dapat mengajukan pengembalian hingga 2024-01-20.",
            Order.Status.DELIVERED,
        ),
        (ENGLISH, "Order Status", "To ship", Order.Status.PREPARING),
        (ENGLISH, "Order Status", "shipping", Order.Status.SHIPPED),
        (ENGLISH, "Order Status", "Canceled", Order.Status.CANCELLED),
    ],
)
def test_it_knows_the_statuses_of_the_platform(reader, row, title, text, status):
    assert reader.document({**row, title: text}, SINGAPORE).status == status


@pytest.mark.parametrize(("text", "sentence"), [("Returned", "This status is not known."), ("", "It is missing.")])
def test_another_status_is_refused_and_not_guessed(reader, text, sentence):
    assert reader.faults(vietnamese(Trạng_Thái_Đơn_Hàng=text)) == [Fault(2, "Trạng Thái Đơn Hàng", sentence)]


# Money


def test_a_time_of_payment_on_cash_on_delivery_is_no_payment(reader):
    row = vietnamese("Hủy bởi người mua  lí do là: Lý do khác", Phương_thức_thanh_toán=COD)
    document = reader.document(row)
    assert (document.payment_method, document.paid_at) == (PaymentMethod.CASH_ON_DELIVERY, None)
    assert document.cancellation
    assert document.cancellation.was_charged is False


def test_cash_on_delivery_is_known_in_indonesian_too_and_never_awaits_payment(reader):
    row = {**INDONESIAN, "Metode Pembayaran": "COD (Bayar di Tempat)", "Status Pesanan": "Belum Bayar"}
    document = reader.document(row)
    assert (document.payment_method, document.paid_at) == (PaymentMethod.CASH_ON_DELIVERY, None)
    assert document.status == Order.Status.PREPARING


@pytest.mark.parametrize(("paid", "was_charged"), [("2023-01-15 11:01", True), ("-", None), ("", None)])
def test_whether_money_was_taken_is_known_by_a_time_of_payment_only(reader, paid, was_charged):
    row = vietnamese("Hủy bởi người mua  lí do là: X", Thời_gian_đơn_hàng_được_thanh_toán=paid)
    document = reader.document(row)
    assert document.cancellation
    assert document.cancellation.was_charged is was_charged


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("38.300", 38300),
        ("1.250.000", 1250000),
        ("10", 10000),  # a spreadsheet has made a number of 10.000
        ("38.3", 38300),  # and of 38.300
        ("38300", 38300),
        ("Rp38.300", 38300),
        ("0", 0),
        ("12.500,50", Decimal("12500.50")),
    ],
)
def test_indonesian_amounts_are_what_they_were_before_a_spreadsheet_read_them(reader, cell, amount):
    assert reader.document({**INDONESIAN, "Harga Setelah Diskon": cell}).lines[0].unit_price == amount


def test_numbers_in_a_workbook_are_read_like_their_texts(tmp_path):
    row = {**INDONESIAN, "Harga Setelah Diskon": 38.3, "Total Pembayaran": 10, "Jumlah": 3}
    row["Waktu Pesanan Dibuat"] = datetime(2024, 1, 3, 9, 0)  # noqa: DTZ001  (a cell has no zone)
    export = FORMAT(Options(seller="Shop"))
    document = export.document(list(export.records(write_workbook(tmp_path / "orders.xlsx", [row]))))
    assert (document.lines[0].unit_price, document.total, document.lines[0].quantity) == (
        Decimal(38300),
        Decimal(10000),
        3,
    )
    assert document.placed_at == datetime(2024, 1, 3, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(("cell", "amount"), [("34000.00", 34000), ("34.000", 34000), ("₫34.000", 34000)])
def test_vietnamese_amounts_may_be_grouped_or_not(reader, cell, amount):
    assert reader.document(vietnamese(Giá_ưu_đãi=cell)).lines[0].unit_price == amount


@pytest.mark.parametrize("cell", ["-5", "many", "1e400", "NaN", "5" * 5000, "=1+1", "1.2.3"])
def test_what_is_no_amount_is_refused_with_its_place(reader, cell):
    assert reader.faults(vietnamese(Giá_ưu_đãi=cell)) == [
        Fault(2, "Giá ưu đãi", "It must be an amount in digits, as in 49.90.")
    ]


def test_nothing_paid_for_a_cancelled_order_is_not_what_it_came_to(reader):
    row = {**INDONESIAN, "Status Pesanan": "Batal", "Total Pembayaran": "0"}
    assert reader.document(row).total is None


# What is missing, said twice, or contradicts itself


def test_what_is_not_stated_stays_missing(reader):
    cells = dict.fromkeys(INDONESIAN, "-")
    kept = {name: INDONESIAN[name] for name in ("No. Pesanan", "Status Pesanan", "Nama Produk", "Jumlah")}
    document = reader.document({**cells, **kept})
    assert (document.buyer, document.placed_at, document.paid_at, document.total) == (None, None, None, None)
    assert (document.lines[0].unit_price, document.lines[0].variant) == (None, "")
    assert document.payment_method == PaymentMethod.UNKNOWN


def test_completion_is_not_taken_for_a_delivery(reader):
    assert reader.document(VIETNAMESE).delivered_at is None


def test_rows_of_one_order_are_its_lines_wherever_they_stand(reader):
    other = vietnamese(Mã_đơn_hàng="230115A2")
    plate = vietnamese(Tên_sản_phẩm="Đĩa")
    first, second = reader.documents(VIETNAMESE, other, plate, VIETNAMESE)
    assert [line.title for line in first.lines] == ["Bát sứ", "Đĩa", "Bát sứ"]  # the same twice is two lines
    assert first.total == Decimal(98000)  # and the order's money is not added up
    assert len(second.lines) == 1


def test_rows_that_contradict_each_other_are_refused_with_row_and_field(reader):
    rows = VIETNAMESE, vietnamese(Người_Mua="nguoimua_2"), vietnamese("Hủy bởi người mua  lí do là: X")
    assert [(fault.row, fault.field) for fault in reader.faults(*rows)] == [
        (4, "Trạng Thái Đơn Hàng"),
        (3, "Người Mua"),
    ]
    assert "row 2" in reader.faults(*rows)[0].sentence


def test_a_row_that_says_less_does_not_contradict(reader):
    [document] = reader.documents(vietnamese(Người_Mua=""), VIETNAMESE)
    assert document.buyer
    assert document.buyer.external_id == "nguoimua_1"


def test_several_parcels_have_no_single_carrier_or_time(reader):
    second = vietnamese(Đơn_Vị_Vận_Chuyển="Nhanh-Ninja Van", Thời_gian_giao_hàng="2023-01-18 09:00")
    [document] = reader.documents(VIETNAMESE, second)
    assert (document.carrier, document.shipped_at) == ("", None)


def test_the_carrier_is_not_the_way_of_sending(reader):
    assert reader.document(vietnamese(Đơn_Vị_Vận_Chuyển="Nhanh")).carrier == ""


@pytest.mark.parametrize(
    ("cells", "field", "sentence"),
    [
        ({"Mã_đơn_hàng": ""}, "Mã đơn hàng", "An order number has 1 to 64 letters"),
        ({"Mã_đơn_hàng": "A 1"}, "Mã đơn hàng", "An order number has 1 to 64 letters"),
        ({"Tên_sản_phẩm": ""}, "Tên sản phẩm", "It is empty."),
        ({"Tên_sản_phẩm": "x" * 501}, "Tên sản phẩm", "It is longer than 500 characters."),
        ({"Tên_sản_phẩm": "Bát\x00"}, "Tên sản phẩm", "It contains a NUL byte."),
        ({"Số_lượng": "0"}, "Số lượng", "It must be at least 1."),
        ({"Số_lượng": "1.5"}, "Số lượng", "It must be a whole number."),
        ({"Số_lượng": ""}, "Số lượng", "It must be a whole number."),
        ({"Ngày_đặt_hàng": "15/01/2023"}, "Ngày đặt hàng", "It must be a date and time, as in 2026-11-23 09:00."),
        ({"Ngày_đặt_hàng": "1023-01-15 10:31"}, "Ngày đặt hàng", "The date must lie between 1990 and 2100."),
        ({"Người_Mua": "x" * 201}, "Người Mua", "It is longer than 200 characters."),
    ],
)
def test_a_fault_names_the_row_the_field_and_what_is_wrong(reader, cells, field, sentence):
    [fault] = reader.faults(vietnamese(**cells))
    assert (fault.row, fault.field) == (2, field)
    assert fault.sentence.startswith(sentence)


def test_all_faults_of_an_order_are_named_at_once(reader):
    row = vietnamese(Ngày_đặt_hàng="soon", Số_lượng="some", Giá_ưu_đãi="cheap")
    assert [fault.field for fault in reader.faults(row)] == ["Ngày đặt hàng", "Số lượng", "Giá ưu đãi"]


# What is newer


def test_the_further_an_order_has_come_the_newer_is_what_is_said_of_it(reader):
    statuses = ["Chờ xác nhận", "Chờ lấy hàng", "Đang giao", "Hoàn thành", "Đã hủy"]
    versions = [reader.document(vietnamese(Trạng_Thái_Đơn_Hàng=status)).version for status in statuses]
    assert versions == sorted(set(versions))


def test_of_the_same_status_the_later_time_is_newer(reader):
    earlier = reader.document(vietnamese(Thời_gian_giao_hàng="")).version
    assert earlier < reader.document(vietnamese(Thời_gian_hoàn_thành_đơn_hàng="2023-01-21 07:32")).version


def test_an_order_without_any_date_has_a_version_too(reader):
    row = {**ENGLISH, **dict.fromkeys([title for title in ENGLISH if "Time" in title or "Date" in title], "")}
    assert reader.document(row, SINGAPORE).version > 0
