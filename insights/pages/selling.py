"""The seller's insight: what ended, why, and what of it is theirs to fix."""

from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from cancellations.terms import Responsible
from foundation.shares import percent
from insights import words
from insights.definitions import FEWEST_SELLERS, RECORD_DAYS
from insights.pages.answers import Answers
from insights.pages.breakdown import Breakdown
from insights.pages.figures import Figures
from insights.pages.links import SellerOrders
from insights.pages.losses import items_table, leaving_table, parts_table
from insights.pages.promises import Shipping
from insights.tables import Figure, Table
from insights.windows import Window
from orders.models import Seller
from orders.pages.record import SellerRecord

DAYS = (7, 30, 90)


class SellerInsight:
    """Everything that the seller's page shows of one window."""

    def __init__(self, seller: Seller, *, days: int) -> None:
        self.seller, self.days = seller, days
        self.window = Window.of_days(days, until=timezone.localdate())
        self.figures = Figures(seller, self.window)
        self.orders = SellerOrders(seller, self.window)
        self.breakdown = Breakdown(self.figures)
        self.answers = Answers(self.breakdown)
        self.shipping = Shipping(self.orders)

    # What is said first

    @property
    def sentence(self) -> str:
        """The seller's own share, with its numerator and denominator."""
        own = self.figures.share
        if own is None:
            return _("There were no orders in the last {days} days.").format(days=self.days)
        return words.seller_sentence(ended=self.figures.ended, orders=self.figures.orders, share=own, days=self.days)

    @property
    def change(self) -> str:
        """How the share has changed."""
        own = self.figures.share
        return "" if own is None else words.change_sentence(own, self.figures.share_before, days=self.days)

    @property
    def typical(self) -> str:
        """What is typical here, over the days of the record; nothing under so few sellers."""
        if self.seller.record_typical is None:
            return _("Fewer than {fewest} sellers have enough orders to compare with.").format(fewest=FEWEST_SELLERS)
        sentence = _("For the typical seller here it is {share}, over {days} days.")
        return sentence.format(share=percent(self.seller.record_typical), days=RECORD_DAYS)

    @property
    def lead(self) -> list[Figure]:
        """The numbers of the first sentence, and the usual time to send."""
        own = Figure.of(_("On your side"), self.figures.ended, self.orders(side=Responsible.SELLER))
        every = Figure.of(_("Cancelled in all"), self.figures.cancelled, self.orders(status="cancelled"))
        placed = Figure.of(_("Orders"), self.figures.orders, self.orders())
        usual = self.shipping.usual_figure
        return [own, every, placed, *([usual] if usual else [])]

    @property
    def record(self) -> SellerRecord:
        """What buyers read of this seller beside their orders."""
        return SellerRecord(self.seller)

    # Tables

    @property
    def splits(self) -> list[Table]:
        """Who, and on whose side: the two that stand beside each other."""
        return [self.breakdown.by_source, self.breakdown.by_side]

    @cached_property
    def items(self) -> Table:
        """What was out of stock or wrongly priced."""
        return items_table(self.orders)

    @cached_property
    def parts(self) -> Table:
        """What was cancelled of orders that did not end."""
        return parts_table(self.figures, self.orders)

    @cached_property
    def leaving(self) -> Table:
        """The days on which orders that ended on the seller's side leave the window."""
        return leaving_table(self.figures, self.orders)

    @property
    def tables(self) -> dict[str, Table]:
        """Every table that can be downloaded, by its key."""
        of_orders = (*self.splits, self.breakdown.by_reason, self.breakdown.over_time.table)
        tables = (*of_orders, self.items, self.parts, self.leaving, self.answers.waiting, self.shipping.table)
        return {table.key: table for table in tables}
