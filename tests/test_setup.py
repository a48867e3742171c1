"""What a fresh clone promises: its commands, its settings, its papers."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = (ROOT / "config/settings.py").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
APPS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))
COMMANDS = sorted(path.name for path in (ROOT / "bin").iterdir())
IGNORED = {".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split())}
SERVERS = {
    "handbook": re.search(r"^\.venv/bin/(gunicorn .*)$", (ROOT / "docs/operations.md").read_text(), re.M),
    "container": re.search(r"^CMD (\[\"gunicorn\".*\])$", (ROOT / "Dockerfile").read_text(), re.M),
}
READ_BY_SETTINGS = set(re.findall(r"""env\.\w+\(\s*["']([A-Z_]+)["']""", SETTINGS))


def our_files(pattern: str = "*") -> Iterator[Path]:
    for top in ROOT.iterdir():
        if top.name not in IGNORED:
            yield from [top] if top.is_file() and top.match(pattern) else top.rglob(pattern)


def text_of(path: Path) -> str:
    return path.read_text(errors="replace") if path.is_file() and "__pycache__" not in path.parts else ""


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own."""
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", "import config.settings"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_refuses_to_start_without_a_secret_key_and_says_so_in_one_line() -> None:
    refusal = started(CANDOR_ENV="production", SECRET_KEY="")
    assert refusal.returncode == 1
    assert refusal.stderr.splitlines() == [
        "SECRET_KEY is not set: Candor does not start without one (see .env.example)."
    ]


def production_without_key() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "CANDOR_ENV": "production", "SECRET_KEY": ""}


@pytest.mark.parametrize("where", SERVERS)
def test_the_server_ends_without_a_secret_key_instead_of_starting_workers_for_ever(where: str) -> None:
    found = SERVERS[where]
    assert found
    words = re.sub(r"[\[\],]", " ", found[1])
    refusal = subprocess.run(
        [sys.executable, "-m", *shlex.split(words), "--bind", "127.0.0.1:0"],
        cwd=ROOT,
        env=production_without_key(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert refusal.returncode == 1
    assert refusal.stderr.splitlines() == [
        "SECRET_KEY is not set: Candor does not start without one (see .env.example)."
    ]


def test_it_refuses_an_environment_it_does_not_know_in_one_line() -> None:
    refusal = started(CANDOR_ENV="staging", SECRET_KEY="x")
    assert refusal.returncode == 1
    assert refusal.stderr.splitlines() == ["CANDOR_ENV is 'staging': it must be production, development, demo or test."]


def test_it_refuses_a_task_backend_it_does_not_know_in_one_line() -> None:
    refusal = started(CANDOR_ENV="test", TASKS_BACKEND="redis")
    assert refusal.returncode == 1
    assert refusal.stderr.splitlines() == ["TASKS_BACKEND is 'redis': it must be immediate or database."]


@pytest.mark.parametrize("environment", ["development", "demo", "test"])
def test_elsewhere_it_starts_without_a_secret_key(environment: str) -> None:
    assert started(CANDOR_ENV=environment, SECRET_KEY="").returncode == 0


def test_the_example_names_exactly_the_variables_that_the_settings_read() -> None:
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.M)) == READ_BY_SETTINGS


def test_the_handbook_explains_exactly_the_variables_that_the_settings_read() -> None:
    handbook = (ROOT / "docs/operations.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)`", handbook, re.M)) == READ_BY_SETTINGS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_runs_in_a_plain_shell(name: str) -> None:
    command = ROOT / "bin" / name
    assert os.access(command, os.X_OK)
    assert command.read_text().startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", command], check=False).returncode == 0


def test_the_readme_names_the_two_commands_on_its_first_screen() -> None:
    first_screen = (ROOT / "README.md").read_text().splitlines()[:40]
    assert {"bin/demo", "bin/test"} <= set(" ".join(first_screen).replace("`", " ").split())


@pytest.mark.parametrize("pins", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_a_hash(pins: str) -> None:
    entries = re.split(r"\n(?=[a-z])", (ROOT / pins).read_text().partition("bin/pin\n")[2])
    assert [entry for entry in entries if not re.match(r"[\w.\[\],-]+==\S+ .*--hash=sha256:", entry, re.S)] == []


def test_production_runs_what_the_tests_ran() -> None:
    tested = (ROOT / "requirements-dev.txt").read_text()
    released = re.findall(r"^\S+==\S+", (ROOT / "requirements.txt").read_text(), re.M)
    assert [pin for pin in released if f"{pin} " not in tested] == []


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


def test_decisions_are_short_and_say_what_follows() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert decisions
    for decision in decisions:
        text = decision.read_text()
        assert len(text.splitlines()) <= 25, decision.name
        assert re.match(r"# \d{4}[.:]? \S", text), decision.name
        assert re.search(r"consequence", text, re.I), decision.name


def test_links_in_the_papers_lead_somewhere() -> None:
    papers = [path for path in our_files("*.md") if path.is_file()]
    links = [(paper, link) for paper in papers for link in re.findall(r"\]\((?!\w+:)([^)#\s]+)", text_of(paper))]
    assert [(paper.name, link) for paper, link in links if not (paper.parent / link).exists()] == []


def test_the_changelog_tells_of_this_version() -> None:
    assert re.search(rf"^## .*{re.escape(PROJECT['project']['version'])}", (ROOT / "CHANGELOG.md").read_text(), re.M)
