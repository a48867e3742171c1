"""How administrators find orders: by what people say on the phone, each through an index of its own."""

from django.db.models import Q, QuerySet

from accounts.models import User
from orders.models import Order, Seller

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


def _keys(people: QuerySet[User] | QuerySet[Seller]) -> list[int]:
    return list(people.order_by("pk").values_list("pk", flat=True)[:MOST_PEOPLE])
