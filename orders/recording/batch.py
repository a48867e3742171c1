"""Record a batch of documents: one transaction, the same number of statements for fifty as for five hundred."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from cancellations.mapping import ReasonBook
from cancellations.models import Cancellation, Contest, Refund
from orders.documents import OrderDocument
from orders.models import CancellationRequest, Order, OrderLine
from orders.recording.buyers import find_buyers
from orders.recording.change import Change, Writing
from orders.recording.outcomes import NotUnderstood, Outcome, What
from orders.recording.readings import Reading, is_read_otherwise
from orders.recording.rows import Rows
from orders.recording.sellers import find_sellers
from orders.recording.statements import understand

# Each attempt that fails has met a row that another writer has committed since, and the next one finds it. Eight
# writers that begin with the same 300 new orders take up to ten.
MOST_ATTEMPTS = 30
ANOTHERS_NUMBER = (
    "An order with this number is known already, from another sender and of another seller. "
    "It stays as it is, and this one was not taken: two shops that count alike cannot share one installation."
)


def record_orders(
    documents: Sequence[OrderDocument], *, origin: str, dialect: str = "", reading: Reading = Reading.STATED
) -> list[Outcome]:
    """Record what an origin says about orders, all of it or nothing; answer per document, in the given order.

    `dialect` names whose words the reasons are, where that is not the origin itself: two shops of one marketplace
    are two origins, and their reasons are understood alike.
    The newer statement about an order wins, whatever arrives first: the one with the greater pair of version and
    digest (docs/decisions/0020). A cancellation that was made here is never undone. What another sender says of another
    seller's order is refused: it is another order that has the same number (docs/decisions/0090). Where a person added
    to what the origin says, what is known, read with another seller, currency or time zone, is stale or takes its
    place: the `reading` tells which (docs/decisions/0092).
    """
    for _attempt in range(MOST_ATTEMPTS - 1):
        try:
            return _record(documents, origin, dialect or origin, reading)
        except IntegrityError:
            continue  # another writer was first with the same new order, buyer or seller
    return _record(documents, origin, dialect or origin, reading)


@transaction.atomic
def _record(documents: Sequence[OrderDocument], origin: str, dialect: str, reading: Reading) -> list[Outcome]:
    book = ReasonBook.load(dialect)
    known = _lock(document.number for document in documents)
    theirs = _taken_numbers(known, origin)
    otherwise = set() if reading == Reading.STATED else _read_otherwise(documents, known, origin)
    kept, corrected = (set(), otherwise) if reading == Reading.CORRECTED else (otherwise, set())
    whats = _judge(documents, known, theirs, kept=kept, corrected=corrected)
    applied = sorted(
        (document for document, what in zip(documents, whats, strict=True) if what in {What.NEW, What.CHANGED}),
        key=lambda document: document.number,
    )
    _read_along([known[document.number] for document in applied if document.number in known])
    sellers = find_sellers(document.seller for document in applied)
    buyers = find_buyers(document.buyer for document in applied if document.buyer)
    writing = Writing(origin=origin, dialect=dialect, book=book, rows=Rows())
    for document in applied:
        order = known.get(document.number) or writing.rows.blanks.make(Order)
        buyer = buyers[document.buyer] if document.buyer else None
        Change(document, order, writing).apply(seller=sellers[document.seller.name], buyer=buyer)
    writing.rows.save()
    told = enumerate(zip(documents, whats, strict=True))
    return [_outcome(document, what, book, is_read_otherwise=place in kept) for place, (document, what) in told]


def _lock(numbers: Iterable[str]) -> dict[str, Order]:
    """Lock the orders that are there, always in the same order, so that two writers never wait for each other."""
    orders = Order.objects.select_for_update().filter(number__in=set(numbers)).order_by("number")
    return {order.number: order for order in orders}


def _taken_numbers(known: dict[str, Order], origin: str) -> dict[str, str]:
    """Return the numbers that belong to an order of another sender, each with the name of that order's seller."""
    theirs = [order for order in known.values() if order.origin != origin]
    prefetch_related_objects(theirs, "seller")  # read after their orders are locked
    return {order.number: order.seller.name for order in theirs}


