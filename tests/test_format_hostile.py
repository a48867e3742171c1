"""Whatever a payload holds, a format makes documents of it or refuses it in sentences."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.formats import Format, formats
from feeds.refusals import Fault, FileRefused, RecordRefused
from orders.documents import OrderDocument
from tests.payloads import SHOP, documents
from tests.test_format_recognising import PAYLOADS

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["\x00", "\ud800", "\u202e", "9" * 400, "1e400", "-1", "NaN", "0001-01-01T00:00:00Z", 10**30]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """List everything that can be replaced: containers with the keys in them."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for key in keys for place in [(value, key), *_places(value[key])]]


def _faults(name: str, payload: Any) -> list[Fault]:
    try:
        documents(name, payload)
    except RecordRefused as refusal:
        return refusal.faults
    return []


def _read(form: Format, path: Path) -> list[OrderDocument]:
    return [form.document([record]) for record in form.records(path)]


@pytest.mark.parametrize("name", PAYLOADS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoilt_payload_is_taken_or_refused(name: str, data: st.DataObject) -> None:
    payload = copy.deepcopy(PAYLOADS[name])
    for _ in range(data.draw(st.integers(1, 4))):
        holder, key = data.draw(st.sampled_from(_places(payload) or [([payload], 0)]))
        if key in holder if isinstance(holder, dict) else key < len(holder):
            holder[key] = data.draw(ODD)
    assert all(fault.field and fault.sentence.endswith(".") for fault in _faults(name, payload))


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("depth", [90, 400, 900, 2_000, 10_000, 60_000])
def test_a_deep_payload_is_taken_or_refused(tmp_path: Path, name: str, depth: int) -> None:
    path = tmp_path / "deep.json"
    path.write_text('{"a": ' * depth + "1" + "}" * depth, encoding="utf-8")
    form = formats()[name](SHOP)
    with pytest.raises((RecordRefused, FileRefused)):
        _read(form, path)
