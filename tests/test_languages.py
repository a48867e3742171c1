"""Languages: how one is chosen and kept, and that what is written in each is whole and keeps its places."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from cancellations.catalogue_files import read_catalogue
from orders.models import Seller
from orders.requesting import request_cancellation
from tests.factories import PASSWORD, OrderFactory, ReasonFactory
from tests.pages import text_of

ROOT = Path(__file__).resolve().parents[1]
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?\w+[^>]*>|%%")


def messages(language: str) -> Iterator[Message]:
    with (ROOT / f"locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        yield from (message for message in read_po(file, locale=language) if message.id)


def as_list(texts: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts or [])


# Choosing


@pytest.mark.django_db
def test_a_visitor_chooses_and_goes_back(client: Client) -> None:
    assert "English" in text_of(client.get("/accounts/language/"))
    answer = client.post("/accounts/language/?next=/accounts/login/", {"language": "de"})
    assert (answer.status_code, answer["location"]) == (302, "/accounts/login/")
    assert '<html lang="de" dir="ltr">' in client.get("/accounts/login/").content.decode()


@pytest.mark.django_db
def test_a_language_from_the_right_turns_the_page(client: Client) -> None:
    client.post("/accounts/language/", {"language": "ar"})
    assert '<html lang="ar" dir="rtl">' in client.get("/").content.decode()


@pytest.mark.django_db
def test_it_is_kept_with_the_account_and_goes_before_the_browsers(buyer: User, client: Client) -> None:
    client.force_login(buyer)
    client.post("/accounts/language/", {"language": "de"})
    buyer.refresh_from_db()
    assert buyer.language == "de"

    elsewhere = Client(headers={"accept-language": "ar"})
    elsewhere.post("/accounts/language/", {"language": "ar"})
    elsewhere.post("/accounts/login/", {"login": "mai@example.org", "password": PASSWORD})
    assert '<html lang="de" dir="ltr">' in elsewhere.get("/orders/").content.decode()


@pytest.mark.django_db
def test_signing_up_says_which_language_to_write_in(client: Client) -> None:
    client.post(
        "/accounts/signup/",
        {"email": "neu@example.org", "password1": "ein-langes-kennwort-17"},
        headers={"accept-language": "de-AT"},
    )
    assert User.objects.get(email="neu@example.org").language == "de"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "xx", "de\0", "d" * 100_000])
def test_a_language_that_is_not_spoken_changes_nothing(client: Client, language: str) -> None:
    answer = client.post("/accounts/language/", {"language": language})
    assert answer.status_code == 400
    assert "English" in text_of(answer)
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\0"])
def test_the_way_back_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    address = "/accounts/language/"
    answer = client.post(address, {"language": "de"}, query_params={"next": elsewhere})
    assert answer["location"] == "/"


# What is written


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated(language: str) -> None:
    missing = [message.id for message in messages(language) if not all(as_list(message.string)) or message.fuzzy]
    assert missing == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_put_into_a_message_and_its_tags_stay(language: str) -> None:
    for message in messages(language):
        sources = as_list(message.id)
        allowed = [sorted(PLACES.findall(source)) for source in sources]
        for text in as_list(message.string):
            # A form for one or two may leave out the number that it says in words.
            found = sorted(PLACES.findall(text))
            fits = found in allowed or (len(sources) > 1 and set(found) <= set(allowed[-1]))
            assert fits, (message.id, text)


@pytest.mark.parametrize("language", OTHERS)
def test_every_reason_is_worded_with_the_same_facts(language: str) -> None:
    for entry in read_catalogue().reasons:
        english, theirs = entry.texts["en"].model_dump(), entry.texts[language].model_dump()
        for field, text in theirs.items():
            facts = re.findall(r"\{\w+\}", english[field])
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(facts), (entry.code, field)


@pytest.mark.django_db
@pytest.mark.parametrize("language", OTHERS)
def test_a_cancelled_order_is_read_without_a_word_of_english(
    language: str, buyer: User, seller: Seller, buyer_client: Client
) -> None:
    order = OrderFactory.create(
        buyer=buyer, seller=seller, lines__title="Lampe", cancelled=True, source="seller", payment_label="Visa 4242"
    )
    buyer_client.post("/accounts/language/", {"language": language})
    for address in ("/orders/", order.get_absolute_url(), "/accounts/", "/insights/"):
        page = text_of(buyer_client.get(address))
        assert not re.search(r"\b(the|your|order|orders|cancelled|you)\b", page, re.IGNORECASE), page


@pytest.mark.django_db(transaction=True)
def test_a_mail_speaks_its_readers_language(buyer: User, seller: Seller) -> None:
    User.objects.filter(pk=buyer.pk).update(language="de")
    order = OrderFactory.create(buyer=buyer, seller=seller, number="77-1", paid_at=timezone.now() - timedelta(hours=2))
    with translation.override("en"):
        request_cancellation(order, by=buyer, reason=ReasonFactory.create(by_buyer=True))
    [letter] = [message for message in mail.outbox if message.to == ["mai@example.org"]]
    assert "77-1" in letter.subject
    assert not re.search(r"\b(you|order)\b", str(letter.subject), re.IGNORECASE)
