"""How well reasons are given, understood and received: for administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cancellations.codes import OTHER, UNSTATED
from cancellations.models import Cancellation, Contest, Feedback, Reason
from cancellations.terms import Source
from foundation.shares import percent
from insights.definitions import share
from insights.tables import Cell, Table
from orders.belonging import belongs

# The work has a limit, whatever the marketplace's history; the page says so.
LOOKED_AT = 20_000
MOST_TEXTS = 30
NOTHING = gettext_lazy("Nothing was cancelled yet.")


@dataclass(frozen=True)
class Uses:
    """What became of one reason: given, explained or not, contested."""

    given: int = 0
    helpful: int = 0
    answers: int = 0
    contested: int = 0


@dataclass(frozen=True)
class QualityReport:
    """The newest cancellations, by reason, source and feed; to whoever may map words, those that wait for it too."""

    can_map: bool

    @cached_property
    def given(self) -> int:
        """How many cancellations were looked at."""
        return sum(uses.given for uses in self._uses.values())

    @property
    def given_as_shown(self) -> str:
        """The same number, as people read it."""
        return number_format(self.given, force_grouping=True)

    @property
    def most(self) -> str:
        """How many are looked at where there are more, as people read it."""
        return number_format(LOOKED_AT, force_grouping=True)

    @property
    def unclear(self) -> Table:
        """How many cancellations say nothing: the share of other, and of not stated."""
        codes = {"other": OTHER, "not_stated": UNSTATED}
        names = {"other": _("“other”"), "not_stated": _("not stated, or not understood")}
        rows = []
        for key, wanted in codes.items():
            given = sum(self._used(reason).given for reason in self._reasons if reason.code in wanted)
            rows.append([Cell(names[key]), Cell(given), _share(given, self.given)])
        return Table("unclear", _("Without a reason that helps"), [_("Reason"), _("Used"), _("Share")], rows)

    @property
    def by_reason(self) -> Table:
        """Every reason, also those that are retired or were never given."""
        head = [_("Reason"), _("Retired"), _("Used"), _("Share"), _("Answers"), _("Explained it"), _("Contested")]
        ordered = sorted(self._reasons, key=lambda reason: -self._used(reason).given)
        return Table("reasons", _("Reasons"), head, [self._row(reason) for reason in ordered])

    @property
    def by_feed(self) -> Table:
        """How much each feed and source says, and how it is received."""
        unclear = {"other": OTHER, "not_stated": UNSTATED}
        sums = (
            self._newest()
            .values_list("origin", "source")
            .annotate(
                **{name: Count("pk", filter=Q(reason__code__in=codes)) for name, codes in unclear.items()}, **_uses()
            )
        )
        rows = []
        for origin, source, other, not_stated, *counts in sums.order_by("origin", "source"):
            uses = Uses(*counts)
            vague = [_share(other, uses.given), _share(not_stated, uses.given)]
            answers = [Cell(uses.answers), _share(uses.helpful, uses.answers)]
            received = [*answers, _share(uses.contested, uses.given)]
            rows.append(
                [Cell(origin or _("here")), Cell(str(Source(source).label)), Cell(uses.given), *vague, *received]
            )
        said = [_("Feed"), _("Source"), _("Used"), _("“other”"), _("not stated")]
        head = [*said, _("Answers"), _("Explained it"), _("Contested")]
        return Table("feeds", _("Feeds and sources"), head, rows, empty=str(NOTHING))

    @property
    def by_origin(self) -> Table:
        """Use of each reason by feed and source."""
        sums = self._newest().values_list("origin", "source", "reason__code").annotate(all=Count("pk"))
        rows = [
            [Cell(origin or _("here")), Cell(str(Source(source).label)), Cell(code), Cell(count)]
            for origin, source, code, count in sums.order_by("origin", "source", "-all")
        ]
        head = [_("Feed"), _("Source"), _("Reason"), _("Used")]
        return Table("origins", _("Reasons by feed and source"), head, rows, empty=str(NOTHING))

    @property
    def unmapped(self) -> Table:
        """The origins' words that wait for a meaning, as they came last, the most used first; each leads there."""
        groups = self._newest().waiting_for_words().values_list("origin", "source", "raw_key")
        sums = list(groups.annotate(all=Count("pk"), newest=Max("pk")).order_by("-all", "-newest")[: MOST_TEXTS + 1])
        newest = Cancellation.objects.filter(pk__in=[pk for *_words, pk in sums])
        as_written = dict(newest.values_list("pk", "raw_reason"))
        rows = [
            [
                Cell(as_written[pk], href=_mapping_of(origin, source, key)),
                Cell(origin or _("here")),
                Cell(str(Source(source).label)),
                Cell(count),
            ]
            for origin, source, key, count, pk in sums
        ]
        head = [_("Words"), _("Feed"), _("Source"), _("Used")]
        title, empty = _("Words that are not mapped"), _("Every text is understood.")
        return Table("unmapped", title, head, rows[:MOST_TEXTS], empty=empty, is_cut=len(rows) > MOST_TEXTS)

    @property
    def tables(self) -> Sequence[Table]:
        """Everything, in the order of the page."""
        waiting = [self.unmapped] if self.can_map else []
        return [self.unclear, self.by_feed, self.by_reason, self.by_origin, *waiting]

    def _row(self, reason: Reason) -> list[Cell]:
        uses = self._used(reason)
        return [
            Cell(reason.code, href=reverse("admin:cancellations_reason_change", args=[reason.pk])),
            Cell(_("yes") if reason.is_retired else ""),
            Cell(uses.given),
            _share(uses.given, self.given),
            Cell(uses.answers),
            _share(uses.helpful, uses.answers),
            _share(uses.contested, uses.given),
        ]

    def _used(self, reason: Reason) -> Uses:
        return self._uses.get(reason.pk, Uses())

    @cached_property
    def _reasons(self) -> list[Reason]:
        return list(Reason.objects.all())

    @cached_property
    def _uses(self) -> dict[int, Uses]:
        sums = self._newest().values_list("reason").annotate(**_uses())
        return {reason: Uses(*counts) for reason, *counts in sums}

    def _newest(self) -> Any:
        """Select the newest that ended something: not those that their origin took back."""
        newest = Cancellation.objects.filter(belongs()).order_by("-pk").values("pk")[:LOOKED_AT]
        return Cancellation.objects.filter(pk__in=newest).order_by()


def _uses() -> dict[str, Count]:
    """Return the columns of Uses, in its order."""
    answered = Feedback.objects.filter(cancellation=OuterRef("pk"))
    contested = Contest.objects.filter(cancellation=OuterRef("pk"))
    return {
        "given": Count("pk"),
        "helpful": Count("pk", filter=Q(Exists(answered.filter(is_helpful=True)))),
        "answers": Count("pk", filter=Q(Exists(answered))),
        "contested": Count("pk", filter=Q(Exists(contested))),
    }


def _mapping_of(origin: str, source: str, key: str) -> str:
    return reverse("admin:map-words", query={"origin": origin, "source": source, "words": key})


def _share(part: int, whole: int) -> Cell:
    of_all = share(part, whole)
    return Cell("") if of_all is None else Cell(of_all, text=percent(of_all))
