"""Driving Chromium: how it is started, what it must not say, and what axe finds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_playwright_axe
from playwright.sync_api import Browser, Page, expect

from tests.factories import PASSWORD

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
AXE = (Path(pytest_playwright_axe.__file__).parent / "resources" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

expect.set_options(timeout=30_000)  # as long as Playwright waits for all else: a busy machine is no fault of a page

# Where CI is set they do not skip: without a browser they fail.
needs_chromium = pytest.mark.skipif(
    not CHROMIUM.is_file() and "CI" not in os.environ,
    reason="No Chromium here: apt-get install chromium, or say where one is in CHROMIUM.",
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


@contextmanager
def visitor(
    browser: Browser, *, width: int = 1280, scheme: Literal["light", "dark"] = "light", **options: Any
) -> Iterator[Page]:
    """Open a window of this width in light or dark; `options` are those of a Playwright context."""
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **options) as context:
        yield context.new_page()


def sign_in(page: Page, address: str) -> None:
    """Sign in as the buyer of the cast, through the form, and come back on the page that it leads to."""
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("E-mail address").fill("mai@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: not url.startswith(f"{address}/accounts/login/"))


def is_too_wide(page: Page) -> bool:
    """Tell whether the page, once it is there as a whole, has to be scrolled sideways."""
    page.wait_for_load_state()  # a link that was clicked has led on by then, but not all of its page has come
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def axe_findings(page: Page) -> list[str]:
    """Return what axe holds against the whole page; it is injected in a way that the policy lets through."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)
    return [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]
