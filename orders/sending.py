"""Sending what is due: claim a mail, send it, mark it as sent, one sender at a time.

Whoever dies in between leaves a claim that runs out; the next sweep sends the mail. Whoever dies between the mail
server's yes and the mark has sent it, and the sweep sends it again under the same Message-ID
(docs/decisions/0070-mail.md).
"""

import logging
import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched

from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from orders.letters.message import write_message
from orders.models import Mail

LEASE = timedelta(minutes=10)  # many times what the mail server is given to answer
MOST_ATTEMPTS = 7
FIRST_DELAY = timedelta(minutes=1)  # four times as long after each attempt: the last is made a day after the first
BATCH = 100
# The server's no to one mail, after which it takes the next; any other OSError means that it is away.
REFUSED = (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)

logger = logging.getLogger("candor.mail")


def send_due(mails: QuerySet[Mail]) -> int:
    """Send those of these mails that are due; return how many were sent.

    Ends where the mail server is away: the rest stays due. Never raises because of a mail, or of the mail server.
    """
    sent = 0
    try:
        for batch in _due(mails):
            with mailers.default as mailer:
                for pk in batch:
                    sent += _send(pk, mailer)
    except OSError as error:  # what smtplib raises is one too
        logger.warning("The mail server is away.", extra={"outcome": type(error).__name__})
    return sent


def given_up() -> QuerySet[Mail]:
    """Select the mails that nobody tries to send any more."""
    return Mail.objects.filter(sent_at=None, attempts__gte=MOST_ATTEMPTS)


def _due(mails: QuerySet[Mail]) -> Iterator[tuple[int, ...]]:
    found = mails.filter(_is_free(timezone.now())).order_by("due_at", "pk").values_list("pk", flat=True)
    return batched(list(found), BATCH, strict=False)


def _is_free(now: datetime) -> Q:
    """Say which mails may be claimed: due, not sent, and in nobody's hands."""
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    return unclaimed & Q(sent_at=None, due_at__lte=now, attempts__lt=MOST_ATTEMPTS)


def _send(pk: int, mailer: BaseEmailBackend) -> bool:
    """Send one mail, if it is still free. Raise OSError if the mail server is away."""
    if not _claim(pk):
        return False
    mail = Mail.objects.select_related("event", "recipient").filter(pk=pk).first()
    if mail is None:
        return False  # deleted since it was claimed, as with its recipient
    try:
        message = write_message(mail)
        if message is None:
            return _drop(mail)
        mailer.send_messages([message])
    except Exception as error:
        _put_off(mail, error)
        if isinstance(error, OSError) and not isinstance(error, REFUSED):
            raise
        return False
    Mail.objects.filter(pk=pk).update(sent_at=timezone.now())
    return True


@transaction.atomic(durable=True)  # seen by the others before the mail goes out
def _claim(pk: int) -> bool:
    """Compare and set in one statement: of all who try, one is told yes."""
    now = timezone.now()
    return bool(Mail.objects.filter(_is_free(now), pk=pk).update(claimed_at=now, attempts=F("attempts") + 1))


def _drop(mail: Mail) -> bool:
    """Forget a mail that has nobody to go to, or whose news is no longer true."""
    mail.delete()
    return False


def _put_off(mail: Mail, error: Exception) -> None:
    """Give the mail back, to be tried again later."""
    delay = FIRST_DELAY * 4 ** (mail.attempts - 1)
    Mail.objects.filter(pk=mail.pk, sent_at=None).update(claimed_at=None, due_at=timezone.now() + delay)
    told = {"mail": mail.pk, "event": mail.event_id, "attempts": mail.attempts, "outcome": type(error).__name__}
    level = logging.ERROR if mail.attempts >= MOST_ATTEMPTS else logging.WARNING
    # What a mail server says may hold an address, so it is not logged; anything else is a fault of ours.
    logger.log(level, "A mail could not be sent.", extra=told, exc_info=None if isinstance(error, OSError) else error)
