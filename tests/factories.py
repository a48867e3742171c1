"""Rows for tests, believable and the same in every run.

An order is paid and being prepared unless a trait says otherwise:

    OrderFactory(buyer=buyer, cancelled=True, source="seller", reason_code="out_of_stock", paid=True)
    OrderFactory(shipped=True, lines=3, lines__title="Rice cooker, 1.8 l")
    OrderFactory(cash_on_delivery=True, lines__part_cancelled=True)
    OrderFactory(cancelled=True, cancellation__note="I found the charger I had lost.")
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from accounts.models import MutedMail, User
from cancellations.aliases import alias_key
from cancellations.models import Alias, Cancellation, Contest, Feedback, Reason, Refund, RefundTime, Wording
from cancellations.terms import Instead, PaymentMethod, Responsible, Source
from feeds.models import Delivery, Feed, Problem, Refused, Run
from insights.models import Cursor, SellerDay, SellerItem, SellerShipping
from orders.models import (
    CancellationRequest,
    Conflict,
    EarlierPart,
    Event,
    Mail,
    Order,
    OrderLine,
    RequestedLine,
    Seller,
)
from orders.searching import search_text_of

MOMENT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # a Monday
PASSWORD = "a calm and honest shop"
PEOPLE = ["Mai Nguyễn", "Ana Souza", "Tomasz Wójcik", "Siti Rahma", "نور الهدى", "Jean-Luc Étienne", "Grace Okafor"]
SHOPS = ["Minh Long Ceramics", "Northwind Audio", "Batik Sari", "Ofra's Garden", "Hallgrímur & Daughters", "陶瓷之家"]
ITEMS = [
    "Rice cooker, 1.8 l",
    "Cotton T-shirt",
    "USB-C charger, 65 W",
    "Ceramic bowl, set of four",
    "Running shoes",
    "LED desk lamp with a clamp",
    "Stainless steel bottle, 750 ml",
]
USUAL_REASON = {
    Source.BUYER: "changed_mind",
    Source.SELLER: "out_of_stock",
    Source.SYSTEM: "payment_not_received",
    Source.UNKNOWN: "not_stated",
}


def _one_of(values: list[str]) -> factory.Sequence:
    return factory.Sequence(lambda n: values[n % len(values)])


class Factory(DjangoModelFactory):
    """What all factories share."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True


class UserFactory(Factory):
    """Somebody who has proved an e-mail address and may sign in; `unclaimed=True`: one a feed made."""

    class Meta:
        model = User

    class Params:
        unclaimed = factory.Trait(
            email=None, external_id=factory.Sequence(lambda n: f"user{n + 1:05}"), password=None, address=False
        )
        staff = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"person{n + 1}@example.org")
    name = _one_of(PEOPLE)
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        return model_class.objects.create_user(*args, **fields)

    @factory.post_generation
    def address(user: User, create: bool, proved: bool | None, **_: Any) -> None:  # noqa: N805  (not a method)
        """Prove the e-mail address; `address=False` leaves it unproved."""
        if create and user.email and proved is not False:
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


class MutedMailFactory(Factory):
    """A kind of mail that somebody does not want."""

    class Meta:
        model = MutedMail

    user = factory.SubFactory(UserFactory)
    kind = "refund_sent"


class SellerFactory(Factory):
    """A seller without members."""

    class Meta:
        model = Seller

    name = _one_of(SHOPS)
    slug = factory.LazyAttributeSequence(lambda seller, n: f"{slugify(seller.name, allow_unicode=True)}-{n + 1}")


class ReasonFactory(Factory):
    """A reason beside the catalogue's own, with its English wording; `wording=False` leaves that out."""

    class Meta:
        model = Reason

    code = factory.Sequence(lambda n: f"test_reason_{n + 1}")
    by_buyer = True
    responsible = Responsible.NOBODY
    instead = Instead.NONE

    @factory.post_generation
    def wording(reason: Reason, create: bool, wanted: bool | None, **texts: Any) -> None:  # noqa: N805
        """Write version 1 in English."""
        if create and wanted is not False:
            WordingFactory(reason=reason, **texts)


class WordingFactory(Factory):
    """What people read for a reason."""

    class Meta:
        model = Wording

    reason = factory.SubFactory(ReasonFactory, wording=False)
    version = 1
    language = "en"
    label = "snowed in"
    headline = "Snow closed the road to the seller."
    explanation = "The road was closed for longer than an order may wait."
    next_step = "Order again when the road is open, or choose another seller."
    prevention = "Nothing you did caused this."
    seller_advice = "Say in your shop when your road is closed."


