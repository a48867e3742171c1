"""No constraint without a test, and no text without an end."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, F, Field, Model, TextField
from django.db.models.constraints import BaseConstraint
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from cancellations.models import Cancellation, Refund
from foundation.constraints import FieldConstraint, at_most
from orders.models import CancellationRequest, Conflict
from tests import (
    factories,
    test_constraints_accounts,
    test_constraints_cancellations,
    test_constraints_feeds,
    test_constraints_insights,
    test_constraints_orders,
)
from tests.constraints import refused, refused_for, write

OURS = ["accounts", "cancellations", "orders", "insights", "feeds"]
MODULES = [
    test_constraints_accounts,
    test_constraints_cancellations,
    test_constraints_orders,
    test_constraints_insights,
    test_constraints_feeds,
]
FACTORY_OF = {factory._meta.model: factory for factory in factories.ALL}


TRAITS: dict[type[Model], dict[str, Any]] = {  # so that all their texts may be filled
    Cancellation: {"raw_reason": "late"},
    CancellationRequest: {"declined": True},
    Conflict: {"settled": True},
    Refund: {"failed": True},
}


def _row(model: type[Model]) -> Model:
    return FACTORY_OF[model].create(**TRAITS.get(model, {}))


def _models() -> Iterator[type[Model]]:
    for label in OURS:
        yield from (model for model in apps.get_app_config(label).get_models())


def _constraints() -> Iterator[BaseConstraint]:
    for model in _models():
        yield from model._meta.constraints


def _texts() -> Iterator[Field]:
    for model in _models():
        fields = [field for field in model._meta.fields if isinstance(field, CharField | TextField)]
        yield from (field for field in fields if field.name != "password")  # a hash, made by Django alone


def _limits() -> Iterator[tuple[Field, str]]:
    for model in _models():
        for constraint in model._meta.constraints:
            limit = getattr(constraint, "condition", None)
            if isinstance(limit, LessThanOrEqual) and isinstance(limit.lhs, Length):
                (column,) = limit.lhs.get_source_expressions()
                yield next(field for field in model._meta.fields if F(field.name) == column), constraint.name


def _too_long(field: Field) -> str:
    assert field.max_length, f"{field} has no end"
    start = "de-" if field.name == "language" else ""
    return start + "x" * (field.max_length + 1 - len(start))


def test_every_constraint_has_a_case() -> None:
    shown = {case.constraint for module in MODULES for case in module.CASES} | {name for _, name in _limits()}
    assert {constraint.name for constraint in _constraints()} == shown


def test_every_model_has_a_factory() -> None:
    assert set(_models()) <= set(FACTORY_OF)


def test_a_rule_about_one_field_says_what_it_refuses_and_not_what_it_is_called() -> None:
    ours = [constraint for constraint in _constraints() if isinstance(constraint, FieldConstraint)]
    assert len(ours) > 100
    for constraint in ours:
        said = constraint.get_violation_error_message()
        assert constraint.name not in said
        assert "{" not in said
        assert constraint.clone().get_violation_error_message() == said


def test_words_are_no_part_of_the_schema() -> None:
    assert at_most("name", 1_000, name="a_name_length").get_violation_error_message().endswith("1,000 characters.")
    path, _args, said = at_most("name", 1_000, name="a_name_length").deconstruct()
    assert (path, set(said)) == ("django.db.models.CheckConstraint", {"name", "condition"})


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "constraint"), list(_limits()), ids=str)
def test_it_refuses_a_text_by_one_character_too_long(field: Field, constraint: str) -> None:
    row = _row(field.model)
    with refused(field.model, constraint):
        write(row, {field.name: _too_long(field)})


@pytest.mark.django_db
@pytest.mark.parametrize("field", list(_texts()), ids=str)
def test_every_text_has_an_end(field: Field) -> None:
    row = _row(field.model)
    with refused_for("constraint", "value too long"):
        write(row, {field.name: _too_long(field)})
