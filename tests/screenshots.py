"""Pictures of a running demo, taken by bin/screenshots: those of the README, or every page in all its looks."""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Not from tests.browsing: that needs Django and its settings, and this only a demo that runs.
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
EMAIL, PASSWORD = "mai@demo.example", "honest-answers"
# The order that shows most: ended by the system, for a reason on the seller's side, the money on its way back.
README = {"order-cancelled": "/orders/5993-8207/", "my-orders": "/orders/"}
HEIGHTS = {"order-cancelled": 1180, "my-orders": 1020}
EVERYWHERE = {
    "my-orders": "/orders/",
    "cancelled": "/orders/?status=cancelled",
    "nothing": "/orders/?q=nothing+like+it",
    "account": "/accounts/",
    "not-found": "/orders/0000-0000/",
}
LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"), (320, "light")]


def main(address: str, folder: str) -> None:
    """Take the README's pictures, or, where a folder is named, those of every page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS.split())
        if folder:
            take_all(browser, address, Path(folder))
        else:
            take_readme(browser, address)
        browser.close()


def take_readme(browser: Browser, address: str) -> None:
    """Take the first screen of the pages in the README, as on a desk in daylight."""
    page = signed_in(browser.new_context(base_url=address, locale="en-GB"))
    for name, path in README.items():
        page.set_viewport_size({"width": 1280, "height": HEIGHTS[name]})
        page.goto(path)
        page.screenshot(path=f"docs/{name}.png")


def take_all(browser: Browser, address: str, folder: Path) -> None:
    """Take whole pages, every order included, at a desk and on a phone, by day and by night."""
    context = browser.new_context(base_url=address, locale="en-GB")
    page = signed_in(context)
    for name, path in {**EVERYWHERE, **orders_of(page)}.items():
        page.goto(path)
        for width, theme in LOOKS:
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=folder / f"{name}-{width}-{theme}.png", full_page=True)


def signed_in(context: BrowserContext) -> Page:
    """Open a page on which the buyer is signed in."""
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/orders/")
    return page


def orders_of(page: Page) -> dict[str, str]:
    """Return the addresses of all orders, by their numbers, newest first."""
    found: dict[str, str] = {}
    page.goto("/orders/")
    while True:
        links = page.locator(".cards h2 a")
        paths = [str(link.get_attribute("href")) for link in links.all()]
        found |= {path.strip("/").split("/")[-1]: path for path in paths}
        older = page.get_by_role("link", name="Older orders")
        if not older.count():
            return found
        older.click()


if __name__ == "__main__":
    main(*sys.argv[1:])
