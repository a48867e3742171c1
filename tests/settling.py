"""Waiting for the log: it shows nothing that something older could still come before.

On PostgreSQL that something may be another worker's test, since transactions are numbered for all databases together.
"""

import time

import pytest

from foundation.transactions import OldestRunning
from orders.models import Event

LONGEST_SECONDS = 600  # the real exports of a year are looked at in one transaction


def wait_until_settled() -> None:
    """Come back when a reader of the log would see every event that is committed."""
    for _ in range(LONGEST_SECONDS * 10):
        if not Event.objects.filter(transaction__gte=OldestRunning()).exists():
            return
        time.sleep(0.1)
    pytest.fail("Something older is still running on this server.")
