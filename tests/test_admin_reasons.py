"""The administrator curates reasons and their words."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from cancellations.curating import add_wording
from cancellations.models import Cancellation, Reason, Wording
from tests.factories import (
    AliasFactory,
    CancellationFactory,
    CancellationRequestFactory,
    ReasonFactory,
    WordingFactory,
)

LIST = "/admin/cancellations/reason/"
ADD = "/admin/cancellations/reason/add/"


@pytest.fixture
def reason(db: None) -> Reason:
    """A reason that nothing uses yet."""
    return ReasonFactory.create(code="snowed_in")


@pytest.fixture
def german(settings: Settings) -> None:
    """Candor speaks German as well."""
    settings.LANGUAGES = [("en", "English"), ("de", "German")]


def page_of(reason: Reason) -> str:
    return reverse("admin:cancellations_reason_change", args=[reason.pk])


def preview_of(reason: Reason) -> str:
    return reverse("wording-preview", args=[reason.pk])


def form_on(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """Collect what a browser sends from the page, with some fields filled in differently."""
    context = client.get(address).context
    [shown] = context["inline_admin_formsets"]
    forms = [context["adminform"].form, shown.formset.management_form, *shown.formset.forms]
    fields = [form[name] for form in forms for name in form.fields]
    sent = {
        field.html_name: field.value() for field in fields if field.value() is not None and field.value() is not False
    }
    return {**sent, **{f"wordings-0-{name}" if name in TEXTS else name: value for name, value in changes.items()}}


TEXTS = {"language", "label", "headline", "explanation", "next_step", "prevention", "seller_advice", "based_on"}


def act(client: Client, action: str, *reasons: Reason, **more: str) -> Any:
    selected = {"action": action, "_selected_action": [reason.pk for reason in reasons], **more}
    return client.post(LIST, selected, follow=True)


# The list


def test_it_is_for_administrators_only(client: Client, buyer_client: Client) -> None:
    assert client.get(LIST).status_code == 302
    assert buyer_client.get(LIST).status_code in {302, 403}


def test_it_lists_code_newest_headline_givers_and_uses(admin_client: Client, reason: Reason) -> None:
    WordingFactory(reason=reason, version=2, headline="The road was closed by snow.")
    CancellationFactory.create_batch(3, reason=reason)
    page = admin_client.get(LIST, {"q": "snowed"})
    assertContains(page, "The road was closed by snow.")
    assertNotContains(page, "Snow closed the road to the seller.")
    assertContains(page, '<td class="field-given_by">buyer</td>', html=True)
    assertContains(page, '<td class="field-uses">3</td>', html=True)


def test_it_shows_how_often_a_reason_is_used_before_what_a_narrow_window_cuts_off(admin_client: Client) -> None:
    page = admin_client.get(LIST)
    assert page.context["cl"].list_display[1:] == ["code", "headline", "uses", "in_use", "given_by", "responsible"]


def test_it_names_who_may_give_a_reason_and_whether_it_may_stand_where_nobody_is_named(admin_client: Client) -> None:
    page = admin_client.get(LIST, {"q": "order_replaced"})
    assertContains(page, '<td class="field-given_by">system, not known</td>', html=True)


def test_it_counts_uses_up_to_a_thousand(admin_client: Client, reason: Reason) -> None:
    Cancellation.objects.bulk_create(CancellationFactory.build_batch(1_001, reason=reason))
    assertContains(admin_client.get(LIST, {"q": "snowed"}), '<td class="field-uses">1,000+</td>', html=True)


@pytest.mark.parametrize(
    ("chosen", "shown", "hidden"),
    [
        ({"given_by": "system"}, "customs_stopped", "out_of_stock"),
        ({"responsible": "carrier"}, "lost_in_transit", "out_of_stock"),
        ({"instead": "change_address"}, "change_address", "out_of_stock"),
        ({"retired": "yes"}, "snowed_in", "out_of_stock"),
        ({"retired": "no"}, "out_of_stock", "snowed_in"),
        ({"q": "out_of"}, "out_of_stock", "snowed_in"),
        ({"q": "ran out of something"}, "out_of_stock", "snowed_in"),
    ],
)
def test_it_filters_and_searches(admin_client: Client, chosen: dict[str, str], shown: str, hidden: str) -> None:
    ReasonFactory(code="snowed_in", retired_at="2026-11-02T09:30:00Z")
    codes = [reason.code for reason in admin_client.get(LIST, chosen).context["cl"].result_list]
    assert shown in codes
    assert hidden not in codes


def test_a_filter_that_does_not_exist_lists_everything(admin_client: Client) -> None:
    page = admin_client.get(LIST, {"given_by": "nobody", "retired": "perhaps"})
    assert page.context["cl"].result_count == 39


def test_it_costs_the_same_for_few_and_for_many(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    admin_client.get(LIST)
    with django_assert_num_queries(5):  # session, user, second factor, count, reasons
        admin_client.get(LIST, {"q": "customs_stopped"})
    ReasonFactory.create_batch(30)
    with django_assert_num_queries(5):
        admin_client.get(LIST)


# The page of a reason


@pytest.mark.usefixtures("german")
def test_it_parts_the_languages_and_marks_the_one_that_is_written(admin_client: Client, reason: Reason) -> None:
    page = admin_client.get(page_of(reason), {"language": "de"})
    links = '<a href="?language=en"><bdi>English</bdi></a> · <a href="?language=de" aria-current="true">'
    assertContains(page, links)


def test_words_of_every_language_begin_on_their_side(admin_client: Client, reason: Reason) -> None:
    page = admin_client.get(page_of(reason))
    shown = [
        page.content.decode().count(f"<{tag}") for tag in ('summary lang="en" dir="auto"', 'dd lang="en" dir="auto"')
    ]
    assert shown == [1, 5]
    [formset] = page.context["inline_admin_formsets"]
    [form] = formset.formset.forms
    assert {form.fields[field].widget.attrs.get("dir") for field in Wording.TEXTS} == {"auto"}


def test_the_code_can_be_chosen_once(admin_client: Client, reason: Reason) -> None:
    assert "code" in admin_client.get(ADD).context["adminform"].form.fields
    assert "code" not in admin_client.get(page_of(reason)).context["adminform"].form.fields


def test_it_adds_a_reason_with_its_words(admin_client: Client, admin: User) -> None:
    texts = {"label": "flooded", "headline": "Water.", "explanation": "It rained.", "next_step": "Wait."}
    sent = form_on(admin_client, ADD, code="flooded", by_seller="on", responsible="nobody", **texts)
    assertRedirects(admin_client.post(ADD, sent), LIST)
    written = Reason.objects.get(code="flooded").wordings.get()
    assert (written.version, written.language, written.headline, written.created_by) == (1, "en", "Water.", admin)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "Flooded"}, "Use small letters, digits and underscores, and begin with a letter."),
        ({"code": "out_of_stock"}, "Reason with this Code already exists."),
        ({"by_seller": ""}, "Say who may give this reason: the buyer, the seller or the system."),
        ({"headline": ""}, "This field is required."),
        ({"headline": "The seller, {seller}, was flooded."}, "put it and the words around it in square brackets"),
        ({"next_step": "Ask {anybody}."}, "{anybody} is not known here"),
        ({"label": "a label that is far too long for any list"}, "at most 40 characters"),
        ({"headline": "Water\u202e."}, "It contains an invisible character that turns the writing direction."),
        (
            {"seller_advice": "Move\u2067 uphill."},
            "It contains an invisible character that turns the writing direction.",
        ),
        ({"language": "xx"}, "Candor does not speak this language."),
    ],
)
def test_it_refuses_in_words(admin_client: Client, changes: dict[str, str], sentence: str) -> None:
    texts = {"label": "flooded", "headline": "Water.", "explanation": "It rained.", "next_step": "Wait."}
    good = {"code": "flooded", "by_seller": "on", "responsible": "nobody", **texts}
    page = admin_client.post(ADD, form_on(admin_client, ADD, **{**good, **changes}))
    assertContains(page, sentence)
    assert not Reason.objects.filter(code="flooded").exists()


def test_other_words_become_a_version_and_the_old_ones_stay(admin_client: Client, reason: Reason, admin: User) -> None:
    sent = form_on(admin_client, page_of(reason), headline="The road was\r\nclosed.")
    admin_client.post(page_of(reason), sent)
    old, new = reason.wordings.order_by("version")
    assert old.headline == "Snow closed the road to the seller."
    assert (new.version, new.headline, new.created_by) == (2, "The road was closed.", admin)
    assert new.explanation == old.explanation


def test_the_same_words_add_nothing(admin_client: Client, reason: Reason) -> None:
    admin_client.post(page_of(reason), form_on(admin_client, page_of(reason), responsible="carrier"))
    reason.refresh_from_db()
    assert (reason.responsible, reason.wordings.count()) == ("carrier", 1)


def test_it_does_not_write_over_what_somebody_else_wrote(admin_client: Client, reason: Reason) -> None:
    sent = form_on(admin_client, page_of(reason), headline="The road was closed.")
    WordingFactory(reason=reason, version=2, headline="Avalanche.")
    page = admin_client.post(page_of(reason), sent)
    assertContains(page, "Somebody has written version 2 in the meantime.")
    assert reason.wordings.count() == 2


def test_it_lists_every_version_with_its_author(admin_client: Client, reason: Reason, stranger: User) -> None:
    WordingFactory(reason=reason, version=2, headline="Avalanche.", created_by=stranger)
    page = admin_client.get(page_of(reason))
    for text in [
        "Snow closed the road to the seller.",
        "Candor, or an account that is gone",
        "Avalanche.",
        "Ana Souza",
    ]:
        assertContains(page, text)


def test_it_says_which_words_came_with_candor(admin_client: Client, stranger: User) -> None:
    shipped = Reason.objects.get(code="customs_stopped")
    versions = shipped.wordings.count()
    add_wording(shipped, language="en", by=stranger, **{**shipped.wordings.get(language="en").texts, "label": "held"})
    stranger.delete()
    page = admin_client.get(page_of(shipped))
    assertContains(page, "shipped with Candor", count=versions)
    assertContains(page, "Candor, or an account that is gone", count=1)


@pytest.mark.usefixtures("german")
def test_each_language_is_written_by_itself(admin_client: Client, reason: Reason) -> None:
    address = f"{page_of(reason)}?language=de"
    assertContains(admin_client.get(page_of(reason)), "?language=de")
    assertContains(admin_client.get(address), "What people read, in German")
    texts = {"label": "Schnee", "headline": "Schnee.", "explanation": "Es schneite.", "next_step": "Warte."}
    admin_client.post(address, form_on(admin_client, address, **texts))
    assert list(reason.wordings.order_by("version").values_list("language", "version")) == [("en", 1), ("de", 2)]
    assert form_on(admin_client, address)["wordings-0-headline"] == "Schnee."
    assert form_on(admin_client, page_of(reason))["wordings-0-headline"] == "Snow closed the road to the seller."


# Preview


def test_it_previews_words_that_are_not_saved(admin_client: Client, reason: Reason) -> None:
    sent = form_on(admin_client, page_of(reason), headline="The road was closed[ by {ship_by}].")
    page = admin_client.post(preview_of(reason), sent)
    assertContains(page, "The road was closed.")
    assertContains(page, "The road was closed by ")
    assertContains(page, "You cancelled this order")
    assertContains(page, "Your money")
    assert reason.wordings.count() == 1


def test_it_previews_any_version(admin_client: Client) -> None:
    reason = Reason.objects.get(code="payment_not_received")
    page = admin_client.get(preview_of(reason), {"version": 1})
    assertContains(page, "The order was not paid within the time allowed.")
    assertContains(page, reason.wordings.get(version=1).seller_advice)
    assertContains(page, "You were not charged.")


@pytest.mark.usefixtures("german")
def test_a_preview_speaks_the_language_of_its_words(admin_client: Client, reason: Reason) -> None:
    WordingFactory(reason=reason, version=2, language="de", headline="Schnee.")
    assertContains(admin_client.get(preview_of(reason), {"version": 2}), '<html lang="de"')


def test_a_preview_says_what_keeps_words_from_being_shown(admin_client: Client, reason: Reason) -> None:
    page = admin_client.post(preview_of(reason), form_on(admin_client, page_of(reason), headline="Ask {anybody}."))
    assertContains(page, "These words cannot be shown yet:")
    assertContains(page, "Headline: {anybody} is not known here")


@pytest.mark.parametrize("version", ["", "0", "7", "x", "²", "9" * 400])
def test_a_version_that_does_not_exist_has_no_preview(admin_client: Client, reason: Reason, version: str) -> None:
    assert admin_client.get(preview_of(reason), {"version": version}).status_code == 404


def test_a_preview_is_for_those_who_may_see_reasons(admin_client: Client, admin: User, reason: Reason) -> None:
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    assert admin_client.get(preview_of(reason), {"version": 1}).status_code == 403


def test_a_preview_is_for_administrators_only(buyer_client: Client, reason: Reason) -> None:
    assert buyer_client.get(preview_of(reason), {"version": 1}).status_code in {302, 403}


# Retiring


def test_it_asks_before_it_retires(admin_client: Client, reason: Reason) -> None:
    page = act(admin_client, "retire_selected", reason)
    assertContains(page, "Nobody can give a retired reason any more.")
    assertContains(page, "snowed_in")
    reason.refresh_from_db()
    assert not reason.is_retired


def test_it_retires_and_takes_back(admin_client: Client, reason: Reason) -> None:
    assertContains(act(admin_client, "retire_selected", reason, post="yes"), "1 reason has been retired.")
    assert not Reason.objects.current().filter(pk=reason.pk).exists()
    assertContains(act(admin_client, "unretire_selected", reason), "The reasons can be given again.")
    assertContains(act(admin_client, "unretire_selected", reason, post="yes"), "1 reason is in use again.")
    assert Reason.objects.current().filter(pk=reason.pk).exists()
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == ["Retired.", "Taken back into use."]


def test_it_says_when_that_is_no_news(admin_client: Client, reason: Reason) -> None:
    assertContains(act(admin_client, "unretire_selected", reason, post="yes"), "0 reasons are in use again.")
    assert not LogEntry.objects.exists()


def test_the_reason_for_what_is_not_known_stays(admin_client: Client) -> None:
    page = act(admin_client, "retire_selected", Reason.objects.get(code="not_stated"), post="yes")
    assertContains(page, "“not_stated” stays in use")
    assert Reason.objects.current().filter(code="not_stated").exists()


# Deleting


@pytest.mark.parametrize(
    ("use", "named"),
    [
        (lambda reason: CancellationFactory(reason=reason), "cancellations: 1"),
        (lambda reason: AliasFactory(reason=reason), "aliases: 1"),
        (lambda reason: CancellationRequestFactory(reason=reason), "cancellation requests: 1"),
    ],
    ids=["a cancellation", "an alias", "a request"],
)
def test_what_is_used_is_kept_and_the_page_says_why(admin_client: Client, reason: Reason, use: Any, named: str) -> None:
    use(reason)
    address = reverse("admin:cancellations_reason_delete", args=[reason.pk])
    for page in [admin_client.get(address), admin_client.post(address, {"post": "yes"})]:
        assertContains(page, f"“snowed_in” is in use ({named}) and cannot be deleted. Retire it instead")
        assertNotContains(page, "protected related objects")
    page = act(admin_client, "delete_selected", reason, ReasonFactory.create(), post="yes")
    assertContains(page, f"“snowed_in” is in use ({named}) and cannot be deleted. Retire it instead")
    assertContains(page, "Nothing has been deleted.")
    assert Reason.objects.count() == 41


def test_what_nothing_uses_can_be_deleted(admin_client: Client, reason: Reason) -> None:
    address = reverse("admin:cancellations_reason_delete", args=[reason.pk])
    assertContains(admin_client.get(address), "Are you sure")
    admin_client.post(address, {"post": "yes"})
    assert not Reason.objects.filter(pk=reason.pk).exists()


def test_several_that_nothing_uses_can_be_deleted(admin_client: Client, reason: Reason) -> None:
    assertContains(act(admin_client, "delete_selected", reason), "Are you sure")
    act(admin_client, "delete_selected", reason, post="yes")
    assert not Reason.objects.filter(pk=reason.pk).exists()
