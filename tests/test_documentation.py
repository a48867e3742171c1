"""What the papers promise: addresses that answer, files that exist, and what they tell whom."""

import re
import tomllib
from pathlib import Path

import pytest
from django.urls import resolve

ROOT = Path(__file__).resolve().parent.parent
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("[!.]*/README.md")])
ADDRESSES = re.findall(r"`(/[^`]*)`", (ROOT / "README.md").read_text().partition("| page |")[2].partition("\n\n")[0])
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
PLACES = {"<number>": "C-1", "<request>": "1", "<cancellation>": "1", "<slug>": "market"}
FOLDERS = "accounts|bench|bin|cancellations|config|docs|feeds|foundation|insights|locale|orders|static|templates|tests"


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_of_the_readme_leads_somewhere(address: str) -> None:
    for place, value in PLACES.items():
        address = address.replace(place, value)
    assert resolve(address)


def test_the_readme_names_addresses() -> None:
    assert len(ADDRESSES) > 15


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_exists(paper: Path) -> None:
    text = paper.read_text()
    linked = [paper.parent / target for target in re.findall(r"\]\((?!\w+:)([^)#]+)", text)]
    named = [ROOT / name for name in re.findall(rf"`((?:{FOLDERS})/[\w./-]+\.\w+)[`:]", text)]
    assert [str(path) for path in [*linked, *named] if not path.exists()] == []


def test_the_readme_names_the_two_commands_on_its_first_screen() -> None:
    first_screen = (ROOT / "README.md").read_text().splitlines()[:40]
    assert {"bin/demo", "bin/test"} <= set(" ".join(first_screen).replace("`", " ").split())


def test_decisions_are_short_and_say_what_follows() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert decisions
    for decision in decisions:
        text = decision.read_text()
        assert len(text.splitlines()) <= 25, decision.name
        assert re.match(r"# \d{4}[.:]? \S", text), decision.name
        assert re.search(r"consequence", text, re.I), decision.name


def test_the_changelog_tells_of_this_version() -> None:
    assert re.search(rf"^## .*{re.escape(VERSION)}", (ROOT / "CHANGELOG.md").read_text(), re.M)