class AliasFactory(Factory):
    """How an origin names a reason."""

    class Meta:
        model = Alias

    origin = "test-feed"
    source = Source.BUYER
    text = factory.Sequence(lambda n: f"words of an origin {n + 1}")
    reason = factory.LazyFunction(lambda: Reason.objects.get(code="changed_mind"))


class CancellationFactory(Factory):
    """Who cancelled, why and when, with a reason of the catalogue (`reason_code`)."""

    class Meta:
        model = Cancellation

    class Params:
        reason_code = factory.LazyAttribute(lambda cancellation: USUAL_REASON[Source(cancellation.source)])

    source = Source.BUYER
    requested_by = factory.SelfAttribute("source")
    reason = factory.LazyAttribute(lambda cancellation: Reason.objects.get(code=cancellation.reason_code))
    wording_version = 1
    note = ""
    note_by = factory.LazyAttribute(lambda cancellation: cancellation.source if cancellation.note else "")
    raw_reason = ""
    raw_key = factory.LazyAttribute(lambda cancellation: alias_key(cancellation.raw_reason))
    cancelled_at = MOMENT + timedelta(days=1)


class OrderFactory(Factory):
    """An order of a new buyer at a new seller, with one line (`lines=n` for more, or none)."""

    class Meta:
        model = Order

    class Params:
        source = Source.BUYER
        reason_code = factory.LazyAttribute(lambda order: USUAL_REASON[Source(order.source)])
        paid = factory.LazyAttribute(lambda order: order.status in {"preparing", "shipped", "delivered"})
        awaiting_payment = factory.Trait(status=Order.Status.AWAITING_PAYMENT)
        shipped = factory.Trait(status=Order.Status.SHIPPED)
        delivered = factory.Trait(status=Order.Status.DELIVERED)
        cash_on_delivery = factory.Trait(payment_method=PaymentMethod.CASH_ON_DELIVERY, payment_label="")
        cancelled = factory.Trait(
            status=Order.Status.CANCELLED,
            cancellation=factory.SubFactory(
                CancellationFactory,
                source=factory.SelfAttribute("..source"),
                reason_code=factory.SelfAttribute("..reason_code"),
                was_charged=factory.LazyAttribute(lambda made: made.factory_parent.paid_at is not None),
                cancelled_at=factory.LazyAttribute(
                    lambda made: (made.factory_parent.placed_at or MOMENT) + timedelta(days=1)
                ),
            ),
        )

    number = factory.Sequence(lambda n: f"C{260000 + n + 1}")
    buyer = factory.SubFactory(UserFactory)
    seller = factory.SubFactory(SellerFactory)
    status = Order.Status.PREPARING
    currency = "EUR"
    total = Decimal("120.00")
    payment_method = PaymentMethod.CARD
    payment_label = "Visa ending 4242"
    placed_at = factory.Sequence(lambda n: MOMENT + timedelta(minutes=n))  # one made later is a newer one
    paid_at = factory.LazyAttribute(
        lambda order: (
            order.placed_at + timedelta(minutes=5)
            if order.paid and order.placed_at and order.payment_method != PaymentMethod.CASH_ON_DELIVERY
            else None
        )
    )
    shipped_at = factory.LazyAttribute(
        lambda order: (
            order.placed_at + timedelta(days=2)
            if order.placed_at and order.status in {"shipped", "delivered"}
            else None
        )
    )
    delivered_at = factory.LazyAttribute(
        lambda order: (
            order.placed_at + timedelta(days=5) if order.placed_at and order.status == Order.Status.DELIVERED else None
        )
    )

    @factory.post_generation
    def lines(order: Order, create: bool, count: int | None, **fields: Any) -> None:  # noqa: N805
        """Put lines into the order that share its total; all of them cancelled where the order is."""
        if not create:
            return
        count = 1 if count is None else count
        if order.cancellation:
            fields = {"all_cancelled": True, **fields}
        titles = [
            OrderLineFactory(
                order=order,
                position=position,
                **{"unit_price": None if order.total is None else round(order.total / count, 2), **fields},
            ).title
            for position in range(1, count + 1)
        ]
        order.search_text = search_text_of(order.number, order.seller.name, titles)
        order.save(update_fields=["search_text"])


class OrderLineFactory(Factory):
    """One item; `part_cancelled=True`: two of five cancelled, by the seller."""

    class Meta:
        model = OrderLine

    class Params:
        part_cancelled = factory.Trait(
            quantity=5,
            cancelled_quantity=2,
            cancellation=factory.SubFactory(CancellationFactory, source=Source.SELLER),
        )
        all_cancelled = factory.Trait(
            cancelled_quantity=factory.SelfAttribute("quantity"),
            cancellation=factory.SelfAttribute("order.cancellation"),
        )

    order = factory.SubFactory(OrderFactory, lines=0)
    position = 1
    title = _one_of(ITEMS)
    quantity = 1
    unit_price = Decimal("120.00")


