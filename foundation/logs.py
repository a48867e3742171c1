"""Log lines: JSON, with the request's id, without anybody's data."""

import logging
import re
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

# Up to the next exception of the chain: a value may go over several lines.
_ROWS = re.compile(r"\n(?:DETAIL|CONTEXT):.*?(?=\n\n(?:The above exception was|During handling of)|\Z)", re.DOTALL)
# What mail servers and their library say names whom the mail was for. Looked for from where a word begins: from each
# letter of it, a word of a million letters would take hours.
_ADDRESSES = re.compile(r"""(?:"[^"\n]*"|(?<![^\s<>"'(),:;@\[\]{}])[^\s<>"'(),:;@\[\]{}]+)@[^\s<>"'(),:;@\[\]{}]+""")

request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestFilter(logging.Filter):
    """Put the id of the request that is being served on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class JsonLines(JsonFormatter):
    """Write a record as one line of JSON.

    Of exceptions are left out the rows that PostgreSQL says after an error, and everybody's e-mail address.
    """

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the name is logging's)
        return _ADDRESSES.sub("(address)", _ROWS.sub("", str(super().formatException(ei))))
