"""Two orders that have one number, and whose an order is: neither shop nor buyer ever gets another's."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cancellations.models import Reason
from cancellations.terms import Source
from feeds.connecting import connect_feed
from feeds.formats.shopify import Shopify
from feeds.models import Feed, Problem, Refused, Run
from feeds.receiving import receive
from feeds.retrying import Retried, retry_refused
from orders.cancelling import cancel_order
from orders.contesting import contest_reason, reject_contest
from orders.documents import BuyerDocument, OrderDocument, SellerDocument
from orders.models import Event, Order
from orders.recording import What, record_orders
from orders.requesting import withdraw_request
from tests.documents import cancelled_document, line_document, order_document
from tests.factories import CancellationRequestFactory
from tests.test_format_shopify import ORDER as SHOPIFY

pytestmark = pytest.mark.django_db
ALICE, BOB = BuyerDocument(external_id="alice"), BuyerDocument(external_id="bob")
NOTE = "My sister has bought the same one already."


def of_shop(name: str, **fields: Any) -> OrderDocument:
    return order_document("2002", seller=SellerDocument(name=name), **fields)


def record(origin: str, *documents: OrderDocument) -> list[What]:
    return [outcome.what for outcome in record_orders(documents, origin=origin)]


def cancel_as_its_buyer(order: Order) -> None:
    reason = Reason.objects.get(code="changed_mind")
    cancel_order(order, source=Source.BUYER, reason=reason, by=order.buyer, note=NOTE)


# Another shop's order


@pytest.mark.parametrize("version", [1, 5, 9], ids=["older", "as old", "newer"])
def test_another_shops_order_of_the_same_number_is_refused(version: int) -> None:
    record("shop-a", of_shop("Shop A", version=5, buyer=ALICE))
    events = Event.objects.count()
    assert record("shop-b", of_shop("Shop B", version=version, buyer=BOB)) == [What.REFUSED]
    order = Order.objects.get()
    assert order.buyer
    assert (order.seller.name, order.buyer.external_id, order.origin, order.origin_version) == (
        "Shop A",
        "alice",
        "shop-a",
        5,
    )
    assert Event.objects.count() == events
    assert not User.objects.filter(external_id="bob").exists()


def test_within_one_batch_the_shops_own_statement_is_taken_whatever_stands_beside_it() -> None:
    record("file", of_shop("Shop A", version=1))
    batch = [of_shop("Shop B", version=9), of_shop("Shop A", version=2), order_document("2003")]
    assert record("shop-a", *batch) == [What.REFUSED, What.CHANGED, What.NEW]
    assert Order.objects.get(number="2002").origin_version == 2


def test_one_sellers_order_may_be_told_by_a_file_and_by_a_feed() -> None:
    record("shopify", of_shop("Shop A", version=1))
    assert record("shop-a", of_shop("Shop A", version=2)) == [What.CHANGED]
    assert record("shopify", of_shop("Shop A", version=1)) == [What.STALE]
    assert record("shopify", of_shop("Shop A", version=2)) == [What.UNCHANGED]


def test_a_sender_may_give_its_shop_another_name() -> None:
    record("shop-a", of_shop("Shop A", version=1))
    assert record("shop-a", of_shop("Casa Lucera", version=2)) == [What.CHANGED]
    assert Order.objects.get().seller.name == "Casa Lucera"


def test_refusing_costs_the_same_statements_for_many_as_for_few() -> None:
    def documents(count: int, shop: str) -> list[OrderDocument]:
        return [order_document(f"N{place}", seller=SellerDocument(name=shop)) for place in range(count)]

    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert set(record("shop-b", *documents(count, "Shop B"))) == {What.REFUSED}
        return len(seen)

    record("shop-a", *documents(50, "Shop A"))
    assert statements(50) == statements(2)


# How it is told


def feed_of(slug: str, seller: str) -> Feed:
    return connect_feed(slug=slug, name=seller, seller_name=seller)


def shopify(**fields: Any) -> bytes:
    return json.dumps({**SHOPIFY, **fields}, default=str).encode()


@pytest.mark.parametrize("updated", ["2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"], ids=["older", "newer"])
def test_a_feed_reads_why_and_administrators_too(updated: str) -> None:
    receive(feed_of("shop-a", "Shop A"), message="m-1", body=shopify(), form=Shopify)
    other = feed_of("shop-b", "Shop B")
    [told] = receive(other, message="m-1", body=shopify(updated_at=updated), form=Shopify)
    assert (told["number"], told["outcome"]) == ("1001", "refused")
    [fault] = told["faults"]
    assert fault["field"] == "number"
    assert fault["sentence"].startswith("An order with this number is known already, from another sender")
    run, problem = Run.objects.get(), Problem.objects.get()
    assert (run.feed, run.refused_count, run.stale_count, run.changed_count) == (other, 1, 0, 0)
    assert (problem.number, problem.field, problem.sentence) == ("1001", "number", fault["sentence"])
    assert receive(other, message="m-1", body=shopify(updated_at=updated), form=Shopify) == [told]


def test_it_is_tried_again_once_the_shop_is_called_as_it_should_be() -> None:
    receive(feed_of("shop-a", "Shop A"), message="m-1", body=shopify(), form=Shopify)
    other = feed_of("shop-b", "Shop A, misspelt")
    newer = shopify(updated_at="2030-01-01T00:00:00Z")
    receive(other, message="m-1", body=newer, form=Shopify)
    assert retry_refused(Run.objects.get()) == Retried(refused=1)
    assert Problem.objects.get().refused == Refused.objects.get()
    Feed.objects.filter(pk=other.pk).update(seller_name="Shop A")
    assert retry_refused(Run.objects.get()) == Retried(taken=1)
    assert not Problem.objects.exists()
    assert Order.objects.get().origin == "shop-b"


def test_a_file_is_told_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receive(feed_of("shop-a", "Shop A"), message="m-1", body=shopify(), form=Shopify)
    path = tmp_path / "orders.json"
    path.write_bytes(b"[" + shopify(updated_at="2030-01-01T00:00:00Z") + b"," + shopify(name="#1002") + b"]")
    with pytest.raises(CommandError, match="Some orders were refused"):
        call_command("import_orders", path, seller="Shop B")
    told = capsys.readouterr()
    assert "An order with this number is known already" in told.out + told.err
    run, problem = Run.objects.get(), Problem.objects.get()
    assert (run.new_count, run.refused_count) == (1, 1)
    assert (problem.row, problem.number, problem.field) == (1, "1001", "number")
    assert problem.refused
    assert Order.objects.get(number="1001").seller.name == "Shop A"


def test_a_feeds_order_does_not_take_the_number_of_a_files(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_bytes(shopify())
    call_command("import_orders", path, seller="Shop A")
    newer = shopify(updated_at="2030-01-01T00:00:00Z")
    [told] = receive(feed_of("shop-b", "Shop B"), message="m-1", body=newer, form=Shopify)
    assert (told["outcome"], told["faults"][0]["field"]) == ("refused", "number")
    assert Order.objects.get().seller.name == "Shop A"


# Another buyer


def of_buyer(buyer: BuyerDocument | None, version: int = 2, **fields: Any) -> OrderDocument:
    return order_document("2002", version=version, buyer=buyer, **fields)


@pytest.mark.parametrize("buyer", [BOB, None], ids=["another", "none"])
def test_what_was_cancelled_here_stays_with_its_buyer(client: Client, buyer: BuyerDocument | None) -> None:
    record("shop", of_buyer(ALICE, 1))
    cancel_as_its_buyer(Order.objects.get())
    assert record("shop", of_buyer(buyer)) == [What.CHANGED]
    record("shop", of_buyer(BOB, 3))
    assert Order.objects.get().buyer == User.objects.get(external_id="alice")
    client.force_login(User.objects.get(external_id="bob"))
    assert client.get("/orders/2002/").status_code == 404


def test_so_it_is_where_only_some_was_cancelled() -> None:
    record("shop", of_buyer(ALICE, 1, lines=[line_document(), line_document(title="Plate")]))
    order = Order.objects.get()
    line = order.lines.get(position=2)
    reason = Reason.objects.get(code="out_of_stock")
    cancel_order(order, quantities={line.pk: 1}, source=Source.SELLER, reason=reason)
    record("shop", of_buyer(BOB))
    assert Order.objects.get().buyer == User.objects.get(external_id="alice")


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_so_it_is_where_the_buyer_asked_here(is_withdrawn: bool) -> None:
    record("shop", of_buyer(ALICE, 1))
    order = Order.objects.get()
    assert order.buyer
    request = CancellationRequestFactory.create(order=order, note=NOTE)
    if is_withdrawn:
        withdraw_request(request, by=order.buyer)
    record("shop", of_buyer(BOB))
    assert Order.objects.get().buyer == order.buyer


@pytest.mark.parametrize("is_decided", [False, True])
def test_so_it_is_where_the_buyer_contested_here(admin: User, is_decided: bool) -> None:
    record("shop", cancelled_document("2002", buyer=ALICE))
    order = Order.objects.get()
    assert order.buyer
    assert order.cancellation
    contest = contest_reason(order, order.cancellation, by=order.buyer, statement=NOTE)
    if is_decided:
        reject_contest(contest, by=admin, answer="The record shows otherwise.")
    record("shop", cancelled_document("2002", version=2, buyer=BOB))
    assert Order.objects.get().buyer == order.buyer


def test_a_buyer_who_was_not_known_is_filled_in() -> None:
    record("shop", of_buyer(None, 1))
    order = Order.objects.get()
    cancel_order(order, source=Source.SELLER, reason=Reason.objects.get(code="out_of_stock"))
    record("shop", of_buyer(ALICE))
    assert Order.objects.get().buyer == User.objects.get(external_id="alice")


def test_an_order_about_which_nothing_was_said_here_goes_to_the_buyer_that_is_named_now() -> None:
    record("shop", of_buyer(ALICE, 1))
    record("shop", of_buyer(BOB))
    assert Order.objects.get().buyer == User.objects.get(external_id="bob")
