"""Measure whether the memory of an import grows with its file, and how long an import takes.

Writes exports of 6,000 and of 60,000 rows, as CSV and as a workbook, imports each in a process of its own into an
empty SQLite database, and prints time, peak memory and the ratio between the two sizes. Run it from the repository:

    .venv/bin/python bench/import_memory.py
"""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook

ROOT = Path(__file__).resolve().parent.parent
SMALL, LARGE = 6_000, 60_000
ROWS_PER_ORDER = 3  # every third row begins another order; a real shop has 1.3 rows an order
FILLING = 40  # columns that nobody reads, as exports have them
USED = [
    "Mã đơn hàng",
    "Ngày đặt hàng",
    "Trạng Thái Đơn Hàng",
    "Lý do hủy",
    "Tên sản phẩm",
    "Giá ưu đãi",
    "Số lượng",
    "Tổng giá trị đơn hàng (VND)",
    "Phương thức thanh toán",
    "Người Mua",
]


def rows(count: int) -> Iterator[list[str]]:
    """Make an export: every fifth order cancelled, every fourth buyer new."""
    yield [*USED, *(f"Cột {place}" for place in range(FILLING))]
    for place in range(count):
        order = place // ROWS_PER_ORDER
        is_cancelled = order % 5 == 0
        yield [
            f"B{order:09}",
            f"2023-{order % 12 + 1:02}-{order % 28 + 1:02} 10:{order % 60:02}",
            "Đã hủy" if is_cancelled else "Hoàn thành",
            "Hủy bởi người mua  lí do là: Lý do khác" if is_cancelled else "",
            f"Bát sứ men xanh vẽ tay, loại {place % 97}",
            "49000.00",
            str(place % 3 + 1),
            "147000.00",
            "Thanh toán khi nhận hàng",
            f"nguoimua_{order // 4:07}",
            *(["0.00"] * FILLING),
        ]


def write_csv(path: Path, count: int) -> None:
    """Write the export as a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows(count))


def write_workbook(path: Path, count: int) -> None:
    """Write the export as a workbook."""
    workbook = Workbook(write_only=True)
    worksheet = workbook.create_sheet("orders")
    for row in rows(count):
        worksheet.append(row)
    workbook.save(path)


def measure(path: Path, folder: Path) -> tuple[float, float]:
    """Import the file into a new database; return seconds and megabytes of the largest memory it took."""
    environment = {**os.environ, "CANDOR_ENV": "development", "DATA_DIR": str(folder / path.stem)}
    environment.pop("DATABASE_URL", None)
    manage = [sys.executable, str(ROOT / "manage.py")]
    for command in (["migrate", "--verbosity=0"], ["load_catalogue"]):
        subprocess.run([*manage, *command], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    arguments = ["import_orders", str(path), "--format=shopee", "--seller=Bench"]
    process = subprocess.Popen([*manage, *arguments], env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"The import of {path.name} failed.")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure, and print one line per kind of file."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for kind, write in (("csv", write_csv), ("xlsx", write_workbook)):
            figures = []
            for count in (SMALL, LARGE):
                path = folder / f"export-{kind}-{count}.{kind}"
                write(path, count)
                figures.append(measure(path, folder))
            (small_time, small_memory), (large_time, large_memory) = figures
            print(
                f"{kind}: {SMALL:,} rows {small_time:.1f} s {small_memory:.0f} MB; "
                f"{LARGE:,} rows {large_time:.1f} s {large_memory:.0f} MB; "
                f"ten times the rows take {large_memory / small_memory:.2f} times the memory "
                f"and {large_time / small_time:.1f} times the time"
            )


if __name__ == "__main__":
    main()
