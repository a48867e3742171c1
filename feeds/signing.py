"""Who speaks: messages are signed as Standard Webhooks says (webhook-id, webhook-timestamp, webhook-signature)."""

import base64
import re
import secrets

from django.http import HttpRequest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from feeds.models import SLUG_FORM, Feed

SECRET_BYTES = 32
ID_FORM = re.compile(r"[!-~]{1,200}")


class NotSigned(Exception):
    """The message is not signed by the feed it claims to be from. Its message is a sentence."""


def new_secret() -> str:
    """Make a secret."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def signer_of(request: HttpRequest, slug: str) -> Feed:
    """Return the feed that signed the request. Raise NotSigned, in the same words where there is no such feed."""
    # What no slug can be is not looked up: PostgreSQL refuses a NUL even there.
    feed = Feed.objects.filter(slug=slug, is_active=True).first() if re.fullmatch(SLUG_FORM, slug) else None
    if feed and any(_is_signed(request, secret) for secret in feed.secrets):
        return feed
    raise NotSigned("The signature is missing, too old, or not of this feed.")


def message_id(request: HttpRequest) -> str:
    """Return the id of a signed message. Raise NotSigned for one that cannot be kept."""
    message = request.headers.get("webhook-id", "")
    if not ID_FORM.fullmatch(message):
        raise NotSigned("A webhook-id has 1 to 200 visible characters: letters, digits and signs of ASCII.")
    return message


def _is_signed(request: HttpRequest, secret: str) -> bool:
    """Check the signature; hostile headers make the library raise plain ValueErrors."""
    try:
        Webhook(secret).verify(request.body, dict(request.headers.items()), json_parse=False)
    except (WebhookVerificationError, ValueError, OverflowError):
        return False
    return True