class RefundFactory(Factory):
    """Money that goes back: due, or `sent=True`, `completed=True`, `failed=True`."""

    class Meta:
        model = Refund

    class Params:
        sent = factory.Trait(state=Refund.State.SENT, sent_at=MOMENT + timedelta(days=2))
        completed = factory.Trait(
            state=Refund.State.COMPLETED,
            sent_at=MOMENT + timedelta(days=2),
            completed_at=MOMENT + timedelta(days=5),
            reference="RF-20261104-7",
        )
        failed = factory.Trait(state=Refund.State.FAILED, failure="The card has expired.")

    cancellation = factory.SubFactory(CancellationFactory)
    amount = Decimal("120.00")
    currency = "EUR"
    method = PaymentMethod.CARD
    due_at = MOMENT + timedelta(days=1)
    expected_by = (MOMENT + timedelta(days=10)).date()


class RefundTimeFactory(Factory):
    """How many working days a refund takes; replaces what the catalogue says of the method."""

    class Meta:
        model = RefundTime

    method = PaymentMethod.CARD
    working_days = 5

    @classmethod
    def _create(cls, model_class: type[RefundTime], *args: Any, **fields: Any) -> RefundTime:
        return model_class.objects.update_or_create(method=fields.pop("method"), defaults=fields)[0]


class CancellationRequestFactory(Factory):
    """What a buyer asked the seller: open, or `lapsed=True`, `approved=True`, `declined=True`, `withdrawn=True`."""

    class Meta:
        model = CancellationRequest

    class Params:
        decided = MOMENT + timedelta(hours=8)
        lapsed = factory.Trait(answer_by=MOMENT + timedelta(hours=50))  # and nobody has looked since
        approved = factory.Trait(state="approved", decided_at=factory.SelfAttribute("decided"))
        withdrawn = factory.Trait(state="withdrawn", decided_at=factory.SelfAttribute("decided"))
        declined = factory.Trait(
            state="declined",
            decided_at=factory.SelfAttribute("decided"),
            decline_reason="The parcel is with the carrier already.",
        )

    order = factory.SubFactory(OrderFactory)
    reason = factory.LazyFunction(lambda: Reason.objects.get(code="changed_mind"))
    requested_at = MOMENT + timedelta(hours=2)
    answer_by = MOMENT.replace(year=2099)


class RequestedLineFactory(Factory):
    """Two of five of an item that the buyer asks to cancel."""

    class Meta:
        model = RequestedLine

    request = factory.SubFactory(CancellationRequestFactory, order__lines=0)
    line = factory.SubFactory(OrderLineFactory, order=factory.SelfAttribute("..request.order"), quantity=5)
    quantity = 2


class EarlierPartFactory(Factory):
    """What an earlier cancellation took from a line that a later one has taken from again."""

    class Meta:
        model = EarlierPart

    line = factory.SubFactory(OrderLineFactory, part_cancelled=True)
    cancellation = factory.SubFactory(CancellationFactory)
    quantity = 1


class ContestFactory(Factory):
    """A buyer's "this is not what happened": open, or `upheld=True`, `rejected=True`."""

    class Meta:
        model = Contest

    class Params:
        upheld = factory.Trait(state="upheld", decided_at=MOMENT + timedelta(days=4))
        rejected = factory.Trait(
            state="rejected", decided_at=MOMENT + timedelta(days=4), answer="The carrier's record shows two attempts."
        )

    cancellation = factory.SubFactory(CancellationFactory)
    raised_by = factory.SubFactory(UserFactory)
    statement = "I did not cancel this order, and I still want the bowls."
    raised_at = MOMENT + timedelta(days=2)


class FeedbackFactory(Factory):
    """An answer to "did this explain it?"."""

    class Meta:
        model = Feedback

    cancellation = factory.SubFactory(CancellationFactory)
    given_by = factory.SubFactory(UserFactory)
    is_helpful = True


class EventFactory(Factory):
    """Something that happened to an order."""

    class Meta:
        model = Event

    order = factory.SubFactory(OrderFactory)
    kind = Event.Kind.RECORDED
    occurred_at = MOMENT
    actor = Source.SYSTEM


class ConflictFactory(Factory):
    """The origin says that it sent what was cancelled here: open, or `settled=True`."""

    class Meta:
        model = Conflict

    class Params:
        settled = factory.Trait(answer="The parcel was stopped.", settled_at=MOMENT + timedelta(days=4))

    order = factory.SubFactory(OrderFactory, cancelled=True)
    cancellation = factory.SelfAttribute("order.cancellation")
    said = Conflict.Said.SHIPPED
    said_at = MOMENT + timedelta(days=2)


