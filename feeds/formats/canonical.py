"""Our own document, as JSON or one to a line."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from feeds.facts import Facts
from feeds.formats import Record
from feeds.json_formats import JsonFormat
from feeds.pruning import fields_of, pruned
from feeds.refusals import WHOLE, Fault, RecordRefused
from foundation.text import mask_cards
from orders.documents import OrderDocument
from orders.faults import faults_of


class Canonical(JsonFormat):
    """What Candor itself calls an order: nothing is translated."""

    name = "canonical"
    origin = "canonical"
    TAKES_OPTIONS = False
    TITLE = "A canonical document"
    MARKS = ("number", "seller", "lines")
    ENVELOPES = ("orders",)
    SELLER = "seller.name"
    NUMBER = "number"

    @classmethod
    def recognises(cls, sample: Any) -> bool:
        """Tell by the fields of the first order; in ours the seller is an object with a name."""
        first = next(cls.payloads(sample), None)
        return super().recognises(sample) and Facts(first).has("seller.name")

    def document(self, records: Sequence[Record]) -> OrderDocument:
        """Take the document as it is."""
        [record] = records
        try:
            return OrderDocument.model_validate_json(record.cells["payload"])
        except ValidationError as error:
            faults = [Fault(record.row, field or WHOLE, sentence) for field, sentence in faults_of(error)]
            raise RecordRefused(faults) from error

    def read_of(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Keep the fields of the document, with what looks like a card's number in a note masked as it would be."""
        read: dict[str, Any] = _masked(pruned(payload, fields_of(OrderDocument)))
        return read


def _masked(value: Any) -> Any:
    if isinstance(value, list):
        return [_masked(one) for one in value]
    if isinstance(value, dict):
        return {
            name: mask_cards(one) if name == "note" and isinstance(one, str) else _masked(one)
            for name, one in value.items()
        }
    return value


FORMAT = Canonical
