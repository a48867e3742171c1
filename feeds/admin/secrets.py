"""What administrators do with a feed's secrets: each asked about once more, done by POST, and written in the log.

A secret is shown in the answer to the POST that made it. It is in no message, cookie, session, log or address, and the
answer is not stored; asking for the page again makes the browser ask first, and then changes nothing.
"""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from feeds.connecting import CannotRotate, drop_previous_secret, rotate_secret
from feeds.models import Feed

NEVER = datetime(1, 1, 1, tzinfo=UTC)  # no secret was changed then


def rotate_view(model_admin: Any, request: HttpRequest, feed_id: int) -> HttpResponse:
    """Ask, then change the secret and show the new one."""
    feed = _feed(model_admin, request, feed_id)
    if request.method != "POST":
        return _ask(model_admin, request, feed, title=_("Change the secret?"), act="rotate")
    try:
        feed = rotate_secret(_as_seen(feed, request))
    except CannotRotate as error:
        messages.error(request, str(error))
        return redirect("admin:feeds_feed_change", feed.pk)
    model_admin.log_change(request, feed, "Changed the secret.")
    return show_secret(model_admin, request, feed)


def drop_view(model_admin: Any, request: HttpRequest, feed_id: int) -> HttpResponse:
    """Ask, then end the time in which two secrets are valid."""
    feed = _feed(model_admin, request, feed_id)
    if request.method != "POST":
        return _ask(model_admin, request, feed, title=_("End the previous secret?"), act="end-previous")
    if drop_previous_secret(_as_seen(feed, request)):
        model_admin.log_change(request, feed, "Ended the previous secret.")
        messages.success(request, _("Only the newest secret is valid now."))
    else:
        messages.warning(request, _("There was no previous secret, or it has just been changed: nothing was done."))
    return redirect("admin:feeds_feed_change", feed.pk)


def show_secret(model_admin: Any, request: HttpRequest, feed: Feed) -> HttpResponse:
    """Show a secret, this once."""
    return render(request, "admin/feeds/feed/secret.html", _context(model_admin, request, feed, _("The secret")))


def _feed(model_admin: Any, request: HttpRequest, feed_id: int) -> Feed:
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    return get_object_or_404(Feed, pk=feed_id)


def _as_seen(feed: Feed, request: HttpRequest) -> Feed:
    """Return the feed as the page that was answered showed it: its secret may have been changed since."""
    seen = request.POST.get("seen", "")
    try:
        feed.rotated_at = datetime.fromisoformat(seen).astimezone(UTC) if seen else None
    except (ValueError, OverflowError):
        feed.rotated_at = NEVER
    return feed


def _ask(model_admin: Any, request: HttpRequest, feed: Feed, *, title: Any, act: str) -> HttpResponse:
    seen = feed.rotated_at.isoformat() if feed.rotated_at else ""
    context = {**_context(model_admin, request, feed, title), "act": act, "seen": seen}
    return render(request, "admin/feeds/feed/confirm.html", context)


def _context(model_admin: Any, request: HttpRequest, feed: Feed, title: Any) -> dict[str, Any]:
    return {**model_admin.admin_site.each_context(request), "title": title, "opts": Feed._meta, "feed": feed}