class MailFactory(Factory):
    """A mail about an event to the order's buyer: due, or `sent=True`."""

    class Meta:
        model = Mail

    class Params:
        sent = factory.Trait(
            claimed_at=MOMENT + timedelta(minutes=1), sent_at=MOMENT + timedelta(minutes=2), attempts=1
        )

    event = factory.SubFactory(EventFactory)
    recipient = factory.SelfAttribute("event.order.buyer")
    due_at = MOMENT


class RunFactory(Factory):
    """A finished import of one file."""

    class Meta:
        model = Run

    format = "shopee"
    file_name = "orders-2026-11.xlsx"
    seller_name = "Minh Long Ceramics"
    state = Run.State.FINISHED
    started_at = MOMENT
    ended_at = MOMENT + timedelta(seconds=4)


class RefusedFactory(Factory):
    """What is kept of an order that an import refused."""

    class Meta:
        model = Refused

    run = factory.SubFactory(RunFactory)
    records = '[["C260017", 17, {"number": "C260017"}]]'


class ProblemFactory(Factory):
    """A record that an import refused."""

    class Meta:
        model = Problem

    run = factory.SubFactory(RunFactory)
    row = 17
    number = "C260017"
    field = "total"
    sentence = "The amount is negative."


class CursorFactory(Factory):
    """How far the log has been read."""

    class Meta:
        model = Cursor

    id = 1


class SellerDayFactory(Factory):
    """Orders of one day that were not cancelled, or `cancelled=True`: by the seller, for want of stock."""

    class Meta:
        model = SellerDay

    class Params:
        cancelled = factory.Trait(
            source=Source.SELLER, reason=factory.LazyFunction(lambda: Reason.objects.get(code="out_of_stock"))
        )

    seller = factory.SubFactory(SellerFactory)
    day = MOMENT.date()
    currency = "EUR"
    orders = 1


class SellerShippingFactory(Factory):
    """An order that was sent after two working days, in time."""

    class Meta:
        model = SellerShipping

    seller = factory.SubFactory(SellerFactory)
    day = MOMENT.date()
    took = 2
    late = 0
    orders = 1


class SellerItemFactory(Factory):
    """One item that was out of stock once."""

    class Meta:
        model = SellerItem

    seller = factory.SubFactory(SellerFactory)
    day = MOMENT.date()
    reason = factory.LazyFunction(lambda: Reason.objects.get(code="out_of_stock"))
    title = _one_of(ITEMS)
    orders = 1
    quantity = 1


class FeedFactory(Factory):
    """A marketplace's back end that may send orders."""

    class Meta:
        model = Feed

    slug = factory.Sequence(lambda n: f"market-{n + 1}")
    name = "The market"
    secret = f"whsec_{'a' * 44}"


class DeliveryFactory(Factory):
    """A message that a feed delivered."""

    class Meta:
        model = Delivery

    feed = factory.SubFactory(FeedFactory)
    message = factory.Sequence(lambda n: f"message-{n + 1}")
    digest = "0" * 32
    answer = factory.LazyFunction(list)


ALL: list[type[Factory]] = Factory.__subclasses__()


def yesterday() -> datetime:
    """Return this time yesterday. A test asks for it, no module: a run of the tests may pass midnight."""
    return timezone.now() - timedelta(days=1)


def many_orders(count: int, **fields: Any) -> list[Order]:
    """Make many orders of one line each in a few statements, for tests of what a page costs.

    `fields` are OrderFactory's; buyer and seller are the same for all.
    """
    shared: dict[str, Any] = {
        "buyer": fields.pop("buyer", None) or UserFactory(),
        "seller": fields.pop("seller", None) or SellerFactory(),
    }
    if fields.get("cancelled") and "reason_code" in fields:
        fields["cancellation__reason"] = Reason.objects.get(code=fields["reason_code"])
    orders = OrderFactory.build_batch(count, **shared, **fields)
    Cancellation.objects.bulk_create([order.cancellation for order in orders if order.cancellation])
    lines = []
    for order, title in zip(orders, ITEMS * (count // len(ITEMS) + 1), strict=False):
        order.cancellation = order.cancellation  # takes over the key that bulk_create gave
        order.search_text = search_text_of(order.number, order.seller.name, [title])
        cancelled = {"cancelled_quantity": 1, "cancellation": order.cancellation} if order.cancellation else {}
        lines.append(OrderLine(order=order, position=1, title=title, quantity=1, unit_price=order.total, **cancelled))
    Order.objects.bulk_create(orders)
    OrderLine.objects.bulk_create(lines)
    return orders
