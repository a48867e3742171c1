"""Mail about what a feed says: of news, not of the history that is imported with it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from cancellations.models import Refund
from cancellations.terms import Source
from orders.documents import BuyerDocument, OrderDocument
from orders.models import Mail
from orders.recording import record_orders
from tests.documents import (
    ORIGIN,
    cancellation_document,
    cancelled_document,
    line_document,
    order_document,
    refund_document,
)
from tests.mailers import subjects

pytestmark = pytest.mark.django_db
BUYER = "mai@example.org"
NAME = "Minh Long Ceramics"


@pytest.fixture
def record(
    buyer: User, seller_member: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Callable[..., None]:
    """Record documents of Mai's orders, and what follows the commit; leave in the outbox what they caused."""

    def do(*documents: OrderDocument) -> None:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            record_orders(documents, origin=ORIGIN)

    return do


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)


def ended(at: datetime | None, number: str = "A1", source: Source = Source.SELLER, **fields: Any) -> OrderDocument:
    code = {Source.SELLER: "out_of_stock", Source.BUYER: "changed_mind", Source.UNKNOWN: ""}[source]
    refunds = fields.pop("refunds", ())
    said = cancellation_document(source=source, reason=code, cancelled_at=at, refunds=refunds)
    return cancelled_document(number, cancellation=said, buyer=BuyerDocument(external_id="mai.nguyen"), **fields)


def test_a_fresh_cancellation_is_told(record):
    record(ended(ago(days=6)))
    assert subjects() == [f"{NAME} cancelled your order A1: out of stock"]


def test_the_seller_is_told_of_what_the_buyer_did_elsewhere(record):
    record(ended(ago(minutes=5), source=Source.BUYER))
    assert subjects(to="long@example.org") == ["The buyer cancelled order A1: do not send it"]
    assert subjects(to=BUYER) == ["You cancelled your order A1"]


def test_where_the_origin_does_not_say_who_it_was_the_buyer_is_told_that(record):
    record(ended(ago(minutes=5), source=Source.UNKNOWN))
    assert subjects() == ["Your order A1 was cancelled"]
    assert "By whom is not stated." in mail.outbox[0].body


@pytest.mark.parametrize("at", [ago(days=8), ago(days=900), None])
def test_history_is_told_to_nobody(record, at):
    record(ended(at))
    assert mail.outbox == []
    assert not Mail.objects.exists()


def test_how_long_news_is_news_can_be_set(record, settings: Settings):
    settings.MAIL_FRESH_DAYS = 1
    record(ended(ago(days=2), "A1"), ended(ago(hours=2), "A2"))
    assert subjects() == [f"{NAME} cancelled your order A2: out of stock"]


def test_zero_days_means_never(record, settings: Settings):
    settings.MAIL_FRESH_DAYS = 0
    record(ended(ago(seconds=1)))
    assert mail.outbox == []


def test_the_same_statement_again_is_told_once(record):
    document = ended(ago(days=1))
    record(document)
    record(document)
    assert mail.outbox == []


def test_a_correction_of_a_cancellation_that_was_told_is_not_told_again(record):
    at = ago(days=1)
    record(ended(at, version=1))
    record(ended(at, version=2, carrier="SPX"))
    assert mail.outbox == []


def test_some_items_are_told_as_some(record):
    said = cancellation_document(source=Source.SELLER, reason="out_of_stock", cancelled_at=ago(hours=1))
    line = line_document(quantity=3, cancelled_quantity=1, cancellation=said)
    record(order_document(buyer=BuyerDocument(external_id="mai.nguyen"), lines=[line]))
    assert subjects() == [f"{NAME} cancelled part of your order A1: out of stock"]
    assert "* 1 of 3: Ceramic bowl" in mail.outbox[0].body


def test_a_refund_that_comes_with_its_cancellation_is_told_with_it(record):
    record(ended(ago(days=1), refunds=[refund_document(state=Refund.State.SENT, sent_at=ago(hours=1))]))
    assert subjects() == [f"{NAME} cancelled your order A1: out of stock"]
    assert "The refund is on its way." in mail.outbox[0].body


@pytest.mark.parametrize(
    ("state", "dates", "subject"),
    [
        (Refund.State.SENT, {"sent_at": ago(hours=1)}, "is on its way"),
        (Refund.State.COMPLETED, {"completed_at": ago(hours=1)}, "is complete"),
        (Refund.State.FAILED, {"sent_at": ago(hours=1)}, "did not go through"),
        (Refund.State.FAILED, {"due_at": ago(days=2)}, "did not go through"),
    ],
)
def test_news_of_a_refund_is_told(record, state, dates, subject):
    old = ago(days=30)
    record(ended(old, version=1, refunds=[refund_document(state=Refund.State.DUE)]))
    assert mail.outbox == []
    record(ended(old, version=2, refunds=[refund_document(state=state, **dates)]))
    [told] = subjects()
    assert told.endswith(f"for order A1 {subject}")


@pytest.mark.parametrize("dates", [{"sent_at": ago(days=30)}, {}])
def test_old_and_undated_news_of_a_refund_is_history(record, dates):
    old = ago(days=40)
    record(ended(old, version=1, refunds=[refund_document(state=Refund.State.DUE)]))
    record(ended(old, version=2, refunds=[refund_document(state=Refund.State.SENT, **dates)]))
    assert mail.outbox == []


def test_a_batch_costs_the_same_statements_for_a_hundred_fresh_cancellations_as_for_ten(buyer, seller_member):
    assert statements("A", 10) == statements("B", 100)
    assert Mail.objects.count() == 220


def statements(prefix: str, count: int) -> int:
    documents = [ended(ago(hours=1), f"{prefix}{place}", source=Source.BUYER) for place in range(count)]
    with CaptureQueriesContext(connection) as queries:
        record_orders(documents, origin=ORIGIN)
    return len(queries)
