"""
All types of a server as named components.
"""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar

import pytest
from pydantic import BaseModel, Field

from mizan.protocol.references import reference_to
from mizan.wire.components import Components, Entry, build_components, component_name
from mizan.wire.types import WireType

T = TypeVar("T")


class Task(BaseModel):
    title: str
    parts: list[Task] = []


class Page(BaseModel, Generic[T]):
    items: list[T]


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"


class Owner(BaseModel):
    pet: Cat | Dog = Field(discriminator="kind")


def components_of(**annotations: Any) -> Components:
    """Of inputs whose key begins with "in", and of outputs."""
    return build_components(
        [
            Entry(key, "validation" if key.startswith("in") else "serialization", WireType(annotation).core)
            for key, annotation in annotations.items()
        ]
    )


def test_a_type_is_described_once() -> None:
    """However many functions have it, and although it holds itself."""
    described = components_of(one=list[Task], other=dict[str, Task])

    assert set(described.definitions) == {"Task"}
    assert described.schemas["one", "serialization"]["items"] == reference_to("Task")


def test_what_is_sent_otherwise_than_it_is_received_has_two_names() -> None:
    """A field with a default may be left out of a request, and is in every answer. What uses such a type is two, too."""
    described = components_of(in_one=Page[Task], out_one=Page[Task])

    assert set(described.definitions) == {"Task", "TaskInput", "PageTask", "PageTaskInput"}
    assert described.definitions["TaskInput"]["required"] == ["title"]
    assert described.definitions["Task"]["required"] == ["title", "parts"]


def test_what_is_the_same_both_ways_has_one_name() -> None:
    """Nobody needs to convert it."""

    class Point(BaseModel):
        x: int

    assert set(components_of(in_one=Point, out_one=Point).definitions) == {"Point"}


def test_two_types_of_one_name_are_a_finding() -> None:
    """They are never merged into one."""

    def make(annotation: Any) -> Any:
        return type(
            "Item",
            (BaseModel,),
            {"__annotations__": {"value": annotation}, "__module__": f"shop.{annotation.__name__}"},
        )

    [finding] = components_of(one=make(int), other=make(str)).findings

    assert finding.id == "mizan.E005"
    assert "shop.int.Item and shop.str.Item" in finding.message


def test_members_of_a_discriminated_union_need_their_tag() -> None:
    """Without it nobody knows which is meant, default or not."""
    described = components_of(in_one=Owner)

    assert [described.definitions[name]["required"] for name in ("Cat", "Dog")] == [["kind"], ["kind"]]
    assert described.definitions["Owner"]["properties"]["pet"]["discriminator"]["mapping"] == {
        "cat": "#/components/schemas/Cat",
        "dog": "#/components/schemas/Dog",
    }


@pytest.mark.parametrize(
    ("name", "expected"), [("Page[Task]", "PageTask"), ("dict[str, int]", "DictStrInt"), ("A_b", "A_b")]
)
def test_a_generic_type_s_name_is_one_word(name: str, expected: str) -> None:
    """As TypeScript needs it."""
    assert component_name(name) == expected
