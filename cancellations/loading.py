"""Bring the catalogue that comes with Candor into the database."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import count
from pathlib import Path

from django.db import transaction

from cancellations.catalogue_files import FOLDER, Catalogue, ReasonEntry, read_catalogue
from cancellations.mapping import hold_recording
from cancellations.models import Alias, Reason, RefundTime, Wording


@dataclass(frozen=True)
class Loaded:
    """How many rows were added."""

    reasons: int
    wordings: int
    aliases: int
    refund_times: int

    def __str__(self) -> str:
        return ", ".join(f"{field.name.replace('_', ' ')} {getattr(self, field.name)}" for field in fields(self))


@transaction.atomic
def load_catalogue(folder: Path = FOLDER) -> Loaded:
    """Add what is missing, and change nothing that is there. Raise CatalogueError where a file cannot be used.

    A text that differs from the file becomes a new version where nobody but Candor has written one so far.
    """
    catalogue = read_catalogue(folder)
    hold_recording()
    reason_count = _add_reasons(catalogue.reasons)
    # Locked, so that neither another load nor an administrator takes the same version.
    reasons = {reason.code: reason for reason in Reason.objects.select_for_update().order_by("pk")}
    return Loaded(
        reasons=reason_count,
        wordings=_add_wordings(catalogue.reasons, reasons),
        aliases=_add_aliases(catalogue, reasons),
        refund_times=_add_refund_times(catalogue),
    )


def _add_reasons(entries: list[ReasonEntry]) -> int:
    known = set(Reason.objects.values_list("code", flat=True))
    missing = [_reason(entry, 10 * place) for place, entry in enumerate(entries, 1) if entry.code not in known]
    # Another load may be ahead by a moment; every row was checked before, so nothing else can be a conflict.
    Reason.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _reason(entry: ReasonEntry, position: int) -> Reason:
    givers = {f"by_{source}": True for source in entry.given_by}
    return Reason(code=entry.code, responsible=entry.responsible, instead=entry.instead, position=position, **givers)


def _add_wordings(entries: list[ReasonEntry], reasons: Mapping[str, Reason]) -> int:
    written: dict[int, list[Wording]] = defaultdict(list)
    for wording in Wording.objects.order_by("version"):
        written[wording.reason_id].append(wording)
    new = [
        wording
        for entry in entries
        for wording in _new_wordings(entry, reasons[entry.code], written[reasons[entry.code].pk])
    ]
    Wording.objects.bulk_create(new)
    return len(new)


def _new_wordings(entry: ReasonEntry, reason: Reason, written: list[Wording]) -> Iterator[Wording]:
    versions = count(written[-1].version + 1 if written else 1)
    for language, texts in entry.texts.items():
        offered = Wording(reason=reason, language=language, **texts.model_dump())
        if _is_news(offered, [wording for wording in written if wording.language == language]):
            offered.version = next(versions)
            yield offered


def _is_news(offered: Wording, written: list[Wording]) -> bool:
    """Tell whether the text is to be added, given those in its language, oldest first.

    A text that was there before has been replaced by somebody, even where their account, and with it the name beside
    the newer text, is gone.
    """
    if written and written[-1].created_by_id is not None:
        return False
    return all(offered.texts != wording.texts for wording in written)


def _add_aliases(catalogue: Catalogue, reasons: Mapping[str, Reason]) -> int:
    known = set(Alias.objects.values_list("origin", "source", "text"))
    missing = [
        Alias(origin=entry.origin, source=entry.source, text=entry.key[2], reason=reasons[entry.reason])
        for entry in catalogue.aliases
        # An administrator may have taken the reason away from this source since.
        if entry.key not in known and reasons[entry.reason].may_be_given_by(entry.source)
    ]
    Alias.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _add_refund_times(catalogue: Catalogue) -> int:
    known = set(RefundTime.objects.values_list("method", flat=True))
    missing = [
        RefundTime(method=method, working_days=days)
        for method, days in catalogue.working_days.items()
        if method not in known
    ]
    RefundTime.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
