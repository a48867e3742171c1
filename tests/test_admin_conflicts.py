"""The administrator sees what origins say against cancellations, and settles it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from orders.models import Conflict, Event
from tests.factories import ConflictFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/conflict/"


def listed(client: Client, **chosen: Any) -> list[Conflict]:
    return list(client.get(LIST, chosen).context["cl"].result_list)


def settle(conflict: Conflict) -> str:
    return reverse("admin:conflict-settle", args=[conflict.pk])


def test_it_lists_the_open_ones_newest_first_with_what_was_accepted_here(admin_client: Client) -> None:
    older, newer = ConflictFactory.create(), ConflictFactory.create()
    settled = ConflictFactory.create(settled=True)
    assert listed(admin_client) == [newer, older]
    assert listed(admin_client, state="settled") == [settled]
    assert listed(admin_client, state="all") == [settled, newer, older]
    assert listed(admin_client, state="perhaps") == [newer, older]
    page = admin_client.get(LIST)
    assertContains(page, "buyer: changed_mind")
    assertContains(page, settle(newer))


def test_sent_and_delivered_are_one_entry(admin_client: Client) -> None:
    sent = ConflictFactory.create()
    delivered = ConflictFactory.create(order=sent.order, said="delivered")
    assert listed(admin_client) == [delivered]
    assert "Conflicts that are open: 1" in text_of(admin_client.get("/admin/"))


def test_one_is_found_by_the_number_of_its_order(admin_client: Client) -> None:
    wanted, _ = ConflictFactory.create(), ConflictFactory.create()
    assert listed(admin_client, q=wanted.order.number) == [wanted]


def test_the_first_page_counts_the_open_ones(admin_client: Client) -> None:
    assert "Conflicts that are open: nothing to do" in text_of(admin_client.get("/admin/"))
    ConflictFactory.create_batch(2)
    ConflictFactory(settled=True)
    assert "Conflicts that are open: 2" in text_of(admin_client.get("/admin/"))


def test_it_shows_both_sides(admin_client: Client) -> None:
    conflict = ConflictFactory.create(said="delivered")
    page = text_of(admin_client.get(settle(conflict)))
    for text in [
        "The marketplace's records say that this order was delivered on",
        "You changed your mind.",
        conflict.order.number,
        "The cancellation stays, whatever you write.",
    ]:
        assert text in page


def test_what_was_accepted_is_told_of_the_buyer_and_not_to_the_buyer(admin_client: Client) -> None:
    page = text_of(admin_client.get(settle(ConflictFactory.create())))
    assert "Cancelled by buyer Reason changed mind The buyer reads: “You changed your mind.”" in page
    assert "You cancelled" not in page


def test_it_is_settled_with_a_sentence(admin_client: Client, admin: User) -> None:
    conflict = ConflictFactory.create()
    assertRedirects(admin_client.post(settle(conflict), {"answer": "The parcel comes back."}), LIST)
    conflict.refresh_from_db()
    assert (conflict.answer, conflict.settled_by) == ("The parcel comes back.", admin)
    assert Event.objects.get().kind == "conflict_settled"
    assertContains(admin_client.get(settle(conflict)), "The parcel comes back.")
    assertNotContains(admin_client.get(settle(conflict)), "whatever you write")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("", "This field is required."), (" ", "This field is required."), ("x" * 1_001, "at most 1000 characters")],
)
def test_it_needs_a_sentence(admin_client: Client, answer: str, sentence: str) -> None:
    conflict = ConflictFactory.create()
    assertContains(admin_client.post(settle(conflict), {"answer": answer}), sentence)
    assert not Conflict.objects.get().is_settled


def test_it_says_so_when_somebody_was_quicker(admin_client: Client) -> None:
    conflict = ConflictFactory.create(settled=True)
    page = admin_client.post(settle(conflict), {"answer": "The buyer keeps it."}, follow=True)
    assertContains(page, "This conflict was settled already.")


def test_one_that_does_not_exist_is_not_found(admin_client: Client) -> None:
    assert admin_client.get(reverse("admin:conflict-settle", args=[1])).status_code == 404


def test_it_is_closed_to_staff_without_the_right(admin_client: Client, admin: User, buyer_client: Client) -> None:
    conflict = ConflictFactory.create()
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    assert admin_client.post(settle(conflict), {"answer": "No."}).status_code == 403
    assert buyer_client.post(settle(conflict), {"answer": "No."}).status_code in {302, 403}
    assert not Conflict.objects.get().is_settled
