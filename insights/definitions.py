"""What the figures mean (docs/insights.md says the same in words; tests/test_insights_definitions.py by example)."""

from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from django.db.models import Q

from cancellations.codes import REPLACED
from cancellations.terms import Responsible

# An order that was split or merged lives on under other numbers: neither it nor its end is counted.
NOT_COUNTED = {REPLACED}
# What an inventory that is kept up to date would have prevented.
STOCK_OR_PRICE = {"out_of_stock", "pricing_error"}
# From how many orders on a reason keeps coming back.
OFTEN = 2
RECORD_DAYS = 90
FEWEST_SELLERS = 5

COUNTED_ORDERS = Q(cancellation__isnull=True) | ~Q(cancellation__reason__code__in=NOT_COUNTED)
COUNTED = Q(reason__isnull=True) | ~Q(reason__code__in=NOT_COUNTED)
ON_THE_SELLERS_SIDE = Q(reason__responsible=Responsible.SELLER)


def share(part: int, whole: int) -> Decimal | None:
    """Return a share to four digits; of nothing there is none."""
    return (Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole else None


def typical(shares: list[Decimal]) -> Decimal | None:
    """Return the middle of the sellers' shares; None where so few sellers would tell of one of them."""
    return median(shares).quantize(Decimal("0.0001"), ROUND_HALF_UP) if len(shares) >= FEWEST_SELLERS else None


def usual(days: dict[int, int]) -> int | None:
    """Return the number of days within which half of the orders were done; `days` says how many took how long."""
    half, passed = sum(days.values()) / 2, 0
    for count in sorted(days):
        passed += days[count]
        if passed >= half:
            return count
    return None
