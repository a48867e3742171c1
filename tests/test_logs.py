"""Log lines: JSON, with the request's id, without anybody's data."""

import json
import logging
import re
import smtplib
import sys
import time

import pytest
from django.http import Http404, HttpRequest
from django.test import Client

from foundation.logs import JsonLines, RequestFilter, request_id
from foundation.middleware import RequestIdMiddleware

DETAIL = 'new row violates check constraint\nDETAIL:  Failing row contains (1, ada@example.org, "line\n\nand line").'
COPY = 'value too long for type\nCONTEXT:  COPY accounts_user, line 2, column email: "ada@example.org\n\nand line"'


def record_of(error: Exception) -> logging.LogRecord:
    try:
        raise RuntimeError("It could not be written.") from error
    except RuntimeError:
        return logging.LogRecord("candor", logging.ERROR, __file__, 1, "Not recorded", None, sys.exc_info())


def test_a_line_is_json_and_carries_the_id_of_its_request() -> None:
    record = record_of(ValueError("short"))
    token = request_id.set("abc")
    RequestFilter().filter(record)
    request_id.reset(token)
    line = JsonLines("%(levelname)s %(message)s %(request_id)s").format(record)
    assert json.loads(line) | {"exc_info": ""} == {
        "levelname": "ERROR",
        "message": "Not recorded",
        "request_id": "abc",
        "exc_info": "",
    }


@pytest.mark.parametrize("said", [DETAIL, COPY, DETAIL + COPY[COPY.index("\n") :]])
def test_the_rows_in_a_database_error_are_left_out_and_what_follows_stays(said: str) -> None:
    line = JsonLines("%(message)s").format(record_of(ValueError(said)))
    assert "ada@example.org" not in line
    assert "and line" not in line
    assert said.partition("\n")[0] in line
    assert "It could not be written." in line


@pytest.mark.parametrize(
    "said",
    [
        "{'ada@example.org': (550, b'no such user <ada@example.org>')}",
        r"Header values can't contain newlines (got 'ada@exam\nple.org' for header 'To')",
        'No mailbox for "ada l"@example.org here',
    ],
)
def test_addresses_in_an_error_are_left_out_and_the_rest_stays(said: str) -> None:
    line = JsonLines("%(message)s").format(record_of(smtplib.SMTPException(said)))
    assert "(address)" in line
    assert not re.search(r"ada|example|ple\.org", line)
    assert "test_logs.py" in line
    assert "It could not be written." in line


def test_an_error_with_a_very_long_word_is_written_at_once() -> None:
    long = "x" * 1_000_000
    began = time.process_time()
    line = JsonLines("%(message)s").format(record_of(ValueError(f"{long} ada@example.org")))
    assert time.process_time() - began < 10  # by the square of its length, hours
    assert "(address)" in line
    assert "ada" not in line


def test_every_answer_names_the_id_of_its_request(client: Client) -> None:
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert len(first) == len(second) == 32
    assert first != second


def test_the_id_ends_with_the_request_even_when_that_fails() -> None:
    def fail(request: HttpRequest) -> None:
        assert request_id.get()
        raise Http404

    with pytest.raises(Http404):
        RequestIdMiddleware(fail)(HttpRequest())  # type: ignore[arg-type]
    assert request_id.get() == ""
