"""Forgetting what nobody needs any more: ended sessions, where they were signed in from, counters that have run out."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

IN_DATABASE = "django.core.cache.backends.db.DatabaseCache"


@transaction.atomic
def forget_sessions() -> int:
    """Forget the sessions that have ended, and the network addresses and browsers of all that are gone; say how many.

    allauth does so only when their owner comes back.
    """
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    there = Session.objects.filter(session_key=OuterRef("session_key"))
    count: int = UserSession.objects.filter(~Exists(there)).delete()[0]
    return count


def forget_counters() -> int:
    """Forget the counters of attempts that have run out, and say how many. Caches elsewhere do it by themselves."""
    counters = settings.CACHES["default"]
    if counters["BACKEND"] != IN_DATABASE:
        return 0
    table, expires = (connection.ops.quote_name(name) for name in (counters["LOCATION"], "expires"))
    with connection.cursor() as cursor:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute(f"DELETE FROM {table} WHERE {expires} < %s", [now])  # noqa: S608  (names of our own, quoted)
        return int(cursor.rowcount)
