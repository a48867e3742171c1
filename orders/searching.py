"""What My Orders searches: one folded text per order, written when the order is.

A search for part of a word reads every text it looks through, so it looks through a fixed number: the buyer's newest
2,000 orders, in an index that holds the texts (PostgreSQL). An order further back is found by its whole number, or
by narrowing the dates.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import DateTimeField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from foundation.text import folded

MOST_CHARACTERS = 500
SEARCHED_ORDERS = 2_000
MOST_WORDS = 8
LONG_AGO = "0001-01-02T00:00:00+00:00"


def search_text_of(number: str, seller_name: str, items: Iterable[str]) -> str:
    """Join number, seller and what the items are called into the form that is searched, at most 500 characters."""
    return folded(" ".join([number, seller_name, *items]))[:MOST_CHARACTERS].rstrip()


def matching[Q: QuerySet[Any]](orders: Q, words: str) -> Q:
    """Keep the orders in whose text every word occurs, among the newest 2,000; and the one with exactly this number."""
    number = words.strip().lstrip("#")
    found = _newest(orders)
    for word in folded(words.replace("#", " ")).split()[:MOST_WORDS]:
        found = found.filter(search_text__contains=word)
    by_number = orders.filter(number__in=[number, number.upper()])
    return orders.filter(pk__in=found.order_by().values("pk").union(by_number.order_by().values("pk")))


def _newest[Q: QuerySet[Any]](orders: Q) -> Q:
    last = orders.order_by("-listed_at").values("listed_at")[SEARCHED_ORDERS - 1 : SEARCHED_ORDERS]
    cut = Coalesce(Subquery(last), Value(LONG_AGO), output_field=DateTimeField())
    return orders.filter(listed_at__gte=cut)
