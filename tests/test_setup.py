"""What a fresh clone promises: its commands, its pins, its parts."""

import ast
import os
import re
import sqlite3
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import packages_distributions
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = (ROOT / "config/settings.py").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINS = ROOT / "requirements.txt"
APPS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))
COMMANDS = sorted(path.name for path in (ROOT / "bin").iterdir())
IGNORED = {".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split())}
SITE = {"CANDOR_ENV": "production", "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "candor.example"}


def our_files(pattern: str = "*") -> Iterator[Path]:
    for top in ROOT.iterdir():
        if top.name not in IGNORED:
            yield from [top] if top.is_file() and top.match(pattern) else top.rglob(pattern)


def text_of(path: Path) -> str:
    return path.read_text(errors="replace") if path.is_file() and "__pycache__" not in path.parts else ""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_runs_in_a_plain_shell(name: str) -> None:
    command = ROOT / "bin" / name
    assert os.access(command, os.X_OK)
    assert command.read_text().startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", command], check=False).returncode == 0


@pytest.mark.parametrize("pins", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_a_hash(pins: str) -> None:
    entries = re.split(r"\n(?=[a-z])", (ROOT / pins).read_text().partition("bin/pin\n")[2])
    assert [entry for entry in entries if not re.match(r"[\w.\[\],-]+==\S+ .*--hash=sha256:", entry, re.S)] == []


def test_production_runs_what_the_tests_ran() -> None:
    tested = (ROOT / "requirements-dev.txt").read_text()
    released = re.findall(r"^\S+==\S+", (ROOT / "requirements.txt").read_text(), re.M)
    assert [pin for pin in released if f"{pin} " not in tested] == []


def imports(*, at_the_top: bool = False) -> Iterator[tuple[str, str]]:
    """Read what the product's modules import, without those of the demo: file and module."""
    for path in (path for package in ("config", *APPS) for path in sorted((ROOT / package).rglob("*.py"))):
        tree = ast.parse(path.read_text())
        for node in tree.body if at_the_top else ast.walk(tree):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            if ROOT / "feeds/demo" not in path.parents:
                yield from ((str(path.relative_to(ROOT)), name) for name in names)


def test_production_installs_what_it_imports() -> None:
    pinned = {name.lower() for name in re.findall(r"^([\w.-]+?)(?:\[.*\])?==", PINS.read_text(), re.M)}
    named = [name for _path, name in imports()] + [*settings.INSTALLED_APPS, *settings.MIDDLEWARE]
    wanted = {name.partition(".")[0] for name in named} - {"config", *APPS} - sys.stdlib_module_names
    brought_by = packages_distributions()
    assert {"django", "pydantic", "allauth"} <= wanted
    assert [name for name in wanted if not {one.lower() for one in brought_by.get(name, [])} & pinned] == []


def test_the_demo_is_imported_only_where_it_is_run() -> None:
    # It makes its people with factory-boy, which production does not install.
    def of_the_demo(found: Iterator[tuple[str, str]]) -> set[str]:
        return {path for path, name in found if name.startswith("feeds.demo")}

    assert of_the_demo(imports()) == {"config/urls.py", "feeds/management/commands/load_demo.py"}
    assert of_the_demo(imports(at_the_top=True)) == set()


def test_examples_are_drawn_alike_each_time_and_may_take_as_long_as_they_take() -> None:
    drawn = hypothesis.settings.default
    assert drawn
    assert (drawn.derandomize, drawn.deadline) == (True, None)


def test_ci_runs_the_handbooks_commands_from_the_check_to_the_files() -> None:
    first = (ROOT / "docs/operations.md").read_text().partition("```sh\n")[2].partition("```")[0]
    told = re.findall(r"^\.venv/bin/python manage\.py (\w+)", first, re.M)
    tried = re.findall(r"^ +manage (\w+)", (ROOT / "bin/ci").read_text(), re.M)
    assert told == [*tried, "createsuperuser"]


def test_the_handbooks_backup_of_sqlite_holds_all_and_is_its_owners(tmp_path: Path) -> None:
    handbook = (ROOT / "docs/operations.md").read_text().partition("## Back up")[2]
    for name in (".venv", "manage.py"):
        (tmp_path / name).symlink_to(ROOT / name)
    with closing(sqlite3.connect(tmp_path / "candor.sqlite3")) as place:
        place.execute("CREATE TABLE kept AS SELECT 'an order' AS what")
        place.commit()
    subprocess.run(
        ["sh", "-ec", handbook.partition("```sh\n")[2].partition("```")[0]],
        cwd=tmp_path,
        env={
            **os.environ,
            **SITE,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": "",
        },
        check=True,
    )
    (backup,) = tmp_path.glob("candor-*.sqlite3")
    assert stat.filemode(backup.stat().st_mode) == "-rw-------"
    with closing(sqlite3.connect(backup)) as place:
        assert place.execute("SELECT what FROM kept").fetchall() == [("an order",)]


def test_every_dependency_is_pinned() -> None:
    pinned = (ROOT / "requirements.txt").read_text()
    names = [re.split(r"[\[<>=]", wanted)[0] for wanted in PROJECT["project"]["dependencies"]]
    assert [name for name in names if not re.search(rf"^{name}(\[.*\])?==", pinned, re.M)] == []


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs/decisions/0002-libraries.md").read_text()
    names = [re.split(r"[\[<>=]", wanted)[0] for wanted in PROJECT["project"]["dependencies"]]
    assert [name for name in names if not re.search(rf"\b{name} \[", reasons)] == []


def test_no_file_names_a_package_registry() -> None:
    # The brackets keep this pattern from finding itself.
    registry = re.compile(r"py[p]i\.|python[h]osted|[n]pmjs|index[-]url", re.I)
    assert [path for path in our_files() if registry.search(text_of(path))] == []
    assert not (ROOT / "uv.lock").exists()


@pytest.mark.parametrize("app", APPS)
def test_an_app_is_loaded_shipped_and_checked_and_has_its_layer(app: str) -> None:
    tools = PROJECT["tool"]
    assert f'"{app}' in SETTINGS
    assert f"!{app}" in (ROOT / ".dockerignore").read_text().split()
    assert app in (ROOT / "bin/demo").read_text().split()
    assert app in tools["mypy"]["files"]
    assert app in tools["coverage"]["run"]["source"]
    assert app in tools["importlinter"]["root_packages"]
    assert any(app in layer.split(" | ") for layer in tools["importlinter"]["contracts"][0]["layers"])
