"""The reason-quality report: how well reasons are given, understood and received."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from cancellations.mapping import ForeignWords
from cancellations.models import Cancellation, Reason
from insights.pages import quality
from tests.factories import (
    AliasFactory,
    CancellationFactory,
    ContestFactory,
    FeedbackFactory,
    OrderFactory,
    OrderLineFactory,
    many_orders,
)
from tests.pages import follow, links_of, text_of

REPORT = "/admin/insights/reason-quality/"


def ended(count: int = 1, **said: Any) -> list[Cancellation]:
    """Make cancellations, each of an order of its own."""
    made = CancellationFactory.create_batch(count, **said)
    for cancellation in made:
        OrderFactory(cancelled=True, cancellation=cancellation)
    return made


def test_it_is_for_administrators(buyer_client: Client) -> None:
    assert buyer_client.get(REPORT).status_code == 302


@pytest.mark.parametrize(
    ("rights", "status", "shows_words"),
    [
        (["view_order", "view_alias"], 403, False),
        (["view_reason"], 200, False),
        (["change_reason", "add_alias"], 200, False),  # who may change reasons sees them in the admin, too
        (["view_reason", "add_alias", "change_alias"], 200, True),
    ],
)
def test_it_is_for_whoever_may_view_reasons_and_its_words_for_whoever_may_map_them(
    admin: User, admin_client: Client, rights: list[str], status: int, shows_words: bool
) -> None:
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    admin.user_permissions.set(Permission.objects.filter(codename__in=rights))
    ended(source="unknown", origin="shopee", raw_reason="Quá hạn thanh toán")
    page = admin_client.get(REPORT)
    assert page.status_code == status
    shown = ["Words that are not mapped" in text_of(page), "Quá hạn thanh toán" in text_of(page)]
    assert shown == [shows_words, shows_words]


def test_it_counts_use_answers_and_contests_of_each_reason(admin_client: Client) -> None:
    stock = ended(3, source="seller")
    ended(source="buyer")
    FeedbackFactory(cancellation=stock[0], is_helpful=True)
    FeedbackFactory(cancellation=stock[1], is_helpful=False)
    ContestFactory(cancellation=stock[2])
    assert "out_of_stock 3 75.0 % 2 50.0 % 33.3 %" in text_of(admin_client.get(REPORT))


def test_it_looks_at_so_many_and_no_more(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(quality, "LOOKED_AT", 2)
    ended(3)
    assert quality.QualityReport(can_map=False).given == 2


def test_it_lists_retired_reasons_too(admin_client: Client) -> None:
    Reason.objects.filter(code="out_of_stock").update(retired_at=timezone.now())
    assert "out_of_stock yes 0" in text_of(admin_client.get(REPORT))


def test_it_tells_the_share_without_a_reason_that_helps(admin_client: Client) -> None:
    ended(source="buyer", reason_code="buyer_other")
    ended(source="unknown")
    ended(2, source="buyer")
    page = text_of(admin_client.get(REPORT))
    assert "“other” 1 25.0 %" in page
    assert "not stated, or not understood 1 25.0 %" in page


def test_it_counts_by_feed_and_source(admin_client: Client) -> None:
    ended(2, source="seller", origin="shopee")
    ended(source="seller")
    page = text_of(admin_client.get(REPORT))
    assert "shopee seller out_of_stock 2" in page
    assert "here seller out_of_stock 1" in page


def test_it_lists_words_that_are_not_mapped(admin_client: Client) -> None:
    ended(2, source="unknown", origin="shopee", raw_reason="Quá hạn thanh toán")
    page = admin_client.get(REPORT)
    assert "Quá hạn thanh toán shopee not known 2" in text_of(page)
    form = follow(admin_client, page, "Quá hạn thanh toán")
    assert form.context["row"]["group"].words == ForeignWords("shopee", "unknown", "quá hạn thanh toán")


def test_words_that_are_written_in_several_ways_are_listed_once_as_they_came_last(admin_client: Client) -> None:
    for words in ("Mưa to", "MƯA TO."):
        ended(source="seller", origin="shopee", reason_code="not_stated", raw_reason=words)
    page = text_of(admin_client.get(REPORT))
    assert "MƯA TO. shopee seller 2" in page
    assert "Mưa to" not in page


def test_words_that_state_nothing_or_whose_reason_was_corrected_are_not_listed(admin_client: Client) -> None:
    said: Any = {"source": "seller", "origin": "shopee", "reason_code": "not_stated"}
    ended(**said, raw_reason="Mưa to")
    AliasFactory(origin="shopee", source="seller", text="mưa to", reason=Reason.objects.get(code="not_stated"))
    [contested] = ended(**said, raw_reason="Bão lũ")
    ContestFactory(cancellation=contested, upheld=True)
    assert "Every text is understood." in text_of(admin_client.get(REPORT))


def test_it_tells_of_each_feed_and_source_how_much_they_say(admin_client: Client) -> None:
    ended(source="buyer", origin="shopee", reason_code="buyer_other")
    [mind] = ended(source="buyer", origin="shopee")
    ended(source="unknown", origin="shopee")
    FeedbackFactory(cancellation=mind, is_helpful=True)
    ContestFactory(cancellation=mind)
    page = text_of(admin_client.get(REPORT))
    assert "shopee buyer 2 50.0 % 0.0 % 1 100.0 % 50.0 %" in page
    assert "shopee not known 1 0.0 % 100.0 % 0 0.0 %" in page


def test_what_its_origin_took_back_is_not_counted_and_what_took_a_part_is(admin_client: Client) -> None:
    CancellationFactory(source="seller", origin="shopee", raw_reason="Bão lũ", reason_code="not_stated")
    OrderLineFactory(cancellation=CancellationFactory.create(source="seller"), cancelled_quantity=1)
    page = text_of(admin_client.get(REPORT))
    assert "Bão lũ" not in page
    assert "out_of_stock 1 100.0 %" in page


def test_it_groups_the_digits_of_what_was_looked_at(admin_client: Client) -> None:
    many_orders(1_001, cancelled=True, source="seller")
    page = text_of(admin_client.get(REPORT))
    assert "1,001 cancellations were looked at. Where there are more than 20,000, the newest count." in page


def test_a_column_of_numbers_is_headed_as_one_whatever_its_first_row_lacks(admin_client: Client) -> None:
    ended(2, source="seller")  # the most frequent, and nobody said whether it explained anything
    [mind] = ended(source="buyer")
    FeedbackFactory(cancellation=mind, is_helpful=True)
    page = admin_client.get(REPORT)
    assertContains(page, 'class="figures__number">Explained it</th>')
    assertNotContains(page, 'scope="col">Explained it</th>')
    assertNotContains(page, 'class="figures__number">Retired</th>')


def test_it_says_so_when_there_is_nothing(admin_client: Client) -> None:
    assert "Every text is understood." in text_of(admin_client.get(REPORT))


def test_the_list_of_reasons_leads_to_it(admin_client: Client) -> None:
    links = links_of(admin_client.get("/admin/cancellations/reason/"))
    assert ("How well reasons are given", REPORT) in links
