"""Canonical documents of what has come to pass in the lives of orders."""

from typing import Any

from pydantic import BaseModel

from feeds.demo.clock import span
from feeds.demo.endings import Ended, part_of, whole_of
from feeds.demo.files import Shop
from feeds.demo.lives import Life
from feeds.demo.stories import Item, Story
from orders.documents import (
    CancellationDocument,
    LineDocument,
    OrderDocument,
    RefundDocument,
    RequestDocument,
    SellerDocument,
)
from orders.models import CancellationRequest, Order

FROM_THE_LIFE = (
    "status",
    "placed_at",
    "paid_at",
    "ship_by",
    "shipped_at",
    "delivered_at",
    "carrier",
    "tracking_number",
)
FROM_THE_END = ("amount", "method", "state", "expected_by", "sent_at", "completed_at", "reference", "failure")


def order_document(life: Life) -> OrderDocument:
    """Tell an order as far as it has come."""
    story = life.story
    return told(
        OrderDocument,
        story,
        **{field: getattr(life, field) for field in FROM_THE_LIFE},
        number=story.number,
        version=life.clock.version,
        seller=seller_document(story.seller),
        buyer=story.buyer,
        currency=story.seller.currency,
        total=story.total,
        payment_method=story.payment,
        payment_label=story.label,
        lines=tuple(line_document(life, item) for item in story.items),
        cancellation=cancellation_document(whole_of(life)),
        request=request_document(life),
    )


def seller_document(shop: Shop) -> SellerDocument:
    """Tell who sells."""
    return SellerDocument(name=shop.name, rating=shop.rating, rating_count=shop.rating_count)


def line_document(life: Life, item: Item) -> LineDocument:
    """Tell of an item, and how a part of it ended by itself."""
    product, ended = life.story.product(item), part_of(life, item)
    return told(
        LineDocument,
        life.story,
        title=product.title,
        variant=item.variant,
        sku=item.sku,
        quantity=item.quantity,
        unit_price=product.price,
        cancelled_quantity=item.cancelled if ended else 0,
        cancellation=cancellation_document(ended),
    )


def cancellation_document(ended: Ended | None) -> CancellationDocument | None:
    """Tell who ended it, why and when."""
    if ended is None:
        return None
    return told(
        CancellationDocument,
        ended.life.story,
        source=ended.ending.by,
        requested_by=ended.ending.asked_by,
        reason=ended.ending.reason,
        raw_reason=ended.ending.raw,
        note=ended.ending.note,
        cancelled_at=ended.at,
        was_charged=ended.was_charged,
        refunds=(refund_document(ended),) if ended.has_refund else (),
    )


def request_document(life: Life) -> RequestDocument | None:
    """Tell what the buyer asked at the marketplace, as long as it waits for an answer."""
    asked = life.story.asked
    if asked is None or life.status != Order.Status.PREPARING:
        return None
    asked_at = life.placed_at + span(asked.after)
    return RequestDocument(
        state=CancellationRequest.State.OPEN,
        reason=asked.reason,
        note=asked.note,
        requested_at=asked_at,
        answer_by=asked_at + span(asked.answer_in) if asked.answer_in else None,
    )


def refund_document(ended: Ended) -> RefundDocument:
    """Tell how far the money is on its way back."""
    facts = {field: getattr(ended, field) for field in FROM_THE_END}
    return told(RefundDocument, ended.life.story, due_at=ended.at, **facts)


def told[Part: BaseModel](document: type[Part], story: Story, **facts: Any) -> Part:
    """Make a document, without the facts that the origin of the story does not state."""
    return document(**{field: None if field in story.missing else fact for field, fact in facts.items()})
