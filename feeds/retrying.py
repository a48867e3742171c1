"""Try again what was refused, once what was wrong has been put right: the catalogue, a feed's settings, a format."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from feeds.closing import close_earlier
from feeds.formats import Format, OptionRefused, Options, formats
from feeds.models import Problem, Refused, Run
from feeds.receiving import dialect_of
from feeds.refusals import FileRefused
from feeds.refusing import Refusal, problems_of, records_of
from feeds.taking import reading_of_file, take_orders
from orders.recording import Outcome

ORDERS_AT_ONCE = 500


class CannotRetry(Exception):
    """What a run refused cannot be tried again. Its message is a sentence."""


@dataclass(frozen=True)
class Retried:
    """How many orders have been taken now, and how many were refused again."""

    taken: int = 0
    refused: int = 0

    def __add__(self, other: "Retried") -> "Retried":
        return Retried(self.taken + other.taken, self.refused + other.refused)


def retry_refused(run: Run, *, only: Collection[int] | None = None, said: Options | None = None) -> Retried:
    """Try again what a run refused, or `only` some of it: what is taken leaves its problems, the rest gets new ones.

    An order about which something newer is known by now counts as taken: it is no longer refused. Batch by batch,
    each whole or not at all. Of a file, what is `said` now goes before the options of its import. Raise CannotRetry.
    """
    form, found, last = _form_of(run, said or Options()), Retried(), 0
    while True:
        batch, last = _retry_batch(run, form, only=only, after=last)
        if not last:
            return found
        found += batch


@transaction.atomic
def _retry_batch(run: Run, form: Format, *, only: Collection[int] | None, after: int) -> tuple[Retried, int]:
    """Try the next orders; answer with the last that was looked at, 0 when there is none."""
    run = Run.objects.select_for_update().get(pk=run.pk)  # two who try at once: the second finds what is left
    some = run.refused.filter(pk__gt=after) if only is None else run.refused.filter(pk__gt=after, pk__in=only)
    rows = list(some.select_for_update().order_by("pk")[:ORDERS_AT_ONCE])  # else they may be forgotten meanwhile
    if not rows:
        return Retried(), 0
    answers = take_orders(form, [records_of(row) for row in rows], **_spoken_by(run, form))
    close_earlier(form, answers, feed=run.feed, before=run.started_at)
    said = dict(zip(rows, answers, strict=True))
    taken = [row.pk for row, one in said.items() if isinstance(one, Outcome)]
    Problem.objects.filter(refused__in=rows).delete()
    again = [problems_of(run, one, row) for row, one in said.items() if isinstance(one, Refusal)]
    Problem.objects.bulk_create([problem for found in again for problem in found])
    Refused.objects.filter(pk__in=taken).delete()
    Run.objects.filter(pk=run.pk).update(taken_later_count=F("taken_later_count") + len(taken))
    return Retried(taken=len(taken), refused=len(again)), rows[-1].pk


def _spoken_by(run: Run, form: Format) -> dict[str, Any]:
    """Say who sent the orders, and whose words their reasons are, as when they came."""
    if run.feed is None:
        return {"origin": form.origin, "reading": reading_of_file(form)}
    return {"origin": run.feed.slug, "dialect": dialect_of(run.feed, form)}


def _form_of(run: Run, said: Options) -> Format:
    """Make the format that refused them: with the options of the run, or those that its feed has by now."""
    if run.feed and said != Options():
        raise CannotRetry(_("It came from a feed: name its seller, currency and time zone in the feed's settings."))
    if run.state == Run.State.RUNNING:
        raise CannotRetry(_("This import is still running, or was ended from outside: import the file again."))
    if run.format not in formats():
        raise CannotRetry(_("There is no format “%(name)s” any more.") % {"name": run.format})
    try:
        form = formats()[run.format](run.feed.options if run.feed else _options_of(run, said))
        form.resume(run.context)
    except (OptionRefused, FileRefused) as refusal:
        no_seller = _("Its feed does not say whose shop it is any more: name the seller there first.")
        raise CannotRetry(no_seller if run.feed else str(refusal)) from refusal
    return form


def _options_of(run: Run, said: Options) -> Options:
    then = run.options
    return Options(
        seller=said.seller or then.seller, zone=said.zone or then.zone, currency=said.currency or then.currency
    )
