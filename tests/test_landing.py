"""The front door."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.pages import address_of, text_of


def test_it_tells_visitors_what_this_is(client: Client) -> None:
    page = text_of(client.get("/"))
    assert "Your order was cancelled. Here is why." in page
    for answer in ["Who ended it", "Why, in plain words", "What happens to your money", "What you can do now"]:
        assert answer in page


def test_it_leads_to_sign_in_and_sign_up(client: Client) -> None:
    page = client.get("/")
    assert address_of(page, "Sign in to see your orders") == "/accounts/login/"
    assert address_of(page, "Create an account") == "/accounts/signup/"


def test_it_leads_those_who_are_signed_in_to_their_orders(buyer_client: Client) -> None:
    answer = buyer_client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/orders/")


def test_it_asks_the_database_nothing(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/")
