"""A letter as an e-mail message: headers, a text and a page of HTML that say the same."""

import re
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_supported_language_variant

from accounts.models import User
from orders.audiences import TO_BUYER, TO_SELLER
from orders.letters.news import Letter, News
from orders.letters.to_buyer import letter_to_buyer
from orders.letters.to_seller import letter_to_seller
from orders.models import Mail, Order
from orders.pages.detail import OrderPage


def write_message(mail: Mail) -> EmailMultiAlternatives | None:
    """Write a mail in its reader's language.

    None where there is nobody to tell any more (the account is closed, or has no address, or has nothing to do with
    the order), or nothing (the order was opened again, the request was answered).
    """
    with translation.override(_language_of(mail.recipient)):
        letter = _letter(mail)
        address = mail.recipient.email
        return _message(mail, letter, address) if letter and address else None


def _letter(mail: Mail) -> Letter | None:
    reader, event = mail.recipient, mail.event
    if not reader.is_active:
        return None
    order: Order = Order.objects.for_display().get(pk=event.order_id)
    if order.buyer_id == reader.pk and event.kind in TO_BUYER:
        return letter_to_buyer(News(event, OrderPage(order)))
    if event.kind in TO_SELLER and order.seller.members.filter(pk=reader.pk).exists():
        return letter_to_seller(News(event, OrderPage(order, is_for_seller=True)))
    return None


def _message(mail: Mail, letter: Letter, address: str) -> EmailMultiAlternatives:
    facts = {
        "letter": letter,
        "reader": mail.recipient,
        "settings_url": settings.SITE_URL + reverse("notifications"),
        "password_url": settings.SITE_URL + reverse("account_reset_password"),
        "help_url": urljoin(settings.SITE_URL, settings.HELP_URL) if settings.HELP_URL else "",
        "marketplace_name": settings.MARKETPLACE_NAME,
    }
    text = render_to_string("mail/letter.txt", facts)
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        to=[address],  # without the name, which could hold anything
        headers={
            # The same at every attempt: who is sent a mail twice can tell, and many mail servers do.
            "Message-ID": f"<event-{mail.event_id}.reader-{mail.recipient_id}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("mail/letter.html", facts), "text/html")
    return message


def _language_of(reader: User) -> str:
    """Return the reader's language, as far as Candor speaks it."""
    try:
        return get_supported_language_variant(reader.language)
    except LookupError:
        return settings.LANGUAGE_CODE
