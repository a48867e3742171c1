"""Which sellers documents name."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from itertools import count

from django.db.models import Q
from django.utils.text import slugify

from orders.documents import SellerDocument
from orders.models import Seller
from orders.recording.rows import rewrite

MOST_CHARACTERS = 80
ROOM_FOR_A_NUMBER = 8


def find_sellers(documents: Iterable[SellerDocument]) -> dict[str, Seller]:
    """Find or make the seller of each name: the same name is the same seller, another name is another one.

    A seller may have got another name or address before the administration kept both (docs/decisions/0024): neither is
    a reason to make the same one twice.
    """
    named = {document.name: document for document in sorted(documents, key=_weight)}
    slugs = {slug for name in named for slug in _slugs(name)}
    found = list(Seller.objects.filter(Q(slug__in=slugs) | Q(name__in=named)).order_by("-pk"))
    taken = {seller.slug: seller for seller in found}
    eldest = {seller.name: seller for seller in found}
    sellers: dict[str, Seller] = {}
    for name in sorted(named):
        sellers[name] = _known(name, taken) or eldest.get(name) or Seller(name=name, slug=_free_slug(name, taken))
        taken[sellers[name].slug] = sellers[name]
    rated = [seller for name, seller in sellers.items() if _rate(seller, named[name]) and seller.pk]
    Seller.objects.bulk_create([seller for seller in sellers.values() if not seller.pk])
    rewrite(rated, ["rating", "rating_count"])
    return sellers


def new_seller(name: str) -> Seller:
    """Return a seller of this name, not saved yet, whom documents will find."""
    taken = {seller.slug: seller for seller in Seller.objects.filter(slug__in=_slugs(name))}
    return Seller(name=name, slug=_free_slug(name, taken))


def _slugs(name: str) -> list[str]:
    """Return the addresses a seller of this name may have: the readable one, unless another seller has it."""
    return [slug for slug in (_readable(name), _unique(name)) if slug]


def _readable(name: str) -> str:
    return slugify(name, allow_unicode=True)[:MOST_CHARACTERS].strip("-_")


def _unique(name: str, *, room: int = 0) -> str:
    digest = hashlib.blake2b(name.encode(), digest_size=6).hexdigest()
    return f"{_readable(name)[: MOST_CHARACTERS - 13 - room]}-{digest}".lstrip("-")


def _known(name: str, taken: dict[str, Seller]) -> Seller | None:
    holders = [taken[slug] for slug in _slugs(name) if slug in taken]
    return next((seller for seller in holders if seller.name == name), None)


def _free_slug(name: str, taken: dict[str, Seller]) -> str:
    """Return the first address that is free: two writers that make the same seller at once must choose the same one."""
    return next((slug for slug in _slugs(name) if slug not in taken), None) or _numbered(name)


def _numbered(name: str) -> str:
    """Give the address a number, where those without one belong to sellers who were given another name since."""
    stem = _unique(name, room=ROOM_FOR_A_NUMBER)
    taken = set(Seller.objects.filter(slug__startswith=f"{stem}-").values_list("slug", flat=True))
    return next(numbered for number in count(2) if (numbered := f"{stem}-{number}") not in taken)


def _rate(seller: Seller, document: SellerDocument) -> bool:
    """Take the rating that rests on more ratings than the known one; tell whether it did."""
    known = SellerDocument(name=seller.name, rating=seller.rating, rating_count=seller.rating_count)
    if _weight(document) <= _weight(known):
        return False
    seller.rating, seller.rating_count = document.rating, document.rating_count
    return True


def _weight(document: SellerDocument) -> tuple[int, Decimal]:
    """Sort the rating that rests on the most ratings last: documents may come in any order."""
    if document.rating is None or document.rating_count is None:
        return (-1, Decimal(0))
    return (document.rating_count, document.rating)
