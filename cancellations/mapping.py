"""Which reason an origin's words mean."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Max

from cancellations.aliases import alias_key
from cancellations.models import Alias, Reason
from cancellations.models.reason import NOT_STATED


class CatalogueMissing(Exception):
    """The reason catalogue has not been loaded into this database."""

    def __init__(self) -> None:
        super().__init__("The reason catalogue is not loaded: run manage.py load_catalogue first.")


@dataclass(frozen=True)
class Understood:
    """A reason as it is recorded: which one, in which wording, and whether the origin's words were understood."""

    reason: Reason
    wording_version: int
    is_understood: bool = True


class ReasonBook:
    """The catalogue as one origin uses it, read once, so that a batch asks the database twice and not per order."""

    def __init__(self, reasons: list[Reason], aliases: dict[tuple[str, str], int]) -> None:
        self._by_id = {reason.pk: reason for reason in reasons}
        self._by_code = {reason.code: reason for reason in reasons}
        self._aliases = aliases
        if NOT_STATED not in self._by_code:
            raise CatalogueMissing

    @classmethod
    def load(cls, origin: str) -> Self:
        """Read the reasons, retired ones too (they are history), and how this origin names them."""
        reasons = list(Reason.objects.annotate(newest_version=Max("wordings__version")))
        aliases = Alias.objects.filter(origin=origin).values_list("source", "text", "reason_id")
        return cls(reasons, {(source, text): reason_id for source, text, reason_id in aliases})

    def understand(self, source: str, *, code: str = "", raw: str = "") -> Understood:
        """Find the reason by our own code, else by the origin's words.

        What is not known, or may not be given by this source, becomes not_stated; the words are the caller's to keep.
        """
        for reason in (self._by_code.get(code), self._by_words(source, raw)):
            if reason and reason.may_be_given_by(source):
                return Understood(reason, _version(reason))
        nothing = self._by_code[NOT_STATED]
        return Understood(nothing, _version(nothing), is_understood=not (code or raw))

    def _by_words(self, source: str, raw: str) -> Reason | None:
        reason_id = self._aliases.get((source, alias_key(raw)))
        return self._by_id.get(reason_id) if reason_id else None


def _version(reason: Reason) -> int:
    return getattr(reason, "newest_version", None) or 1
