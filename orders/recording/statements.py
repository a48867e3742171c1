"""How the parts of a document fill their rows."""

from collections.abc import Sequence

from cancellations.mapping import ReasonBook, Understood
from cancellations.models import Cancellation, Refund
from cancellations.terms import Source
from orders.documents import CancellationDocument, RefundDocument, RequestDocument
from orders.models import CancellationRequest, Order, OrderLine

ORDER_FIELDS = (
    "number",
    "currency",
    "total",
    "payment_method",
    "payment_label",
    "placed_at",
    "paid_at",
    "ship_by",
    "shipped_at",
    "delivered_at",
    "carrier",
    "tracking_number",
)
LINE_FIELDS = ("title", "variant", "sku", "unit_price")
CANCELLATION_FIELDS = ("note", "cancelled_at", "was_charged")
REQUEST_FIELDS = ("note", "requested_at", "answer_by")
REFUND_FIELDS = (
    "amount",
    "method",
    "state",
    "due_at",
    "expected_by",
    "sent_at",
    "completed_at",
    "reference",
    "failure",
)

# Each document with the row it is about, if there is one, and the rows that no document is about.
type Pairs = tuple[list[tuple[Refund | None, RefundDocument]], list[Refund]]


def fill(
    row: Order | OrderLine | Cancellation | Refund | CancellationRequest, document: object, fields: Sequence[str]
) -> None:
    """Let the row say what the document says in these fields."""
    for field in fields:
        setattr(row, field, getattr(document, field))


def fill_cancellation(row: Cancellation, document: CancellationDocument, book: ReasonBook) -> None:
    """Let the row say who cancelled, why and when. A reason that was corrected here stays corrected.

    A note is its origin's all the same, and so is whose words it is.
    """
    understood = understand(document, book)
    fill(row, document, CANCELLATION_FIELDS)
    row.note_by = document.source if document.note else ""
    row.raw_reason = document.raw_reason or (document.reason if understood.key else "")
    row.raw_key = understood.key
    if getattr(row, "is_corrected", False):
        return
    row.source = document.source
    row.requested_by = document.requested_by or document.source
    if row.reason_id != understood.reason.pk:  # else it keeps the wording that its reader has read
        row.reason, row.wording_version = understood.reason, understood.wording_version


def understand(document: CancellationDocument, book: ReasonBook) -> Understood:
    """Find the reason that the document means."""
    return book.understand(document.source, code=document.reason, raw=document.raw_reason)


def understand_request(document: RequestDocument, book: ReasonBook) -> Understood:
    """Find the reason that the buyer means."""
    return book.understand(Source.BUYER, code=document.reason, raw=document.raw_reason)


def pair_refunds(known: Sequence[Refund], documents: Sequence[RefundDocument]) -> Pairs:
    """Pair documents with rows by reference, else in their order; what has no partner stands alone."""
    by_reference = {row.reference: row for row in known if row.reference}
    paired = [by_reference.pop(document.reference, None) for document in documents]
    rest = [row for row in known if row not in paired]
    for place, document in enumerate(documents):
        # Two that both have a reference, and not the same one, are two refunds.
        free = next((row for row in rest if not (row.reference and document.reference)), None)
        if paired[place] is None and free:
            paired[place] = free
            rest.remove(free)
    return [*zip(paired, documents, strict=True)], rest
