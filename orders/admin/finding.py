"""How administrators find orders: by what people say on the phone, each through an index of its own."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import User
from orders.models import EarlierPart, Order, OrderLine, Seller

MOST_PEOPLE = 100


def orders_found(orders: QuerySet[Order], words: str, *, path: str = "") -> QuerySet[Order]:
    """Keep orders with this number, or of a buyer or seller who is called this.

    Buyers and sellers are asked for first: one statement over three tables could use no index.
    `path` leads from the rows to their order, as in "order__".
    """
    buyers = User.objects.filter(Q(email=words.lower()) | Q(external_id=words) | Q(name__icontains=words))
    sellers = Seller.objects.filter(name__icontains=words)
    return orders.filter(
        Q(**{f"{path}number": words})
        | Q(**{f"{path}buyer__in": _keys(buyers)})
        | Q(**{f"{path}seller__in": _keys(sellers)})
    )


def cancellations_of(number: str) -> set[int]:
    """Ask for the cancellations of an order, and of its lines, earlier takings from the same line included."""
    whole = Order.objects.filter(number=number, cancellation__isnull=False).values_list("cancellation", flat=True)
    parts = OrderLine.objects.filter(order__number=number, cancellation__isnull=False)
    earlier = EarlierPart.objects.filter(line__order__number=number).values_list("cancellation", flat=True)
    return {*whole, *parts.values_list("cancellation", flat=True), *earlier}


def orders_of(cancellations: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Ask for the key and the number of the order that each cancellation ended, or took some lines of."""
    wanted = list(cancellations)
    whole = Order.objects.filter(cancellation__in=wanted).values_list("cancellation", "pk", "number")
    parts = OrderLine.objects.filter(cancellation__in=wanted).values_list("cancellation", "order", "order__number")
    earlier = EarlierPart.objects.filter(cancellation__in=wanted).values_list(
        "cancellation", "line__order", "line__order__number"
    )
    return {ended: (order, number) for ended, order, number in [*earlier, *parts, *whole]}


def _keys(people: QuerySet[User] | QuerySet[Seller]) -> list[int]:
    return list(people.order_by("pk").values_list("pk", flat=True)[:MOST_PEOPLE])
