"""Connecting a marketplace's back end: making a feed, changing its secret."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feeds.models import Feed
from feeds.signing import new_secret


class CannotRotate(Exception):
    """The secret has been changed since it was looked at. Its message is a sentence."""


def connect_feed(*, slug: str, name: str, **settings: Any) -> Feed:
    """Make a feed with a secret of its own, which is to be shown once; `settings` are other fields of it."""
    return Feed.objects.create(slug=slug, name=name, secret=new_secret(), **settings)


@transaction.atomic
def rotate_secret(feed: Feed) -> Feed:
    """Give the feed a new secret. The one before it stays valid until the next change, or until it is dropped.

    Raise CannotRotate if it has been changed since `feed` was read: else two who do it at once would push out the
    secret that the back end still signs with, and one of them would hold a secret that is no longer the newest.
    """
    seen = feed.rotated_at
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    if feed.rotated_at != seen:
        raise CannotRotate(_("The secret has just been changed by somebody else: nothing was done."))
    feed.previous_secret, feed.secret, feed.rotated_at = feed.secret, new_secret(), timezone.now()
    feed.save(update_fields=["previous_secret", "secret", "rotated_at"])
    return feed


@transaction.atomic
def drop_previous_secret(feed: Feed) -> bool:
    """End the time in which two secrets are valid; tell whether there were two.

    A secret that was changed since `feed` was read is left alone: the one before it is another by now.
    """
    seen = Feed.objects.filter(pk=feed.pk, rotated_at=feed.rotated_at).exclude(previous_secret="")
    return bool(seen.update(previous_secret=""))
