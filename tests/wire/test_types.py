"""
The laws of values on the wire: what is sent comes back as it was, in a form that other readers take alike.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from mizan.types import BigInt
from mizan.wire.json_schema import WireJsonSchema
from mizan.wire.problems import OutputMismatch
from mizan.wire.types import WireType

# RFC 3339, appendix A, and fractions of a second.
SECONDS = r"\d+(\.\d{1,6})?S"
DURATION = re.compile(rf"-?P(\d+D)?(T(\d+H(\d+M({SECONDS})?)?|\d+M({SECONDS})?|{SECONDS}))?")
WHOLE_DURATIONS = st.timedeltas(timedelta(days=-999_999), timedelta(days=999_999))


def written(annotation: Any, value: Any) -> Any:
    """*value* as JSON."""
    wire = WireType(annotation)
    return json.loads(wire.serializer.to_json(wire.output.validate_python(value), warnings="error"))


def read(annotation: Any, value: Any) -> Any:
    return WireType(annotation).input.validate_json(json.dumps(value))


@given(WHOLE_DURATIONS)
def test_a_duration_comes_back_as_it_was(value: timedelta) -> None:
    """With no unit whose length hangs on the calendar."""
    text = written(timedelta, value)

    assert DURATION.fullmatch(text) and text not in ("P", "-P")
    assert read(timedelta, text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(days=400), "P400D"),
        (timedelta(days=1, hours=2, microseconds=500_000), "P1DT2H0M0.5S"),
        (timedelta(hours=-1), "-PT1H"),
        (timedelta(minutes=90), "PT1H30M"),
        (timedelta(hours=1, seconds=5), "PT1H0M5S"),
    ],
)
def test_durations_are_written_short(value: timedelta, text: str) -> None:
    """Years and months never: a year of 365 days is pydantic's alone."""
    assert written(timedelta, value) == text
    assert written(dict[timedelta, int], {value: 1}) == {text: 1}


def test_a_model_cannot_choose_another_form_of_durations() -> None:
    """The document and the answer would differ from what clients are told of all durations."""

    class Race(BaseModel):
        model_config = ConfigDict(ser_json_timedelta="float")
        time: timedelta

    wire = WireType(Race)

    assert written(Race, Race(time=timedelta(seconds=90))) == {"time": "PT1M30S"}
    schema = WireJsonSchema().generate(wire.core, mode="serialization")
    assert schema["properties"]["time"] == {"type": "string", "format": "duration"}


@given(st.binary())
def test_bytes_come_back_as_they_were(value: bytes) -> None:
    """In base64, also in the alphabet of addresses and without padding."""
    text = written(bytes, value)

    assert read(bytes, text) == value
    assert read(bytes, text.replace("+", "-").replace("/", "_").rstrip("=")) == value


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_keep_every_digit(value: Decimal) -> None:
    """Trailing zeros too."""
    assert read(Decimal, written(Decimal, value)).as_tuple() == value.as_tuple()


@given(st.integers())
def test_big_integers_keep_every_digit(value: int) -> None:
    """As text; an ``int`` of that size is refused both ways."""
    assert read(BigInt, written(BigInt, value)) == value
    if abs(value) > 2**53 - 1:
        with pytest.raises(ValidationError):
            read(int, value)


@given(st.floats())
def test_floats_are_finite_or_refused(value: float) -> None:
    """JSON has no other."""
    if value == value and abs(value) != float("inf"):
        assert read(float, written(float, value)) == value
    else:
        with pytest.raises(ValidationError):
            WireType(float).input.validate_json(json.dumps(value))


@given(st.datetimes())
def test_naive_moments_become_aware(value: datetime) -> None:
    """In the current time zone."""
    assert read(datetime, value.isoformat()).utcoffset() is not None


def test_an_enum_of_several_json_types_says_what_each_value_is_called() -> None:
    """An enum for each type, with the names of its own values."""

    class Port(Enum):
        HTTP = 80
        AUTO = "auto"
        HTTPS = 443
        NONE = None

    schema = WireJsonSchema().generate(WireType(Port).core)

    assert schema["anyOf"] == [
        {"type": "integer", "enum": [80, 443], "x-enum-varnames": ["HTTP", "HTTPS"]},
        {"type": "string", "enum": ["auto"], "x-enum-varnames": ["AUTO"]},
        {"type": "null"},
    ]


class Measured(BaseModel):
    r: float
    inner: list[float] = []


@dataclass
class Sized:
    r: float


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (Measured, Measured(r=math.inf)),
        (Measured, Measured(r=1, inner=[math.nan])),
        (list[Measured], [Measured(r=-math.inf)]),
        (Measured, {"r": math.inf}),
        (Sized, Sized(math.inf)),
        (Any, math.inf),
        (Any, {"a": [math.inf]}),
    ],
    ids=str,
)
def test_an_object_hides_no_infinite_number(annotation: Any, value: Any) -> None:
    """Pydantic does not look into an object of the declared class; it is refused as a dict with the same values is."""
    with pytest.raises(OutputMismatch, match="finite"):
        WireType(annotation).written(value)


def test_a_text_may_speak_of_infinity() -> None:
    """Only numbers are looked for."""
    assert WireType(Any).written(["NaN", {"Infinity": 1.5}]) == b'["NaN",{"Infinity":1.5}]'
