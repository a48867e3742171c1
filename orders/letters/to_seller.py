"""What a seller's members read."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from cancellations.terms import Source
from orders.audiences import NOT_THE_SELLER
from orders.letters.news import Letter, News, Quote
from orders.models import Event
from orders.words import mail as words
from orders.words import mail_of_requests as of_requests
from orders.words.mail_of_endings import TO_SELLER_ENDED


def letter_to_seller(news: News) -> Letter | None:
    """Write what those who act for the seller are told; None where it is no longer so."""
    return _asked(news) if news.event.kind == Event.Kind.REQUEST_OPENED else _ended(news)


def _asked(news: News) -> Letter | None:
    """Tell what the buyer asks, and until when the seller can answer."""
    if news.request is None or not news.request.is_open:
        return None
    there = of_requests.TO_SELLER_ASKED_THERE[bool(news.request.answer_by)]
    letter = of_requests.TO_SELLER_ASKED if news.request.is_made_here else there
    return _letter(
        news,
        letter,
        is_whole=not news.asked_for,
        explanation=news.why_asked,
        portions=news.asked_for,
        quotes=_quotes(news.request.note, str(words.BUYERS_WORDS)),
        next_step=str(letter.next_step),
    )


def _ended(news: News) -> Letter | None:
    """Tell what the buyer or the system cancelled, and what the seller can learn from it."""
    card = news.card
    if card is None or card.ended.source not in NOT_THE_SELLER:
        return None
    source, requested_by = card.ended.source, card.ended.requested_by
    by = words.BUYERS_WORDS if card.ended.note_by == Source.BUYER else card.quoted_by
    return _letter(
        news,
        TO_SELLER_ENDED.get((source, requested_by)) or TO_SELLER_ENDED[source, source],
        is_whole=card.is_whole,
        portions=card.portions,
        quotes=_quotes(card.ended.note, str(by)),
        asked=news.unanswered,
        next_step=card.words.seller_advice,
    )


def _quotes(text: str, by: str) -> tuple[Quote, ...]:
    return (Quote(text, by),) if text else ()


def _letter(news: News, letter: words.LetterWords, *, is_whole: bool, **more: Any) -> Letter:
    return Letter(
        subject=news.subject(letter.subject, is_whole=is_whole),
        opening=news.fill(letter.opening[0 if is_whole else 1]),
        page=news.page,
        url=settings.SITE_URL + reverse("selling_orders:detail", args=[news.order.number]),
        link=letter.link,
        because=news.fill(words.BECAUSE_SELLER),
        **more,
    )
