"""The list of a seller's orders: My Orders from the other side."""

from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cancellations.terms import Source
from insights import words
from orders.pages.cards import OrderCard
from orders.pages.listing import OrderListing
from orders.words.request import request_brief


class SellerCard(OrderCard):
    """An order as its seller sees it in a list."""

    @property
    def ended(self) -> str:
        """Who ended it, said to the seller."""
        return str(words.SENTENCE_FOR_SELLER[Source(self.why.ended.source)]) if self.why else ""

    @property
    def request_news(self) -> SafeString:
        """Until when the seller has to answer ("" where nothing was asked)."""
        asked = self.open_request
        if asked is None:
            return SafeString()
        return request_brief(asked, seller=self.order.seller.name, is_for_seller=True)

    @property
    def label(self) -> str:
        """Why, in a few words."""
        return self.why.words.label if self.why else ""


class SellerListing(OrderListing):
    """One page of a seller's orders, as the address asks for it."""

    who = words.BY_FOR_SELLER
    searched = _("Order number or item")
    fixed = ("seller",)

    @cached_property
    def cards(self) -> list[OrderCard]:
        """The cards of this page."""
        return [SellerCard(order) for order in self.page.orders]
