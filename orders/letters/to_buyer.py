"""What a buyer reads."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cancellations.terms import Source
from foundation.text import Words, WordsPair
from orders.letters.news import Letter, News, Quote
from orders.models import Event
from orders.pages.money import case_of
from orders.pages.why import WhyCard
from orders.rules import OPEN_STATUSES
from orders.words import mail as words
from orders.words import mail_of_contests as of_contests
from orders.words import mail_of_endings as of_endings
from orders.words import mail_of_refunds as of_refunds
from orders.words import mail_of_requests as of_requests
from orders.words.who import QUOTED, told_of

Kind = Event.Kind


def letter_to_buyer(news: News) -> Letter | None:
    """Write what the buyer of the order is told; None where it is no longer so."""
    return WRITERS[Kind(news.event.kind)](news)


def _ended(news: News) -> Letter | None:
    """Tell that the order, or some of it, was cancelled."""
    if (card := news.card) is None:
        return None  # opened again
    return _with_card(news, card, told_of(card.ended, of_endings.ENDED), card.who, asked=news.unanswered)


def _asked(news: News) -> Letter | None:
    """Confirm what the buyer asked for, while it is not answered."""
    if news.request is None or not news.request.is_open:
        return None
    there = of_requests.ASKED_THERE[bool(news.request.answer_by)]
    letter = of_requests.ASKED if news.request.is_made_here else there
    return _plain(news, letter, explanation=news.why_asked)


def _granted(news: News) -> Letter | None:
    """Tell that the seller agreed, or did not answer in time."""
    if news.event.facts.get("cancellation"):  # it was the end of the order that closed the request
        return _ended(news) if news.event.origin else _plain(news, of_requests.NOTHING_LEFT)  # here, it was told before
    if (card := news.card) is None:
        return _granted_there(news) if news.event.origin else _plain(news, of_requests.NOTHING_LEFT)
    subject = of_requests.GRANTED[news.event.kind].subject
    explanation = news.fill(of_requests.NO_ANSWER) if news.event.kind == Kind.REQUEST_LAPSED else card.words.explanation
    return _with_card(news, card, subject, card.who, explanation=explanation)


def _granted_there(news: News) -> Letter | None:
    """Tell that the marketplace reports a yes; the cancellation itself it reports apart."""
    if news.request is None or not news.request.is_granted:
        return None
    by = news.event.actor if news.event.kind == Kind.REQUEST_APPROVED else ""
    there = of_requests.GRANTED_THERE[news.event.kind]
    return _plain(news, of_requests.GRANTED_BY_SOMEBODY if by == Source.UNKNOWN else there)


def _declined(news: News) -> Letter | None:
    """Tell that the order goes on, and what the seller said."""
    if news.request is None:
        return None
    if news.event.actor == Source.SYSTEM and news.order.status not in OPEN_STATUSES:
        return _plain(news, of_requests.DECLINED[Source.SYSTEM])
    is_answer = news.event.actor == Source.SELLER
    letter = of_requests.DECLINED[Source.SELLER] if is_answer else of_requests.DECLINED_BY_SOMEBODY
    why_not = news.request.decline_reason
    by = str(QUOTED[Source.SELLER if is_answer else Source.SYSTEM]).format(seller=news.order.seller.name)
    more: dict[str, Any] = {"quotes": (Quote(why_not, by),)} if why_not else {"explanation": str(of_requests.NO_REASON)}
    return _plain(
        news, letter, **more, **({} if news.request.decided_at else {"next_step": str(of_requests.ASK_AGAIN)})
    )


def _refunded(news: News) -> Letter | None:
    """Tell how far the money has come, and why it goes back."""
    if (card := news.card) is None or (refund := news.refund) is None:
        return None  # taken back by its feed
    letter = of_refunds.REFUNDED[news.event.kind]
    opening = news.fill(letter.opening[0])
    next_step = news.fill(of_refunds.NEXT_STEP[case_of(refund, today=timezone.localdate())])
    return _with_card(news, card, letter.subject, opening, lead=_why(card), explanation="", next_step=next_step)


def _checked(news: News) -> Letter | None:
    """Tell what became of the buyer's contest."""
    if (card := news.card) is None:
        return None
    letter = of_contests.CHECKED[news.event.kind]
    opening = news.fill(letter.opening[0])
    answered = card.contest if card.contest and card.contest.pk == news.event.facts["contest"] else None
    quotes = (Quote(answered.answer, str(of_contests.ANSWER)),) if answered and answered.answer else ()
    return _with_card(news, card, letter.subject, opening, lead=_why(card), quotes=quotes)


WRITERS: dict[Event.Kind, Callable[[News], Letter | None]] = {
    Kind.CANCELLED: _ended,
    Kind.PART_CANCELLED: _ended,
    Kind.REQUEST_OPENED: _asked,
    Kind.REQUEST_APPROVED: _granted,
    Kind.REQUEST_LAPSED: _granted,
    Kind.REQUEST_DECLINED: _declined,
    Kind.REFUND_SENT: _refunded,
    Kind.REFUND_COMPLETED: _refunded,
    Kind.REFUND_FAILED: _refunded,
    Kind.CONTEST_UPHELD: _checked,
    Kind.CONTEST_REJECTED: _checked,
}


def _why(card: WhyCard) -> SafeString:
    return format_html("{} {}", card.who, card.words.headline)


def _with_card(news: News, card: WhyCard, subject: WordsPair, opening: SafeString, **more: Any) -> Letter:
    """Tell of a cancellation what its card on the page tells; `more` takes the place of some of it."""
    about_money = card.money[0].next_step
    told: dict[str, Any] = {
        "lead": card.words.headline,
        "explanation": card.words.explanation,
        "portions": card.portions,
        "quotes": tuple(_quotes(card)),
        "money": tuple(card.money),
        "next_step": format_html("{} {}", about_money, card.words.next_step) if about_money else card.words.next_step,
    }
    return _letter(news, news.subject(subject, is_whole=card.is_whole), opening, words.SEE_YOURS, **{**told, **more})


def _quotes(card: WhyCard) -> Iterator[Quote]:
    if card.foreign_words:
        yield Quote(card.foreign_words, str(words.FOREIGN))
    if card.ended.note:
        yield Quote(card.ended.note, card.quoted_by)


def _plain(news: News, letter: words.LetterWords, **more: Any) -> Letter:
    """Tell what has ended nothing."""
    portions = news.asked_for
    subject = news.subject(letter.subject, is_whole=not portions)
    opening = news.fill(letter.opening[1 if portions else 0])
    told = {"portions": portions, "next_step": news.fill(letter.next_step), **more}
    return _letter(news, subject, opening, letter.link, **told)


def _letter(news: News, subject: str, opening: SafeString, link: Words, **more: Any) -> Letter:
    because = news.fill(words.BECAUSE_BUYER)
    url = settings.SITE_URL + news.order.get_absolute_url()
    return Letter(subject, opening, news.page, url, link, because, **more)
