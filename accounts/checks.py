"""What keeps Candor from being put up: manage.py says it, and does nothing else."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def check_hosts(**_: Any) -> list[CheckMessage]:
    """Refuse, in production, names that anybody may add to: links and cookies are for the names that are known."""
    if not settings.IS_PRODUCTION:
        return []
    hint = "Give each name that people use, as in ALLOWED_HOSTS=orders.example,www.orders.example."
    patterns = [name for name in settings.ALLOWED_HOSTS if name == "*" or name.startswith(".")]
    return [Error(f"ALLOWED_HOSTS contains {name!r}.", hint=hint, id="accounts.E001") for name in patterns]
