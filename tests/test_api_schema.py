"""Whatever the API says of itself that may be sent, and much that may not: it answers as it says, never by an error."""

import json
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from feeds.connecting import connect_feed
from feeds.models import Feed
from tests.test_hostile_requests import signature

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_one_connection")]
api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
messages = count()


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Let the application keep the connection of the test, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def sign(case: Any) -> None:
    """Sign the request as a feed, so that what it holds is looked at."""
    feed = Feed.objects.first() or connect_feed(slug="market", name="The market")
    case.path_parameters["slug"] = feed.slug
    body = b"" if isinstance(case.body, NotSet) else case.body
    if not isinstance(body, bytes):  # an example that is tried again has been written already
        body = case.body = json.dumps(body).encode()
    message, at = f"m-{next(messages)}", int(time.time())
    case.headers.update(
        {
            "webhook-id": message,
            "webhook-timestamp": str(at),
            "webhook-signature": signature(feed.secret, message, at, body),
        }
    )


@api.parametrize()
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_it_answers_as_it_says(case: Any) -> None:
    sign(case)
    case.call_and_validate(
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ]
    )
