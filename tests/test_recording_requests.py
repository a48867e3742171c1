"""What a feed says of the buyer's request, and what its orders mean for one that is open."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from cancellations.terms import Source
from orders.documents import OrderDocument, RequestedLineDocument
from orders.models import CancellationRequest, Event, Order
from orders.recording import What, record_orders
from orders.refusals import CannotAsk
from orders.requesting import (
    approve_lapsed,
    approve_request,
    check_may_ask,
    decline_request,
    request_cancellation,
    withdraw_request,
)
from tests.documents import (
    ASKED,
    ORIGIN,
    PLACED,
    cancellation_document,
    cancelled_document,
    line_document,
    order_document,
    part_cancelled_line,
    request_document,
)
from tests.factories import CancellationRequestFactory, OrderFactory, RequestedLineFactory

pytestmark = pytest.mark.django_db

DECIDED = PLACED + timedelta(hours=5)
SHIPPED = PLACED + timedelta(days=1)
HERE = "C1"  # an order in which the buyer has asked here


def record(*documents: OrderDocument) -> list[What]:
    return [outcome.what for outcome in record_orders(documents, origin=ORIGIN)]


def only() -> CancellationRequest:
    return CancellationRequest.objects.select_related("order").get()


def told(**only: Any) -> list[str]:
    return list(Event.objects.filter(kind__startswith="request_", **only).order_by("pk").values_list("kind", flat=True))


def of_here(version: int = 1, **fields: Any) -> OrderDocument:
    return order_document(HERE, version=version, **fields)


@pytest.fixture
def asked() -> CancellationRequest:
    """A request that the buyer made here, in an order of a feed."""
    order = OrderFactory.create(number=HERE, origin=ORIGIN)
    made: CancellationRequest = CancellationRequestFactory.create(order=order, requested_at=ASKED)
    return made


# A request of the origin's own


def test_it_is_recorded_as_it_is_stated():
    until = ASKED + timedelta(days=1)
    record(order_document(request=request_document(note="We moved.", answer_by=until)))
    request = only()
    assert (request.state, request.origin, request.reason.code) == ("open", ORIGIN, "change_address")
    assert (request.note, request.requested_at, request.answer_by) == ("We moved.", ASKED, until)
    assert not request.lines.exists()
    event = Event.objects.get(kind="request_opened")
    assert (event.actor, event.occurred_at, event.origin) == (Source.BUYER, ASKED, ORIGIN)
    assert event.facts == {"request": request.pk, "answer_by": until.isoformat(), "reason": "change_address"}


def test_what_the_origin_does_not_say_stays_missing():
    record(order_document(request=request_document(requested_at=None, reason="", raw_reason="Wegen des Hundes")))
    request = only()
    assert (request.requested_at, request.answer_by, request.decided_at) == (None, None, None)
    assert (request.reason.code, request.raw_reason) == ("not_stated", "Wegen des Hundes")
    assert Event.objects.get(kind="request_opened").occurred_at is None


def test_it_can_be_about_some_of_the_items():
    lines = [line_document(), line_document(title="Plate", quantity=5)]
    some = request_document(lines=[RequestedLineDocument(position=2, quantity=3)])
    record(order_document(version=1, lines=lines, request=some))
    assert list(only().lines.values_list("line__title", "quantity")) == [("Plate", 3)]
    others = request_document(
        lines=[RequestedLineDocument(position=1, quantity=1), RequestedLineDocument(position=2, quantity=4)]
    )
    record(order_document(version=2, lines=lines, request=others))
    assert list(only().lines.order_by("line").values_list("quantity", flat=True)) == [1, 4]
    record(order_document(version=3, lines=lines, request=request_document()))
    assert not only().lines.exists()


@pytest.mark.parametrize(
    ("state", "kind", "actor"),
    [
        ("approved", "request_approved", Source.SELLER),
        ("declined", "request_declined", Source.SELLER),
        ("withdrawn", "request_withdrawn", Source.BUYER),
        ("approved_by_silence", "request_lapsed", Source.SYSTEM),
    ],
)
def test_it_follows_what_the_origin_decides(state, kind, actor):
    record(order_document(version=1, request=request_document()))
    record(order_document(version=2, request=request_document(state, decided_at=DECIDED)))
    request = only()
    assert (request.state, request.decided_at, request.decided_origin) == (state, DECIDED, ORIGIN)
    event = Event.objects.get(kind=kind)
    assert (event.actor, event.occurred_at) == (actor, DECIDED)
    assert told() == ["request_opened", kind]
    assert not Order.objects.get().is_cancelled  # that, the origin says apart


def test_a_refusal_without_a_reason_or_a_date_is_stored_without_them():
    record(order_document(request=request_document("declined")))
    assert (only().state, only().decline_reason, only().decided_at) == ("declined", "", None)


def test_the_origin_may_correct_itself():
    record(order_document(version=1, request=request_document("declined", decline_reason="It is packed.")))
    record(order_document(version=2, request=request_document()))
    request = only()
    assert (request.state, request.decline_reason, request.decided_origin) == ("open", "", "")
    assert told() == ["request_opened", "request_declined", "request_opened"]


def test_the_same_again_tells_nothing():
    record(order_document(version=1, request=request_document()))
    record(order_document(version=2, request=request_document()))
    assert told() == ["request_opened"]


def test_an_open_request_that_the_origin_no_longer_speaks_of_is_gone():
    record(order_document(version=1, request=request_document()))
    record(order_document(version=2))
    assert not CancellationRequest.objects.exists()
    assert told() == ["request_opened", "request_dropped"]


def test_one_that_was_decided_is_kept_as_history():
    record(order_document(version=1, request=request_document("declined", decline_reason="It is packed.")))
    record(order_document(version=2))
    assert only().state == "declined"


def test_a_second_request_is_told_from_the_first_by_when_it_was_asked():
    first = request_document("declined", decided_at=DECIDED)
    second = request_document(requested_at=DECIDED + timedelta(days=2))
    record(order_document(version=1, request=first))
    record(order_document(version=2, request=second))
    assert list(CancellationRequest.objects.order_by("pk").values_list("state", flat=True)) == ["declined", "open"]


STATEMENTS = (
    order_document(version=1, request=request_document(note="Please.")),
    order_document(version=2, request=request_document(answer_by=ASKED + timedelta(days=1))),
    order_document(version=3, request=request_document("declined", decline_reason="It is packed.")),
    order_document(
        version=4, lines=[line_document(), line_document()],
        request=request_document(lines=[RequestedLineDocument(position=2, quantity=1)]),
    ),
    order_document(version=5, request=request_document("approved", decided_at=DECIDED)),
)  # fmt: skip


@pytest.mark.parametrize("count", [3, 4, 5], ids=["declined", "open", "approved"])
def test_every_order_of_arrival_ends_alike(count):
    arrivals = {f"P{place}": arrival for place, arrival in enumerate(permutations(STATEMENTS[:count]))}
    for number, arrival in arrivals.items():
        for document in (*arrival, arrival[0]):
            record(document.model_copy(update={"number": number}))
    assert len({known(number) for number in arrivals}) == 1


def test_the_order_that_is_sent_ends_it_alike_whenever_that_is_heard():
    sent: dict[str, Any] = {"status": Order.Status.SHIPPED, "shipped_at": SHIPPED}
    life = (*STATEMENTS[:3], order_document(version=4, request=request_document(), **sent))
    arrivals = {f"P{place}": arrival for place, arrival in enumerate(permutations(life))}
    for number, arrival in arrivals.items():
        for document in arrival:
            record(document.model_copy(update={"number": number}))
    [one] = {known(number) for number in arrivals}
    assert one[-4:] == ("declined", SHIPPED, ORIGIN, "The order has been sent, so it can no longer be cancelled.")


def known(number: str) -> Any:
    [request] = CancellationRequest.objects.filter(order__number=number)
    lines = tuple(request.lines.values_list("line__position", "quantity"))
    asked = (request.reason.code, request.note, request.requested_at, request.answer_by, lines)
    return (*asked, request.state, request.decided_at, request.decided_origin, request.decline_reason)


def test_numbered_by_arrival_they_would_not_end_alike():
    """The control."""
    for place, document in enumerate(STATEMENTS):
        record(document.model_copy(update={"number": "P1"}))
        record(STATEMENTS[-1 - place].model_copy(update={"number": "P2", "version": place}))
    assert known("P1") != known("P2")


# One that was made here


@pytest.mark.parametrize("said", [None, request_document(), request_document("withdrawn", requested_at=None)])
def test_no_feed_undoes_what_was_asked_here(asked, said):
    record(of_here(request=said))
    assert (only().state, only().origin, only().answer_by) == ("open", "", asked.answer_by)
    assert told() == []


@pytest.mark.parametrize("at", [ASKED, ASKED + timedelta(seconds=3), None])
@pytest.mark.parametrize("state", ["approved", "declined", "approved_by_silence"])
def test_the_origin_may_decide_it(asked, state, at):
    record(of_here(request=request_document(state, requested_at=at, decided_at=DECIDED)))
    request = only()
    assert (request.state, request.origin, request.decided_origin) == (state, "", ORIGIN)
    assert Event.objects.get(kind__startswith="request_").origin == ORIGIN


@pytest.mark.parametrize(
    "dates",
    [
        {"requested_at": ASKED},
        {"requested_at": None, "decided_at": DECIDED},
        {"requested_at": ASKED + timedelta(minutes=5), "decided_at": DECIDED},
    ],
    ids=["named by when it was asked", "later", "asked again there"],
)
def test_the_buyer_may_take_it_back_at_the_marketplace_so_that_silence_does_not_cancel(asked, dates):
    record(of_here(request=request_document("withdrawn", **dates)))
    assert (only().state, only().decided_origin) == ("withdrawn", ORIGIN)
    assert Event.objects.get(kind="request_withdrawn").actor == Source.BUYER
    assert approve_lapsed(now=asked.answer_by + timedelta(days=1)) == 0
    assert Order.objects.get().status == "preparing"


def test_what_was_taken_back_before_it_was_asked_here_leaves_it_open(asked):
    record(of_here(request=request_document("withdrawn", requested_at=None, decided_at=ASKED - timedelta(hours=1))))
    assert (only().state, told()) == ("open", [])


def test_seconds_are_enough_to_name_it():
    order = OrderFactory.create(number=HERE, origin=ORIGIN)
    moment = ASKED.replace(microsecond=123_456)
    CancellationRequestFactory.create(order=order, requested_at=moment)
    record(of_here(request=request_document("declined", requested_at=ASKED)))
    assert only().state == "declined"


@pytest.mark.parametrize(
    "older",
    [
        {"requested_at": ASKED - timedelta(days=1)},
        {"requested_at": None, "decided_at": ASKED - timedelta(hours=1)},
    ],
)
def test_what_the_origin_decided_before_it_was_asked_is_not_its_answer(asked, older):
    record(of_here(request=request_document("declined", **older)))
    assert (only().state, told()) == ("open", [])


def test_an_undated_refusal_of_before_is_not_taken_for_the_answer_to_a_new_request():
    refusal = request_document("declined", requested_at=None)
    record(of_here(1, request=refusal))
    ask_here()
    record(of_here(2, request=refusal, carrier="SPX"))
    assert list(CancellationRequest.objects.order_by("pk").values_list("state", flat=True)) == ["declined", "open"]


def ask_here() -> CancellationRequest:
    order = Order.objects.get()
    assert order.buyer
    return request_cancellation(order, by=order.buyer, reason=CancellationRequest.objects.all()[0].reason)


def test_the_event_names_the_moment_that_an_origin_repeats():
    record(of_here(1, request=request_document("withdrawn")))
    made = ask_here()
    event = Event.objects.get(kind="request_opened", origin="")
    assert event.occurred_at == made.requested_at


# Both decide


@pytest.mark.parametrize("is_theirs", [True, False], ids=["of the origin", "made here"])
def test_what_was_decided_here_stays_and_a_contradiction_is_told(asked, seller_member, is_theirs):
    CancellationRequest.objects.update(origin=ORIGIN if is_theirs else "")
    decline_request(asked, by=seller_member, answer="It is packed.")
    record(of_here(1, request=request_document("approved", decided_at=DECIDED)))
    assert (only().state, only().decline_reason, only().decided_origin) == ("declined", "It is packed.", "")
    conflict = Event.objects.get(kind="conflict")
    assert conflict.facts["request"] == asked.pk


@pytest.mark.parametrize("state", ["open", "declined", "withdrawn"])
def test_an_origin_that_agrees_or_has_not_heard_of_it_contradicts_nothing(asked, seller_member, state):
    decline_request(asked, by=seller_member, answer="It is packed.")
    record(of_here(1, request=request_document(state)))
    assert only().decline_reason == "It is packed."
    assert not Event.objects.filter(kind="conflict").exists()


def test_the_buyer_withdraws_and_the_seller_answers_here_what_was_asked_there(seller_member):
    record(order_document("A1", request=request_document()), order_document("A2", request=request_document()))
    first, second = CancellationRequest.objects.order_by("pk")
    assert first.order.buyer
    withdraw_request(first, by=first.order.buyer)
    approve_request(second, by=seller_member)
    assert Order.objects.get(number="A2").is_cancelled
    record(
        order_document("A1", version=2, request=request_document()),
        order_document("A2", version=2, request=request_document()),
    )
    assert list(CancellationRequest.objects.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "approved"]
    assert told(origin="") == ["request_withdrawn", "request_approved"]


# Silence


def test_silence_here_approves_nothing_that_was_asked_there():
    record(order_document(request=request_document(answer_by=ASKED + timedelta(hours=1))))
    assert approve_lapsed(now=timezone.now()) == 0
    assert only().is_open


# The order ends, or is sent


@pytest.mark.parametrize("is_theirs", [True, False], ids=["of the origin", "made here"])
@pytest.mark.parametrize(("status", "why"), [("shipped", "has been sent"), ("delivered", "has been delivered")])
def test_a_feed_that_sends_the_order_declines_at_once(asked, is_theirs, status, why):
    CancellationRequest.objects.update(origin=ORIGIN if is_theirs else "")
    record(of_here(status=Order.Status(status), shipped_at=SHIPPED, delivered_at=None))
    request = only()
    assert (request.state, request.decided_origin) == ("declined", ORIGIN)
    assert request.decline_reason == f"The order {why}, so it can no longer be cancelled."
    assert (request.decided_at == SHIPPED) == is_theirs
    event = Event.objects.get(kind="request_declined")
    assert (event.actor, event.origin) == (Source.SYSTEM, ORIGIN)


@pytest.mark.parametrize(
    ("source", "actor"),
    [
        (Source.SELLER, Source.SELLER),
        (Source.SYSTEM, Source.SYSTEM),
        (Source.UNKNOWN, Source.UNKNOWN),
        (Source.BUYER, Source.SYSTEM),
    ],
)
def test_a_feed_that_cancels_the_order_approves_at_once_by_whoever_cancelled(asked, source, actor):
    ended = cancellation_document(source=source, reason="")
    record(cancelled_document(HERE, cancellation=ended))
    assert only().state == "approved"
    event = Event.objects.get(kind="request_approved")
    assert (event.actor, event.facts["cancellation"]) == (actor, Order.objects.get().cancellation_id)


@pytest.mark.parametrize("ends", ["cancelled", "sent"])
def test_what_is_asked_here_ends_with_the_order_though_the_document_speaks_of_an_older_request(asked, ends):
    older = request_document("declined", requested_at=ASKED - timedelta(days=1))
    document = {
        "cancelled": cancelled_document(HERE, request=older),
        "sent": of_here(status=Order.Status.SHIPPED, shipped_at=SHIPPED, request=older),
    }[ends]
    record(document)
    assert (only().requested_at, only().state) == (ASKED, {"cancelled": "approved", "sent": "declined"}[ends])
    [event] = Event.objects.filter(kind__startswith="request_")
    assert event.facts.get("cancellation") == Order.objects.get().cancellation_id


def test_an_order_that_was_sent_has_no_open_request_though_the_origin_says_so():
    for version in (1, 2):
        shipped: dict[str, Any] = {"status": Order.Status.SHIPPED, "shipped_at": SHIPPED}
        record(order_document(version=version, request=request_document(), **shipped))
    assert (only().state, only().decided_at) == ("declined", SHIPPED)
    assert told() == ["request_opened", "request_declined"]


def test_a_request_is_closed_when_nothing_of_what_it_asks_for_is_left():
    """Else its lines would be gone, and a request without lines asks for the whole order."""
    order = OrderFactory.create(number=HERE, origin=ORIGIN, lines=2)
    asked = CancellationRequestFactory.create(order=order, requested_at=ASKED)
    RequestedLineFactory.create(request=asked, line=order.lines.get(position=2), quantity=1)
    record(of_here(1, lines=[line_document()]))
    assert (only().state, only().lines.count()) == ("approved", 0)
    assert not Order.objects.get().is_cancelled


def test_a_part_that_the_feed_cancels_leaves_the_rest_of_the_request_open():
    order = OrderFactory.create(number=HERE, origin=ORIGIN, lines=2)
    asked = CancellationRequestFactory.create(order=order, requested_at=ASKED)
    RequestedLineFactory.create(request=asked, line=order.lines.get(position=2), quantity=1)
    record(of_here(1, lines=[line_document(), part_cancelled_line()]))
    assert only().is_open


# Asking again


def ask_again_at(now: datetime) -> None:
    check_may_ask(Order.objects.get(), now=now)


def test_a_statement_that_repeats_what_is_known_is_no_change_that_lets_the_buyer_ask_again(buyer: User):
    record(order_document(version=1, request=request_document()))
    refusal = request_document("declined", decided_at=timezone.now())
    record(order_document(version=2, request=refusal))
    record(order_document(version=3, request=refusal))
    with pytest.raises(CannotAsk, match="24 hours"):
        ask_again_at(timezone.now())
    record(order_document(version=4, request=refusal, carrier="SPX"))
    ask_again_at(timezone.now())


def test_a_refusal_that_the_origin_does_not_date_holds_nobody_up():
    record(order_document(request=request_document("declined")))
    ask_again_at(timezone.now())


def test_what_is_asked_there_cannot_be_asked_here_too():
    record(order_document(request=request_document()))
    with pytest.raises(CannotAsk, match="asked already"):
        ask_again_at(timezone.now())
