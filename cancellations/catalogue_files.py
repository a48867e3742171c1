"""The catalogue's files: their shape, and what is checked before anything is written."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, TypeAdapter
from pydantic import ValidationError as ShapeError

from cancellations.aliases import alias_key
from cancellations.codes import CODE_FORM
from cancellations.models import Wording
from cancellations.terms import Instead, PaymentMethod, Responsible

FOLDER = Path(__file__).with_name("catalogue")
Code = Annotated[str, Field(pattern=rf"^{CODE_FORM}$")]


class CatalogueError(Exception):
    """A file of the catalogue cannot be used; the message says which, where and why."""


class Texts(BaseModel):
    """What people read for a reason in one language."""

    model_config = ConfigDict(extra="forbid", str_min_length=1)

    label: str
    headline: str
    explanation: str
    next_step: str
    prevention: Annotated[str, Field(min_length=0)]  # empty where there is nothing to avoid
    seller_advice: str


class ReasonEntry(BaseModel):
    """One reason. Every further key is a language, with the texts in it."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$")], Texts]

    code: Code
    given_by: Annotated[set[Literal["buyer", "seller", "system", "unknown"]], Field(min_length=1)]
    responsible: Responsible
    instead: Instead
    en: Texts

    @property
    def texts(self) -> dict[str, Texts]:
        """The texts by language."""
        return {"en": self.en, **self.__pydantic_extra__}


class AliasEntry(BaseModel):
    """One origin's name for a reason."""

    model_config = ConfigDict(extra="forbid", str_min_length=1)

    origin: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
    source: Literal["buyer", "seller", "system", "unknown"]
    text: Annotated[str, Field(max_length=500)]
    reason: Code

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes the alias the only one of its kind."""
        return self.origin, self.source, alias_key(self.text)


class LeftOpenEntry(BaseModel):
    """Words of an origin's that are known, and have no alias on purpose."""

    model_config = ConfigDict(extra="forbid", str_min_length=1)

    origin: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
    source: Literal["buyer", "seller", "system", "unknown"]
    texts: Annotated[list[str], Field(min_length=1)]
    why: str


@dataclass(frozen=True)
class Catalogue:
    """What the files say."""

    reasons: list[ReasonEntry]
    aliases: list[AliasEntry]
    left_open: list[LeftOpenEntry]
    working_days: dict[PaymentMethod, int]


def read_catalogue(folder: Path = FOLDER) -> Catalogue:
    """Read and check the files. Raise CatalogueError, in a sentence, where one cannot be used."""
    reasons: list[ReasonEntry] = _read(folder / "reasons.toml", "reason", list[ReasonEntry])
    for code in _repeated(entry.code for entry in reasons):
        raise CatalogueError(f"reasons.toml: the code {code} is there twice.")
    catalogue = Catalogue(
        reasons=_translated(reasons, sorted((folder / "wordings").glob("*.toml"))),
        aliases=_read(folder / "aliases.toml", "alias", list[AliasEntry]),
        left_open=_read(folder / "aliases.toml", "left_open", list[LeftOpenEntry] | None) or [],
        working_days=_read(folder / "refund_times.toml", "working_days", dict[PaymentMethod, PositiveInt]),
    )
    _check_reasons(catalogue.reasons)
    _check_aliases(catalogue)
    return catalogue


def is_shipped(wording: Wording, code: str) -> bool:
    """Tell whether a wording of the reason with this code is what the files say, and nobody's own."""
    return wording.created_by_id is None and _shipped().get((code, wording.language)) == wording.texts


@cache
def _shipped() -> dict[tuple[str, str], dict[str, str]]:
    return {
        (entry.code, language): texts.model_dump()
        for entry in read_catalogue().reasons
        for language, texts in entry.texts.items()
    }


def _translated(reasons: list[ReasonEntry], files: list[Path]) -> list[ReasonEntry]:
    """Add the texts of each file, which is named for its language and has a table for each reason."""
    texts = {path.stem: _read(path, None, dict[Code, Texts]) for path in files}
    known = {entry.code for entry in reasons}
    for language, by_code in texts.items():
        for code in sorted(by_code.keys() - known):
            raise CatalogueError(f"wordings/{language}.toml: there is no reason {code}.")
    return [
        entry.model_copy(
            update={language: by_code[entry.code] for language, by_code in texts.items() if entry.code in by_code}
        )
        for entry in reasons
    ]


def _read(path: Path, key: str | None, shape: Any) -> Any:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(shape).validate_python(content.get(key) if key else content)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error
    except ShapeError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ", ".join(str(part) for part in first["loc"])
        raise CatalogueError(f"{path.name}: {key} {place}: {first['msg']}.") from error


def _check_reasons(reasons: list[ReasonEntry]) -> None:
    for entry in reasons:
        for language, texts in entry.texts.items():
            _check_texts(entry.code, Wording(version=1, language=language, **texts.model_dump()))


def _check_texts(code: str, wording: Wording) -> None:
    try:
        wording.clean_fields(exclude=["reason"])
        wording.clean()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise CatalogueError(f"{code}, {wording.language}, {field}: {sentences[0]}") from error


def _check_aliases(catalogue: Catalogue) -> None:
    for origin, source, text in _repeated(entry.key for entry in catalogue.aliases):
        raise CatalogueError(f"aliases.toml: {text!r} of {origin}, by the {source}, is there twice.")
    given_by = {entry.code: entry.given_by for entry in catalogue.reasons}
    for entry in catalogue.aliases:
        if entry.reason not in given_by:
            raise CatalogueError(f"aliases.toml: {entry.text!r} names the reason {entry.reason}, which does not exist.")
        if entry.source not in given_by[entry.reason]:
            raise CatalogueError(f"aliases.toml: {entry.text!r}: the {entry.source} may not give {entry.reason}.")


def _repeated[Item](items: Iterable[Item]) -> list[Item]:
    return [item for item, times in Counter(items).items() if times > 1]
