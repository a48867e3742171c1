"""One file of Shopee's export: its rows become documents."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from feeds.formats import Format, OptionRefused, Options, Record
from feeds.formats.shopee import reading
from feeds.formats.shopee.order import ExportedOrder
from feeds.formats.shopee.words import Edition
from feeds.refusals import FileRefused
from feeds.tables import Header, read_table
from foundation.text import one_line
from orders.documents import OrderDocument


class ShopeeExport(Format):
    """An export of Shopee's Seller Centre. Whose shop it is, the importer says."""

    name = "shopee"
    origin = "shopee"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        if not options.seller:
            raise OptionRefused("A Shopee export does not say whose shop it is: name it with --seller.")
        self.edition: Edition | None = None
        self.titles: dict[str, str] = {}

    @classmethod
    def recognises(cls, sample: Any) -> bool:
        """Tell by the header."""
        return isinstance(sample, Header) and reading.is_header(sample)

    def records(self, path: Path) -> Iterator[Record]:
        """Read the rows; what is not used, such as addresses, is dropped here."""
        rows = read_table(path, sheet="orders")
        header = next(rows, None)
        if header is None:
            raise FileRefused("It is empty.")
        columns = self._understand(header.cells)
        for row in rows:
            cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in columns.items()}
            if any(cells.values()):
                yield Record(cells["number"].lstrip("#") or f"row {row.number}", row.number, cells)

    def document(self, records: Sequence[Record]) -> OrderDocument:
        """Make one document of the rows of an order."""
        assert self.edition  # noqa: S101  (records() comes first)
        zone = self.options.zone or self.edition.zone
        assert zone  # noqa: S101
        order = ExportedOrder(records, edition=self.edition, titles=self.titles, zone=zone)
        return order.document(seller=self.options.seller, currency=self.options.currency or self.edition.currency)

    def context(self) -> dict[str, Any]:
        """Return the titles of the columns that are read: they tell the language, too."""
        return self.titles

    def resume(self, context: Mapping[str, Any]) -> None:
        """Go on in the language of these titles."""
        self._understand(list(context.values()))

    def _understand(self, header: Sequence[str]) -> dict[str, int]:
        self.edition = reading.edition_of(header)
        columns = reading.columns_of(header, self.edition)
        self.titles = {name: one_line(header[place]) for name, place in columns.items()}
        if not (self.options.currency or self.edition.currency):
            raise FileRefused("An English export does not say its currency: give it with --currency, as in SGD.")
        if not (self.options.zone or self.edition.zone):
            raise FileRefused("An English export does not say its time zone: give it with --time-zone, as in +08:00.")
        return columns
