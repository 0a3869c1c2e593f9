"""
Enums and literals whose values are no JSON: what is written for a member is taken for it, and described.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, Flag, IntEnum, IntFlag
from typing import Any, Literal
from uuid import UUID

import pytest
from django.db import models
from jsonschema import Draft202012Validator

from mizan.wire.components import Entry, build_components
from mizan.wire.types import WireType


class Rate(Enum):
    LOW = Decimal("1.50")
    HIGH = Decimal(2)


class Holiday(date, models.Choices):
    NEW_YEAR = 2020, 1, 1, "New year"


class Pair(Enum):
    ONE = (1, "a")
    TWO = (2, "b")


class Key(Enum):
    FIRST = UUID(int=1)


class Raw(Enum):
    BYTES = b"\xff"
    TEXT = "text"


class Span(Enum):
    DAY = timedelta(days=1)


class Access(Flag):
    READ = 1
    WRITE = 2


class Bits(IntFlag):
    ONE = 1
    TWO = 2


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Mixed(Enum):
    YES = True
    TWO = 2


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        (Rate, Rate.LOW, "1.50"),
        (Rate | None, None, None),
        (list[Rate], [Rate.HIGH], ["2"]),
        (Holiday, Holiday.NEW_YEAR, "2020-01-01"),
        (Pair, Pair.TWO, [2, "b"]),
        (Key, Key.FIRST, str(UUID(int=1))),
        (Raw, Raw.BYTES, "/w=="),
        (Raw, Raw.TEXT, "text"),
        (Span, Span.DAY, "P1D"),
        (Level, Level.LOW, 1),
        (Access, Access.READ | Access.WRITE, 3),
        (Access, Access(0), 0),
        (Bits, Bits.ONE | Bits.TWO, 3),
        (dict[Literal[1, 2], int], {1: 5}, {"1": 5}),
        (dict[Literal[1, "a"], int], {1: 5, "a": 6}, {"1": 5, "a": 6}),
        (dict[Literal[True], int], {True: 5}, {"true": 5}),
        (dict[Level, int], {Level.HIGH: 5}, {"2": 5}),
        (dict[Mixed, int], {Mixed.YES: 5, Mixed.TWO: 6}, {"true": 5, "2": 6}),
        (dict[Rate, int], {Rate.LOW: 5}, {"1.50": 5}),
        (dict[Holiday, int], {Holiday.NEW_YEAR: 5}, {"2020-01-01": 5}),
    ],
)
def test_what_is_written_is_taken_and_described(kind: Any, value: Any, written: Any) -> None:
    """There and back, and valid by the schema of either direction."""
    wire = WireType(kind)

    text = wire.written(value)

    assert json.loads(text) == written
    assert wire.input.validate_json(text) == value
    assert wire.input.validate_python(written) == value
    for mode in ("validation", "serialization"):
        components = build_components([Entry("root", mode, wire.core)])  # type: ignore[arg-type]
        schema = {**components.schemas["root", mode], "components": {"schemas": components.definitions}}
        Draft202012Validator(schema).validate(written)


@pytest.mark.parametrize(
    ("kind", "sent"), [(Rate, "1.6"), (Pair, [2]), (Raw, "_w"), (dict[Literal[1, 2], int], {"3": 1})]
)
def test_what_is_no_member_is_refused(kind: Any, sent: Any) -> None:
    """As before."""
    with pytest.raises(ValueError, match="Input should be"):
        WireType(kind).input.validate_python(sent)
