"""
Where an input is wrong, by the names that the client wrote.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, Field, ValidationError
from typing_extensions import TypedDict

from mizan.wire.problems import InvalidInput, problem_of
from mizan.wire.types import WireType


def refuse_thirteen(value: int) -> int:
    if value == 13:
        raise ValueError("unlucky")
    return value


@dataclass
class Point:
    x: float
    y: Annotated[float, Field(ge=0)] = 0.0


class Size(TypedDict):
    width: int


class Tree(BaseModel):
    label: Annotated[str, Field(min_length=2, alias="theLabel")]
    number: Annotated[int, AfterValidator(refuse_thirteen)] = 0
    at: Point | None = None
    sizes: list[Size] = []
    pair: tuple[int, str] = (0, "")
    children: list[Tree] = []


class Branch(BaseModel):
    either: int | list[Tree] = 0
    by_name: dict[str, int] = {}


KEYS = st.sampled_from(["theLabel", "label", "number", "at", "sizes", "pair", "children", "x", "y", "width", "0"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-20, 20) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


def refused(annotation: Any, value: Any) -> ValidationError | None:
    try:
        WireType(annotation).input.validate_json(json.dumps(value))
    except ValidationError as error:
        return error
    return None


@given(ANYTHING)
def test_paths_need_the_input_only_where_there_are_labels(value: Any) -> None:
    """Most types have no unions, so nobody needs to parse what was refused a second time."""
    raw = json.dumps(value).encode()
    error = refused(Tree, value)

    assert WireType(Tree).names_wire_paths
    if error is not None:
        slow, fast = problem_of(error, raw), problem_of(error, raw, has_labels=False)
        assert type(slow) is type(fast)
        if isinstance(slow, InvalidInput) and isinstance(fast, InvalidInput):
            assert slow.fields == fast.fields


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({"either": [{"number": 1}]}, ["either", "either.0.theLabel"]),
        ({"either": "x"}, ["either"]),
        ({"by_name": {"a": "x"}}, ["by_name.a"]),
    ],
)
def test_labels_of_unions_are_no_part_of_a_path(value: Any, paths: list[str]) -> None:
    """Pydantic names the members of a union in its locations."""
    error = refused(Branch, value)
    assert error is not None
    assert not WireType(Branch).names_wire_paths
    problem = problem_of(error, json.dumps(value).encode())
    assert isinstance(problem, InvalidInput)
    assert sorted(problem.fields) == paths
