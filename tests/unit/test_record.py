"""Findings in the public format: the canonical line is what json.dumps would write."""

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rorqual.findings.record import canonical, encode
from rorqual.findings.schema import record_schema


class Row(NamedTuple):
    name: str | None
    at: int
    share: float


class Other(NamedTuple):
    at: int


class Colour(Enum):
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Part:
    value: Any
    data: bytes


@dataclass(frozen=True, slots=True)
class Body:
    tag: ClassVar[str] = "body_in_tests"
    zeta: Any
    alpha: tuple[Any, ...]


atoms = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
rows = st.builds(Row, st.none() | st.text(max_size=5), st.integers(), st.floats(0, 1))
values = st.recursive(
    atoms | st.binary(max_size=5) | rows | st.builds(Other, st.integers()) | st.just(Colour.GREY),
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.lists(rows, max_size=4).map(tuple)
        | st.builds(Part, inner, st.binary(max_size=3))
        | st.builds(Row, st.just("x"), inner, st.just(0.5))
    ),
    max_leaves=12,
)


@given(values, st.lists(values, max_size=4).map(tuple))
def test_the_canonical_line_is_sorted_json(zeta: object, alpha: tuple[object, ...]) -> None:
    body = Body(zeta, alpha)
    assert canonical(body) == json.dumps({body.tag: encode(body)}, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), (float("-inf"),), (Row("x", 1, float("nan")),)])
def test_numbers_that_are_none_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="finite"):
        canonical(Body(value, ()))


@pytest.mark.parametrize("value", [object(), {"a": 1}, {1}, 1j, (Row("x", object(), 0.5),), int])  # type: ignore[arg-type]  # so it is
def test_what_has_no_place_in_the_format_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(Body(value, ()))


def test_rows_are_objects() -> None:
    assert encode((Row("a", 1, 0.5), Other(2))) == [{"name": "a", "at": 1, "share": 0.5}, {"at": 2}]
    assert record_schema(Row) == {
        "type": "object",
        "properties": {
            "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "at": {"type": "integer"},
            "share": {"type": "number"},
        },
        "required": ["name", "at", "share"],
        "additionalProperties": False,
    }
