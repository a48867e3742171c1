"""Facts inside a wording, as in "The seller did not send your order[ by {ship_by}]".

A name in braces is replaced by the order's own fact. What stands in square brackets is left out, brackets and all,
when a fact inside it is not known: so that a sentence stays whole, in every language, and never shows a gap.
"""

import re
from collections.abc import Mapping

FACTS = ("carrier", "seller", "ship_by")
_NAME = re.compile(r"{([^{}]*)}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Put the facts into the text; an optional part whose fact is missing is left out."""

    def optional(match: re.Match[str]) -> str:
        part = match[1]
        if not all(facts.get(name) for name in _NAME.findall(part)):
            return ""
        return _NAME.sub(lambda name: facts[name[1]], part)

    return _OPTIONAL.sub(optional, text)  # once: what a fact itself holds is not looked at


def check_text(text: str) -> None:
    """Raise ValueError, in words for an administrator, where a placeholder could not be filled."""
    for name in _NAME.findall(text):
        if name not in FACTS:
            known = ", ".join(f"{{{fact}}}" for fact in FACTS)
            raise ValueError(f"{{{name}}} is not known here; these are: {known}.")
    rest = _OPTIONAL.sub("", text)
    if _NAME.search(rest):
        raise ValueError("A fact may be missing: put it and the words around it in square brackets.")
    if set("{}[]") & set(_NAME.sub("", _OPTIONAL.sub(r"\1", text))):
        raise ValueError("A bracket is not closed, or stands inside another.")
