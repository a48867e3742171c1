"""Driving Chromium: how it is started, what it must not say, and what axe finds."""

import os
from pathlib import Path
from typing import Any

import pytest
import pytest_playwright_axe
from playwright.sync_api import Page

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
AXE = (Path(pytest_playwright_axe.__file__).parent / "resources" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

needs_chromium = pytest.mark.skipif(
    not CHROMIUM.is_file(), reason="No Chromium here: apt-get install chromium, or say where one is in CHROMIUM."
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the system's Chromium, quietly."""
    return {"executable_path": str(CHROMIUM), "args": ARGUMENTS.split()}


def listen(page: Page) -> list[str]:
    """Collect what the page says on the console, refusals by the Content Security Policy included."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def axe_findings(page: Page) -> list[str]:
    """Return what axe holds against the page; it is injected in a way that the policy lets through."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({ runOnly: { type: 'tag', values: tags } })", TAGS)
    return [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]
