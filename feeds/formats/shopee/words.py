"""The words of Shopee's exports: columns, statuses and who cancelled, in Vietnamese, English and Indonesian.

Words are compared in Unicode NFC, without regard to case and runs of white space. A status that is not listed here is
refused, never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo

from cancellations.terms import PaymentMethod, Source
from orders.models import Order

Status = Order.Status

# What is read; where a file has several of the columns named for one thing, the first is taken.
VIETNAMESE_COLUMNS = {
    "number": ["Mã đơn hàng"],
    "status": ["Trạng Thái Đơn Hàng"],
    "reason": ["Lý do hủy", "Lí do hủy"],
    "placed": ["Ngày đặt hàng"],
    "paid": ["Thời gian đơn hàng được thanh toán"],
    "ship_by": ["Ngày giao hàng dự kiến", "Ngày gửi hàng"],
    "shipped": ["Thời gian giao hàng"],
    "completed": ["Thời gian hoàn thành đơn hàng"],
    "method": ["Phương thức thanh toán"],
    "total": ["Tổng giá trị đơn hàng (VND)", "Tổng giá trị đơn hàng"],
    "buyer": ["Người Mua"],
    "carrier": ["Đơn Vị Vận Chuyển"],
    "tracking": ["Mã vận đơn"],
    "title": ["Tên sản phẩm"],
    "variant": ["Tên phân loại hàng"],
    "variant_sku": ["SKU phân loại hàng"],
    "sku": ["SKU sản phẩm"],
    "price": ["Giá ưu đãi"],
    "quantity": ["Số lượng"],
}
ENGLISH_COLUMNS = {
    "number": ["Order ID"],
    "status": ["Order Status"],
    "reason": ["Cancel reason"],
    "placed": ["Order Creation Date"],
    "paid": ["Order Paid Time"],
    "ship_by": ["Estimated Ship Out Date"],
    "shipped": ["Ship Time"],
    "completed": ["Order Complete Time"],
    "method": ["Payment Method"],
    "total": ["Total Amount", "Grand Total"],
    "buyer": ["Username (Buyer)"],
    "carrier": ["Shipping Option"],
    "tracking": ["Tracking Number*", "Tracking Number"],
    "title": ["Product Name"],
    "variant": ["Variation Name"],
    "variant_sku": ["SKU Reference No."],
    "sku": ["Parent SKU Reference No."],
    "price": ["Deal Price"],
    "quantity": ["Quantity"],
}
INDONESIAN_COLUMNS = {
    "number": ["No. Pesanan", "order_id"],
    "status": ["Status Pesanan"],
    "reason": ["Alasan Pembatalan"],
    "placed": ["Waktu Pesanan Dibuat"],
    "paid": ["Waktu Pembayaran Dilakukan"],
    "ship_by": ["Pesanan Harus Dikirimkan Sebelum (Menghindari keterlambatan)"],
    "shipped": ["Waktu Pengiriman Diatur"],
    "completed": ["Waktu Pesanan Selesai"],
    "method": ["Metode Pembayaran"],
    "total": ["Total Pembayaran"],
    "buyer": ["Username (Pembeli)"],
    "carrier": ["Opsi Pengiriman"],
    "tracking": ["No. Resi"],
    "title": ["Nama Produk", "product_category"],
    "variant": ["Nama Variasi"],
    "variant_sku": ["Nomor Referensi SKU"],
    "sku": ["SKU Induk"],
    "price": ["Harga Setelah Diskon"],
    "quantity": ["Jumlah"],
}
NEEDED = ("number", "status", "reason", "title", "quantity")

VIETNAMESE_STATUSES = {
    "Chờ thanh toán": Status.AWAITING_PAYMENT,
    "Chưa thanh toán": Status.AWAITING_PAYMENT,
    "Chờ xác nhận": Status.AWAITING_PAYMENT,
    "Chờ lấy hàng": Status.PREPARING,
    "Chờ gửi hàng": Status.PREPARING,
    "Đang giao": Status.SHIPPED,
    "Đang giao hàng": Status.SHIPPED,
    "Đã giao": Status.DELIVERED,
    "Đã nhận được hàng": Status.DELIVERED,
    "Người mua xác nhận đã nhận được hàng": Status.DELIVERED,
    "Hoàn thành": Status.DELIVERED,
    "Đã hủy": Status.CANCELLED,
}
ENGLISH_STATUSES = {
    "Unpaid": Status.AWAITING_PAYMENT,
    "To pay": Status.AWAITING_PAYMENT,
    "To ship": Status.PREPARING,
    "Ready to ship": Status.PREPARING,
    "Processed": Status.PREPARING,
    "Shipping": Status.SHIPPED,
    "Shipped": Status.SHIPPED,
    "To receive": Status.SHIPPED,
    "Delivered": Status.DELIVERED,
    "Order received": Status.DELIVERED,
    "Completed": Status.DELIVERED,
    "Cancelled": Status.CANCELLED,
    "Canceled": Status.CANCELLED,
}
INDONESIAN_STATUSES = {
    "Belum Bayar": Status.AWAITING_PAYMENT,
    "Perlu Dikirim": Status.PREPARING,
    "Perlu Diproses": Status.PREPARING,
    "Telah Diproses": Status.PREPARING,
    "Sedang Dikirim": Status.SHIPPED,
    "Telah Dikirim": Status.SHIPPED,
    "Dikirim": Status.SHIPPED,
    "Pesanan diterima": Status.DELIVERED,
    "Selesai": Status.DELIVERED,
    "Batal": Status.CANCELLED,
    "Dibatalkan": Status.CANCELLED,
}

VIETNAMESE_SOURCES = {
    "Hủy bởi người mua": Source.BUYER,
    "Hủy bởi người bán": Source.SELLER,
    "Tự động hủy bởi hệ thống Shopee": Source.SYSTEM,
    "Tự động hủy bởi hệ thống": Source.SYSTEM,
}
ENGLISH_SOURCES = {
    "Cancelled by Buyer": Source.BUYER,
    "Cancelled by Seller": Source.SELLER,
    "Cancelled automatically by Shopee's system": Source.SYSTEM,
    "Cancelled automatically by Shopee system": Source.SYSTEM,
    "Cancelled automatically by system": Source.SYSTEM,
    "Cancelled by system": Source.SYSTEM,
}
INDONESIAN_SOURCES = {
    "Dibatalkan oleh Pembeli": Source.BUYER,
    "Dibatalkan oleh Penjual": Source.SELLER,
    "Dibatalkan secara otomatis oleh sistem Shopee": Source.SYSTEM,
    "Dibatalkan secara otomatis oleh sistem": Source.SYSTEM,
}

# Found anywhere in the payment method's name; the first that is found decides.
PAYMENT_METHODS = {
    "thanh toán khi nhận hàng": PaymentMethod.CASH_ON_DELIVERY,
    "cash on delivery": PaymentMethod.CASH_ON_DELIVERY,
    "bayar di tempat": PaymentMethod.CASH_ON_DELIVERY,
    "cod": PaymentMethod.CASH_ON_DELIVERY,
    "spaylater": PaymentMethod.PAY_LATER,
    "tài khoản ngân hàng": PaymentMethod.BANK_TRANSFER,
    "bank account": PaymentMethod.BANK_TRANSFER,
    "bank transfer": PaymentMethod.BANK_TRANSFER,
    "transfer bank": PaymentMethod.BANK_TRANSFER,
    "online banking": PaymentMethod.BANK_TRANSFER,
    "thẻ tín dụng": PaymentMethod.CARD,
    "credit": PaymentMethod.CARD,
    "debit": PaymentMethod.CARD,
    "kartu kredit": PaymentMethod.CARD,
    "shopeepay": PaymentMethod.WALLET,
    "số dư tk shopee": PaymentMethod.WALLET,
    "apple pay": PaymentMethod.WALLET,
    "google pay": PaymentMethod.WALLET,
}


INDOCHINA = WESTERN_INDONESIA = timezone(timedelta(hours=7))  # neither has had another offset since 1979


@dataclass(frozen=True, eq=False)
class Edition:
    """One language of the export, and what a file says by being in that language."""

    columns: Mapping[str, Sequence[str]]
    statuses: Mapping[str, Status]
    sources: Mapping[str, Source]
    currency: str = ""
    zone: tzinfo | None = None
    grouped_by: str = ","
    in_thousands: bool = False


# English exports come from every country, so only the person who imports one knows its currency and time zone.
EDITIONS = (
    Edition(VIETNAMESE_COLUMNS, VIETNAMESE_STATUSES, VIETNAMESE_SOURCES, "VND", INDOCHINA, "."),
    Edition(ENGLISH_COLUMNS, ENGLISH_STATUSES, ENGLISH_SOURCES),
    Edition(
        INDONESIAN_COLUMNS, INDONESIAN_STATUSES, INDONESIAN_SOURCES, "IDR", WESTERN_INDONESIA, ".", in_thousands=True
    ),
)
