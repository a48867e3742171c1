"""Mail that is written already: sent after the response or during it, as the setting TASKS says."""

import logging
from datetime import timedelta

from django.core.mail import EmailMessage, mailers
from django.tasks import task
from django.utils import timezone

MOST_ATTEMPTS = 4
FIRST_DELAY = timedelta(minutes=1)  # four times as long after each attempt

logger = logging.getLogger("candor.mail")


@task
def send_message(subject: str, body: str, to: str, attempts: int = 1) -> bool:
    """Send it; return whether the mail server took it. Never raise because of the mail server.

    Where tasks can wait, it is tried again, MOST_ATTEMPTS times in all; else whoever waits for it asks for another.
    """
    try:
        with mailers.default as mailer:
            mailer.send_messages([EmailMessage(subject, body, to=[to])])
    except OSError as error:  # what smtplib raises is one too; what it says may hold an address
        is_over = attempts >= MOST_ATTEMPTS or not send_message.get_backend().supports_defer
        told = {"attempts": attempts, "outcome": type(error).__name__}
        logger.log(logging.ERROR if is_over else logging.WARNING, "A mail could not be sent.", extra=told)
        if not is_over:
            later = send_message.using(run_after=timezone.now() + FIRST_DELAY * 4 ** (attempts - 1))
            later.enqueue(subject, body, to, attempts + 1)
        return False
    return True
