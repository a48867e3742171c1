"""The canonical document: the one form in which an order arrives, whatever wrote it.

Every feed turns what it reads into these; orders.recording takes nothing else. What the origin does not say stays
missing (None or an empty text), what it says too much (addresses, phones, card numbers) is dropped here.
"""

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cancellations.models import Refund
from cancellations.terms import PaymentMethod, Source
from orders.fields import Amount, AmountAboveZero, Code, Currency, Day, Email, Line, Moment, Note, Number, Rating
from orders.models import CancellationRequest, Order

MOST_LINES = 1_000


class Document(BaseModel):
    """What all parts share: exact types, unknown fields dropped, nothing changed afterwards."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, use_enum_values=False)


class RefundDocument(Document):
    """One payment back to the buyer, in the order's currency.

    It never goes back as cash on delivery. One that is due has no sent_at; completed_at is of a completed one, failure
    of a failed one.
    """

    amount: AmountAboveZero
    method: PaymentMethod = PaymentMethod.UNKNOWN
    state: Refund.State = Refund.State.DUE
    due_at: Moment | None = None
    expected_by: Day | None = None
    sent_at: Moment | None = None
    completed_at: Moment | None = None
    reference: Line(100) = ""  # type: ignore[valid-type]
    failure: Line(500) = ""  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _dates_fit_the_state(self) -> Self:
        if self.method == PaymentMethod.CASH_ON_DELIVERY:
            raise ValueError("Cash on delivery cannot be refunded this way: name how the money goes back.")
        if self.state == Refund.State.DUE and self.sent_at:
            raise ValueError("A refund that is due has not been sent: leave sent_at out, or say sent.")
        if self.state != Refund.State.COMPLETED and self.completed_at:
            raise ValueError("completed_at belongs to a completed refund.")
        if self.state != Refund.State.FAILED and self.failure:
            raise ValueError("failure belongs to a failed refund.")
        return self


class CancellationDocument(Document):
    """Who ended it, why and when, as the origin itself states it; never a guess."""

    source: Source
    requested_by: Source | None = None
    reason: Code = ""
    raw_reason: Line(500) = ""  # type: ignore[valid-type]
    note: Note = ""
    cancelled_at: Moment | None = None
    was_charged: bool | None = None
    refunds: Annotated[tuple[RefundDocument, ...], Field(max_length=50, strict=False)] = ()


class LineDocument(Document):
    """One item. A part-cancellation is a record of its own per line, with the money that goes back for that line.

    A cancelled_quantity, at most the quantity, and its cancellation come together.
    """

    title: Line(500, least=1)  # type: ignore[valid-type]
    variant: Line(300) = ""  # type: ignore[valid-type]
    sku: Line(100) = ""  # type: ignore[valid-type]
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    unit_price: Amount | None = None
    cancelled_quantity: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    cancellation: CancellationDocument | None = None

    @model_validator(mode="after")
    def _cancelled_quantity_fits(self) -> Self:
        if self.cancelled_quantity > self.quantity:
            raise ValueError(f"{self.cancelled_quantity} of {self.quantity} cannot be cancelled.")
        if (self.cancelled_quantity > 0) != (self.cancellation is not None):
            raise ValueError("A cancelled quantity and its cancellation come together.")
        return self


ANSWERS = {CancellationRequest.State.APPROVED, CancellationRequest.State.DECLINED}


class RequestedLineDocument(Document):
    """Some of a line that the buyer asks to cancel; the first line has position 1."""

    position: Annotated[int, Field(ge=1, le=MOST_LINES)]
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]


class RequestDocument(Document):
    """What the buyer asked the seller last, at the origin, and where it stands there.

    decided_by is who approved or declined it, where the origin says so; a buyer withdraws, and silence approves when
    nobody answered in time. Without lines the whole order is meant. requested_at tells a second request from the first.
    An open request has no decided_at; answer_by lies after requested_at; decline_reason is of a declined one;
    decided_by is of an approved or a declined one, and never the buyer; each line is asked for once.
    """

    state: CancellationRequest.State
    reason: Code = ""
    raw_reason: Line(500) = ""  # type: ignore[valid-type]
    note: Note = ""
    requested_at: Moment | None = None
    answer_by: Moment | None = None
    decided_at: Moment | None = None
    decided_by: Source | None = None
    decline_reason: Note = ""
    lines: Annotated[tuple[RequestedLineDocument, ...], Field(max_length=MOST_LINES, strict=False)] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.state == CancellationRequest.State.OPEN and self.decided_at:
            raise ValueError("A request that is open has not been decided: leave decided_at out, or say how it ended.")
        if self.decided_by and self.state not in ANSWERS:
            raise ValueError("decided_by belongs to an approved or a declined request.")
        if self.decided_by == Source.BUYER:
            raise ValueError("A buyer does not decide their own request: say that it was withdrawn.")
        if self.state != CancellationRequest.State.DECLINED and self.decline_reason:
            raise ValueError("decline_reason belongs to a declined request.")
        if self.requested_at and self.answer_by and self.answer_by <= self.requested_at:
            raise ValueError("answer_by must lie after requested_at.")
        if len({line.position for line in self.lines}) != len(self.lines):
            raise ValueError("Each line is asked for once: add the quantities up.")
        return self


class BuyerDocument(Document):
    """Who bought: the marketplace's id, an e-mail address, or both; one of them is there."""

    external_id: Line(200) = ""  # type: ignore[valid-type]
    email: Email = ""
    name: Line(200) = ""  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _known_by_something(self) -> Self:
        if not self.external_id and not self.email:
            raise ValueError("A buyer has an external_id, an email, or both.")
        return self


