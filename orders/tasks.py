"""What is done after the response, or during it, as the setting TASKS says."""

from django.tasks import task

from orders.models import Mail
from orders.sending import send_due


@task
def send_mails(event_ids: list[int]) -> int:
    """Send what is due about these events; return how many mails that was."""
    return send_due(Mail.objects.filter(event__in=event_ids))
