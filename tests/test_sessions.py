"""The page that lists where somebody is signed in."""

import pytest
from django.test import Client

from accounts.browsers import browser_name
from accounts.models import User
from tests.factories import PASSWORD

CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
SESSIONS = "/accounts/sessions/"


def signed_in_with(browser: str) -> Client:
    client = Client(headers={"user-agent": browser})
    client.post("/accounts/login/", {"login": "mai@example.org", "password": PASSWORD})
    return client


def test_it_names_each_browser_and_marks_this_one(buyer: User) -> None:
    signed_in_with(CHROME)
    page = signed_in_with(FIREFOX).get(SESSIONS).content.decode()
    assert "Chrome on Android" in page
    assert page.index("Firefox on Linux") < page.index("This one")
    assert page.count("This one") == 1


def test_it_signs_out_everywhere_else(buyer: User) -> None:
    phone, desk = signed_in_with(CHROME), signed_in_with(FIREFOX)
    page = desk.post(SESSIONS, follow=True).content.decode()
    assert "You are signed out everywhere else." in page
    assert phone.get(SESSIONS).status_code == 302
    assert desk.get(SESSIONS).status_code == 200


def test_it_hides_the_sessions_of_others(buyer: User, stranger_client: Client) -> None:
    signed_in_with(CHROME)
    assert "Chrome on Android" not in stranger_client.get(SESSIONS).content.decode()


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome on Android"),
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.6 Safari/605.1.15", "Safari on Mac"),
        ("curl/8.11 (Windows)", "Windows"),
        ("", "A browser that does not say its name"),
    ],
)
def test_it_knows_the_usual_browsers(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
