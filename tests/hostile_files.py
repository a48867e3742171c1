"""Files that were made to do harm, or went wrong on their way; each is written when a test asks for it."""

import gzip
import json
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.exports import VIETNAMESE, write_csv, write_workbook

type Build = Callable[[Path], Path]
type Change = Callable[[bytes], bytes]

GOOD: dict[str, Any] = {
    "number": "A-1",
    "version": 1,
    "seller": {"name": "Casa Lucera"},
    "buyer": {"external_id": "b-1"},
    "status": "preparing",
    "lines": [{"title": "Lamp", "quantity": 1}],
}
NUMBER, STATUS, TITLE, PLACED = "Mã đơn hàng", "Trạng Thái Đơn Hàng", "Tên sản phẩm", "Ngày đặt hàng"
PRICE, QUANTITY, WHY = "Giá ưu đãi", "Số lượng", "Lý do hủy"
HEADER = ",".join(VIETNAMESE)
A_GIGABYTE = 1_000_000_000
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OPEN, SST = b'<worksheet xmlns="%s"><sheetData>' % MAIN, b'<sst xmlns="%s">' % MAIN
OVERRIDE = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
PARTS = {
    "sheet": "xl/worksheets/sheet2.xml",
    "texts": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml",
    "contents": "[Content_Types].xml",
}


def raw(content: bytes) -> Build:
    """Write these bytes."""

    def build(folder: Path) -> Path:
        path = folder / "orders"
        path.write_bytes(content)
        return path

    return build


def table(*rows: dict[str, Any], **dialect: str) -> Build:
    """Write rows of a Shopee export, each like a good one but for what is given."""
    return lambda folder: write_csv(folder / "orders.csv", [{**VIETNAMESE, **row} for row in rows], **dialect)


def document(**fields: Any) -> Build:
    """Write one canonical document, like a good one but for what is given."""
    return raw(json.dumps({**GOOD, **fields}).encode())


def spelt(field: str, spelling: str) -> Build:
    """Write one canonical document in which a field is spelt as json.dumps would not."""
    rest = json.dumps(GOOD)[:-1]
    return raw(f'{rest}, "{field}": {spelling}}}'.encode())


def recoded(encoding: str) -> Build:
    """Write a good document in another encoding."""
    return raw(json.dumps(GOOD).encode(encoding))


def gzipped(content: bytes) -> Build:
    """Write these bytes, packed."""
    return raw(gzip.compress(content))


def bomb(piece: bytes) -> Build:
    """Write a hundred megabytes, packed to a hundred kilobytes."""
    return lambda folder: gzipped(piece * (A_GIGABYTE // 10 // len(piece)))(folder)


def a_line_of_a_gigabyte(start: str) -> Build:
    """Write a beginning, and a line that goes on for a gigabyte; it is full of holes, and takes no room."""

    def build(folder: Path) -> Path:
        path = raw(start.encode())(folder)
        os.truncate(path, A_GIGABYTE)
        return path

    return build


def cut(write: Build, share: float) -> Build:
    """Cut a good file off."""

    def build(folder: Path) -> Path:
        path = write(folder)
        os.truncate(path, int(path.stat().st_size * share))
        return path

    return build


def workbook(*rows: dict[str, Any]) -> Build:
    """Write a workbook, each row like a good one but for what is given."""
    return lambda folder: write_workbook(folder / "orders.xlsx", [{**VIETNAMESE, **row} for row in rows])


def with_parts(**parts: Change) -> Build:
    """Write a workbook of which some parts are changed: the sheet, the texts that cells share, the styles."""
    changes = {PARTS[name]: change for name, change in parts.items()}

    def build(folder: Path) -> Path:
        good, bad = write_workbook(folder / "good.xlsx", [VIETNAMESE]), folder / "orders.xlsx"
        with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as target:
            known = {name: source.read(name) for name in source.namelist()}
            for name in {**known, **changes}:
                before = known.get(name, b"")
                target.writestr(name, changes[name](before) if name in changes else before)
        return bad

    return build


def sheet(rows: Callable[[], bytes]) -> Build:
    """Write a workbook whose sheet holds these rows."""
    return with_parts(sheet=lambda _: OPEN + rows() + b"</sheetData></worksheet>")


def noise(kind: bytes, count: int) -> bytes:
    """Repeat a tag; each looks otherwise, so that it packs no better than an honest sheet."""
    chance = random.Random(1)
    return b"".join(kind % chance.randrange(16**6) for _ in range(count))


def shared(texts: Callable[[], bytes]) -> Build:
    """Write a workbook whose cells share these texts."""
    return with_parts(
        texts=lambda _: SST + texts() + b"</sst>",
        contents=lambda listed: listed.replace(b"</Types>", b"%s</Types>" % OVERRIDE),
    )


def styled(styles: Callable[[], bytes]) -> Build:
    """Write a workbook with these styles beside its own."""
    return with_parts(styles=lambda known: known.replace(b"</cellXfs>", styles() + b"</cellXfs>"))


def entities() -> bytes:
    """Give a billion laughs."""
    levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]><worksheet><sheetData>&a9;</sheetData></worksheet>'.encode()


def a_directory(folder: Path) -> Path:
    """Make a folder where a file should be."""
    path = folder / "orders.csv"
    path.mkdir()
    return path


def a_pipe(folder: Path) -> Path:
    """Make a pipe that nobody writes to."""
    path = folder / "orders.csv"
    os.mkfifo(path)
    return path


def a_circle_of_links(folder: Path) -> Path:
    """Make a link that leads to itself."""
    path = folder / "orders.csv"
    path.symlink_to(path)
    return path


def a_device(_: Path) -> Path:
    """Give what never ends."""
    return Path("/dev/zero")


def nothing_there(folder: Path) -> Path:
    """Give the name of a file that is not there."""
    return folder / "orders.csv"
