"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest


def candor(request: HttpRequest) -> dict[str, object]:
    """Give templates the marketplace's name (or none), where its help is, and the languages, each by its own name."""
    return {
        "marketplace_name": settings.MARKETPLACE_NAME,
        "languages": settings.LANGUAGES,
        "help_url": settings.HELP_URL,
        "sso_name": settings.SSO_NAME if settings.SSO_ISSUER else "",
    }
