"""Reading the environment, one function for each kind of value.

What is empty means the default. What cannot be meant ends the process with one sentence: a setting that is read
otherwise than it was written is noticed too late.
"""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import environ

SAME = {"on": "true", "yes": "true", "1": "true", "off": "false", "no": "false", "0": "false"}
SITE = re.compile(r"https?://(\[[\da-f:.]+\]|[\w-][\w.-]*)(:\d+)?(/[^\s?#]*)?", re.IGNORECASE)
MOST = 999_999_999
DATABASES = ("postgres://", "postgresql://", "sqlite://")


def read_file(path: Path) -> None:
    """Take variables from a file; those that are set already stay."""
    environ.Env.read_env(path)


def text(name: str, *, default: str = "") -> str:
    """Return a value as it was written: a password may begin with `$`, where django-environ would look further."""
    value = os.environ.get(name, "")
    return value if value.strip() else default


def items(name: str, *, default: Sequence[str] = ()) -> list[str]:
    """Return what stands between commas."""
    found = [item.strip() for item in text(name).split(",")]
    return [item for item in found if item] or list(default)


def number(name: str, *, default: int, least: int = 0, most: int = MOST) -> int:
    """Return a whole number."""
    value = text(name, default=str(default)).strip()
    if not re.fullmatch("[0-9]{1,9}", value) or int(value) < least:
        refuse(name, value, f"a whole number, {least} or more")
    if int(value) > most:
        refuse(name, value, f"a whole number, {most} or less")
    return int(value)


def choice(name: str, words: Sequence[str], *, default: str) -> str:
    """Return one of some words."""
    value = text(name, default=default).strip()
    word = value.lower()
    word = SAME.get(word, word)
    if word not in words:
        refuse(name, value, f"{', '.join(words[:-1])} or {words[-1]}")
    return word


def switch(name: str, *, default: bool) -> bool:
    """Tell whether something is on."""
    return choice(name, ["true", "false"], default=str(default)) == "true"


def site(name: str, *, default: str) -> str:
    """Return what addresses begin with, without a slash at its end."""
    value = text(name, default=default).strip().rstrip("/")
    if not SITE.fullmatch(value):
        refuse(name, value, "an address, as in https://candor.example")
    return value


def zone(name: str, *, default: str) -> str:
    """Return the name of a time zone."""
    value = text(name, default=default).strip()
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # not there; leads elsewhere; a folder of zones
        refuse(name, value, "a time zone, as in Europe/Berlin")
    return value


def database(name: str) -> dict[str, Any] | None:
    """Return a database as Django wants it, None where no address is given. Its password is never told."""
    address = text(name).strip()
    if not address:
        return None
    try:
        found: dict[str, Any] = environ.Env.db_url_config(address) if address.startswith(DATABASES) else {}
    except ValueError:
        found = {}
    if not found.get("NAME"):
        sys.exit(f"{name} must be an address, as in postgres://user:password@host/name.")
    return found


def refuse(name: str, value: str, wanted: str) -> NoReturn:
    """End the process and say what would do."""
    sys.exit(f"{name} is {value!r}: it must be {wanted}.")
