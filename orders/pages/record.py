"""The seller's own record, as a buyer reads it before buying again. Its numbers are on the seller's row."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.moments import plain_day
from foundation.shares import one_decimal, percent
from orders.models import Seller

# Under so many orders a share says more about chance than about the seller.
FEWEST_ORDERS = 20


@dataclass(frozen=True)
class SellerRecord:
    """What can be said of a seller."""

    seller: Seller

    @property
    def is_shown(self) -> bool:
        """Tell whether there are enough orders to say anything."""
        return (self.seller.record_orders or 0) >= FEWEST_ORDERS

    @property
    def share(self) -> str:
        """Which share of orders ended on the seller's side."""
        return percent(Decimal(self.seller.record_ended or 0) / (self.seller.record_orders or 1))

    @property
    def sentence(self) -> str:
        """Say that share, and what is typical."""
        if self.seller.record_typical is None:
            sentence = _("{share} of orders in 90 days ended for a reason on the seller's side.")
            return sentence.format(share=self.share)
        sentence = _("{share} of orders in 90 days ended for a reason on the seller's side; typical here: {typical}.")
        return sentence.format(share=self.share, typical=percent(self.seller.record_typical))

    @property
    def usual_days(self) -> str:
        """How soon the seller sends, when that is known."""
        days = self.seller.record_days
        if days is None:
            return ""
        if days == 0:
            return _("Usually sends on the same day.")
        return ngettext("Usually sends within {n} working day.", "Usually sends within {n} working days.", days).format(
            n=days
        )

    @property
    def rating(self) -> str:
        """The rating, where a feed gives one."""
        if self.seller.rating is None:
            return ""
        stars, count = one_decimal(self.seller.rating), self.seller.rating_count or 0
        sentence = ngettext("{stars} stars from {n} rating.", "{stars} stars from {n} ratings.", count)
        return sentence.format(stars=stars, n=number_format(count, force_grouping=True))

    @property
    def formula(self) -> str:
        """How the share came about."""
        sentence = _(
            "{ended} of {orders} orders placed in the 90 days up to {day} were cancelled for a reason on the seller's "
            "side. Orders that were split or merged are left out. Typical is the middle of all sellers with enough "
            "orders."
        )
        counted = {"ended": self.seller.record_ended, "orders": self.seller.record_orders}
        counts = {name: number_format(count or 0, force_grouping=True) for name, count in counted.items()}
        return sentence.format(**counts, day=plain_day(self.seller.record_on) if self.seller.record_on else "")
