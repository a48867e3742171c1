"""What buyers, sellers and the administrator did about the demo's orders, as it is told in stories/acts.toml."""

from enum import StrEnum, auto

from cancellations.terms import Source
from feeds.demo.files import Entry, read_toml


class Deed(StrEnum):
    """What people do."""

    ASK = auto()
    WITHDRAW = auto()
    APPROVE = auto()
    DECLINE = auto()
    LAPSE = auto()
    CANCEL = auto()
    SEND = auto()
    COMPLETE = auto()
    FAIL = auto()
    CONTEST = auto()
    UPHOLD = auto()
    REJECT = auto()
    VOTE = auto()
    MAP = auto()
    SEND_ANYWAY = auto()
    SETTLE = auto()


class Act(Entry):
    """One thing that was done; `line` counts from one, and without it the whole order is meant."""

    at: str
    what: Deed
    by: Source = Source.BUYER
    reason: str = ""
    words: str = ""
    line: int = 0
    quantity: int = 0
    is_helpful: bool = False


class Affair(Entry):
    """What was done about one order, one thing after another."""

    number: str
    acts: tuple[Act, ...]


def written_affairs() -> list[Affair]:
    """Read what was done."""
    return [Affair.model_validate(entry) for entry in read_toml("stories/acts.toml")["order"]]
