"""What the database itself refuses about imports and their problems."""

from functools import partial

import pytest

from feeds.models import Problem, Refused
from tests.constraints import Case, refused_for, write, write_raw
from tests.factories import DeliveryFactory, FeedFactory, ProblemFactory, RefusedFactory, RunFactory

pytestmark = pytest.mark.django_db

running = partial(RunFactory, state="running", ended_at=None)

CASES = [
    Case("an unknown end", "feeds_run_state", RunFactory, {"state": "exploded"}),
    Case("a file of no format", "feeds_run_format_not_empty", RunFactory, {"format": ""}),
    Case("finished, never", "feeds_run_ended_at_when_ended", RunFactory, {"ended_at": None}),
    Case("ended, yet running", "feeds_run_ended_at_when_ended", RunFactory, {"state": "running"}),
    Case("a feed without a name in addresses", "feeds_feed_slug_not_empty", FeedFactory, {"slug": ""}),
    Case("a feed without a name", "feeds_feed_name_not_empty", FeedFactory, {"name": ""}),
    Case("a format that is no name", "feeds_feed_format_form", FeedFactory, {"format": "My Format"}),
    Case("a feed's currency that is no code", "feeds_feed_currency_form", FeedFactory, {"currency": "eur"}),
    Case("a time zone that is none", "feeds_feed_time_zone_form", FeedFactory, {"time_zone": "half past two"}),
    Case("a run's currency that is no code", "feeds_run_currency_form", RunFactory, {"currency": "EU"}),
    Case(
        "more taken later than were refused", "feeds_run_taken_later_were_refused", RunFactory, {"taken_later_count": 1}
    ),
    Case("nothing kept of an order", "feeds_refused_records_not_empty", RefusedFactory, {"records": ""}),
    Case("a secret that is none", "feeds_feed_secret_form", FeedFactory, {"secret": "hunter2"}),
    Case("an earlier secret that is none", "feeds_feed_previous_secret_form", FeedFactory, {"previous_secret": "x"}),
    Case("a message without an id", "feeds_delivery_message_not_empty", DeliveryFactory, {"message": ""}),
    Case("a message taken twice", "feeds_delivery_once", DeliveryFactory),
    Case("a problem without words", "feeds_problem_sentence_not_empty", ProblemFactory, {"sentence": ""}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_refuses(case: Case) -> None:
    case.attempt()


def test_it_takes_a_run_that_goes_on_and_ends() -> None:
    run = running()
    write(run, {"state": "refused", "ended_at": run.started_at, "refusal": "The file ends in the middle."})


@pytest.mark.parametrize(
    "column", ["new_count", "changed_count", "unchanged_count", "stale_count", "refused_count", "taken_later_count"]
)
def test_it_refuses_to_count_below_nothing(column: str) -> None:
    with refused_for(f"feeds_run_{column}_check", f"CHECK constraint failed: {column}"):
        write_raw(RunFactory.create(), column, -1)


def test_it_deletes_the_problems_with_their_run() -> None:
    ProblemFactory.create().run.delete()
    assert not Problem.objects.exists()


def test_a_problem_outlives_what_is_kept_of_its_order() -> None:
    problem = ProblemFactory.create(refused=RefusedFactory.create())
    Refused.objects.all().delete()
    problem.refresh_from_db()
    assert problem.refused is None
