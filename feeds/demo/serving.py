"""How gunicorn serves the demo: the process also does what a clock does elsewhere (docs/operations.md)."""

from contextlib import suppress
from io import StringIO
from threading import Thread
from time import sleep

from django.core.management import call_command
from django.db import OperationalError

EVERY_SECONDS = 60


def post_worker_init(worker: object) -> None:
    """Begin with the worker, and end with it."""
    Thread(target=keep_sweeping, daemon=True).start()


def keep_sweeping() -> None:
    """Let silence approve what is due, every minute; where somebody holds the file for too long, a minute later."""
    while True:
        sleep(EVERY_SECONDS)
        with suppress(OperationalError):
            call_command("approve_lapsed_requests", stdout=StringIO())
