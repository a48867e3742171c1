"""What administrators record about refunds, and decide about contests."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from cancellations.models import Cancellation, Contest, Reason, Refund
from orders.models import Event, Order, OrderLine
from tests.factories import MOMENT, ContestFactory, OrderFactory, RefundFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund(buyer: User) -> Refund:
    order = OrderFactory.create(buyer=buyer, cancelled=True, source="seller", reason_code="out_of_stock", paid=True)
    return RefundFactory.create(cancellation=order.cancellation)


@pytest.fixture
def contest(buyer: User) -> Contest:
    order = OrderFactory.create(buyer=buyer, cancelled=True, source="buyer", reason_code="changed_mind")
    return ContestFactory.create(cancellation=order.cancellation, raised_by=buyer, statement="The shop cancelled.")


def test_it_records_a_refund_as_sent_and_leaves_a_trace(admin_client: Client, admin: User, refund: Refund) -> None:
    said = {"state": "sent", "on": "2026-11-05", "reference": "R-77", "failure": ""}
    assert admin_client.post(reverse("admin:refund-record", args=[refund.pk]), said).status_code == 302
    refund.refresh_from_db()
    assert (refund.state, refund.reference) == ("sent", "R-77")
    event = Event.objects.get(kind="refund_sent")
    assert (event.by, event.facts["refund"]) == (admin, refund.pk)


def test_it_names_the_order(admin_client: Client, refund: Refund) -> None:
    order = Order.objects.get()
    link = f'<a href="{reverse("admin:orders_order_change", args=[order.pk])}"><bdi dir="ltr">{order.number}</bdi></a>'
    record = reverse("admin:refund-record", args=[refund.pk])
    assertContains(admin_client.get(record), f"{link} · €120.00")
    said = {"state": "sent", "on": timezone.localdate().isoformat()}
    assertContains(admin_client.post(record, said, follow=True), f"{link} · €120.00 Recorded.")
    chosen = {"action": "record_completed", "_selected_action": [refund.pk]}
    answers = [admin_client.post(reverse("admin:cancellations_refund_changelist"), chosen, follow=True) for _ in "12"]
    assertContains(answers[0], f"{link} · €120.00: completed")
    assertContains(answers[1], f"{link} · €120.00: This refund is completed already.")


@pytest.mark.parametrize(
    ("on", "sent_at"),
    [
        (date(2026, 11, 5), datetime(2026, 11, 5, 5, tzinfo=UTC)),  # noon where the marketplace is
        (date(2026, 11, 3), MOMENT + timedelta(days=1)),  # the day of the cancellation: not before it
    ],
)
def test_it_records_the_day_on_which_the_money_moved(
    admin_client: Client, refund: Refund, settings: Settings, on: date, sent_at: datetime
) -> None:
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    said = {"state": "sent", "on": on.isoformat()}
    assert admin_client.post(reverse("admin:refund-record", args=[refund.pk]), said).status_code == 302
    refund.refresh_from_db()
    assert (refund.sent_at, Event.objects.get(kind="refund_sent").occurred_at) == (sent_at, sent_at)


def test_it_offers_today_which_is_now(admin_client: Client, refund: Refund) -> None:
    record, today = reverse("admin:refund-record", args=[refund.pk]), timezone.localdate().isoformat()
    assertContains(admin_client.get(record), f'<input type="date" name="on" value="{today}"')
    before = timezone.now()
    admin_client.post(record, {"state": "sent", "on": today})
    refund.refresh_from_db()
    assert refund.sent_at
    assert before <= refund.sent_at <= timezone.now()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (lambda: timezone.localdate() + timedelta(days=1), "This day has not come yet."),
        (lambda: date(2026, 11, 2), "It was cancelled later than that."),
        (lambda: "", "This field is required."),
    ],
)
def test_it_refuses_a_day_on_which_no_money_can_have_moved(
    admin_client: Client, refund: Refund, on: Callable[[], object], sentence: str
) -> None:
    said = {"state": "sent", "on": str(on())}
    assertContains(admin_client.post(reverse("admin:refund-record", args=[refund.pk]), said), sentence)
    refund.refresh_from_db()
    assert refund.state == "due"


@pytest.mark.parametrize("state", ["sent", "completed"])
def test_what_went_wrong_belongs_to_a_refund_that_failed(admin_client: Client, refund: Refund, state: str) -> None:
    said = {"state": state, "on": timezone.localdate().isoformat(), "failure": "The account is closed."}
    page = admin_client.post(reverse("admin:refund-record", args=[refund.pk]), said)
    assert page.context["form"].errors == {
        "failure": ["This belongs to a refund that failed. Leave it empty, or choose “failed”."]
    }
    refund.refresh_from_db()
    assert refund.state == "due"
    admin_client.post(reverse("admin:refund-record", args=[refund.pk]), {**said, "state": "failed"})
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("failed", "The account is closed.")


TURNED = ["It contains an invisible character that turns the writing direction."]


@pytest.mark.parametrize("field", ["reference", "failure"])
def test_nothing_invisible_is_recorded_of_a_refund(admin_client: Client, refund: Refund, field: str) -> None:
    said = {"state": "failed", "on": timezone.localdate().isoformat(), field: "R-77\u202e"}
    page = admin_client.post(reverse("admin:refund-record", args=[refund.pk]), said)
    assert page.context["form"].errors == {field: TURNED}


def test_nothing_invisible_is_answered_to_a_contest(admin_client: Client, contest: Contest) -> None:
    said = {"decision": "reject", "answer": "No\u202e."}
    page = admin_client.post(reverse("admin:contest-decide", args=[contest.pk]), said)
    assert page.context["form"].errors["answer"] == TURNED


def test_it_offers_only_what_can_follow(admin_client: Client, refund: Refund) -> None:
    Refund.objects.filter(pk=refund.pk).update(state="failed")
    page = admin_client.get(reverse("admin:refund-record", args=[refund.pk])).content.decode()
    assert 'value="sent"' in page
    assert 'value="completed"' not in page


def test_it_says_so_when_a_chosen_refund_is_past_that(admin_client: Client, refund: Refund) -> None:
    Refund.objects.filter(pk=refund.pk).update(state="completed")
    said = {"action": "record_sent", "_selected_action": [refund.pk]}
    page = admin_client.post(reverse("admin:cancellations_refund_changelist"), said, follow=True).content.decode()
    assert "This refund is completed already." in page


def test_it_records_many_at_once(admin_client: Client, refund: Refund) -> None:
    said = {"action": "record_completed", "_selected_action": [refund.pk]}
    admin_client.post(reverse("admin:cancellations_refund_changelist"), said)
    refund.refresh_from_db()
    assert refund.state == "completed"


def test_it_shows_both_sides(admin_client: Client, contest: Contest) -> None:
    page = admin_client.get(reverse("admin:contest-decide", args=[contest.pk])).content.decode()
    assert "You changed your mind." in page
    assert "The shop cancelled." in page


def test_what_is_recorded_is_told_of_the_buyer_and_not_to_the_buyer(admin_client: Client, contest: Contest) -> None:
    Cancellation.objects.update(source="seller", requested_by="buyer")
    page = text_of(admin_client.get(reverse("admin:contest-decide", args=[contest.pk])))
    assert "Cancelled by seller Asked for by buyer Reason changed mind" in page
    assert "The buyer reads: “You changed your mind.”" in page
    assert "because you asked" not in page


def test_it_upholds_a_contest_and_corrects_the_reason(admin_client: Client, contest: Contest) -> None:
    reason = Reason.objects.get(code="out_of_stock")
    said = {"decision": "uphold", "source": "seller", "reason": reason.pk, "answer": "You are right."}
    admin_client.post(reverse("admin:contest-decide", args=[contest.pk]), said)
    contest.refresh_from_db()
    assert (contest.state, contest.cancellation.source, contest.cancellation.reason) == ("upheld", "seller", reason)


def test_it_rejects_a_contest_with_an_answer(admin_client: Client, contest: Contest) -> None:
    said = {"decision": "reject", "answer": "The log shows your own click."}
    admin_client.post(reverse("admin:contest-decide", args=[contest.pk]), said)
    contest.refresh_from_db()
    assert (contest.state, contest.answer) == ("rejected", "The log shows your own click.")


def decided(contest: Contest, by: User, **said: object) -> None:
    """Let a colleague have decided it already."""
    said = {"state": "rejected", "answer": "The log shows a click.", **said}
    Contest.objects.filter(pk=contest.pk).update(decided_at=timezone.now(), decided_by=by, **said)


def test_a_decided_contest_shows_its_answer_and_who_decided(
    admin_client: Client, stranger: User, contest: Contest
) -> None:
    decided(contest, stranger)
    page = admin_client.get(reverse("admin:contest-decide", args=[contest.pk]))
    assert "· Ana Souza The log shows a click." in text_of(page)
    assertNotContains(page, 'name="decision"')


def test_a_second_decision_is_refused_in_words_and_kept_in_the_form(
    admin_client: Client, stranger: User, contest: Contest
) -> None:
    decided(contest, stranger)
    said = {"decision": "reject", "answer": "It was your own click."}
    page = admin_client.post(reverse("admin:contest-decide", args=[contest.pk]), said)
    assert "· Ana Souza The log shows a click." in text_of(page)
    assertContains(page, "This contest was decided already.")
    assertContains(page, "It was your own click.</textarea>")
    contest.refresh_from_db()
    assert contest.answer == "The log shows a click."


def test_what_is_decided_while_somebody_else_decides_is_shown(
    admin_client: Client, stranger: User, contest: Contest
) -> None:
    is_open = [True]

    def meanwhile(execute: Callable[..., object], sql: str, *rest: object) -> object:
        answer = execute(sql, *rest)
        if 'FROM "cancellations_contest"' in sql and is_open:
            is_open.clear()
            decided(contest, stranger)
        return answer

    said = {"decision": "reject", "answer": "It was your own click."}
    with connection.execute_wrapper(meanwhile):
        page = admin_client.post(reverse("admin:contest-decide", args=[contest.pk]), said)
    assertContains(page, "This contest was decided already.")
    assert "· Ana Souza The log shows a click." in text_of(page)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"decision": "reject"}, "Tell the buyer why the reason stands."),
        ({"decision": "uphold", "source": "seller", "reason": ""}, "Choose the reason that is true."),
    ],
)
def test_it_asks_for_what_is_missing(
    admin_client: Client, contest: Contest, said: dict[str, str], sentence: str
) -> None:
    answer = admin_client.post(reverse("admin:contest-decide", args=[contest.pk]), said)
    assert sentence in answer.content.decode()
    contest.refresh_from_db()
    assert contest.state == "open"


def test_it_refuses_a_reason_that_the_source_may_not_give(admin_client: Client, contest: Contest) -> None:
    reason = Reason.objects.get(code="out_of_stock")
    said = {"decision": "uphold", "source": "buyer", "reason": reason.pk}
    answer = admin_client.post(reverse("admin:contest-decide", args=[contest.pk]), said)
    assert "This reason is not yours to give." in answer.content.decode()


def test_it_is_closed_to_staff_without_the_right(admin_client: Client, admin: User, contest: Contest) -> None:
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    assert admin_client.get(reverse("admin:contest-decide", args=[contest.pk])).status_code == 403


def test_it_says_so_where_the_origin_has_opened_the_order_again(
    admin_client: Client, contest: Contest, refund: Refund
) -> None:
    OrderLine.objects.update(cancellation=None, cancelled_quantity=0)
    Order.objects.update(cancellation=None, status="preparing")
    sentence = "This order was opened again by its origin: it is not cancelled any more."
    answer = admin_client.get(reverse("admin:contest-decide", args=[contest.pk]), follow=True)
    assert sentence in answer.content.decode()
    said = {"state": "sent", "on": "2026-11-05", "reference": "R-77", "failure": ""}
    assert sentence in admin_client.post(reverse("admin:refund-record", args=[refund.pk]), said).content.decode()


def test_the_filters_of_refunds_read_well(admin_client: Client) -> None:
    page = text_of(admin_client.get(reverse("admin:cancellations_refund_changelist")))
    assert "By payment method" in page
    assert "By back to" not in page
