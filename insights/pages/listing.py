"""The list of a seller's orders: My Orders from the other side."""

from functools import cached_property

from cancellations.terms import Source
from insights import words
from orders.pages.cards import OrderCard
from orders.pages.listing import OrderListing


class SellerCard(OrderCard):
    """An order as its seller sees it in a list."""

    @property
    def ended(self) -> str:
        """Who ended it, said to the seller."""
        return str(words.SENTENCE_FOR_SELLER[Source(self.why.ended.source)]) if self.why else ""

    @property
    def label(self) -> str:
        """Why, in a few words."""
        return self.why.words.label if self.why else ""


class SellerListing(OrderListing):
    """One page of a seller's orders, as the address asks for it."""

    who = words.BY_FOR_SELLER
    fixed = ("seller",)

    @cached_property
    def cards(self) -> list[OrderCard]:
        """The cards of this page."""
        return [SellerCard(order) for order in self.page.orders]
