"""What a format reads of a payload, and nothing else: so addresses, phones and the names of people are left out."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Self, get_args

from pydantic import BaseModel

from feeds.facts import Facts

EACH = "*"  # in a path: every entry of a list
PLACE = re.compile(r"(?<=\.)\d+(?=\.|$)")
IN_ITS_STEAD = {"": None}  # an object of which nothing is read, yet it is there

# The fields that are read, as a tree.
type Tree = dict[str, "Tree"]


class NotedFacts(Facts):
    """Facts that note which of them are asked for: in `noted`, as paths from the top."""

    def __init__(self, value: Any, **of_facts: Any) -> None:
        self.noted: set[str] = of_facts.pop("noted", None) or set()
        super().__init__(value, **of_facts)

    def raw(self, path: str) -> Any:
        """Note the path, and return what stands there."""
        self.noted.add(self._from_the_top(path))
        return super().raw(path)

    def has(self, path: str) -> bool:
        """Note the path, and tell whether the field is there."""
        self.noted.add(self._from_the_top(path))
        return super().has(path)

    def _inner(self, value: Any, path: str) -> Self:
        inner = super()._inner(value, path)
        inner.noted = self.noted
        return inner

    def _from_the_top(self, path: str) -> str:
        return PLACE.sub(EACH, ".".join(part for part in (self.place, path) if part))


def tree_of(paths: Iterable[str]) -> Tree:
    """Gather paths as a tree."""
    tree: Tree = {}
    for path in paths:
        below = tree
        for name in path.split("."):
            below = below.setdefault(name, {})
    return tree


def pruned(value: Any, tree: Tree) -> Any:
    """Keep the fields of the tree. In place of what should hold fields, and does not, only that it is there."""
    if isinstance(value, Mapping):
        kept = {name: pruned(value[name], below) for name, below in tree.items() if name in value}
        return kept or (IN_ITS_STEAD if value else {})
    if isinstance(value, list) and (EACH in tree or not tree):
        return [pruned(one, tree.get(EACH, {})) for one in value]
    return bool(value) if tree and value is not None else value


def fields_of(model: type[BaseModel]) -> Tree:
    """Return the fields of a document, and of the documents in it, as a tree."""
    return {name: _below(field.annotation) for name, field in model.model_fields.items()}


def _below(annotation: Any) -> Tree:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return fields_of(annotation)
    below: Tree = {}
    for inner in get_args(annotation):
        below |= _below(inner)
    return {EACH: below} if _is_list(annotation) and below else below


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is tuple
