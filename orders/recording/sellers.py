"""Which sellers documents name."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal

from django.utils.text import slugify

from orders.documents import SellerDocument
from orders.models import Seller
from orders.recording.rows import rewrite

MOST_CHARACTERS = 80


def find_sellers(documents: Iterable[SellerDocument]) -> dict[str, Seller]:
    """Find or make the seller of each name: the same name is the same seller, another name is another one."""
    named = {document.name: document for document in sorted(documents, key=_weight)}
    taken = _taken(named)
    sellers: dict[str, Seller] = {}
    for name in sorted(named):
        sellers[name] = _seller(name, taken)
        taken[sellers[name].slug] = sellers[name]
    rated = [seller for name, seller in sellers.items() if _rate(seller, named[name]) and seller.pk]
    Seller.objects.bulk_create([seller for seller in sellers.values() if not seller.pk])
    rewrite(rated, ["rating", "rating_count"])
    return sellers


def new_seller(name: str) -> Seller:
    """Return a seller of this name, not saved yet, whom documents will find."""
    return _seller(name, _taken([name]))


def _taken(names: Iterable[str]) -> dict[str, Seller]:
    slugs = {slug for name in names for slug in _slugs(name)}
    return {seller.slug: seller for seller in Seller.objects.filter(slug__in=slugs)}


def _slugs(name: str) -> list[str]:
    """Return the addresses a seller of this name may have: the readable one, unless another seller has it."""
    readable = slugify(name, allow_unicode=True)[:MOST_CHARACTERS].strip("-_")
    digest = hashlib.blake2b(name.encode(), digest_size=6).hexdigest()
    unique = f"{readable[: MOST_CHARACTERS - 13]}-{digest}".lstrip("-")
    return [slug for slug in (readable, unique) if slug]


def _seller(name: str, taken: dict[str, Seller]) -> Seller:
    slugs = _slugs(name)
    known = [taken[slug] for slug in slugs if slug in taken and taken[slug].name == name]
    return known[0] if known else Seller(name=name, slug=next(slug for slug in slugs if slug not in taken))


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
