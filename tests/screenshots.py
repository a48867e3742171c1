"""Pictures of a running demo, taken by bin/screenshots: those of the README, or what buyers and sellers see."""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Not from tests.browsing: that needs Django and its settings, and this only a demo that runs.
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
BUYER, SELLER, PASSWORD = "mai@demo.example", "khoa@demo.example", "honest-answers"
# The order that shows most: ended by the system, for a reason on the seller's side, the money on its way back.
README = {"order-cancelled": "/orders/5993-8207/", "my-orders": "/orders/"}
HEIGHTS = {"order-cancelled": 1180, "my-orders": 1020}
EVERYWHERE = {
    "my-orders": "/orders/",
    "cancelled": "/orders/?status=cancelled",
    "nothing": "/orders/?q=nothing+like+it",
    "insights": "/insights/",
    "account": "/accounts/",
    "not-found": "/orders/0000-0000/",
}
ACTS = ("cancel", "contest", "receipt")
SELLERS = {"selling": "/selling/", "selling-orders": "/selling/orders/"}
LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"), (320, "light")]


def main(address: str, folder: str) -> None:
    """Take the README's pictures, or, where a folder is named, those of what buyers and sellers see."""
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
    buyer = signed_in(browser.new_context(base_url=address, locale="en-GB"))
    orders = orders_of(buyer)
    for name, path in {**EVERYWHERE, **orders, **acts_of(buyer, orders)}.items():
        take(buyer, path, folder / name)
    seller = signed_in(browser.new_context(base_url=address, locale="en-GB"), SELLER)
    for name, path in {**SELLERS, **waiting_for(seller)}.items():
        take(seller, path, folder / name)


def take(page: Page, path: str, name: Path) -> None:
    """Take one page in all its looks."""
    page.goto(path)
    for width, theme in LOOKS:
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{name}-{width}-{theme}.png", full_page=True, animations="disabled")


def signed_in(context: BrowserContext, email: str = BUYER) -> Page:
    """Open a page on which somebody is signed in, the buyer unless another one is named."""
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
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
        page.wait_for_load_state()


def acts_of(page: Page, orders: dict[str, str]) -> dict[str, str]:
    """Return an address of each act, from the newest order that offers it."""
    found: dict[str, str] = {}
    for path in orders.values():
        page.goto(path)
        for act in ACTS:
            link = page.locator(f"main a[href*='/{act}/']").first
            if act not in found and link.count():
                found[act] = str(link.get_attribute("href"))
        if len(found) == len(ACTS):
            break
    return found


def waiting_for(page: Page) -> dict[str, str]:
    """Return the address of the order that most urgently waits for the seller's answer."""
    page.goto(SELLERS["selling"])
    return {"selling-order": str(page.locator("main a[href^='/selling/orders/']:has(bdi)").first.get_attribute("href"))}


if __name__ == "__main__":
    main(*sys.argv[1:])
