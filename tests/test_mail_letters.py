"""What a mail says: the news in its subject, who and why in its first line, then the money and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from cancellations.models import Cancellation, Reason, Refund
from cancellations.terms import Source
from foundation.moments import moment
from foundation.text import plain
from orders.cancelling import cancel_order
from orders.contesting import contest_reason, reject_contest, uphold_contest
from orders.models import CancellationRequest, Mail, Order, OrderLine, Seller
from orders.refunding import record_refund
from orders.requesting import approve_lapsed, approve_request, decline_request, request_cancellation, withdraw_request
from orders.rules import ASK_AGAIN_AFTER
from orders.sending import send_due
from tests.factories import OrderFactory, WordingFactory
from tests.mailers import html_of, letter, subjects

pytestmark = pytest.mark.django_db
BUYER, SELLER = "mai@example.org", "long@example.org"


@dataclass
class Stage:
    """A paid order of three rice cookers and a bowl, and everybody who may do something about it."""

    order: Order
    buyer: User
    member: User
    admin: User
    capture: DjangoCaptureOnCommitCallbacks

    def end(self, source: Source = Source.SELLER, code: str = "out_of_stock", **more: Any) -> Cancellation:
        return cancel_order(self.order, source=source, reason=reason(code), **more)

    def end_part(self, source: Source = Source.SELLER, code: str = "out_of_stock") -> Cancellation:
        return cancel_order(self.order, quantities={self.cookers.pk: 2}, source=source, reason=reason(code))

    def ask(self, **more: Any) -> CancellationRequest:
        return request_cancellation(self.order, by=self.buyer, reason=reason("changed_mind"), **more)

    @property
    def cookers(self) -> OrderLine:
        line: OrderLine = self.order.lines.get(position=1)
        return line

    def told(self, act: Callable[[], object]) -> None:
        """Do it, and leave in the outbox only what was mailed about it."""
        mail.outbox.clear()
        with self.capture(execute=True):
            act()


def reason(code: str) -> Reason:
    return Reason.objects.get(code=code)


@pytest.fixture
def stage(
    buyer: User,
    seller: Seller,
    seller_member: User,
    admin: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Stage:
    order = OrderFactory.create(number="1042-7731", buyer=buyer, seller=seller, lines=0)
    OrderLine.objects.create(order=order, position=1, title="Rice cooker", quantity=3, unit_price=30)
    OrderLine.objects.create(order=order, position=2, title="Bowl", quantity=1, unit_price=30)
    return Stage(order, buyer, seller_member, admin, django_capture_on_commit_callbacks)


def buyer_cancels(stage: Stage) -> None:
    stage.told(lambda: stage.end(Source.BUYER, "changed_mind", by=stage.buyer, note="I found mine."))


def seller_cancels(stage: Stage) -> None:
    stage.told(lambda: stage.end(note="The last one broke."))


def seller_cancels_part(stage: Stage) -> None:
    stage.told(stage.end_part)


def system_cancels(stage: Stage) -> None:
    stage.told(lambda: stage.end(Source.SYSTEM, "seller_did_not_ship"))


def buyer_asks(stage: Stage) -> None:
    stage.told(lambda: stage.ask(note="Wrong size."))


def buyer_asks_for_part(stage: Stage) -> None:
    stage.told(lambda: stage.ask(quantities={stage.cookers.pk: 2}))


def seller_approves(stage: Stage) -> None:
    stage.told(partial(approve_request, stage.ask(), by=stage.member))


def seller_declines(stage: Stage) -> None:
    stage.told(partial(decline_request, stage.ask(), by=stage.member, answer="It is packed."))


def nobody_answers(stage: Stage) -> None:
    stage.ask()
    stage.told(lambda: approve_lapsed(now=timezone.now() + timedelta(days=3)))


def nobody_answers_about_part(stage: Stage) -> None:
    stage.ask(quantities={stage.cookers.pk: 2})
    stage.told(lambda: approve_lapsed(now=timezone.now() + timedelta(days=3)))


def nothing_is_left_of_what_was_asked(stage: Stage) -> None:
    request = stage.ask(quantities={stage.cookers.pk: 3})
    cancel_order(stage.order, quantities={stage.cookers.pk: 3}, source=Source.SELLER, reason=reason("out_of_stock"))
    stage.told(partial(approve_request, request, by=stage.member))


def it_was_sent_before_the_answer(stage: Stage) -> None:
    stage.ask()
    Order.objects.update(status=Order.Status.SHIPPED, shipped_at=timezone.now())
    stage.told(lambda: approve_lapsed(now=timezone.now() + timedelta(days=3)))


def refund(stage: Stage, state: Refund.State, **more: Any) -> None:
    stage.end()
    stage.told(lambda: record_refund(Refund.objects.get(), state=state, by=stage.admin, **more))


def refund_is_sent_late_and_again(stage: Stage) -> None:
    stage.end()
    Refund.objects.update(expected_by=date(2025, 11, 4))
    for state in (Refund.State.FAILED, Refund.State.SENT, Refund.State.FAILED):
        record_refund(Refund.objects.get(), state=state, by=stage.admin)
    stage.told(lambda: record_refund(Refund.objects.get(), state=Refund.State.SENT, by=stage.admin))


def refund_is_sent_and_its_feed_expected_it_long_ago(stage: Stage) -> None:
    stage.end()
    Cancellation.objects.update(origin="test-feed")
    Refund.objects.update(expected_by=date(2025, 11, 4))
    stage.told(lambda: record_refund(Refund.objects.get(), state=Refund.State.SENT, by=stage.admin))


def contested(stage: Stage, decide: Callable[..., object], **more: Any) -> None:
    contest = contest_reason(stage.order, stage.end(), by=stage.buyer, statement="They had plenty.")
    stage.told(lambda: decide(contest, by=stage.admin, **more))


def contest_is_upheld(stage: Stage) -> None:
    contested(stage, uphold_contest, source=Source.SELLER, reason=reason("pricing_error"), answer="They admit it.")


TO_BUYER = [
    (
        buyer_cancels,
        "You cancelled your order 1042-7731",
        "You cancelled this order on ",
        ["You changed your mind.", "> I found mine.\n(Your own words)", "€120.00 back to Visa ending 4242"],
    ),
    (
        seller_cancels,
        "Minh Long Ceramics cancelled your order 1042-7731: out of stock",
        "Minh Long Ceramics cancelled this order on ",
        [
            "The seller ran out of something you ordered",
            "(Minh Long Ceramics, in their own words)",
            "Order 1042-7731: 3 × Rice cooker, and 1 more item",
        ],
    ),
    (
        seller_cancels_part,
        "Minh Long Ceramics cancelled part of your order 1042-7731: out of stock",
        "Minh Long Ceramics cancelled part of this order on ",
        ["* 2 of 3: Rice cooker", "€60.00 back to Visa ending 4242"],
    ),
    (
        system_cancels,
        "Your order 1042-7731 was cancelled automatically: not sent in time",
        "Cancelled automatically on ",
        ["The seller did not send your order"],
    ),
    (
        buyer_asks,
        "You asked Minh Long Ceramics to cancel your order 1042-7731",
        "You asked Minh Long Ceramics to cancel order 1042-7731. The answer is due by ",
        ["The reason given: changed mind.", "you can take your request back"],
    ),
    (
        buyer_asks_for_part,
        "You asked Minh Long Ceramics to cancel part of your order 1042-7731",
        "You asked Minh Long Ceramics to cancel part of order 1042-7731.",
        ["* 2 of 3: Rice cooker"],
    ),
    (
        seller_approves,
        "Minh Long Ceramics agreed: your order 1042-7731 is cancelled",
        "Minh Long Ceramics cancelled this order because you asked, on ",
        ["You changed your mind.", "€120.00 back to Visa ending 4242"],
    ),
    (
        seller_declines,
        "Minh Long Ceramics declined to cancel your order 1042-7731",
        "Minh Long Ceramics declined your request to cancel order 1042-7731, so the order goes on.",
        ["> It is packed.\n(Minh Long Ceramics, in their own words)", "You can ask again from "],
    ),
    (
        nobody_answers,
        "Your order 1042-7731 is cancelled: Minh Long Ceramics did not answer in time",
        "Cancelled automatically because you asked, on ",
        ["No answer from Minh Long Ceramics came by ", "€120.00 back to Visa ending 4242"],
    ),
    (
        nobody_answers_about_part,
        "Part of your order 1042-7731 is cancelled: Minh Long Ceramics did not answer in time",
        "Part of this order was cancelled automatically because you asked, on ",
        ["* 2 of 3: Rice cooker", "€60.00 back to Visa ending 4242"],
    ),
    (
        nothing_is_left_of_what_was_asked,
        "Your request to cancel order 1042-7731 is closed",
        "What you asked to cancel of order 1042-7731 had been cancelled already, so your request is closed.",
        [],
    ),
    (
        it_was_sent_before_the_answer,
        "Your order 1042-7731 could not be cancelled: it had been sent",
        "Order 1042-7731 could not be cancelled: it was sent before Minh Long Ceramics answered your request.",
        ["When it arrives, you can ask to return it."],
    ),
    (
        partial(refund, state=Refund.State.SENT),
        "Your refund of €120.00 for order 1042-7731 is on its way",
        "Your refund of €120.00 for order 1042-7731 has been sent. Minh Long Ceramics cancelled this order on ",
        ["The refund is on its way. It should be with you by ", "There is nothing that you need to do."],
    ),
    (
        refund_is_sent_late_and_again,
        "Your refund of €120.00 for order 1042-7731 is on its way",
        "Your refund of €120.00 for order 1042-7731 has been sent. Minh Long Ceramics cancelled this order on ",
        ["The refund is on its way. It should be with you by ", "There is nothing that you need to do."],
    ),
    (
        refund_is_sent_and_its_feed_expected_it_long_ago,
        "Your refund of €120.00 for order 1042-7731 is on its way",
        "Your refund of €120.00 for order 1042-7731 has been sent. Minh Long Ceramics cancelled this order on ",
        ["and should have been with you by 4 November 2025.", "If you do not see the money, ask the marketplace"],
    ),
    (
        partial(refund, state=Refund.State.COMPLETED),
        "Your refund of €120.00 for order 1042-7731 is complete",
        "Your refund of €120.00 for order 1042-7731 has been completed.",
        ["If you do not see the money, ask the marketplace"],
    ),
    (
        partial(refund, state=Refund.State.FAILED, failure="The card has expired."),
        "Your refund of €120.00 for order 1042-7731 did not go through",
        "Your refund of €120.00 for order 1042-7731 did not go through.",
        [
            "€120.00 has not come back to you",
            "What the payment provider said: The card has expired.",
            "It has to be sent again",
        ],
    ),
    (
        contest_is_upheld,
        "The reason why your order 1042-7731 was cancelled has been corrected",
        "You said that this was not what happened, and the reason was corrected. It now reads: Minh Long Ceramics",
        ["> They admit it.\n(The marketplace's answer)"],
    ),
    (
        partial(contested, decide=reject_contest, answer="Their records say so."),
        "The reason why your order 1042-7731 was cancelled was checked, and stands",
        "You said that this is not what happened. It was checked, and the reason stands: Minh Long Ceramics",
        ["> Their records say so.\n(The marketplace's answer)", "The seller ran out of something you ordered"],
    ),
]
TO_SELLER = [
    (
        buyer_cancels,
        "The buyer cancelled order 1042-7731: do not send it",
        "The buyer cancelled order 1042-7731 on ",
        ["Reason: changed mind.", "> I found mine.\n(The buyer's own words)", "the buyer's own decision"],
    ),
    (
        system_cancels,
        "Order 1042-7731 was cancelled automatically: not sent in time",
        "Order 1042-7731 was cancelled automatically on ",
        ["Reason: not sent in time."],
    ),
    (
        nobody_answers_about_part,
        "Part of order 1042-7731 was cancelled, as the buyer asked: do not send that part",
        "Part of order 1042-7731 was cancelled automatically on ",
        [", as the buyer asked.", "* 2 of 3: Rice cooker"],
    ),
    (
        buyer_asks,
        "The buyer asks to cancel order 1042-7731: answer by ",
        "The buyer asks you to cancel order 1042-7731. Answer by ",
        ["no answer by then means yes", "> Wrong size.\n(The buyer's own words)", "The reason given: changed mind."],
    ),
    (
        buyer_asks_for_part,
        "The buyer asks to cancel part of order 1042-7731: answer by ",
        "The buyer asks you to cancel part of order 1042-7731.",
        ["* 2 of 3: Rice cooker"],
    ),
]


@pytest.mark.parametrize(("act", "subject", "first_line", "more"), TO_BUYER)
def test_it_tells_the_buyer(stage: Stage, act: Callable[[Stage], None], subject: str, first_line: str, more: list[str]):
    act(stage)
    message = letter(to=BUYER)
    assert message.subject == subject
    assert message.body.startswith(first_line)
    assert [words for words in more if words not in message.body] == []
    assert "http://localhost:8000/orders/1042-7731/\n" in message.body
    assert "You get this mail because you ordered from Minh Long Ceramics" in message.body
    assert "http://localhost:8000/accounts/notifications/" in message.body


@pytest.mark.parametrize(("act", "subject", "first_line", "more"), TO_SELLER)
def test_it_tells_the_seller(
    stage: Stage, act: Callable[[Stage], None], subject: str, first_line: str, more: list[str]
):
    act(stage)
    message = letter(to=SELLER)
    assert message.subject.startswith(subject)
    assert message.body.startswith(first_line)
    assert [words for words in more if words not in message.body] == []
    assert "http://localhost:8000/selling/orders/1042-7731/\n" in message.body
    assert "You get this mail because you act for Minh Long Ceramics" in message.body


@pytest.mark.parametrize(
    "act", [seller_cancels, seller_cancels_part, seller_approves, seller_declines, contest_is_upheld]
)
def test_a_seller_is_not_told_what_the_seller_did(stage: Stage, act: Callable[[Stage], None]):
    act(stage)
    assert subjects(to=SELLER) == []


def test_what_was_taken_back_before_the_mail_was_sent_asks_the_seller_nothing(stage: Stage):
    asked = stage.ask()
    assert Mail.objects.filter(recipient=stage.member).exists()
    withdraw_request(asked, by=stage.buyer)
    stage.told(lambda: send_due(Mail.objects.all()))
    assert subjects(to=SELLER) == []


def test_a_request_that_is_withdrawn_is_told_to_nobody(stage: Stage):
    stage.told(partial(withdraw_request, stage.ask(), by=stage.buyer))
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("act", "to"), [(act, BUYER) for act, *_ in TO_BUYER] + [(act, SELLER) for act, *_ in TO_SELLER]
)
def test_both_parts_hold_the_same_words(stage: Stage, act: Callable[[Stage], None], to: str):
    act(stage)
    message = letter(to=to)
    _style, page = html_of(message).split("</style>")
    for line in message.body.splitlines():
        if line.startswith("http"):
            assert f'href="{line}"' in page
    assert page.count("<p") >= 3
    assert "{" not in page + message.body  # nothing was left unfilled


def test_the_news_is_the_heading_and_the_order_with_its_items_stands_right_under_it(stage: Stage):
    seller_cancels_part(stage)
    message = letter(to=BUYER)
    page = html_of(message)
    read = [
        "cancelled part of this order",
        "The seller ran out of",
        "Order 1042-7731: ",
        "2 of 3: ",
        "The item was still on offer",
        "Your money",
        "€60.00 back",
        "What you can do",
        "See your order",
    ]
    assert "cancelled part of this order" in page[page.index("<h1>") : page.index("</h1>")]
    for part in (page.split("</style>")[1], message.body):
        places = [part.index(words) for words in read]
        assert places == sorted(places)


@pytest.mark.parametrize(("language", "direction", "border"), [("en", "ltr", "0 0 0 3px"), ("ar", "rtl", "0 3px 0 0")])
def test_it_is_laid_out_by_its_own_style_also_from_the_right_and_in_the_dark(
    stage: Stage, language: str, direction: str, border: str
):
    User.objects.filter(pk=stage.buyer.pk).update(language=language)
    seller_cancels(stage)
    style, page = html_of(letter(to=BUYER)).split("</style>")
    assert f"border-width: {border}" in style
    assert "prefers-color-scheme: dark" in style
    assert f'<main lang="{language}" dir="{direction}">' in page
    assert "<blockquote><p><bdi>The last one broke.</bdi></p>" in page
    assert " style=" not in page


def test_a_note_stays_its_authors_when_who_cancelled_is_corrected(stage: Stage):
    contest = contest_reason(stage.order, stage.end(note="Sold out, sorry."), by=stage.buyer, statement="It was I.")
    uphold_contest(contest, by=stage.admin, source=Source.BUYER, reason=reason("changed_mind"))
    stage.told(lambda: record_refund(Refund.objects.get(), state=Refund.State.SENT, by=stage.admin))
    assert "> Sold out, sorry.\n(Minh Long Ceramics, in their own words)" in letter(to=BUYER).body


def test_a_refusal_says_from_when_on_the_buyer_can_ask_again(stage: Stage):
    seller_declines(stage)
    declined_at = CancellationRequest.objects.get().decided_at
    assert declined_at
    again = plain(moment(declined_at + ASK_AGAIN_AFTER))
    assert f"You can ask again from {again} on, or once the order has changed." in letter(to=BUYER).body


def test_a_mail_tells_the_wish_that_a_seller_names_as_the_sellers_word(stage: Stage):
    stage.ask()
    stage.told(partial(stage.end, code="buyer_asked"))
    assert subjects(to=BUYER) == ["Minh Long Ceramics cancelled your order 1042-7731: buyer's request"]
    body = letter(to=BUYER).body
    assert "because you asked" not in body
    assert "The seller says that you asked for it." in body


def test_a_mail_of_something_else_says_first_what_to_do_about_money_that_has_not_come(stage: Stage):
    contest = contest_reason(stage.order, stage.end(), by=stage.buyer, statement="They have some.")
    record_refund(Refund.objects.get(), state=Refund.State.FAILED, by=stage.admin)
    stage.told(lambda: reject_contest(contest, by=stage.admin, answer="They had none."))
    told = letter(to=BUYER)
    assert "whether details are needed from you, and name the order. Ask the seller when it will be back" in told.body
    assert "&lt;" not in html_of(told)


def test_a_buyers_note_stays_theirs_in_a_mail_that_reaches_the_seller_late(stage: Stage):
    ended = stage.end(Source.BUYER, "changed_mind", by=stage.buyer, note="I found mine.")
    contest = contest_reason(stage.order, ended, by=stage.buyer, statement="Nobody took my money.")
    uphold_contest(contest, by=stage.admin, source=Source.SYSTEM, reason=reason("payment_failed"))
    stage.told(lambda: send_due(Mail.objects.all()))
    assert "> I found mine.\n(The buyer's own words)" in letter(to=SELLER).body


def test_no_mail_names_an_address_or_the_buyer(stage: Stage):
    buyer_cancels(stage)
    letters = [letter(to=BUYER), letter(to=SELLER)]
    texts = [text for message in letters for text in (message.body, html_of(message).split("</style>")[1])]
    assert len(texts) == 4
    assert [text for text in texts if "@" in text or "Mai" in text] == []


def test_what_people_wrote_is_text_in_the_html_part(stage: Stage):
    Seller.objects.update(name="<b>Bob</b> & Co")
    stage.told(lambda: stage.end(note="<script>alert(1)</script>"))
    message = letter(to=BUYER)
    assert message.subject == "<b>Bob</b> & Co cancelled your order 1042-7731: out of stock"
    assert message.body.startswith("<b>Bob</b> & Co cancelled this order")
    assert "> <script>alert(1)</script>" in message.body
    page = html_of(message)
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;Bob&lt;/b&gt; &amp; Co" in page


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_a_name_cannot_add_a_header(stage: Stage, line_break: str):
    Seller.objects.update(name=f"Bob{line_break}Bcc: eve@example.org")
    User.objects.filter(pk=stage.buyer.pk).update(name=f"Mai{line_break}Bcc: eve@example.org")
    seller_cancels(stage)
    message = letter(to=BUYER)
    assert message.subject.startswith("Bob Bcc: eve@example.org cancelled your order")
    assert message.recipients() == [BUYER]
    assert message.message()["Bcc"] is None


def test_it_is_sent_by_a_machine_and_known_by_its_event(stage: Stage):
    buyer_cancels(stage)
    event = stage.order.events.get(kind="cancelled")
    headers = letter(to=BUYER).message()
    assert headers["Message-ID"] == f"<event-{event.pk}.reader-{stage.buyer.pk}@localhost>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert letter(to=SELLER).message()["Message-ID"] != headers["Message-ID"]


def test_a_reason_that_is_not_understood_is_quoted_as_it_came(stage: Stage):
    ended = stage.end(Source.SYSTEM, "not_stated")
    Cancellation.objects.update(raw_reason="Lý do khác #9")
    stage.told(lambda: record_refund(Refund.objects.get(cancellation=ended), state=Refund.State.SENT, by=stage.admin))
    assert "> Lý do khác #9\n(The reason in the words of the shop it came from)" in letter(to=BUYER).body


def test_a_seller_who_gave_no_reason_is_said_to_have_given_none(stage: Stage):
    stage.told(lambda: stage.end(Source.SELLER, "not_stated"))
    assert "The seller gave no reason." in letter(to=BUYER).body
    assert "Ask the seller or the marketplace why it ended." in letter(to=BUYER).body
    assert "If you cancelled it yourself" not in letter(to=BUYER).body


def test_it_speaks_the_language_of_its_reader(stage: Stage):
    newest = reason("out_of_stock").wordings.latest("version").version
    WordingFactory.create(
        reason=reason("out_of_stock"), version=newest + 1, language="de", headline="Es ist ausverkauft."
    )
    User.objects.filter(pk=stage.buyer.pk).update(language="de")
    seller_cancels(stage)
    assert "Es ist ausverkauft." in letter(to=BUYER).body
    assert '<html lang="de"' in html_of(letter(to=BUYER))
    assert "120,00\xa0€ zurück an Visa ending 4242" in letter(to=BUYER).body


@pytest.mark.parametrize("language", ["", "tlh", "fr", "../x"])
def test_a_language_that_candor_does_not_speak_gives_way_to_english(stage: Stage, language: str):
    User.objects.filter(pk=stage.buyer.pk).update(language=language)
    seller_cancels(stage)
    assert '<html lang="en"' in html_of(letter(to=BUYER))


def test_somebody_who_never_signed_in_is_told_how_to(stage: Stage):
    hint = "http://localhost:8000/accounts/password/reset/"
    seller_cancels(stage)
    assert hint not in letter(to=BUYER).body
    unclaimed = User.objects.create_user("new@example.org")
    order = OrderFactory.create(buyer=unclaimed, seller=stage.order.seller)
    stage.told(lambda: cancel_order(order, source=Source.SELLER, reason=reason("out_of_stock")))
    assert hint in letter(to="new@example.org").body
    assert hint in html_of(letter(to="new@example.org"))


def test_it_leads_to_help_where_there_is_some(stage: Stage, settings: Settings):
    settings.HELP_URL = "https://help.example/"
    seller_cancels(stage)
    assert "Ask the marketplace:\nhttps://help.example/" in letter(to=BUYER).body
    assert 'href="https://help.example/"' in html_of(letter(to=BUYER))


def test_help_on_this_very_site_is_named_in_full_where_no_page_stands_around_it(stage: Stage, settings: Settings):
    settings.HELP_URL = "/help/"
    seller_cancels(stage)
    assert "Ask the marketplace:\nhttp://localhost:8000/help/" in letter(to=BUYER).body
    assert 'href="http://localhost:8000/help/"' in html_of(letter(to=BUYER))


NAMED = pytest.mark.parametrize(("name", "said"), [("Pho Market", "Pho Market"), ("", "the marketplace")])


@NAMED
def test_it_speaks_of_the_marketplace_by_its_name_if_it_has_one(stage: Stage, settings: Settings, name: str, said: str):
    settings.HELP_URL, settings.MARKETPLACE_NAME = "https://help.example/", name
    buyer_cancels(stage)
    assert f"because you ordered from Minh Long Ceramics at {said}." in letter(to=BUYER).body
    assert f"because you act for Minh Long Ceramics at {said}." in letter(to=SELLER).body
    assert f"Ask {said}:" in letter(to=BUYER).body
    assert f">Ask {said}<" in html_of(letter(to=BUYER))


@NAMED
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (Refund.State.COMPLETED, "If you do not see the money, ask {said} where it is and name the order."),
        (Refund.State.FAILED, "Ask {said} whether details are needed from you, and name the order."),
    ],
)
def test_a_mail_about_a_refund_does_so_too(
    stage: Stage, settings: Settings, state: Refund.State, sentence: str, name: str, said: str
):
    settings.MARKETPLACE_NAME = name
    refund(stage, state)
    assert sentence.format(said=said) in letter(to=BUYER).body


def test_its_links_begin_with_the_address_of_the_site(stage: Stage, settings: Settings):
    settings.SITE_URL = "https://candor.example"
    seller_cancels(stage)
    assert "https://candor.example/orders/1042-7731/" in letter(to=BUYER).body
    assert letter(to=BUYER).message()["Message-ID"].endswith("@candor.example>")
