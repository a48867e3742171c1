"""Reading a page as a person does: its words in order, and where its links lead."""

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

UNSEEN = {"head", "script", "style", "svg"}
INLINE = {"a", "abbr", "b", "bdi", "em", "i", "strong", "time"}
ORDER = re.compile(r"/orders/([A-Za-z0-9._-]+)/")


class _Reader(HTMLParser):
    """Collects the text that is shown, with a blank wherever a box begins or ends, and the links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._unseen = 0
        self._link: tuple[str, int] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        if tag not in INLINE:
            self.words.append(" ")
        if tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self.words))

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN
        if tag not in INLINE:
            self.words.append(" ")
        if tag == "a" and self._link:
            address, begin = self._link
            self.links.append((_joined(self.words[begin:]), address))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)


def text_of(response: "Response") -> str:
    """Return everything that a page says, as one line."""
    return _joined(_Reader(response.content.decode()).words)


def links_of(response: "Response") -> list[tuple[str, str]]:
    """Return the links of a page: what each says, and where it leads, as it is written."""
    return _Reader(response.content.decode()).links


def address_of(response: "Response", words: str) -> str:
    """Return where the first link leads whose words begin like this; fail where there is none."""
    found = [address for said, address in links_of(response) if said.startswith(words)]
    assert found, f"No link says {words!r}: {links_of(response)}"
    return urljoin(response.wsgi_request.path, found[0])


def shown_on(response: "Response") -> dict[str, str]:
    """Return the hidden field in which a page on which to cancel carries what it showed."""
    [value] = re.findall(r'<input type="hidden" name="shown" value="([^"]*)">', response.content.decode())
    return {"shown": value}


def promised_on(response: "Response") -> dict[str, str]:
    """Return the hidden field by which a page's form says what its button would cancel."""
    [value] = re.findall(r'<input type="hidden" name="promised" value="([^"]*)">', response.content.decode())
    return {"promised": value}


def follow(client: Client, response: "Response", words: str) -> "Response":
    """Click the link whose words begin like this."""
    return client.get(address_of(response, words))


def orders_on(response: "Response") -> list[str]:
    """Return the numbers of the orders that a page leads to, in its order."""
    return [match[1] for _, address in links_of(response) if (match := ORDER.fullmatch(address))]


def _joined(words: list[str]) -> str:
    return " ".join("".join(words).split())
