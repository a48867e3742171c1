"""One statement, read in two ways: a person said whose shop it is, which currency or which time zone, and may be wrong.

What is known of an order and a document about it are one statement read otherwise, and not two (docs/decisions/0092).
"""

from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any

from pydantic import BaseModel

from orders.documents import OrderDocument
from orders.models import Order

FARTHEST = timedelta(hours=26)  # from one time zone to another: -12:00 to +14:00
STEP = timedelta(minutes=15)
SUMMER_TIME = timedelta(hours=1)
MOMENTS = ("placed_at", "paid_at", "ship_by", "shipped_at", "delivered_at")


class Reading(Enum):
    """Who answers for what documents say."""

    STATED = auto()  # their origin, for all of it: one that says another seller is another statement
    ADDED_TO = auto()  # a person added what the origin does not say: what is known, read otherwise, stays
    CORRECTED = auto()  # the person says that what was added before was wrong


def is_read_otherwise(document: OrderDocument, order: Order) -> bool:
    """Tell whether the document is what is known of the order, read with another seller, currency or time zone."""
    if document.version == order.origin_version:
        return _addition_of_document(document) != (order.seller.name, order.currency, order.placed_at)
    shift = _shift_between(document, order)
    return shift is not None and _shifted(document, order, shift).digest == order.origin_digest


def _addition_of_document(document: OrderDocument) -> tuple[str, str, datetime | None]:
    return document.seller.name, document.currency, document.placed_at


def _shift_between(document: OrderDocument, order: Order) -> timedelta | None:
    """Return by how much all moments are moved, if it is as another time zone moves them."""
    said = [getattr(document, name) for name in MOMENTS]
    known = [getattr(order, name) for name in MOMENTS]
    if [moment is None for moment in said] != [moment is None for moment in known]:
        return None
    shifts = [after - before for before, after in zip(said, known, strict=True) if before]
    if document.placed_at is None or not all(_is_of_a_zone(shift) for shift in shifts):
        return None
    return shifts[0] if max(shifts) - min(shifts) <= SUMMER_TIME else None


def _is_of_a_zone(shift: timedelta) -> bool:
    return bool(shift) and abs(shift) <= FARTHEST and not shift % STEP


def _shifted(document: OrderDocument, order: Order, shift: timedelta) -> OrderDocument:
    """Restate the document as the order was read: its seller, its currency, its moments."""
    moved: OrderDocument = _moved(document, shift)
    seller = moved.seller.model_copy(update={"name": order.seller.name})
    # Their own, for summer time may lie between two of them.
    moments = {name: _in_our_time(getattr(order, name)) for name in MOMENTS}
    return moved.model_copy(update={"seller": seller, "currency": order.currency, **moments})


def _in_our_time(moment: datetime | None) -> datetime | None:
    return moment and moment.astimezone(UTC)


def _moved(value: Any, shift: timedelta) -> Any:
    if isinstance(value, datetime):
        return value + shift
    if isinstance(value, tuple):
        return tuple(_moved(one, shift) for one in value)
    if isinstance(value, BaseModel):
        # Made anew: a copy would take along the digest that was worked out already.
        return value.model_construct(**{name: _moved(getattr(value, name), shift) for name in type(value).model_fields})
    return value
