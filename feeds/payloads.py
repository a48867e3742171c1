"""What the formats of marketplaces' APIs share: each says in tables where its facts stand, and in words who and why."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pydantic import ValidationError

from cancellations.terms import PaymentMethod, Source
from feeds.cells import key_of
from feeds.facts import MISSING, Facts, Reader, facts_in
from feeds.formats import Record
from feeds.json_formats import JsonFormat
from feeds.pruning import NotedFacts, pruned, tree_of
from feeds.refusals import WHOLE, Fault, RecordRefused
from orders.documents import OrderDocument
from orders.faults import faults_of
from orders.models import Order

Status = Order.Status

FIRST_REVISION = 1
RANKS = [Status.AWAITING_PAYMENT, Status.PREPARING, Status.SHIPPED, Status.DELIVERED, Status.CANCELLED]
LONGEST_LABEL = 64
# One word, all capital, all small, or with a hump or an underscore.
CODE = re.compile(r"[A-Z0-9_-]+|[a-z0-9_-]+|\w+_\w+|[A-Z][a-z0-9]+([A-Z][a-z0-9]*)+")

# Found as whole words in the payment method's name; the first that is found decides.
METHODS = {
    "cash on delivery": PaymentMethod.CASH_ON_DELIVERY,
    "cod": PaymentMethod.CASH_ON_DELIVERY,
    "pay later": PaymentMethod.PAY_LATER,
    "paylater": PaymentMethod.PAY_LATER,
    "klarna": PaymentMethod.PAY_LATER,
    "bank transfer": PaymentMethod.BANK_TRANSFER,
    "internet banking": PaymentMethod.BANK_TRANSFER,
    "online banking": PaymentMethod.BANK_TRANSFER,
    "paypal": PaymentMethod.WALLET,
    "wallet": PaymentMethod.WALLET,
    "apple pay": PaymentMethod.WALLET,
    "google pay": PaymentMethod.WALLET,
    "card": PaymentMethod.CARD,
}


class PayloadFormat(JsonFormat):
    """A marketplace's own order. What a subclass does not name is not read: addresses, phones, names."""

    UPDATED: ClassVar[Reader]
    ORDER: ClassVar[Mapping[str, Reader]]
    BUYER: ClassVar[Mapping[str, Reader]]
    LINES: ClassVar[str]
    LINE: ClassVar[Mapping[str, Reader]]
    # To be raised whenever the same payload is to be read differently: then the newer reading wins over the other.
    REVISION: ClassVar[int] = FIRST_REVISION

    def document(self, records: Sequence[Record]) -> OrderDocument:
        """Make one document of one payload."""
        [record] = records
        return self.make(facts_in(record.cells["payload"], record.row, self.options.zone))

    def read_of(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Keep the fields that are asked for, whatever the order has come to."""
        read: dict[str, Any] = pruned(payload, tree_of(self.asked_of(payload)))
        return read

    def asked_of(self, payload: Mapping[str, Any]) -> set[str]:
        """Name the fields that are asked for: also those that matter only once its status is understood."""
        facts = NotedFacts(payload)
        self.fields(facts)
        self.cancellation(facts)
        for is_cancelled in (True, False):
            self.lines(facts, is_cancelled=is_cancelled)
        return {*facts.noted, self.NUMBER}

    def make(self, facts: Facts) -> OrderDocument:
        """Make the document. Raise RecordRefused with everything that is wrong."""
        fields = {} if facts.faults else self.fields(facts)
        if facts.faults:
            raise RecordRefused(facts.faults)
        try:
            return OrderDocument.model_validate(fields)
        except ValidationError as error:
            raise RecordRefused(
                [Fault(facts.row, self._field(field), sentence) for field, sentence in faults_of(error)]
            ) from error

    # What an order says

    def fields(self, facts: Facts) -> dict[str, Any]:
        """Gather the fields of the document."""
        said = facts.take(self.ORDER)
        facts.currency = said.get("currency") or self.options.currency
        label = self.label(facts)
        method = self.method(facts, label)
        is_cash = method == PaymentMethod.CASH_ON_DELIVERY
        status, lines, cancellation = self._ending(facts)
        read, updated = self.UPDATED
        times = [value for value in said.values() if isinstance(value, datetime)]
        return {
            **said,
            "payment_label": self.readable(label)[:LONGEST_LABEL],
            "payment_method": method,
            # With cash on delivery no money has moved before the parcel comes, and no payment is waited for.
            "paid_at": None if is_cash else said.get("paid_at"),
            "status": Status.PREPARING if is_cash and status == Status.AWAITING_PAYMENT else status,
            "version": version_of(read(facts, updated), status, times, self.REVISION),
            "currency": facts.currency,
            "seller": {"name": self.options.seller or facts.needed(self.SELLER)},
            "buyer": self._buyer(facts),
            "lines": lines,
            "cancellation": {**cancellation, "was_charged": False} if cancellation and is_cash else cancellation,
            "request": self.request(facts),
        }

    @abstractmethod
    def status(self, facts: Facts) -> Order.Status | None:
        """Read how far the order has come; None with a fault where that is not known."""

    @abstractmethod
    def cancellation(self, facts: Facts) -> dict[str, Any]:
        """Read who cancelled, why, when, and the money, of a cancelled order."""

    def request(self, facts: Facts) -> dict[str, Any] | None:
        """Read what the buyer asked the seller, and where it stands; None where the marketplace does not say."""
        return None

    def label(self, facts: Facts) -> str:
        """Read how the marketplace names the way of paying."""
        read, path = self.ORDER.get("payment_label", (Facts.text, "payment_label"))
        return str(read(facts, path))

    def readable(self, label: str) -> str:
        """Return the label as people may read it: empty where it is a code."""
        return label

    def method(self, facts: Facts, label: str) -> PaymentMethod:
        """Read how it is paid."""
        return method_of(label)

    def lines(self, facts: Facts, *, is_cancelled: bool) -> list[dict[str, Any]]:
        """Read the items."""
        return [self.line(line) for line in facts.parts(self.LINES)]

    def line(self, facts: Facts) -> dict[str, Any]:
        """Read one item."""
        return facts.take(self.LINE)

    def _ending(self, facts: Facts) -> tuple[Order.Status | None, list[dict[str, Any]], dict[str, Any] | None]:
        """Read the status, the items and the cancellation: an order whose every item is cancelled is cancelled."""
        status = self.status(facts)
        if facts.raw(self.LINES) is None:
            facts.find(self.LINES, MISSING)
        lines = self.lines(facts, is_cancelled=status == Status.CANCELLED)
        said = [line.get("cancellation") for line in lines if line.get("cancelled_quantity") == line["quantity"]]
        is_whole = bool(lines) and len(said) == len(lines)
        if status != Status.CANCELLED and not is_whole:
            return status, lines, None
        cancellation = self.cancellation(facts)
        if is_whole and said.count(said[0]) == len(said):  # said of every item alike, it is said of the order
            cancellation = {**cancellation, **(said[0] or {})}
            lines = [{**line, "cancelled_quantity": 0, "cancellation": None} for line in lines]
        return Status.CANCELLED, lines, cancellation

    def _buyer(self, facts: Facts) -> dict[str, str] | None:
        buyer = facts.take(self.BUYER)
        return buyer if any(buyer.values()) else None

    def _field(self, field: str) -> str:
        """Name a field of the document as the marketplace does."""
        first, _, rest = field.partition(".")
        place, _, name = rest.partition(".")
        if first == "lines" and name in self.LINE:
            return f"{self.LINES}.{place}.{self.LINE[name][1]}"
        if first == "buyer" and rest in self.BUYER:
            return self.BUYER[rest][1]
        return self.ORDER[field][1] if field in self.ORDER else field or WHOLE


def unless_code(label: str) -> str:
    """Return a name for people; the empty text for what only programs call so: bogus, shopify_payments, CREDIT_CARD."""
    return "" if CODE.fullmatch(label) else label


def method_of(label: str) -> PaymentMethod:
    """Tell how an order is paid by the name of the payment method."""
    if not label:
        return PaymentMethod.UNKNOWN
    words = key_of(label)
    found = (method for name, method in METHODS.items() if re.search(rf"\b{name}\b", words))
    return next(found, PaymentMethod.OTHER)


def source_of(word: str, sources: Mapping[str, Source]) -> Source:
    """Read who cancelled out of the marketplace's own list; what is not in it is not known."""
    return sources.get(word.casefold(), Source.UNKNOWN)


def version_of(
    updated: datetime | None, status: Order.Status | None, times: Iterable[datetime], revision: int = FIRST_REVISION
) -> int:
    """Return how new the statement is: by its own time of change, else by how far the order has come, and when last.

    What says when it was changed is newer than what does not.
    """
    rank = RANKS.index(status) if status else 0
    if updated:
        return (max(int(updated.timestamp() * 1000), 0) * 10 + rank) * 10 + revision
    last = max((int(time.timestamp()) for time in times), default=0)
    return (rank * 10**11 + max(last, 0)) * 10 + revision