class SellerDocument(Document):
    """Who sold. A rating comes with the number of ratings behind it."""

    name: Line(200, least=1)  # type: ignore[valid-type]
    rating: Rating | None = None
    rating_count: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None

    @model_validator(mode="after")
    def _rating_with_its_count(self) -> Self:
        if (self.rating is None) != (self.rating_count is None):
            raise ValueError("A rating comes with the number of ratings behind it.")
        return self


class OrderDocument(Document):
    """A full snapshot of one order, as its origin sees it at `version`.

    An order is cancelled exactly when it has a cancellation, and it is when each of its lines is cancelled whole. An
    amount needs a currency. What is paid in cash on delivery has no paid_at. A request asks for lines that are there,
    and for no more of one than there is. Texts hold no control characters and no marks that turn the writing
    direction.
    """

    number: Number
    version: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    seller: SellerDocument
    buyer: BuyerDocument | None = None
    status: Order.Status
    currency: Currency = ""
    total: Amount | None = None
    payment_method: PaymentMethod = PaymentMethod.UNKNOWN
    payment_label: Line(64) = ""  # type: ignore[valid-type]
    placed_at: Moment | None = None
    paid_at: Moment | None = None
    ship_by: Moment | None = None
    shipped_at: Moment | None = None
    delivered_at: Moment | None = None
    carrier: Line(100) = ""  # type: ignore[valid-type]
    tracking_number: Line(100) = ""  # type: ignore[valid-type]
    lines: Annotated[tuple[LineDocument, ...], Field(max_length=MOST_LINES, strict=False)]
    cancellation: CancellationDocument | None = None
    request: RequestDocument | None = None

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        if (self.status == Order.Status.CANCELLED) != (self.cancellation is not None):
            raise ValueError("An order is cancelled exactly when it has a cancellation.")
        if not self.currency and any(amount is not None for amount in self._amounts()):
            raise ValueError("An amount needs a currency.")
        if self.payment_method == PaymentMethod.CASH_ON_DELIVERY and self.paid_at:
            raise ValueError("A cash-on-delivery order is not paid in advance: leave paid_at out.")
        kept = sum(line.quantity - line.cancelled_quantity for line in self.lines)
        if self.lines and kept == 0 and self.status != Order.Status.CANCELLED:
            raise ValueError("An order whose every line is cancelled is a cancelled order.")
        return self

    @model_validator(mode="after")
    def _asks_for_what_is_there(self) -> Self:
        for asked in self.request.lines if self.request else ():
            if asked.position > len(self.lines):
                raise ValueError(f"The request asks for line {asked.position}, and the order has {len(self.lines)}.")
            line = self.lines[asked.position - 1]
            if asked.quantity > line.quantity:
                raise ValueError(f"The request asks for {asked.quantity} of {line.quantity} of line {asked.position}.")
        return self

    @property
    def cancellations(self) -> list[CancellationDocument]:
        """The cancellation of the whole order, and those of single lines."""
        all_of_them = (self.cancellation, *(line.cancellation for line in self.lines))
        return [cancellation for cancellation in all_of_them if cancellation]

    def _amounts(self) -> Iterator[Decimal | None]:
        yield self.total
        yield from (line.unit_price for line in self.lines)
        for cancellation in self.cancellations:
            yield from (refund.amount for refund in cancellation.refunds)

    @cached_property
    def digest(self) -> str:
        """Return 32 characters that differ whenever anything but the version does.

        Worked out once: a batch asks for it when it judges the document, and when it records it.
        """
        # Without defaults, so that a field that is added to this model one day changes no digest of today.
        content = self.model_dump_json(exclude={"version"}, exclude_defaults=True)
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
