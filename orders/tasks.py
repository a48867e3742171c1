"""What is done after the response, or during it, as the setting TASKS says."""

from django.tasks import task

from accounts.models import User
from cancellations.mapping import ForeignWords
from orders.correcting import correct_words
from orders.models import Mail
from orders.sending import send_due


@task
def send_mails(event_ids: list[int]) -> int:
    """Send what is due about these events; return how many mails that was."""
    return send_due(Mail.objects.filter(event__in=event_ids))


@task
def correct_reasons(origin: str, source: str, key: str, by: int | None) -> int:
    """Correct what was recorded by these words, since somebody has said what they mean; return how much that was."""
    return correct_words(ForeignWords(origin, source, key), by=User.objects.filter(pk=by).first())
