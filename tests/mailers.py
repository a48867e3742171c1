"""Mail servers and queues that fail, and the letters that came all the same."""

import smtplib
from collections.abc import Sequence
from typing import NoReturn

from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError
from django.tasks.backends.immediate import ImmediateBackend
from pytest_django import Settings


class Away(EmailBackend):
    """A mail server that does not answer."""

    def open(self) -> None:
        raise TimeoutError


class GoesAway(EmailBackend):
    """A mail server that hangs up when a mail comes."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise smtplib.SMTPServerDisconnected


class Refuses(EmailBackend):
    """A mail server that does not know Mai."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if messages[0].to == ["mai@example.org"]:
            raise smtplib.SMTPRecipientsRefused({"mai@example.org": (550, b"no such user")})
        return super().send_messages(messages)


class WorkerDiesBefore(EmailBackend):
    """The process is killed before the mail server has the mail."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise SystemExit


class WorkerDiesAfter(EmailBackend):
    """The process is killed when the mail server has the mail."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        super().send_messages(messages)
        raise SystemExit


class NoTasks(ImmediateBackend):
    """A queue of tasks that is not there."""

    def enqueue(self, *_: object) -> NoReturn:
        raise OperationalError


def use_mailer(settings: Settings, mailer: type[EmailBackend] = EmailBackend) -> None:
    """Send by this one from now on."""
    settings.MAILERS = {"default": {"BACKEND": f"{mailer.__module__}.{mailer.__name__}"}}


def subjects(*, to: str = "") -> list[str]:
    """Return the subjects of what was sent, to everybody or to one address."""
    return [str(message.subject) for message in mail.outbox if not to or message.to == [to]]


def letter(*, to: str) -> EmailMultiAlternatives:
    """Return the one mail that was sent to this address."""
    [message] = [message for message in mail.outbox if message.to == [to]]
    assert isinstance(message, EmailMultiAlternatives)
    return message


def html_of(message: EmailMultiAlternatives) -> str:
    """Return the HTML part."""
    [(content, _mimetype)] = message.alternatives
    return str(content)
