"""
JSON Schema in words.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, TypeAdapter

from mizan.pages.shapes import constraints_of, shape_of


class Node(BaseModel):
    name: str
    children: list["Node"] = []


def described(annotation: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    schema = TypeAdapter(annotation).json_schema(ref_template="#/components/schemas/{model}")
    return schema, schema.pop("$defs", {})


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (Annotated[int, Field(ge=1, lt=6)], "≥ 1, < 6"),
        (Annotated[str, Field(max_length=9, pattern="^a")] | None, "at most 9 characters, matches ^a"),
        (Literal["a", "b"], 'one of "a", "b"'),
        (int, ""),
    ],
    ids=str,
)
def test_constraints_are_words(annotation: Any, words: str) -> None:
    """A person must not have to send wrong values to learn them."""
    assert constraints_of(*described(annotation)) == words


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        (list[int], "list of integer"),
        (dict[str, bool] | None, "{ [key]: boolean } | null"),
        (tuple[int, str], "[integer, string]"),
        (Node, "{\n  name: string\n  children: list of Node\n}"),
        (list[Node], "list of {\n  name: string\n  children: list of Node\n}"),
        (Any, "anything"),
        (Literal["a", 1], '"a" | 1'),
        (Literal["a"], '"a"'),
    ],
    ids=str,
)
def test_a_shape_has_a_line_for_each_part(annotation: Any, shape: str) -> None:
    """What holds itself ends with its name."""
    assert shape_of(*described(annotation)) == shape