def _read_otherwise(documents: Sequence[OrderDocument], known: dict[str, Order], origin: str) -> set[int]:
    """Return the places of the documents that are what the same sender said before, read with other options."""
    found = ((place, document, known.get(document.number)) for place, document in enumerate(documents))
    unlike = [
        (place, document, order)
        for place, document, order in found
        if order and order.origin == origin and order.origin_digest != document.digest
    ]
    prefetch_related_objects([order for *_, order in unlike], "seller")  # read after their orders are locked
    return {place for place, document, order in unlike if is_read_otherwise(document, order)}


def _judge(
    documents: Sequence[OrderDocument],
    known: dict[str, Order],
    theirs: dict[str, str],
    *,
    kept: set[int],
    corrected: set[int],
) -> list[What]:
    """Tell what each document is to its order: a document may also have a newer one beside it in the batch.

    `theirs` are the sellers of the orders that another sender spoke of last: they keep their numbers. The places of
    documents that read otherwise what is known: it is `kept`, or `corrected`, however new it looked.
    """
    anothers = [theirs.get(document.number, document.seller.name) != document.seller.name for document in documents]
    recorded = {number: (order.origin_version, order.origin_digest) for number, order in known.items()}
    stated = [(document.version, document.digest) for document in documents]
    newest: dict[str, tuple[int, str]] = dict(recorded)
    for place in corrected:
        newest.pop(documents[place].number, None)
    judged = list(zip(documents, stated, anothers, strict=True))
    for place, (document, statement, is_anothers) in enumerate(judged):
        if not is_anothers and place not in kept:
            newest[document.number] = max(statement, newest.get(document.number, (-1, "")))
    whats = []
    for place, (document, statement, is_anothers) in enumerate(judged):
        if is_anothers:
            whats.append(What.REFUSED)
        elif place in kept or statement < newest[document.number]:
            whats.append(What.STALE)
        elif recorded.get(document.number) == statement:
            whats.append(What.UNCHANGED)
        else:
            whats.append(What.CHANGED if document.number in known else What.NEW)
            recorded[document.number] = statement  # said twice in one batch, it is unchanged the second time
    return whats


def _read_along(orders: list[Order]) -> None:
    """Read what hangs on orders that change. Whoever writes it locks the order first, so it holds still too."""
    refunds = Refund.objects.order_by("pk")
    prefetch_related_objects(
        orders,
        Prefetch("cancellation", _cancellations()),
        Prefetch("cancellation__refunds", refunds),
        Prefetch("lines", OrderLine.objects.order_by("position")),
        Prefetch("lines__cancellation", _cancellations()),
        Prefetch("lines__cancellation__refunds", refunds),
        Prefetch("requests", CancellationRequest.objects.select_related("reason").order_by("pk")),
        "requests__lines",
    )


def _cancellations() -> QuerySet[Cancellation]:
    contests = Contest.objects.filter(cancellation=OuterRef("pk"))
    return Cancellation.objects.annotate(
        is_contested=Exists(contests), is_corrected=Exists(contests.filter(state=Contest.State.UPHELD))
    )


def _outcome(document: OrderDocument, what: What, book: ReasonBook, *, is_read_otherwise: bool) -> Outcome:
    if what == What.REFUSED:
        return Outcome(number=document.number, what=what, refusal=ANOTHERS_NUMBER)
    unclear = [said for said in document.cancellations if not understand(said, book).is_understood]
    return Outcome(
        number=document.number,
        what=what,
        is_read_otherwise=is_read_otherwise,
        cancelled_by=document.cancellation.source if document.cancellation else "",
        not_understood=tuple(NotUnderstood(said.source, said.raw_reason or said.reason) for said in unclear),
    )
