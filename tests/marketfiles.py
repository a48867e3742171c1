"""Files of a few thousand orders with everything that an order may hold, and what was said of some of them before."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.exports import VIETNAMESE, write_csv

ORDERS = 1_600  # four batches
EARLIER = 400  # of them, known from an older file
STATUSES = ("Chờ lấy hàng", "Đang giao", "Hoàn thành", "Đã hủy", "Đã hủy")
WHY = (
    "Hủy bởi người mua  lí do là: Muốn thay đổi địa chỉ giao hàng",
    "Tự động hủy bởi hệ thống Shopee  lí do là: Người bán không gửi hàng đúng hạn.",
    "Hủy bởi người bán  lí do là: Hết hàng",
    "Hủy bởi người bán  lí do là: Trời mưa",
)


def write_export(path: Path, *, orders: int = ORDERS, is_early: bool = False) -> Path:
    """Write a table: up to three rows an order, which do not stand together; every 200th order is refused."""
    chance = random.Random(11)
    rows = [row for place in range(orders) for row in _rows(f"K{place:05}", chance, is_early)]
    chance.shuffle(rows)
    return write_csv(path, rows)


def write_documents(path: Path, *, orders: int = ORDERS, is_early: bool = False) -> Path:
    """Write canonical documents, one to a line; every 200th is refused."""
    chance = random.Random(12)
    lines = [json.dumps(_document(f"K{place:05}", chance, is_early)) for place in range(orders)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _rows(number: str, chance: random.Random, is_early: bool) -> Iterator[dict[str, Any]]:
    status, why, buyer = chance.choice(STATUSES), chance.choice(WHY), f"buyer{chance.randrange(300)}"
    told = {
        "Mã đơn hàng": number,
        "Trạng Thái Đơn Hàng": "Trả hàng" if number.endswith("199") else "Chờ xác nhận" if is_early else status,
        "Lý do hủy": why if status == "Đã hủy" and not is_early else "",
        "Thời gian đơn hàng được thanh toán": "" if is_early else "2023-01-15 11:01",
        "Người Mua": buyer,
    }
    for line in range(chance.randint(1, 3)):
        yield {**VIETNAMESE, **told, "Tên sản phẩm": f"Bát sứ {line}"}


def _document(number: str, chance: random.Random, is_early: bool) -> dict[str, Any]:
    quantity = chance.randint(1, 3)
    document: dict[str, Any] = {
        "number": number,
        "version": 1 if is_early else 2,
        "seller": {"name": f"Shop {chance.randrange(9)}", "rating": "4.5", "rating_count": chance.randrange(900)},
        "buyer": {"external_id": f"b{(buyer := chance.randrange(300))}", "email": f"b{buyer}@example.org"},
        "status": "preparing",
        "currency": "EUR",
        "total": "-1" if number.endswith("199") else "40.00",
        "lines": [{"title": f"Bowl {line}", "quantity": quantity, "unit_price": "9.90"} for line in range(3)],
    }
    ending = chance.randrange(4)
    if is_early or not ending:
        return document
    why = {"source": "seller", "reason": "out_of_stock", "refunds": [_refund(number, chance)]}
    if ending == 1:
        document["lines"][1] |= {"cancelled_quantity": 1, "cancellation": why}
        return document
    return document | {"status": "cancelled", "cancellation": why}


def _refund(number: str, chance: random.Random) -> dict[str, Any]:
    return {"amount": f"{chance.randint(1, 9)}.50", "method": "card", "state": "sent", "reference": f"RF-{number}"}
