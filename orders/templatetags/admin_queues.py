"""What the admin's first page says before anything else."""

from typing import Any

from django import template

from orders.admin.queues import Queue, queues_of

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_for_you(context: dict[str, Any]) -> list[Queue]:
    """List what waits for the administrator who reads the page."""
    return list(queues_of(context["request"].user))
