"""An order as it is told: what somebody bought, how it went, how it ended. The clock says how far it has come."""

from decimal import Decimal
from functools import cached_property

from cancellations.terms import PaymentMethod, Source
from feeds.demo.files import Entry, Product, Shop, read_toml, shops
from orders.documents import BuyerDocument

FIRST_NUMBER = "5734-5926"  # the oldest order that was written by hand
UNPAID = frozenset({"payment_not_received", "payment_failed", "change_payment", "payment_difficult"})


class Ending(Entry):
    """Who ended an order, or a part of it, and why; `after` it was placed, where the reason's usual time is not meant.

    refund: how far the money comes: "" all the way, "due" or "sent" and no further, "failed", "none" (nothing is said).
    """

    by: Source
    reason: str = ""
    asked_by: Source | None = None
    after: str = ""
    note: str = ""
    raw: str = ""
    refund: str = ""
    failure: str = ""


class Asked(Entry):
    """What the buyer asked the seller at the marketplace, so long `after` the order was placed.

    answer_in is how long the seller has; without it, that is not stated.
    """

    after: str
    reason: str
    note: str = ""
    answer_in: str = ""


class Item(Entry):
    """One line. With an ending, `cancelled` of its quantity were cancelled by themselves."""

    sku: str
    variant: str = ""
    quantity: int = 1
    cancelled: int = 0
    ending: Ending | None = None


class Story(Entry):
    """One order. Fields named in `missing` are those that its origin does not state.

    ships_in (working days), late_by (working days after the promise) and transit (days) replace what is usual there.
    """

    number: str
    placed: str
    shop: str
    payment: PaymentMethod
    label: str = ""
    items: tuple[Item, ...]
    voucher: Decimal = Decimal(0)
    paid_after: str = ""
    ships_in: int | None = None
    late_by: int = 0
    transit: int | None = None
    ending: Ending | None = None
    asked: Asked | None = None
    missing: frozenset[str] = frozenset()
    buyer: BuyerDocument

    @cached_property
    def seller(self) -> Shop:
        """Where it was bought."""
        return shops()[self.shop]

    @property
    def is_cash(self) -> bool:
        """Tell whether it is paid at the door."""
        return self.payment == PaymentMethod.CASH_ON_DELIVERY

    @property
    def is_never_paid(self) -> bool:
        """Tell whether no money moves before it ends."""
        return self.is_cash or (self.ending is not None and self.ending.reason in UNPAID)

    @property
    def total(self) -> Decimal:
        """What it cost: the items, delivery, less a voucher."""
        items = sum((self.product(item).price * item.quantity for item in self.items), Decimal(0))
        return items + (self.seller.delivery if items < self.seller.free_from else 0) - self.voucher

    def product(self, item: Item) -> Product:
        """Return what was bought."""
        return self.seller.by_sku[item.sku]


def written_stories(name: str, buyer: BuyerDocument | None = None) -> list[Story]:
    """Read orders that were written by hand, for a buyer or each with its own; labels are how they usually pay."""
    told = read_toml(f"stories/{name}.toml")
    labels = told["labels"]
    return [
        Story.model_validate({"buyer": buyer, "label": labels.get(order["payment"], ""), **order})
        for order in told["order"]
    ]
