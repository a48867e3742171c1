"""The administrator looks orders, cancellations and imports up, and changes none of them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from cancellations.models import Alias, Reason, RefundTime
from orders.belonging import orders_of
from orders.documents import SellerDocument
from orders.models import Seller
from orders.recording.sellers import find_sellers
from tests import factories
from tests.pages import text_of

RECORDED_BY_ACTIONS = {
    "cancellations.refund": ["record_sent", "record_completed"],
    "feeds.run": ["retry_runs"],
    "feeds.problem": ["retry_problems"],
}
READ_ONLY = {
    "orders.order": factories.OrderFactory,
    "orders.cancellationrequest": factories.CancellationRequestFactory,
    "orders.event": factories.EventFactory,
    "orders.conflict": factories.ConflictFactory,
    "cancellations.cancellation": factories.CancellationFactory,
    "cancellations.refund": factories.RefundFactory,
    "cancellations.contest": factories.ContestFactory,
    "cancellations.feedback": factories.FeedbackFactory,
    "feeds.run": factories.RunFactory,
    "feeds.problem": factories.ProblemFactory,
    "feeds.delivery": factories.DeliveryFactory,
}
LISTED = {**READ_ONLY, "orders.seller": factories.SellerFactory, "cancellations.alias": factories.AliasFactory}
each_record = pytest.mark.parametrize("model", READ_ONLY)
each_list = pytest.mark.parametrize("model", LISTED)


def address(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_{page}", args=args)


def found(client: Client, model: str, words: str) -> list[Any]:
    return list(client.get(address(model, "changelist"), {"q": words}).context["cl"].result_list)


# Reading, and nothing else


@each_record
def test_it_can_be_read(admin_client: Client, model: str) -> None:
    record = READ_ONLY[model].create()
    assertContains(admin_client.get(address(model, "changelist")), address(model, "change", record.pk))
    page = admin_client.get(address(model, "change", record.pk))
    assertContains(page, "Close")
    assertNotContains(page, 'name="_save"')


@each_record
def test_it_cannot_be_added_changed_or_deleted(admin_client: Client, model: str) -> None:
    record = READ_ONLY[model].create()
    assert admin_client.get(address(model, "add")).status_code == 403
    assert admin_client.post(address(model, "change", record.pk), {}).status_code == 403
    assert admin_client.post(address(model, "delete", record.pk), {"post": "yes"}).status_code == 403
    actions = admin_client.get(address(model, "changelist")).context["action_form"]
    offered = [name for name, _label in actions.fields["action"].choices if name] if actions else []
    assert offered == RECORDED_BY_ACTIONS.get(model, [])


@each_list
def test_its_list_costs_the_same_for_one_and_for_thirty(
    admin_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    django_assert_num_queries: DjangoAssertNumQueries,
    model: str,
) -> None:
    LISTED[model].create()
    admin_client.get(address(model, "changelist"))
    with django_assert_max_num_queries(6) as one:  # session, user, second factor, count, rows, a filter's choices
        admin_client.get(address(model, "changelist"))
    LISTED[model].create_batch(29)
    with django_assert_num_queries(len(one)):
        admin_client.get(address(model, "changelist"))


@each_list
@pytest.mark.parametrize("words", ["%", "'", "nobody ordered this", "9" * 400, "مرحبا"])
def test_any_search_is_answered(admin_client: Client, model: str, words: str) -> None:
    LISTED[model].create()
    assert admin_client.get(address(model, "changelist"), {"q": words}).status_code == 200


@each_list
@pytest.mark.parametrize(
    ("query", "status"),
    [("q=%00", 400), ("status__exact=%00", 400), ("p=x", 200), ("p=99999999999999999999", 200), ("nonsense=1", 200)],
)
def test_any_address_is_answered(admin_client: Client, model: str, query: str, status: int) -> None:
    """Django leads from what is no filter, and from a page that a long list does not have, to the list itself."""
    assert admin_client.get(f"{address(model, 'changelist')}?{query}", follow=True).status_code == status


@each_list
def test_it_is_for_administrators_only(buyer_client: Client, model: str) -> None:
    assert buyer_client.get(address(model, "changelist")).status_code in {302, 403}


# Orders


def test_an_order_shows_its_lines_requests_and_events(admin_client: Client) -> None:
    order = factories.OrderFactory(cancelled=True, source="seller", lines=2, lines__title="Ceramic bowl")
    factories.CancellationRequestFactory(order=order, withdrawn=True, note="I found mine.")
    factories.EventFactory(order=order, facts={"reason": "out_of_stock"})
    page = admin_client.get(address("orders.order", "change", order.pk))
    for text in ["Ceramic bowl", "I found mine.", "withdrawn", "out_of_stock", "Visa ending 4242"]:
        assertContains(page, text)
    assertContains(page, address("cancellations.cancellation", "change", order.cancellation_id))


def test_an_event_is_headed_by_what_happened_and_by_no_key(admin_client: Client) -> None:
    event = factories.EventFactory.create(kind="part_cancelled")
    of_order = text_of(admin_client.get(address("orders.order", "change", event.order_id)))
    alone = text_of(admin_client.get(address("orders.event", "change", event.pk)))
    assert "Event: part-cancelled What:" in of_order
    assert "View event part-cancelled" in alone
    assert "of order" not in of_order + alone


def test_an_order_costs_the_same_with_one_line_and_with_thirty(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small, large = factories.OrderFactory(), factories.OrderFactory(lines=30, cancelled=True)
    factories.EventFactory.create_batch(30, order=large)
    admin_client.get(address("orders.order", "change", small.pk))
    with django_assert_num_queries(7):  # session, user, second factor, order, lines, requests, events
        admin_client.get(address("orders.order", "change", small.pk))
    with django_assert_num_queries(7):
        admin_client.get(address("orders.order", "change", large.pk))


@pytest.mark.parametrize("words", ["C900", " C900 ", "MAI@example.org", "mai.nguyen", "Nguyễn", "minh long"])
def test_an_order_is_found_by_number_buyer_or_seller(
    admin_client: Client, buyer: User, seller: Seller, words: str
) -> None:
    order = factories.OrderFactory(number="C900", buyer=buyer, seller=seller)
    factories.OrderFactory(buyer=factories.UserFactory(name="Ana"), seller=factories.SellerFactory(name="Batik Sari"))
    request = factories.CancellationRequestFactory(order=order)
    event = factories.EventFactory(order=order)
    assert found(admin_client, "orders.order", words) == [order]
    assert found(admin_client, "orders.cancellationrequest", words) == [request]
    assert found(admin_client, "orders.event", words) == [event]


def test_part_of_a_number_finds_nothing(admin_client: Client) -> None:
    factories.OrderFactory(number="C900")
    assert found(admin_client, "orders.order", "C90") == []


# What cancellations left


def test_a_cancellation_is_found_by_the_order_it_ended(admin_client: Client) -> None:
    order = factories.OrderFactory(number="C900", cancelled=True)
    factories.OrderFactory(cancelled=True)
    refund = factories.RefundFactory(cancellation=order.cancellation)
    factories.RefundFactory()
    assert found(admin_client, "cancellations.cancellation", "C900") == [order.cancellation]
    assert found(admin_client, "cancellations.refund", "C900") == [refund]
    assertContains(admin_client.get(address("cancellations.refund", "changelist")), "C900")


def test_a_part_cancellation_is_found_by_its_order_too(admin_client: Client) -> None:
    order = factories.OrderFactory(number="C900", lines__part_cancelled=True)
    ended = order.lines.get().cancellation
    assert found(admin_client, "cancellations.cancellation", "C900") == [ended]
    assertContains(admin_client.get(address("cancellations.cancellation", "change", ended.pk)), "C900")


def test_each_of_several_takings_from_one_line_names_its_order_and_is_found_by_it(admin_client: Client) -> None:
    order = factories.OrderFactory(number="C900", lines__part_cancelled=True)
    line = order.lines.get()
    earlier = factories.EarlierPartFactory.create(line=line).cancellation
    for ended in (line.cancellation, earlier):
        factories.RefundFactory(cancellation=ended)
        factories.ContestFactory(cancellation=ended)
    for model in ("cancellations.cancellation", "cancellations.refund", "cancellations.contest"):
        records = found(admin_client, model, "C900")
        assert [record.order_number for record in records] == ["C900", "C900"]
        assert list(admin_client.get(address(model, "changelist")).context["cl"].result_list) == records
    assert orders_of([line.cancellation_id, earlier.pk]) == dict.fromkeys(
        [line.cancellation_id, earlier.pk], (order.pk, "C900")
    )


def test_the_title_of_a_refund_says_its_amount_and_state(admin_client: Client) -> None:
    refund = factories.RefundFactory.create(amount=20, currency="GBP")
    assertContains(admin_client.get(address("cancellations.refund", "change", refund.pk)), "£20.00, due")


def late_refunds() -> list[Any]:
    """Make refunds of which one is due and late, one is sent and late, and one has failed."""
    yesterday, today = timezone.localdate() - timedelta(days=1), timezone.localdate()
    factories.RefundFactory(completed=True, expected_by=yesterday)
    factories.RefundFactory(sent=True, expected_by=today)
    factories.RefundFactory(expected_by=None)
    return [
        factories.RefundFactory.create(expected_by=yesterday),
        factories.RefundFactory.create(sent=True, expected_by=yesterday),
        factories.RefundFactory.create(failed=True, expected_by=yesterday),
    ]


def test_refunds_that_are_overdue_or_failed_wait_on_the_first_page(admin_client: Client) -> None:
    due, sent, failed = late_refunds()
    queues = {str(queue.name): queue for queue in admin_client.get("/admin/").context["queues"]}
    for name, waiting in [("Refunds that are overdue", [sent, due]), ("Refunds that failed", [failed])]:
        assert queues[name].count == str(len(waiting))
        assert list(admin_client.get(queues[name].address).context["cl"].result_list) == waiting


def test_refunds_wait_only_for_those_who_may_record_them(admin_client: Client, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    assertNotContains(admin_client.get("/admin/"), "Refunds that")


def test_reasons_that_are_not_understood_can_be_listed(admin_client: Client) -> None:
    waiting = factories.CancellationFactory(reason_code="not_stated", raw_reason="Cuaca buruk", origin="shopee")
    factories.CancellationFactory(reason_code="not_stated")
    factories.CancellationFactory(raw_reason="Berubah pikiran", origin="shopee")
    factories.CancellationFactory(source="seller", reason_code="not_stated", raw_reason="MƯA TO.", origin="shopee")
    nothing = Reason.objects.get(code="not_stated")
    Alias.objects.create(origin="shopee", source="seller", text="mưa to", reason=nothing)
    corrected = factories.CancellationFactory(reason_code="not_stated", raw_reason="Bão lũ", origin="shopee")
    factories.ContestFactory(cancellation=corrected, upheld=True)
    page = admin_client.get(address("cancellations.cancellation", "changelist"), {"understood": "no"})
    assert list(page.context["cl"].result_list) == [waiting]


@pytest.mark.parametrize(
    ("currency", "total", "written"),
    [("EUR", "120", "€120.00"), ("KWD", "1.250", "KWD\xa01.250"), ("VND", "250000", "₫250,000"), ("", None, "-")],
)
def test_an_amount_is_written_with_its_currency(
    admin_client: Client, currency: str, total: str | None, written: str
) -> None:
    factories.OrderFactory(currency=currency, total=total, lines=0)
    page = admin_client.get(address("orders.order", "changelist"))
    assertContains(page, f'<td class="field-price">{written}</td>', html=True)


# Imports


def test_an_import_leads_to_what_it_refused(admin_client: Client) -> None:
    run = factories.RunFactory(refused_count=1)
    problem = factories.ProblemFactory(run=run)
    factories.ProblemFactory()
    leads_to = f"{address('feeds.problem', 'changelist')}?run__id__exact={run.pk}"
    assertContains(admin_client.get(address("feeds.run", "changelist")), f'<a href="{leads_to}">1</a>', html=True)
    assert list(admin_client.get(leads_to).context["cl"].result_list) == [problem]


def test_an_import_without_refusals_says_none(admin_client: Client) -> None:
    factories.RunFactory()
    page = admin_client.get(address("feeds.run", "changelist"))
    assertContains(page, '<td class="field-problems">0</td>', html=True)


# Sellers


def test_a_seller_is_given_members(admin_client: Client, seller: Seller, stranger: User) -> None:
    known_by_id = factories.UserFactory.create(unclaimed=True, external_id="Shop No. 7")
    form = {"members": " ANA@example.org \r\n\r\nShop No. 7\r\n"}
    admin_client.post(address("orders.seller", "change", seller.pk), form)
    assert set(seller.members.all()) == {stranger, known_by_id}


def test_a_seller_keeps_the_name_and_the_slug_that_feeds_know_it_by(admin_client: Client, seller: Seller) -> None:
    page = address("orders.seller", "change", seller.pk)
    assertContains(admin_client.get(page), "Feeds know the seller by this name: once saved, it stays as it is.")
    assert admin_client.post(page, {"name": "Minh Long I", "slug": "minh-long-i"}).status_code == 302
    assert find_sellers([SellerDocument(name="Minh Long Ceramics")]) == {"Minh Long Ceramics": seller}
    assert Seller.objects.get().slug == "minh-long-ceramics"


@pytest.mark.parametrize(("name", "slug"), [(" Minh  Long ", "minh-long"), ("Minh Long-Ceramics", None), ("?!", None)])
def test_a_new_seller_is_the_one_that_the_next_message_names(
    admin_client: Client, seller: Seller, name: str, slug: str | None
) -> None:
    assert admin_client.post(address("orders.seller", "add"), {"name": name, "slug": "another"}).status_code == 302
    made = Seller.objects.exclude(pk=seller.pk).get()
    assert slug in {made.slug, None}
    assert list(find_sellers([SellerDocument(name=name)]).values()) == [made]


def test_a_second_seller_of_the_same_name_is_refused_in_words(admin_client: Client, seller: Seller) -> None:
    page = admin_client.post(address("orders.seller", "add"), {"name": "Minh Long  Ceramics"})
    assertContains(page, "There is a seller of this name already.")
    assert Seller.objects.get() == seller


def test_saving_a_seller_unchanged_changes_nothing(admin_client: Client, seller: Seller, seller_member: User) -> None:
    known_by_id = factories.UserFactory.create(unclaimed=True, external_id="Shop No. 7")
    seller.members.add(known_by_id)
    form = admin_client.get(address("orders.seller", "change", seller.pk)).context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    admin_client.post(address("orders.seller", "change", seller.pk), sent)
    assert set(seller.members.all()) == {seller_member, known_by_id}
    assert LogEntry.objects.get().change_message == "[]"


def test_a_member_whom_nobody_knows_is_refused_in_words(admin_client: Client, seller: Seller) -> None:
    form = {"members": "nobody@example.org"}
    page = admin_client.post(address("orders.seller", "change", seller.pk), form)
    assertContains(page, "Nobody is known by this: nobody@example.org.")


def test_a_page_of_a_seller_takes_back_no_rating_that_came_since_it_was_opened(
    admin_client: Client, seller: Seller
) -> None:
    Seller.objects.update(rating="4.50", rating_count=900)
    form = {"rating": "4.0", "rating_count": "10"}
    admin_client.post(address("orders.seller", "change", seller.pk), form)
    seller.refresh_from_db()
    assert (seller.rating, seller.rating_count) == (Decimal("4.50"), 900)


def test_a_rating_without_its_count_is_refused_in_words(admin_client: Client) -> None:
    form = {"name": "Acme", "rating": "4.8"}
    page = admin_client.post(address("orders.seller", "add"), form)
    assertContains(page, "A rating comes with the number of ratings behind it.")


def test_a_seller_with_orders_stays(admin_client: Client, seller: Seller) -> None:
    factories.OrderFactory(seller=seller)
    page = admin_client.post(address("orders.seller", "delete", seller.pk), {"post": "yes"})
    assertContains(page, "“Minh Long Ceramics” is in use (orders: 1) and cannot be deleted.")
    assert Seller.objects.filter(pk=seller.pk).exists()


def test_a_seller_without_orders_can_be_deleted(admin_client: Client, seller: Seller) -> None:
    admin_client.post(address("orders.seller", "delete", seller.pk), {"post": "yes"})
    assert not Seller.objects.filter(pk=seller.pk).exists()


# Aliases and refund times


def alias(**changes: Any) -> dict[str, Any]:
    reason = Reason.objects.get(code="out_of_stock").pk
    return {"origin": "shopee", "source": "seller", "text": "Sold Out.", "reason": reason, **changes}


def test_an_alias_is_kept_as_it_is_compared(admin_client: Client) -> None:
    admin_client.post(address("cancellations.alias", "add"), alias(text="  Sold   OUT. "))
    assert Alias.objects.get(text="sold out").reason.code == "out_of_stock"


def test_the_same_words_twice_are_refused_in_words(admin_client: Client) -> None:
    page = admin_client.post(address("cancellations.alias", "add"), alias(text="HẾT HÀNG"))
    assertContains(page, "These words of this origin and source are mapped already: change that alias instead.")


def test_a_source_is_not_given_a_reason_it_may_not_give(admin_client: Client) -> None:
    page = admin_client.post(address("cancellations.alias", "add"), alias(source="buyer"))
    assertContains(page, "This reason cannot be given by that source.")


def test_an_alias_can_be_found_by_words_and_by_code(admin_client: Client) -> None:
    assert [alias.text for alias in found(admin_client, "cancellations.alias", "hết hàng")] == ["hết hàng"]
    by_code = found(admin_client, "cancellations.alias", "lost_in_transit")
    assert {alias.reason.code for alias in by_code} == {"lost_in_transit"}
    assert len(by_code) == Alias.objects.filter(reason__code="lost_in_transit").count()


def test_a_refund_time_can_be_changed(admin_client: Client) -> None:
    card = RefundTime.objects.get(method="card")
    admin_client.post(address("cancellations.refundtime", "change", card.pk), {"method": "card", "working_days": 7})
    card.refresh_from_db()
    assert card.working_days == 7


def errors_on(page: Any) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = page.context["adminform"].form.errors
    return errors


@pytest.mark.parametrize("days", [91, 100_000])
def test_a_refund_time_has_bounds_that_are_said_beside_it(admin_client: Client, days: int) -> None:
    card = RefundTime.objects.get(method="card")
    form = {"method": "card", "working_days": days}
    page = admin_client.post(address("cancellations.refundtime", "change", card.pk), form)
    assert errors_on(page) == {"working_days": ["This is a number from 0 to 90."]}


def test_a_rating_has_bounds_that_are_said_beside_it(admin_client: Client) -> None:
    form = {"name": "Acme", "rating": "7", "rating_count": "12"}
    page = admin_client.post(address("orders.seller", "add"), form)
    assert errors_on(page) == {"rating": ["This is a number from 0 to 5."]}


def test_an_alias_of_which_no_words_are_left_is_refused_beside_them(admin_client: Client) -> None:
    page = admin_client.post(address("cancellations.alias", "add"), alias(text="..."))
    assert errors_on(page) == {"text": ["This cannot be empty."]}


@pytest.mark.parametrize(
    ("model", "field"),
    [("orders.seller", "name"), ("cancellations.alias", "text"), ("feeds.feed", "name"), ("feeds.feed", "seller_name")],
)
def test_a_text_with_characters_that_nobody_sees_is_refused_beside_it(
    admin_client: Client, model: str, field: str
) -> None:
    form = {**alias(), "name": "Snow", "slug": "snow", "members": "", "seller_name": "", field: "Snow\u202e"}
    page = admin_client.post(address(model, "add"), form)
    assert errors_on(page) == {field: ["It contains an invisible character that turns the writing direction."]}


# The frame


def test_the_admin_leads_to_candors_own_account_pages(admin_client: Client) -> None:
    page = admin_client.get("/admin/")
    assertContains(page, 'action="/accounts/logout/"')
    assertNotContains(page, "/admin/password_change/")
