"""Candor, loaded once; the processes that killing.py starts are forked from here, so that each starts at once."""

import json
import os
import sys
import time
from pathlib import Path

import django
from django.core.management import execute_from_command_line
from django.db import connections
from django.db.models import QuerySet
from django.db.transaction import Atomic

django.setup()

import config.urls  # noqa: E402  (models are there once Django is set up)
from feeds.formats import formats  # noqa: E402
from feeds.management.commands import import_orders  # noqa: E402

LOADED = (config.urls, import_orders, formats())  # what the command would load first


def switch_to(place: str) -> None:
    """Let the models speak to another database of the same server, or to another file."""
    own = connections["default"]
    connections["default"] = type(own)({**own.settings_dict, "NAME": place}, "default")


def manage(place: str, arguments: list[str], report: Path, is_guarded: bool) -> None:
    """Do what manage.py does, on this database; report the seconds of the processor and the megabytes it took."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    switch_to(place)
    if not is_guarded:
        take_transactions_away()
    try:
        execute_from_command_line(["manage.py", *arguments])
    except SystemExit as ending:
        sys.exit(0 if ending.code == 1 else ending.code)  # 1: some orders were refused
    finally:
        told = Path("/proc/self/status").read_text(encoding="utf-8")
        kilobytes = int(told.partition("VmHWM:")[2].split()[0])
        report.write_text(json.dumps({"seconds": time.process_time(), "megabytes": kilobytes // 1_000}))


def _pretend() -> None:
    """Let what asks for an open transaction believe that there is one."""
    connections["default"].in_atomic_block = True


def take_transactions_away() -> None:
    """Let every statement stand alone, as if nobody had thought of transactions."""
    Atomic.__enter__ = lambda _: _pretend()  # type: ignore[method-assign]
    Atomic.__exit__ = lambda *_: None  # type: ignore[method-assign]
    QuerySet.select_for_update = lambda orders, **_: orders  # type: ignore[method-assign]
