"""Connecting a marketplace's back end: making a feed, changing its secret."""

from django.db import transaction
from django.utils import timezone

from feeds.models import Feed
from feeds.signing import new_secret


def connect_feed(*, slug: str, name: str) -> Feed:
    """Make a feed with a secret of its own; its `secret` is to be shown once."""
    return Feed.objects.create(slug=slug, name=name, secret=new_secret())


@transaction.atomic
def rotate_secret(feed: Feed) -> Feed:
    """Give the feed a new secret. The one before it stays valid until the next change, or until it is dropped."""
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    feed.previous_secret, feed.secret, feed.rotated_at = feed.secret, new_secret(), timezone.now()
    feed.save(update_fields=["previous_secret", "secret", "rotated_at"])
    return feed


@transaction.atomic
def drop_previous_secret(feed: Feed) -> None:
    """End the time in which two secrets are valid."""
    Feed.objects.filter(pk=feed.pk).update(previous_secret="")
