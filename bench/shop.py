"""The export of a large shop, made up: as many lines as are asked for, in the proportions of a real shop's year.

1.35 lines an order, 21 % of the orders cancelled (by the buyer, the system and the seller, as there), three orders to
every two buyers, 59 columns of which 19 are read. The same size gives the same file.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

LINES_OF_ORDERS = [1] * 15 + [2] * 3 + [3] * 2  # 27 lines in 20 orders
CANCELLED = 0.21
REASONS = [
    ("Hủy bởi người mua lí do là: Muốn thay đổi địa chỉ giao hàng", 30),
    ("Hủy bởi người mua lí do là: Tìm thấy giá rẻ hơn ở chỗ khác", 25),
    ("Hủy bởi người mua lí do là: Lý do khác", 23),
    ("Tự động hủy bởi hệ thống lí do là: Giao hàng thất bại", 21),
    ("Hủy bởi người bán lí do là: Sản phẩm đã hết hàng", 1),
]
METHODS = [("Thanh toán khi nhận hàng", 65), ("Ví ShopeePay", 25), ("Thẻ Tín dụng/Ghi nợ", 10)]
FILLING = 40  # columns that nobody reads, as exports have them
USED = [
    "Mã đơn hàng",
    "Ngày đặt hàng",
    "Trạng Thái Đơn Hàng",
    "Lý do hủy",
    "Mã vận đơn",
    "Đơn Vị Vận Chuyển",
    "Ngày giao hàng dự kiến",
    "Thời gian giao hàng",
    "SKU sản phẩm",
    "Tên sản phẩm",
    "SKU phân loại hàng",
    "Tên phân loại hàng",
    "Giá ưu đãi",
    "Số lượng",
    "Tổng giá trị đơn hàng (VND)",
    "Thời gian hoàn thành đơn hàng",
    "Thời gian đơn hàng được thanh toán",
    "Phương thức thanh toán",
    "Người Mua",
]
BEGIN = datetime(2023, 1, 1, tzinfo=UTC)


def write_export(path: Path, lines: int) -> Path:
    """Write an export of so many lines."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows(lines))
    return path


def rows(lines: int) -> Iterator[list[str]]:
    """Make the header and the rows, the orders by day."""
    yield [*USED, *(f"Cột {place}" for place in range(FILLING))]
    chance = Random(lines)  # noqa: S311  (not a secret)
    orders = count_orders(lines)
    written = 0
    for order in range(orders):
        head = _order(order, orders, chance)
        for _line in range(min(LINES_OF_ORDERS[order % len(LINES_OF_ORDERS)], lines - written)):
            yield [*_row(head, chance), *(["0.00"] * FILLING)]
            written += 1


def count_orders(lines: int) -> int:
    """Tell how many orders so many lines are of."""
    cycles, rest = divmod(lines, sum(LINES_OF_ORDERS))
    orders = cycles * len(LINES_OF_ORDERS)
    for size in LINES_OF_ORDERS:
        if rest <= 0:
            break
        orders, rest = orders + 1, rest - size
    return orders


def _order(order: int, orders: int, chance: Random) -> dict[str, str]:
    placed = BEGIN + timedelta(minutes=order * 525_600 // orders)
    is_cancelled = chance.random() < CANCELLED
    method = _pick(METHODS, chance)
    is_cash = method == METHODS[0][0]
    return {
        "Mã đơn hàng": f"{placed:%y%m%d}{chance.randrange(36**4):06X}{order:07}",
        "Ngày đặt hàng": _time(placed),
        "Trạng Thái Đơn Hàng": "Đã hủy" if is_cancelled else "Hoàn thành",
        "Lý do hủy": _pick(REASONS, chance) if is_cancelled else "",
        "Mã vận đơn": "" if is_cancelled else f"SPXVN{order:011}",
        "Đơn Vị Vận Chuyển": "Nhanh-SPX Express",
        "Ngày giao hàng dự kiến": _time(placed + timedelta(days=2)),
        "Thời gian giao hàng": "" if is_cancelled else _time(placed + timedelta(days=1)),
        "Tổng giá trị đơn hàng (VND)": f"{chance.randrange(20, 900)}000.00",
        "Thời gian hoàn thành đơn hàng": "" if is_cancelled else _time(placed + timedelta(days=5)),
        "Thời gian đơn hàng được thanh toán": "" if is_cash else _time(placed + timedelta(minutes=9)),
        "Phương thức thanh toán": method,
        "Người Mua": f"nguoimua_{chance.randrange(max(1, orders * 2 // 3)):07}",
    }


def _row(head: dict[str, str], chance: Random) -> list[str]:
    item = chance.randrange(997)
    line = {
        "SKU sản phẩm": f"BAT-{item % 97:03}",
        "Tên sản phẩm": f"Bát sứ men xanh vẽ tay Bát Tràng đường kính {item % 31 + 9} cm, loại {item % 97}",
        "SKU phân loại hàng": f"BAT-{item % 97:03}-{item % 7}",
        "Tên phân loại hàng": f"Xanh lam, bộ {item % 7 + 1} chiếc",
        "Giá ưu đãi": f"{item + 20}000.00",
        "Số lượng": str(item % 3 + 1),
    }
    return [{**head, **line}[column] for column in USED]


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _pick(choices: list[tuple[str, int]], chance: Random) -> str:
    words, weights = zip(*choices, strict=True)
    picked: str = chance.choices(words, weights)[0]
    return picked
