"""Which order a cancellation belongs to: the one that it ended, or the one of whose lines it took some.

A line names the cancellation that took from it last; takings before that are its earlier parts. A cancellation that its
origin took back belongs to none.
"""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from cancellations.models import Cancellation
from orders.models import Order
from orders.refusals import NotCancelledAnyMore

# How a query gets from a cancellation to its order.
WAYS = ("order", "lines__order", "earlier_parts__line__order")


def keys_of(cancellations: Iterable[int]) -> dict[int, int]:
    """Ask for the key of the order that each cancellation belongs to, by cancellation."""
    return {ended: order for ended, order, _number in _found(cancellations)}


def orders_of(cancellations: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Ask for the key and the number of the order that each cancellation belongs to, by cancellation."""
    return {ended: (order, number) for ended, order, number in _found(cancellations)}


def order_of(cancellation: Cancellation) -> Order:
    """Return the order that a cancellation belongs to. Raise NotCancelledAnyMore."""
    if key := keys_of([cancellation.pk]).get(cancellation.pk):
        return Order.objects.get(pk=key)
    raise NotCancelledAnyMore


def lock_order_of(cancellation: Cancellation) -> Order:
    """Lock the order that a cancellation belongs to. Raise NotCancelledAnyMore, also if it ceased to meanwhile."""
    order: Order = Order.objects.select_for_update().get(pk=order_of(cancellation).pk)  # lock first, look second
    if cancellation.pk not in keys_of([cancellation.pk]):
        raise NotCancelledAnyMore
    return order


def cancellations_of(number: str) -> set[int]:
    """Ask for the keys of the cancellations that belong to the order of this number."""
    found = [Cancellation.objects.filter(**{f"{way}__number": number}).values_list("pk", flat=True) for way in WAYS]
    return {key for keys in found for key in keys}


def belongs() -> Q:
    """Say which cancellations belong to an order: all but those that their origin took back."""
    said = Q()
    for way in WAYS:
        said |= Q(Exists(Cancellation.objects.filter(pk=OuterRef("pk"), **{f"{way}__isnull": False})))
    return said


def number_of(path: str) -> Coalesce:
    """Return the number of the order as an expression. `path` leads from the rows to their cancellation's key."""
    whole, *parts = WAYS
    of_this = Cancellation.objects.filter(pk=OuterRef(f"{path}pk")).order_by()
    return Coalesce(F(f"{path}{whole}__number"), *(Subquery(of_this.values(f"{way}__number")[:1]) for way in parts))


def _found(cancellations: Iterable[int]) -> Iterable[tuple[int, int, str]]:
    wanted = list(cancellations)
    for way in WAYS:
        belonging = Cancellation.objects.filter(pk__in=wanted, **{f"{way}__isnull": False})
        yield from belonging.values_list("pk", way, f"{way}__number")
