"""Where the shop helps on: to other sellers and to the seller, as far as the marketplace has named its addresses."""

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.models import User
from cancellations.models import Reason
from feeds.demo.shop import shop
from orders.models import Order, Seller
from tests.factories import OrderFactory, RefundFactory
from tests.pages import address_of, text_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

ASK = "https://shop.example/ask?seller={seller}&order={number}"
FIND = "https://shop.example/find?q={item}"
ASKED = "https://shop.example/ask?seller=Minh%20Long%20Ceramics&order=1042-7731"


@pytest.fixture(autouse=True)
def _a_shop_with_addresses(settings: Settings) -> None:
    settings.ASK_SELLER_URL, settings.FIND_ITEM_URL = ASK, FIND


def cancelled_for(code: str, buyer: User, seller: Seller, **more: Any) -> str:
    reason = Reason.objects.get(code=code)
    order = OrderFactory.create(
        buyer=buyer,
        seller=seller,
        number="1042-7731",
        lines__title="Lamp & shade",
        cancelled=True,
        cancellation__reason=reason,
        **more,
    )
    return order.get_absolute_url()


def test_an_item_the_seller_could_not_send_is_to_be_found_elsewhere(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    answer = buyer_client.get(cancelled_for("out_of_stock", buyer, seller))
    assert address_of(answer, "See it at other sellers") == "https://shop.example/find?q=Lamp%20%26%20shade"
    assert address_of(answer, "Ask Minh Long Ceramics") == ASKED


def test_who_changed_their_mind_is_not_sent_to_other_sellers(buyer: User, seller: Seller, buyer_client: Client) -> None:
    answer = buyer_client.get(cancelled_for("changed_mind", buyer, seller))
    assert "See it at other sellers" not in text_of(answer)
    assert address_of(answer, "Ask Minh Long Ceramics") == ASKED


def test_the_seller_reads_the_card_without_the_buyers_links(
    buyer: User, seller: Seller, seller_member: User, client: Client
) -> None:
    cancelled_for("out_of_stock", buyer, seller)
    client.force_login(seller_member)
    page = text_of(client.get("/selling/orders/1042-7731/"))
    assert "The seller ran out of something you ordered" in page
    assert "See it at other sellers" not in page
    assert "Ask Minh Long Ceramics" not in page


def test_an_open_order_and_the_ways_out_of_cancelling_lead_to_the_seller(
    buyer: User, seller: Seller, buyer_client: Client
) -> None:
    order = OrderFactory.create(buyer=buyer, seller=seller, number="1042-7731")
    assert address_of(buyer_client.get(order.get_absolute_url()), "Ask Minh Long Ceramics") == ASKED
    page = buyer_client.get(f"{order.get_absolute_url()}cancel/").content.decode()
    asked = ASKED.replace("&", "&amp;")
    assert (
        page.count(f'href="{asked}"')
        == Reason.objects.filter(
            by_buyer=True, instead__in=["change_address", "change_items", "contact_seller"]
        ).count()
    )


HELP = "https://help.example/"


def main_button(answer: "Response") -> str:
    """Return the address of the one main button of a page's card."""
    [address] = re.findall(r'<a class="button button--main" href="([^"]*)"', answer.content.decode())
    return str(address)


@pytest.mark.parametrize("code", ["marketplace_decision", "system_other"])
def test_where_the_words_say_to_ask_the_marketplace_that_is_the_main_button(
    code: str, buyer: User, seller: Seller, buyer_client: Client, settings: Settings
) -> None:
    address = cancelled_for(code, buyer, seller, source="system")
    assert main_button(buyer_client.get(address)) == "https://shop.example/find?q=Lamp%20%26%20shade"
    settings.HELP_URL = HELP
    assert main_button(buyer_client.get(address)) == HELP


def test_where_money_is_missing_the_main_button_leads_to_who_knows_where_it_is(
    buyer: User, seller: Seller, buyer_client: Client, settings: Settings
) -> None:
    settings.HELP_URL = HELP
    address = cancelled_for("out_of_stock", buyer, seller, source="seller")
    assert main_button(buyer_client.get(address)) != HELP
    RefundFactory(cancellation=Order.objects.get(number="1042-7731").cancellation, failed=True)
    answer = buyer_client.get(address)
    assert main_button(answer) == HELP
    assert address_of(answer, "See it at other sellers") == "https://shop.example/find?q=Lamp%20%26%20shade"


def test_the_demo_leads_to_a_help_that_says_it_is_none() -> None:
    told = {**os.environ, "CANDOR_ENV": "demo", "DJANGO_SETTINGS_MODULE": "config.settings"}
    said = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.HELP_URL)"],
        env={name: value for name, value in told.items() if name != "HELP_URL"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "/demo/shop/?help=yes"


def test_nothing_is_offered_where_the_shop_has_no_address(
    buyer: User, seller: Seller, buyer_client: Client, settings: Settings
) -> None:
    settings.ASK_SELLER_URL = settings.FIND_ITEM_URL = ""
    page = text_of(buyer_client.get(cancelled_for("out_of_stock", buyer, seller)))
    assert "See it at other sellers" not in page
    assert "Ask Minh Long Ceramics" not in page


@pytest.mark.django_db  # the checks ask the database what it can
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("https://shop.example/{order}", "it may hold {number} and {seller}, and no other braces."),
        ("https://shop.example/{number", "it may hold {number} and {seller}, and no other braces."),
        ("https://shop.example/{}", "it may hold {number} and {seller}, and no other braces."),
        ("https://shop.example/{number.__class__}", "it may hold {number} and {seller}, and no other braces."),
        ("javascript:alert(1)", "it must begin with https://"),
    ],
)
def test_an_address_that_cannot_be_filled_is_refused_at_the_start(
    address: str, sentence: str, settings: Settings
) -> None:
    settings.ASK_SELLER_URL = address
    with pytest.raises(SystemCheckError) as refusal:
        call_command("check")
    assert f"ASK_SELLER_URL is {address!r}: {sentence}" in str(refusal.value)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"find": "Lamp"}, "With what other sellers offer for “Lamp”."),
        ({"ask": "Casa Lucera", "order": "1042-7731"}, "With a message to Casa Lucera about order 1042-7731."),
        ({"help": "yes"}, "With its help pages, and somebody to ask."),
        ({"ask": "Casa Lucera", "order": "../admin"}, "My Orders"),
        ({"ask": "Casa Lucera", "order": ".."}, "My Orders"),
        ({"ask": "Casa Lucera", "order": "1042\n"}, "My Orders"),
        ({"find": "\0"}, "Here the marketplace's own shop would open"),
    ],
)
def test_the_demo_says_what_would_be_there(query: dict[str, str], sentence: str) -> None:
    request = RequestFactory().get("/demo/shop/", query)
    request.user = User()
    answer = shop(request)
    assert answer.status_code == 200
    assert sentence in re.sub(r"</?(bdi|span)[^>]*>", "", answer.content.decode())


def test_there_is_no_shop_outside_the_demo(buyer_client: Client) -> None:
    assert buyer_client.get("/demo/shop/").status_code == 404
