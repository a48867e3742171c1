"""What people read for a reason: which version, in which language, at what cost; and who may write it."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, models, transaction
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cancellations import wordings
from cancellations.curating import CannotRetire, add_wording, retire, unretire
from cancellations.models import Reason, Wording
from tests.factories import ReasonFactory, WordingFactory

TEXTS = {"label": "snowed in", "headline": "Snow.", "explanation": "It snowed.", "next_step": "Wait."}


@pytest.fixture
def reason(db: None) -> Reason:
    """A reason in three versions: English, English again, German."""
    reason = ReasonFactory.create(wording__headline="Snow closed the road.")
    WordingFactory(reason=reason, version=2, headline="Snow closed the only road.")
    WordingFactory(reason=reason, version=3, language="de", headline="Schnee lag auf der Straße.")
    return reason


@pytest.mark.parametrize(
    ("version", "language", "headline"),
    [
        (1, "en", "Snow closed the road."),
        (2, "en", "Snow closed the only road."),
        (3, "en", "Snow closed the only road."),
        (3, "de", "Schnee lag auf der Straße."),
        (1, "de", "Schnee lag auf der Straße."),  # translated later: the oldest translation there is
        (3, "de-at", "Schnee lag auf der Straße."),
        (3, "de-AT", "Schnee lag auf der Straße."),
        (2, "vi", "Snow closed the only road."),
    ],
)
def test_it_gives_the_newest_not_above_the_version_in_the_readers_language(
    reason: Reason, version: int, language: str, headline: str
) -> None:
    assert wordings.wording(reason.pk, version, language).headline == headline


@pytest.mark.parametrize(
    ("spoken", "headline"), [("de", "Schnee lag auf der Straße."), (None, "Snow closed the only road.")]
)
def test_where_no_language_is_named_it_is_the_readers(reason: Reason, spoken: str | None, headline: str) -> None:
    with translation.override(spoken):
        assert wordings.wording(reason.pk, 3).headline == headline
        assert wordings.newest_wording(reason.pk).headline == headline
        assert wordings.label_of(reason.code) == wordings.newest_wording(reason.pk, spoken or "en").label


def test_it_says_when_there_are_no_words(db: None) -> None:
    silent = ReasonFactory.create(wording=False)
    with pytest.raises(KeyError):
        wordings.wording(silent.pk, 1, "en")


def test_it_costs_no_statement_when_it_is_warm(
    reason: Reason, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        wordings.wording(reason.pk, 3, "de")
    with django_assert_num_queries(0):
        wordings.wording(reason.pk, 1, "vi")
        assert wordings.reason(reason.pk).code == reason.code


def test_it_takes_a_new_copy_when_a_version_is_newer_than_it_knows(
    reason: Reason, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wordings.wording(reason.pk, 3, "en")
    WordingFactory(reason=reason, version=4, headline="It has thawed.")
    with django_assert_num_queries(1):
        assert wordings.wording(reason.pk, 4, "en").headline == "It has thawed."


def test_it_takes_a_new_copy_when_a_reason_is_new(reason: Reason) -> None:
    wordings.wording(reason.pk, 3, "en")
    newcomer = ReasonFactory.create()
    assert wordings.reason(newcomer.pk) == newcomer
    assert wordings.wording(newcomer.pk, 1, "en").reason == newcomer


def test_it_takes_a_new_copy_after_a_minute(reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wordings.reason(reason.pk).responsible == "nobody"
    Reason.objects.filter(pk=reason.pk).update(responsible="carrier")
    assert wordings.reason(reason.pk).responsible == "nobody"
    later = time.monotonic() + wordings.KEEP_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert wordings.reason(reason.pk).responsible == "carrier"


def test_it_puts_the_facts_of_an_order_into_every_text(db: None) -> None:
    wording = WordingFactory.build(
        headline="The carrier[, {carrier},] lost the parcel.", next_step="Ask the seller[, {seller}]."
    )
    words = wordings.filled(wording, {"carrier": "J&T Express"})
    assert words.headline == "The carrier, J&T Express, lost the parcel."
    assert words.next_step == "Ask the seller."
    assert words.label == wording.label


def test_it_tells_writers_the_newest_version_from_the_database(reason: Reason) -> None:
    wordings.wording(reason.pk, 3, "en")
    WordingFactory(reason=reason, version=4, language="vi")
    assert wordings.newest_version(reason.pk) == 4


def test_an_edit_adds_a_version_and_keeps_the_old_ones(reason: Reason, admin: User) -> None:
    added = add_wording(reason, language="en", by=admin, **TEXTS)
    assert (added.version, added.created_by) == (4, admin)
    assert list(reason.wordings.order_by("version").values_list("headline", flat=True)) == [
        "Snow closed the road.",
        "Snow closed the only road.",
        "Schnee lag auf der Straße.",
        "Snow.",
    ]


@pytest.mark.parametrize(
    ("field", "text"), [("headline", "Snow by {weekday}."), ("next_step", ""), ("label", "snow " * 9)]
)
def test_an_edit_that_cannot_be_shown_is_refused(reason: Reason, field: str, text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        add_wording(reason, language="en", by=None, **{**TEXTS, field: text})
    assert list(refused.value.message_dict) == [field]
    assert reason.wordings.count() == 3


def test_a_retired_reason_is_no_longer_current_and_can_come_back(reason: Reason) -> None:
    assert retire(reason)
    assert not retire(reason)
    assert reason not in Reason.objects.current()
    assert unretire(reason)
    assert not unretire(reason)
    assert reason in Reason.objects.current()


def test_the_reason_for_what_is_not_known_cannot_be_retired(db: None) -> None:
    with pytest.raises(CannotRetire):
        retire(Reason.objects.get(code="not_stated"))


# Two administrators save at the same moment. The first has written its version and not yet committed; the second waits
# for it, on the lock or, without one, on the unique key.


def test_two_edits_at_once_get_two_versions(race: Callable[[], list[int | str]]) -> None:
    assert race() == [2, 3]


def test_without_the_lock_they_would_take_the_same_version(
    race: Callable[[], list[int | str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **_: rows)
    assert race() == [2, "IntegrityError"]


@pytest.fixture
def race(transactional_db: None) -> Iterator[Callable[[], list[int | str]]]:
    """Run two edits of one reason, the second beginning before the first has ended."""
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite lets one transaction write at a time: there is no race to run.")
    reason = ReasonFactory.create()
    outcomes: list[int | str] = []

    def second() -> None:
        try:
            outcomes.append(add_wording(reason, language="en", by=None, **TEXTS).version)
        except IntegrityError:
            outcomes.append("IntegrityError")
        finally:
            connections.close_all()

    def run() -> list[int | str]:
        thread = threading.Thread(target=second)
        with transaction.atomic():
            outcomes.append(add_wording(reason, language="en", by=None, **TEXTS).version)
            thread.start()
            wait_for_somebody_who_waits()
        thread.join(timeout=10)
        return outcomes

    yield run
    Wording.objects.filter(reason=reason).delete()


def wait_for_somebody_who_waits() -> None:
    """Return once another connection to this database waits for a lock."""
    here = "SELECT pid FROM pg_locks JOIN pg_database ON database = pg_database.oid WHERE datname = current_database()"
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(f"SELECT 1 FROM pg_locks WHERE NOT granted AND pid IN ({here})")
            if cursor.fetchone():
                return
            time.sleep(0.01)
    pytest.fail("The second edit did not wait for the first.")
