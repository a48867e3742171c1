"""What the papers say is there: addresses that answer, files that exist."""

import re
from pathlib import Path

import pytest
from django.urls import resolve

ROOT = Path(__file__).resolve().parent.parent
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("[!.]*/README.md")])
ADDRESSES = re.findall(r"`(/[^`]*)`", (ROOT / "README.md").read_text().partition("| page |")[2].partition("\n\n")[0])
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
