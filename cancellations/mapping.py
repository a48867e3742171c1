"""Which reason an origin's words mean."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Max

from cancellations.aliases import alias_key
from cancellations.codes import NOT_STATED
from cancellations.models import Alias, Reason
from cancellations.wordings import newest_version
from foundation.transactions import close_gate, pass_gate

# Who records by the aliases passes; who changes one closes it. So nobody records by an alias of before, after it.
ALIASES = 1


class CatalogueMissing(Exception):
    """The reason catalogue has not been loaded into this database."""

    def __init__(self) -> None:
        super().__init__("The reason catalogue is not loaded: run manage.py load_catalogue first.")


@dataclass(frozen=True)
class ForeignWords:
    """What an alias is about: whose words, who cancelled, and the words themselves as aliases.py writes them."""

    origin: str
    source: str
    key: str


@dataclass(frozen=True)
class Understood:
    """A reason as it is recorded: which one, in which wording, by which words, and whether it was understood."""

    reason: Reason
    wording_version: int
    is_understood: bool = True
    key: str = ""


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
        """Read the reasons, retired ones too (they are history), and how this origin names them.

        What it says holds until the transaction ends: an alias that is changed waits for it.
        """
        pass_gate(ALIASES)
        reasons = list(Reason.objects.annotate(newest_version=Max("wordings__version")))
        aliases = Alias.objects.filter(origin=origin).values_list("source", "text", "reason_id")
        return cls(reasons, {(source, text): reason_id for source, text, reason_id in aliases})

    def understand(self, source: str, *, code: str = "", raw: str = "") -> Understood:
        """Find the reason by our own code, else by the origin's words; a code that is not ours is such words.

        What is not known, or may not be given by this source, becomes not_stated; the words are the caller's to keep.
        """
        if (reason := self._by_code.get(code)) and reason.may_be_given_by(source):
            return Understood(reason, _version(reason))
        key = alias_key(raw or code)
        if (reason := self._by_words(source, key)) and reason.may_be_given_by(source):
            return Understood(reason, _version(reason), key=key)
        nothing = self._by_code[NOT_STATED]
        return Understood(nothing, _version(nothing), is_understood=not (code or raw), key=key)

    def _by_words(self, source: str, key: str) -> Reason | None:
        reason_id = self._aliases.get((source, key))
        return self._by_id.get(reason_id) if reason_id else None


def meaning_of(words: ForeignWords) -> Understood | None:
    """Return how these words are recorded from now to the end of the transaction.

    None where an alias names a reason that the source may not give any more: that is for the future, and what was
    recorded by it stays.
    """
    pass_gate(ALIASES)
    alias = find_alias(words)
    reason = alias.reason if alias else Reason.objects.get(code=NOT_STATED)
    if not reason.may_be_given_by(words.source) and alias:
        return None
    return Understood(reason, newest_version(reason.pk), is_understood=alias is not None, key=words.key)


def find_alias(words: ForeignWords) -> Alias | None:
    """Return the alias of these words, with its reason."""
    named = Alias.objects.filter(origin=words.origin, source=words.source, text=words.key)
    return named.select_related("reason").first()


def hold_recording() -> None:
    """Wait until nobody records by the aliases, and let nobody begin until this transaction ends."""
    close_gate(ALIASES)


def _version(reason: Reason) -> int:
    return getattr(reason, "newest_version", None) or 1
