"""Marketplaces' exports as tests write them: small files in the layouts of the real ones."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

VIETNAMESE = {
    "Mã đơn hàng": "230115A1",
    "Ngày đặt hàng": "2023-01-15 10:31",
    "Trạng Thái Đơn Hàng": "Hoàn thành",
    "Lý do hủy": "",
    "Đơn Vị Vận Chuyển": "Nhanh-SPX Express",
    "Ngày giao hàng dự kiến": "2023-01-17 11:01",
    "Ngày gửi hàng": "2023-01-16 16:00",
    "Thời gian giao hàng": "2023-01-16 17:19",
    "SKU sản phẩm": "BOWL",
    "Tên sản phẩm": "Bát sứ",
    "SKU phân loại hàng": "BOWL-B",
    "Tên phân loại hàng": "Xanh",
    "Giá gốc": "101000.00",
    "Giá ưu đãi": "49000.00",
    "Số lượng": "2",
    "Tổng giá trị đơn hàng (VND)": "98000.00",
    "Thời gian hoàn thành đơn hàng": "2023-01-20 07:32",
    "Thời gian đơn hàng được thanh toán": "2023-01-15 11:01",
    "Phương thức thanh toán": "Ví ShopeePay",
    "Người Mua": "nguoimua_1",
    "Tên Người nhận": "Mai Nguyễn",
    "Địa chỉ nhận hàng": "12 Hàng Bạc",
}
ENGLISH = {
    "Order ID": "2401A1",
    "Order Status": "Completed",
    "Cancel reason": "",
    "Tracking Number*": "SPX1",
    "Shipping Option": "Standard-Ninja Van",
    "Estimated Ship Out Date": "2024-01-05 10:00",
    "Ship Time": "2024-01-04 16:00",
    "Order Creation Date": "2024-01-03 09:00",
    "Order Paid Time": "2024-01-03 09:05",
    "Product Name": "Ceramic bowl",
    "SKU Reference No.": "BOWL-B",
    "Variation Name": "Blue",
    "Original Price": "1,250.00",
    "Deal Price": "1,025.90",
    "Quantity": "1",
    "Total Amount": "1,025.90",
    "Grand Total": "1,030.90",
    "Payment Method": "Credit/Debit Card",
    "Username (Buyer)": "mai.nguyen",
    "Order Complete Time": "2024-01-08 12:00",
}
INDONESIAN = {
    "No. Pesanan": "2401B1",
    "Status Pesanan": "Selesai",
    "Alasan Pembatalan": "",
    "Waktu Pesanan Dibuat": "2024-01-03 09:00",
    "Waktu Pembayaran Dilakukan": "2024-01-03 09:05",
    "Metode Pembayaran": "Saldo ShopeePay",
    "Nama Produk": "Mangkuk",
    "Nama Variasi": "Biru",
    "Harga Awal": "45.000",
    "Harga Setelah Diskon": "38.300",
    "Jumlah": "1",
    "Total Pembayaran": "38.300",
    "Username (Pembeli)": "siti",
    "Waktu Pesanan Selesai": "2024-01-08 12:00",
}


def write_csv(path: Path, rows: Sequence[dict[str, Any]], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Write rows under the headers of the first."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_workbook(path: Path, rows: Sequence[dict[str, Any]], *, sheet: str = "orders") -> Path:
    """Write rows under the headers of the first, on a sheet that is not the first."""
    workbook = Workbook()
    worksheet = workbook.create_sheet(sheet)
    worksheet.append(list(rows[0]))
    for row in rows:
        worksheet.append(list(row.values()))
    workbook.save(path)
    return path
