"""
The schemas of types, as the wire has their values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, NamedTuple

import pytest
from pydantic import BaseModel, PlainSerializer, SecretStr, WrapSerializer, field_serializer

from mizan.types import BigInt, Upload
from mizan.wire.components import Entry, Mode, build_components
from mizan.wire.types import WireType


class Size(Enum):
    SMALL = "s"
    LARGE = "l"


class Span(BaseModel):
    length: timedelta = timedelta(minutes=90)
    price: Decimal = Decimal("1.50")


class Pair(NamedTuple):
    one: int
    other: str = "x"


@dataclass
class Point:
    x: int


def schema_of(annotation: Any, mode: Mode = "validation") -> dict[str, Any]:
    """With the definition in place of a reference to it."""
    described = build_components([Entry("one", mode, WireType(annotation).core)])
    schema = described.schemas["one", mode]
    return next(iter(described.definitions.values())) if "$ref" in schema else schema


@pytest.mark.parametrize(
    ("annotation", "part"),
    [
        (Decimal, {"type": "string", "format": "decimal"}),
        (BigInt, {"type": "string", "format": "bigint"}),
        (Upload, {"type": "string", "format": "binary"}),
        (timedelta, {"type": "string", "format": "duration"}),
        (Literal["a"], {"const": "a"}),
        (Literal["a", None], {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]}),
        (Size, {"enum": ["s", "l"], "x-enum-varnames": ["SMALL", "LARGE"]}),
    ],
    ids=["decimal", "big", "file", "span", "one", "mixed", "enum"],
)
def test_a_schema_is_that_of_the_text_on_the_wire(annotation: Any, part: dict[str, Any]) -> None:
    """Not that of Python's values; an enum of several JSON types is one for each."""
    schema = schema_of(annotation)

    assert {key: schema.get(key) for key in part} == part


def test_defaults_are_written_as_values_are() -> None:
    """For requests; a result has the field, whatever its default."""
    sent, received = schema_of(Span)["properties"], schema_of(Span, "serialization")["properties"]

    assert (sent["length"]["default"], sent["price"]["default"]) == ("PT1H30M", "1.50")
    assert not any("default" in schema for schema in received.values())


def test_a_named_tuple_has_one_length() -> None:
    """Its defaults are Python's business."""
    schema = schema_of(Pair)

    assert (schema["minItems"], schema["maxItems"]) == (2, 2)
    assert not any("default" in item for item in schema["prefixItems"])


@pytest.mark.parametrize("annotation", [Span, Point])
def test_what_only_repeats_the_name_is_left_out(annotation: Any) -> None:
    """A title that is the class's name, and the signature that a dataclass has in place of a docstring."""
    assert not {"title", "description"} & set(schema_of(annotation))


class Shown(BaseModel):
    plain: Annotated[int, PlainSerializer(lambda value: [value])]
    wrapped: Annotated[int, WrapSerializer(lambda value, write: {"it": write(value)})]
    typed: Annotated[int, PlainSerializer(str, return_type=str)]
    secret: SecretStr = SecretStr("")
    decorated: int = 0

    @field_serializer("decorated")
    def _decorated(self, value: int):  # type: ignore[no-untyped-def]  # which is what the test is about
        return (value, "x")


def test_a_serializer_without_return_type_may_write_anything() -> None:
    """The field's own type is that of what clients send."""
    wire = WireType(Shown)
    components = build_components([Entry("in", "validation", wire.core), Entry("out", "serialization", wire.core)])

    sent, written = (components.definitions[name]["properties"] for name in ("ShownInput", "Shown"))

    assert [sent[name]["type"] for name in sent] == ["integer", "integer", "integer", "string", "integer"]
    assert [written[name].get("type") for name in written] == [None, None, "string", "string", None]
