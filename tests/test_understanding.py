"""An administrator says what an origin's words mean, and whatever they ended is corrected."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from cancellations.mapping import ForeignWords
from cancellations.models import Alias, Cancellation, Contest, Reason, Wording
from cancellations.terms import Source
from insights.models import SellerDay
from insights.refreshing import refresh
from orders import correcting
from orders.correcting import correct_all, correct_words
from orders.documents import OrderDocument
from orders.models import Event, Mail, Order
from orders.recording import record_orders
from orders.understanding import forget_alias, keep_alias, map_to_new_reason, map_words
from tests.documents import ORIGIN, cancellation_document, cancelled_document, line_document, order_document
from tests.factories import AliasFactory, ContestFactory, ReasonFactory, WordingFactory
from tests.faults import survives_faults
from tests.settling import wait_until_settled

pytestmark = pytest.mark.django_db
type Act = Callable[..., Any]
WORDS = ForeignWords(ORIGIN, "seller", "kho bị ngập")
TEXTS = {"label": "flooded", "headline": "Water.", "explanation": "It rained.", "next_step": "Wait."}


@pytest.fixture
def act(admin: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Act:
    """Let the administrator do something, and what follows its commit be done."""

    def do(action: Callable[..., Any], *args: Any, **more: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return action(*args, by=admin, **more)

    return do


def reason(code: str) -> Reason:
    return Reason.objects.get(code=code)


def said(number: str = "A1", words: str = "Kho bị ngập.", **fields: Any) -> OrderDocument:
    """Make the document of an order that the seller cancelled in these words."""
    known = {"source": Source.SELLER, "reason": "", "raw_reason": words}
    return cancelled_document(number, cancellation=cancellation_document(**{**known, **fields}))


def record(*documents: OrderDocument) -> None:
    record_orders(documents, origin=ORIGIN)


def recorded(number: str = "A1") -> Cancellation:
    ended = Order.objects.get(number=number).cancellation
    assert ended
    return ended


def codes() -> list[str]:
    return list(Order.objects.order_by("number").values_list("cancellation__reason__code", flat=True))


def corrections() -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind="reason_corrected").order_by("pk").values_list("facts", flat=True))


def new_reason(**fields: Any) -> Reason:
    return Reason(**{"code": "flooded", "by_seller": True, "responsible": "nobody", **fields})


# What is recorded


def test_every_order_with_these_words_is_corrected_and_keeps_the_old_reason_in_its_history(
    act: Act, admin: User
) -> None:
    record(said("A1"), said("A2", " KHO bị  ngập "), said("A3", "other words"), said("A4", source=Source.BUYER))
    newest = WordingFactory(reason=reason("out_of_stock"), version=9).version
    act(map_words, WORDS, reason=reason("out_of_stock"))
    assert codes() == ["out_of_stock", "out_of_stock", "not_stated", "not_stated"]
    assert (recorded().wording_version, recorded().raw_reason) == (newest, "Kho bị ngập.")
    event = Event.objects.filter(kind="reason_corrected").order_by("pk")[0]
    assert (event.order.number, event.actor, event.by, event.origin) == ("A1", "system", admin, "")
    assert event.facts == {
        "cancellation": recorded().pk,
        "from": {"source": "seller", "reason": "not_stated"},
        "to": {"source": "seller", "reason": "out_of_stock"},
        "alias": True,
    }
    assert len(corrections()) == 2


def test_it_is_one_origins_words(act: Act) -> None:
    record_orders([said("A1")], origin="another-feed")
    act(map_words, WORDS, reason=reason("out_of_stock"))
    assert codes() == ["not_stated"]


def test_parts_are_corrected_too_and_earlier_ones_of_the_same_line(act: Act) -> None:
    ended = cancellation_document(source=Source.SELLER, reason="", raw_reason="Kho bị ngập")
    record(order_document(lines=[line_document(), line_document(cancelled_quantity=1, cancellation=ended)]))
    act(map_words, WORDS, reason=reason("out_of_stock"))
    assert Cancellation.objects.get().reason.code == "out_of_stock"
    assert [facts["cancellation"] for facts in corrections()] == [Cancellation.objects.get().pk]


def test_what_a_contest_has_corrected_stays_so(act: Act) -> None:
    record(said("A1"), said("A2"))
    ContestFactory(cancellation=recorded("A1"), upheld=True)
    Cancellation.objects.filter(pk=recorded("A1").pk).update(reason=reason("seller_other"))
    ContestFactory(cancellation=recorded("A2"), rejected=True)
    act(map_words, WORDS, reason=reason("out_of_stock"))
    assert codes() == ["seller_other", "out_of_stock"]


def test_a_reason_that_the_origin_named_by_our_code_is_not_a_matter_of_words(act: Act) -> None:
    record(said("A1", reason="item_damaged"))
    act(map_words, WORDS, reason=reason("out_of_stock"))
    assert (codes(), corrections()) == (["item_damaged"], [])


def test_a_code_that_is_not_ours_is_words_like_any_other(act: Act) -> None:
    record(said("A1", "", reason="flooded"))
    act(map_words, ForeignWords(ORIGIN, "seller", "flooded"), reason=reason("out_of_stock"))
    record(said("A2", "", reason="flooded"))
    assert codes() == ["out_of_stock", "out_of_stock"]
    assert recorded("A2").raw_reason == "flooded"


def test_what_was_opened_again_is_corrected_without_a_word_in_the_history(act: Act) -> None:
    record(said())
    record(order_document("A1", version=2))
    act(map_words, WORDS, reason=reason("out_of_stock"))
    assert (Cancellation.objects.get().reason.code, corrections()) == ("out_of_stock", [])


def test_the_next_import_understands(act: Act) -> None:
    act(map_words, WORDS, reason=reason("out_of_stock"))
    record(said())
    assert (codes(), corrections()) == (["out_of_stock"], [])


def test_mapping_twice_changes_nothing(act: Act) -> None:
    record(said())
    first = act(map_words, WORDS, reason=reason("out_of_stock"))
    assert act(map_words, WORDS, reason=reason("out_of_stock")) == first
    assert len(corrections()) == 1


def test_nobody_is_mailed(act: Act) -> None:
    record(said())
    Mail.objects.all().delete()
    act(map_words, WORDS, reason=reason("out_of_stock"))
    assert not Mail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_figures_are_counted_again(act: Act) -> None:
    record(said())
    wait_until_settled()
    refresh()
    act(map_words, WORDS, reason=reason("out_of_stock"))
    wait_until_settled()
    refresh()
    assert list(SellerDay.objects.values_list("reason__code", "orders")) == [("out_of_stock", 1)]


# What it cannot mean


def test_the_source_must_be_allowed_to_give_the_reason(act: Act) -> None:
    with pytest.raises(ValidationError, match="cannot be given by that source"):
        act(map_words, WORDS, reason=reason("changed_mind"))
    assert not Alias.objects.filter(origin=ORIGIN).exists()


def test_words_of_nobody_known_mean_only_what_presumes_nobody(act: Act) -> None:
    words = ForeignWords(ORIGIN, "unknown", "inventory")
    record(said(words="inventory", source=Source.UNKNOWN))
    with pytest.raises(ValidationError, match="cannot be given by that source"):
        act(map_words, words, reason=reason("pricing_error"))
    act(map_words, words, reason=reason("out_of_stock"))
    assert (codes(), recorded().source) == (["out_of_stock"], "unknown")


def test_a_reason_that_the_source_may_not_give_any_more_stays_where_it_was_given(act: Act) -> None:
    record(said())
    act(map_words, WORDS, reason=reason("out_of_stock"))
    Reason.objects.filter(code="out_of_stock").update(by_seller=False, by_system=True)
    assert correct_all() == 0
    assert codes() == ["out_of_stock"]


# A new reason


def test_a_new_reason_is_made_with_its_words_and_its_alias(act: Act, admin: User) -> None:
    record(said())
    act(map_to_new_reason, WORDS, reason=new_reason(), texts=TEXTS)
    written = Wording.objects.get(reason__code="flooded")
    assert (written.version, written.language, written.headline, written.created_by) == (1, "en", "Water.", admin)
    assert codes() == ["flooded"]


@pytest.mark.parametrize(
    ("fields", "texts"),
    [({"code": "out_of_stock"}, {}), ({"by_seller": False, "by_buyer": True}, {}), ({}, {"headline": "{anybody}"})],
    ids=["a code that is there", "not the seller's", "words that cannot be shown"],
)
def test_it_is_made_whole_or_not_at_all(act: Act, fields: dict[str, Any], texts: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        act(map_to_new_reason, WORDS, reason=new_reason(**fields), texts={**TEXTS, **texts})
    assert not Reason.objects.filter(code="flooded").exists()
    assert not Alias.objects.filter(origin=ORIGIN).exists()


# Changing and deleting an alias


def test_another_meaning_corrects_what_was_understood_before(act: Act) -> None:
    alias = act(map_words, WORDS, reason=reason("out_of_stock"))
    record(said())
    alias.reason = reason("item_damaged")
    act(keep_alias, alias)
    assert codes() == ["item_damaged"]
    assert corrections()[0]["from"]["reason"] == "out_of_stock"


def test_other_words_correct_both(act: Act) -> None:
    alias = act(map_words, WORDS, reason=reason("out_of_stock"))
    record(said("A1"), said("A2", "other words"))
    alias.text = "Other words"
    act(keep_alias, alias)
    assert codes() == ["not_stated", "out_of_stock"]


def test_without_its_alias_the_words_are_shown_again(act: Act) -> None:
    alias = act(map_words, WORDS, reason=reason("out_of_stock"))
    record(said())
    act(forget_alias, alias)
    assert (codes(), recorded().raw_reason) == (["not_stated"], "Kho bị ngập.")
    assert corrections()[0]["alias"] is False


# Many, and a run that is killed


def test_a_killed_run_that_is_resumed_ends_as_one_that_was_not(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correcting, "BATCH", 3)
    record(*(said(f"A{number}") for number in range(10)))
    AliasFactory(origin=ORIGIN, source="seller", text=WORDS.key, reason=reason("out_of_stock"))
    batch, runs = correcting._correct_batch, iter(range(3))

    def kill_the_fourth(*what: Any, **more: Any) -> Any:
        if next(runs, None) is None:
            raise KeyboardInterrupt
        return batch(*what, **more)

    monkeypatch.setattr(correcting, "_correct_batch", kill_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        correct_words(WORDS, by=admin)
    monkeypatch.setattr(correcting, "_correct_batch", batch)
    assert codes().count("out_of_stock") == 9
    assert correct_words(WORDS, by=admin) == 1
    assert codes() == ["out_of_stock"] * 10
    assert len({facts["cancellation"] for facts in corrections()}) == len(corrections()) == 10


@pytest.mark.django_db(transaction=True)
def test_a_fault_leaves_no_batch_half_done(admin: User) -> None:
    record(said("A1"), said("A2"))
    AliasFactory(origin=ORIGIN, source="seller", text=WORDS.key, reason=reason("out_of_stock"))
    tables = [Cancellation, Event, Order]
    assert survives_faults(lambda: correct_words(WORDS, by=admin), *tables, after=False) >= 7
    assert codes() == ["out_of_stock"] * 2


def test_a_command_finishes_what_was_left(capsys: pytest.CaptureFixture[str]) -> None:
    record(said())
    AliasFactory(origin=ORIGIN, source="seller", text=WORDS.key, reason=reason("out_of_stock"))
    call_command("apply_aliases")
    call_command("apply_aliases")
    assert capsys.readouterr().out == "Corrected: 1.\nCorrected: 0.\n"
    assert codes() == ["out_of_stock"]


def test_a_contest_may_go_on_about_what_was_corrected(act: Act) -> None:
    record(said())
    ContestFactory(cancellation=recorded())
    act(map_words, WORDS, reason=reason("out_of_stock"))
    assert (codes(), Contest.objects.get().state) == (["out_of_stock"], "open")


def test_a_reason_beside_the_catalogue_serves_as_well(act: Act) -> None:
    record(said())
    act(map_words, WORDS, reason=ReasonFactory.create(code="flooded", by_seller=True))
    assert codes() == ["flooded"]
