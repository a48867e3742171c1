"""An import that is killed, wherever it happens to be, and run again ends as if it had never been killed."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.contents import Rows, differences
from tests.killing import ON_LINUX, READING, TOO_LATE, Databases, Importing, databases
from tests.marketfiles import EARLIER, write_documents, write_export

__all__ = ["databases"]  # a fixture

pytestmark = ON_LINUX
LONGEST_GRACE = 0.03  # seconds: so that a kill may also come while the database is at work and the process waits
PHASES = {READING, "in the first batch", "between batches", "late"}

EXPORT = (write_export, "shopee")
DOCUMENTS = (write_documents, "canonical")


def prepare(databases: Databases, kind: tuple[Callable[..., Path], str]) -> Importing:
    """Make a database that knows older statements about some of the orders, and the import of newer ones."""
    write, form = kind
    options = ("--format", form, "--seller", "Minh Long Ceramics")
    databases.copy("before")
    Importing(databases, write(databases.folder / "earlier", orders=EARLIER, is_early=True), options).run("before")
    return Importing(databases, write(databases.folder / "orders"), options)


def run_whole(importing: Importing) -> tuple[dict[str, Rows], float]:
    """Import without being killed; return what is known then, and how many seconds of the processor it took."""
    importing.databases.copy("whole", of="before")
    seconds = importing.run("whole")
    return importing.databases.contents("whole"), seconds


def kill_somewhere(importing: Importing, *, after: float, grace: float) -> str:
    """Kill an import on the database `trial`, earlier where it would end before that; say where it was."""
    importing.databases.copy("trial", of="before")
    phase = importing.run_and_kill("trial", after=after, grace=grace)
    if phase != TOO_LATE:
        return phase
    importing.databases.drop("trial")
    return kill_somewhere(importing, after=after * 0.9, grace=grace)


def kill_at(importing: Importing, phase: str) -> str:
    """Kill an import on the database `trial` in this phase of it, in as many attempts as it takes, at most 20."""
    for _ in range(20):
        importing.databases.copy("trial", of="before")
        if importing.run_and_kill_at("trial", phase=phase) == phase:
            return phase
        importing.databases.drop("trial")
    pytest.fail(f"It could not be killed {phase}.")


def kills_all_over(importing: Importing, amount: int, seconds: float, chance: random.Random) -> Iterator[str]:
    """Kill it again and again: at random points all over the run, and then in each phase that chance has left out."""
    met = set[str]()
    for place in range(amount):
        share = (place + chance.random()) / amount
        phase = kill_somewhere(importing, after=share * seconds, grace=chance.uniform(0, LONGEST_GRACE))
        met.add(phase)
        yield phase
    for phase in sorted(PHASES - met):
        yield kill_at(importing, phase)


@pytest.mark.parametrize(("kind", "kills"), [(EXPORT, 20), (DOCUMENTS, 8)], ids=["csv", "json-lines"])
def test_killed_anywhere_and_run_again_it_ends_as_if_it_had_never_been(
    databases: Databases, kind: Any, kills: int
) -> None:
    importing = prepare(databases, kind)
    whole, seconds = run_whole(importing)
    seed = random.randrange(10**6)
    met = Counter[str]()
    for phase in kills_all_over(importing, kills, seconds, random.Random(seed)):
        met[phase] += 1
        importing.run("trial")
        assert differences(databases.contents("trial"), whole) == {}, f"seed {seed}: {dict(met)}"
        databases.drop("trial")
    print(f"Seed {seed}; killed: {dict(met)}")  # noqa: T201  (what is drawn anew each time)
    assert met.total() >= kills
    assert met.keys() >= PHASES


def test_without_transactions_a_kill_leaves_halves(databases: Databases) -> None:
    """The control: the same import without its transactions, killed when its first orders can be seen."""
    importing = prepare(databases, DOCUMENTS)
    whole, _ = run_whole(importing)

    def spoilt() -> dict[str, int]:
        databases.copy("trial", of="before")
        replace(importing, is_guarded=False).run_until_orders("trial", more_than=EARLIER)
        importing.run("trial")
        found = differences(databases.contents("trial"), whole)
        databases.drop("trial")
        return found

    assert any(spoilt() for _ in range(5))
