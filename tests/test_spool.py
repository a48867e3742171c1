"""Records laid aside: on disk and not in memory, given back order by order, and gone with the process."""

import subprocess
import sys
from pathlib import Path

import pytest

from feeds.formats import Record
from feeds.spool import Spool
from orders.documents import MOST_LINES

KILLED = """
import os, signal
from pathlib import Path
from django import setup
setup()
from feeds.formats import Record
from feeds.spool import Spool
with Spool() as spool:
    spool.fill(Record(f"A{place}", place, {"title": "Bowl" * 1000}) for place in range(5000))
    written = int(Path("/proc/self/io").read_text().split("wchar:")[1].split()[0])
    print(written > 20_000_000, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_records_come_back_order_by_order_wherever_they_stood():
    records = [Record("B", 2, {"title": "Bát sứ"}), Record("A", 3, {"title": ""}), Record("B", 1, {"title": "\ud800"})]
    with Spool() as spool:
        spool.fill(records)
        assert spool.order_count() == 2
        assert list(spool.orders()) == [[records[1]], [records[2], records[0]]]


def test_of_a_boundless_order_enough_comes_back():
    with Spool() as spool:
        spool.fill(Record("A", row, {}) for row in range(MOST_LINES * 2))
        assert [len(records) for records in spool.orders()] == [MOST_LINES + 1]


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells how much a process has written.")
def test_what_was_laid_aside_is_on_disk_and_nothing_of_it_stays_when_the_process_is_killed(tmp_path: Path):
    environment = {"CANDOR_ENV": "test", "DJANGO_SETTINGS_MODULE": "tests.settings", "TMPDIR": str(tmp_path)}
    script = [sys.executable, "-c", KILLED]
    root = Path(__file__).resolve().parent.parent
    ended = subprocess.run(script, env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (-9, "True\n")
    assert list(tmp_path.iterdir()) == []
