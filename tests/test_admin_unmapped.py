"""The administrator sees the words that nobody has mapped, and maps them in one step."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from cancellations import unmapped
from cancellations.models import Alias, Cancellation, Reason
from cancellations.wordings import newest_wording
from orders.models import Order
from tests.factories import AliasFactory, CancellationFactory, ContestFactory, OrderFactory, OrderLineFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db
QUEUE = "/admin/cancellations/alias/unmapped/"
TEXTS = {"label": "flooded", "headline": "Water.", "explanation": "It rained.", "next_step": "Wait."}


def order(words: str = "Flooded", *, origin: str = "shopee", source: str = "seller", **fields: Any) -> Order:
    """Make an order that was cancelled in words that are not understood."""
    said = {"cancellation__raw_reason": words, "cancellation__origin": origin, "reason_code": "not_stated"}
    return OrderFactory.create(cancelled=True, source=source, **said, **fields)


def page_of(words: str = "flooded", *, origin: str = "shopee", source: str = "seller") -> str:
    return f"{reverse('admin:map-words')}?{urlencode({'origin': origin, 'source': source, 'words': words})}"


def listed(client: Client, **chosen: Any) -> list[str]:
    return [row["group"].raw for row in client.get(QUEUE, chosen).context["rows"]]


def pk_of(code: str) -> int:
    return Reason.objects.get(code=code).pk


def new_reason(**changes: str) -> dict[str, str]:
    """Fill in what a new reason needs."""
    reason = {"code": "flooded", "by_seller": "on", "responsible": "nobody", "instead": "none", "position": "100"}
    sent = {f"reason-{name}": value for name, value in reason.items()}
    sent |= {f"wordings-0-{name}": value for name, value in {"language": "en", **TEXTS}.items()}
    return {"meaning": "new", **sent, **changes}


@pytest.fixture
def clerk(admin: User, admin_client: Client) -> Client:
    """The administrator, with no right but to look at aliases."""
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    admin.user_permissions.add(Permission.objects.get(codename="view_alias"))
    return admin_client


# The queue


def test_it_is_for_administrators_who_may_map(client: Client, buyer_client: Client, clerk: Client) -> None:
    order()
    for address in (QUEUE, page_of()):
        assert client.get(address).status_code == 302
        assert buyer_client.get(address).status_code in {302, 403}
        assert clerk.get(address).status_code == 403
        assert clerk.post(address, {"meaning": pk_of("out_of_stock")}).status_code == 403


def test_it_groups_the_words_however_they_are_spelt(admin_client: Client) -> None:
    first, last = order("Flooded"), order(" FLOODED.")
    order("Flooded", source="buyer")
    order("Flooded", origin="tiktok")
    page = admin_client.get(QUEUE)
    assert [row["used"] for row in page.context["rows"]] == ["2", "1", "1"]
    for one in (first, last):
        assertContains(page, f'<a class="queue-order" href="/admin/orders/order/{one.pk}/change/">{one.number}</a>')
    assertContains(page, "FLOODED.")


def test_it_leads_to_three_orders_at_most_and_to_those_of_parts(admin_client: Client) -> None:
    for _ in range(4):
        order()
    ended = CancellationFactory.create(source="seller", reason_code="not_stated", raw_reason="Cracked", origin="shopee")
    part = OrderLineFactory.create(quantity=2, cancelled_quantity=1, cancellation=ended)
    rows = {row["group"].raw: row["orders"] for row in admin_client.get(QUEUE).context["rows"]}
    assert len(rows["Flooded"]) == 3
    assert rows["Cracked"] == [(part.order_id, part.order.number)]


def test_what_is_understood_or_was_corrected_or_says_nothing_does_not_wait(admin_client: Client) -> None:
    OrderFactory(cancelled=True, source="seller", cancellation__raw_reason="Sold out")
    order("")
    ContestFactory(cancellation=order("Contested").cancellation, upheld=True)
    order("asdf")
    AliasFactory(origin="shopee", source="seller", text="asdf", reason=Reason.objects.get(code="not_stated"))
    assert listed(admin_client) == []
    assertContains(admin_client.get(QUEUE), "There is nothing to do: every feed")


def test_the_most_used_come_first_or_the_newest(admin_client: Client) -> None:
    for words in ("often", "often", "seldom"):
        order(words)
    assert listed(admin_client) == ["often", "seldom"]
    assert listed(admin_client, order="newest") == ["seldom", "often"]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"origin": "tiktok"}, ["late"]),
        ({"source": "buyer"}, ["too dear"]),
        ({"q": " TOO "}, ["too dear"]),
        ({"q": "100 %"}, []),
        ({"origin": "nowhere", "source": "x", "order": "y"}, ["too dear", "late", "Flooded"]),
        ({"p": "7"}, ["too dear", "late", "Flooded"]),
    ],
)
def test_it_filters_and_searches(admin_client: Client, chosen: dict[str, str], found: list[str]) -> None:
    order("Flooded")
    order("late", origin="tiktok")
    order("too dear", source="buyer")
    assert listed(admin_client, **chosen) == found
    if not found:
        assertContains(admin_client.get(QUEUE, chosen), "No words like these wait.")


def test_any_address_is_answered(admin_client: Client) -> None:
    order()
    for query in ("q=%F0%9F%98%80", "q=" + "9" * 5_000, "p=x", "origin=%27", "nonsense=1"):
        assert admin_client.get(f"{QUEUE}?{query}").status_code == 200
    assert admin_client.get(f"{QUEUE}?q=%00").status_code == 400
    assert admin_client.get(f"{reverse('admin:map-words')}?source=%00").status_code == 400


def test_it_counts_up_to_a_thousand(admin_client: Client) -> None:
    waiting = {"source": "seller", "reason_code": "not_stated", "raw_reason": "Flooded", "origin": "shopee"}
    Cancellation.objects.bulk_create(CancellationFactory.build_batch(1_001, **waiting))
    assert admin_client.get(QUEUE).context["rows"][0]["used"] == "1,000+"


def test_it_says_how_many_are_looked_at(admin_client: Client) -> None:
    assert "The newest 20,000 cancellations that wait are grouped." in text_of(admin_client.get(QUEUE))


def test_what_is_older_comes_up_when_the_newer_is_mapped(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unmapped, "LOOKED_AT", 2)
    for words in ("old", "new", "new"):
        order(words)
    assert listed(admin_client) == ["new"]
    Cancellation.objects.filter(raw_key="new").update(reason=pk_of("out_of_stock"))
    assert listed(admin_client) == ["old"]


def test_it_costs_the_same_for_few_and_for_many(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    order("words 0")
    admin_client.get(QUEUE)
    # session, user, second factor; origins; groups counted and listed, each with the id of not_stated; details; orders
    # by the whole, by lines and by earlier takings from them
    with django_assert_num_queries(12):
        admin_client.get(QUEUE)
    for number in range(1, 60):
        order(f"words {number}")
    with django_assert_num_queries(12):
        assert len(admin_client.get(QUEUE).context["rows"]) == 50


def test_the_first_page_says_what_waits(admin_client: Client) -> None:
    assert "Words that are not mapped yet: nothing to do" in text_of(admin_client.get("/admin/"))
    order()
    assert "Words that are not mapped yet: 1" in text_of(admin_client.get("/admin/"))
    assertContains(admin_client.get("/admin/"), f'href="{QUEUE}"')


def test_the_first_page_is_there_before_the_catalogue_is(admin_client: Client) -> None:
    Alias.objects.all().delete()
    Reason.objects.all().delete()
    assert "Words that are not mapped yet: nothing to do" in text_of(admin_client.get("/admin/"))
    assert admin_client.get(QUEUE).status_code == 200


def test_the_first_page_names_no_queue_that_is_not_ones_own(clerk: Client) -> None:
    assertNotContains(clerk.get("/admin/"), "Waiting for you")


# Mapping


def test_it_shows_the_words_and_the_reasons_that_may_be_given(admin_client: Client) -> None:
    one = order("Kho <b>ngập</b>")
    page = admin_client.get(page_of("kho <b>ngập</b>"))
    for text in [
        "Kho &lt;b&gt;ngập&lt;/b&gt;",
        one.number,
        "The seller ran out of something you ordered",
        "make a new reason, below",
    ]:
        assertContains(page, text)
    assertNotContains(page, "You changed your mind.")
    assertNotContains(page, "Nobody said who cancelled")


def test_it_names_one_day_once(admin_client: Client) -> None:
    recorded = timezone.now() - timedelta(days=3)
    order(cancellation__recorded_at=recorded)
    first, last = (f"{timezone.localtime(at):%-d %B %Y}" for at in (recorded, timezone.now()))
    assert f"Cancellations 1, {first} Orders" in text_of(admin_client.get(page_of()))
    order()
    assert f"Cancellations 2, {first} – {last} Orders" in text_of(admin_client.get(page_of()))


def test_it_offers_the_reasons_in_the_administrators_language(admin_client: Client) -> None:
    order()
    german = newest_wording(pk_of("out_of_stock"), "de").headline
    assertContains(admin_client.get(page_of(), headers={"accept-language": "de"}), german)
    assertNotContains(admin_client.get(page_of(), headers={"accept-language": "en"}), german)


def test_it_maps_and_corrects_in_one_step(
    admin_client: Client, admin: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    one = order()
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin_client.post(page_of(), {"meaning": pk_of("out_of_stock")})
    assertRedirects(answer, QUEUE)
    one.refresh_from_db()
    assert one.cancellation
    assert one.cancellation.reason.code == "out_of_stock"
    assert LogEntry.objects.get().change_message == "Mapped from the queue."
    assert LogEntry.objects.get().object_repr == str(Alias.objects.get(origin="shopee", text="flooded"))


def test_it_makes_a_new_reason_in_the_same_step(admin_client: Client) -> None:
    order()
    start = admin_client.get(page_of()).context["mapping"]
    assert (start.reason.initial["code"], start.wording.initial["headline"]) == ("flooded", "Flooded")
    assertRedirects(admin_client.post(page_of(), new_reason()), QUEUE)
    alias = Alias.objects.get(origin="shopee", text="flooded")
    assert (alias.reason.code, alias.reason.wordings.get().headline) == ("flooded", "Water.")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "This field is required."),
        ({"meaning": "999999"}, "Select a valid choice."),
        (new_reason(**{"reason-code": "out_of_stock"}), "Reason with this Code already exists."),
        (new_reason(**{"reason-by_seller": "", "reason-by_buyer": "on"}), "cannot be given by that source"),
        (new_reason(**{"reason-by_seller": ""}), "Say who may give this reason"),
        (new_reason(**{"wordings-0-headline": "{anybody}"}), "{anybody} is not known here"),
        (new_reason(**{"wordings-0-next_step": ""}), "This field is required."),
    ],
)
def test_it_says_what_is_wrong_and_keeps_what_was_written(
    admin_client: Client, sent: dict[str, str], sentence: str
) -> None:
    order()
    page = admin_client.post(page_of(), {**new_reason(), "meaning": "", **sent})
    assertContains(page, sentence)
    assertContains(page, "It rained.")
    assert not Alias.objects.filter(origin="shopee", text="flooded").exists()
    assert not Reason.objects.filter(code="flooded").exists()


def test_what_somebody_else_has_mapped_meanwhile_does_not_wait(admin_client: Client) -> None:
    page = admin_client.get(page_of(), follow=True)
    assertContains(page, "Nothing waits with these words any more")


def test_words_that_say_nothing_are_left_at_that(admin_client: Client) -> None:
    order("asdf")
    admin_client.post(page_of("asdf"), {"meaning": pk_of("not_stated")})
    assert listed(admin_client) == []


def test_of_words_whose_source_is_not_known_it_offers_what_presumes_nobody(admin_client: Client) -> None:
    order("inventory problem", origin="shopify", source="unknown")
    page = admin_client.get(page_of("inventory problem", origin="shopify", source="unknown"))
    assertContains(page, "Nobody said who cancelled")
    assertContains(page, "The seller ran out of something you ordered")
    assertNotContains(page, "The seller had listed something you ordered at the wrong price.")


def test_a_reason_is_made_only_by_those_who_may(admin_client: Client, admin: User) -> None:
    order()
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    admin.user_permissions.set(Permission.objects.filter(codename__in=["add_alias", "change_alias"]))
    assertNotContains(admin_client.get(page_of()), "A new reason")
    assertContains(admin_client.post(page_of(), new_reason()), "Select a valid choice.")
    assert admin_client.post(reverse("new-wording-preview"), new_reason()).status_code == 403


def test_a_new_reason_is_previewed_before_it_is_made(admin_client: Client) -> None:
    page = admin_client.post(reverse("new-wording-preview"), new_reason())
    assertContains(page, "Water.")
    assertContains(page, "As the buyer sees it")
    assert not Reason.objects.filter(code="flooded").exists()


def test_a_preview_says_what_keeps_it_from_being_shown(admin_client: Client) -> None:
    page = admin_client.post(reverse("new-wording-preview"), new_reason(**{"reason-code": "Flooded"}))
    assertContains(page, "Use small letters, digits and underscores")
    assert admin_client.get(reverse("new-wording-preview")).status_code == 200


# The aliases themselves


def test_an_alias_that_is_added_changed_and_deleted_corrects(
    admin_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    order()
    add, fields = reverse("admin:cancellations_alias_add"), {"origin": "shopee", "source": "seller", "text": "FLOODED"}

    def send(address: str, **sent: Any) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            assert admin_client.post(address, sent).status_code == 302
        return Order.objects.values_list("cancellation__reason__code", flat=True).get()

    assert send(add, **fields, reason=pk_of("out_of_stock")) == "out_of_stock"
    alias = Alias.objects.get(origin="shopee", text="flooded")
    change = reverse("admin:cancellations_alias_change", args=[alias.pk])
    assert send(change, **fields, reason=pk_of("item_damaged")) == "item_damaged"
    delete = reverse("admin:cancellations_alias_delete", args=[alias.pk])
    assertContains(admin_client.get(delete), "goes back to “no clear reason”")
    assert send(delete, post="yes") == "not_stated"


def test_several_are_deleted_by_the_same_rules(
    admin_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    alias = AliasFactory.create(
        origin="shopee", source="seller", text="flooded", reason=Reason.objects.get(code="out_of_stock")
    )
    OrderFactory(cancelled=True, source="seller", cancellation__raw_reason="Flooded", cancellation__origin="shopee")
    chosen = {"action": "delete_selected", "_selected_action": [alias.pk]}
    address = reverse("admin:cancellations_alias_changelist")
    assertContains(admin_client.post(address, chosen), "goes back to “no clear reason”")
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address, {**chosen, "post": "yes"})
    assert Cancellation.objects.get().reason.code == "not_stated"
