"""
The law of keys: values that are equal are written alike, and values that are not are written apart.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan.protocol.canonical import canonical_json

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)


def typed(value: Any) -> Any:
    """*value* with True apart from 1, which Python holds equal and JSON does not."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return (isinstance(value, bool), value)


@given(VALUES, VALUES)
def test_written_alike_means_equal(one: Any, other: Any) -> None:
    """And the other way round."""
    assert (canonical_json(one) == canonical_json(other)) == (typed(one) == typed(other))


@given(VALUES)
def test_what_is_written_is_the_value(value: Any) -> None:
    """In JSON of one line and of ASCII letters only."""
    text = canonical_json(value)

    assert json.loads(text) == value
    assert text.isascii() and b"\n" not in text
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(st.text(), SCALARS))
def test_the_order_of_keys_says_nothing(value: dict[str, Any]) -> None:
    """Nor is there one in a set."""
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))
    assert json.loads(canonical_json(set(value))) == sorted(value, key=json.dumps)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-23, 23))
def test_a_moment_is_written_alike_in_every_zone(moment: datetime, hours: int) -> None:
    """Near the ends of time a zone may not reach it."""
    try:
        there = moment.astimezone(timezone(timedelta(hours=hours)))
    except OverflowError:
        return
    assert canonical_json(there) == canonical_json(moment)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4), st.integers(0, 5))
def test_zeros_at_the_end_of_a_decimal_say_nothing(value: Decimal, zeros: int) -> None:
    """1.5 and 1.500 are equal."""
    longer = Decimal(f"{value:f}" + "0" * zeros)
    assert canonical_json(longer) == canonical_json(value)


class Size(Enum):
    SMALL = "s"


class Level(IntEnum):
    LOW = 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.0, b"5"),
        (-0.0, b"0"),
        (Decimal("-0.0"), b'"0"'),
        (Decimal("1E+2"), b'"100"'),
        (Size.SMALL, b'"s"'),
        (Level.LOW, b"1"),
        ((1, "a"), b'[1,"a"]'),
        ({3, 1, 2}, b"[1,2,3]"),
        (UUID(int=1), b'"00000000-0000-0000-0000-000000000001"'),
        ({"b": 1, "a": {"d": 1, "c": 2}}, b'{"a":{"c":2,"d":1},"b":1}'),
        (b"\xff", b'"_w=="'),
    ],
)
def test_each_kind_has_one_spelling(value: Any, text: bytes) -> None:
    """The one of its JSON."""
    assert canonical_json(value) == text
