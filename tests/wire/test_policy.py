"""
The rules that hold for every value on the wire, whatever model it sits in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from mizan.types import BigInt
from mizan.wire.policy import MAX_INTEGER, duration
from mizan.wire.problems import InvalidInput, OutputMismatch
from mizan.wire.types import WireType
from mizan.wire.validation import validated

WHOLE_DAYS = timedelta(days=timedelta.max.days)


class Strange(BaseModel):
    """A model whose own configuration would let everything through."""

    model_config = ConfigDict(allow_inf_nan=True, ser_json_inf_nan="constants", ser_json_bytes="utf8")
    ratio: float = 0
    number: int = 0
    data: bytes = b""


@given(st.integers())
def test_integers_are_what_javascript_holds(number: int) -> None:
    """In and out, inside of any model; more than that is for `BigInt`."""
    is_safe = abs(number) <= MAX_INTEGER
    strange = WireType(Strange)

    if is_safe:
        assert validated(strange, {"number": number}).number == number
    else:
        with pytest.raises(InvalidInput):
            validated(strange, {"number": number})
        with pytest.raises(OutputMismatch):
            strange.written({"number": number})
    assert validated(WireType(BigInt), number) == number


@pytest.mark.parametrize(("bounds", "largest"), [({"le": 5}, 5), ({"lt": 5}, 4), ({"le": 2**60}, MAX_INTEGER)], ids=str)
def test_a_type_s_own_bounds_hold_where_they_are_narrower(bounds: dict[str, int], largest: int) -> None:
    """And not where they are wider."""
    bounded = WireType(Annotated[int, Field(**bounds)])

    assert validated(bounded, largest) == largest
    with pytest.raises(InvalidInput):
        validated(bounded, largest + 1)


@pytest.mark.parametrize("ratio", [float("inf"), float("-inf"), float("nan")])
def test_floats_are_finite(ratio: float) -> None:
    """JSON has no others, whatever the model would write for them."""
    strange = WireType(Strange)

    with pytest.raises(InvalidInput):
        validated(strange, {"ratio": ratio})
    with pytest.raises(OutputMismatch):
        strange.written({"ratio": ratio})


@given(st.binary())
def test_bytes_are_base64_in_every_model(data: bytes) -> None:
    """Also where the model would write them as text, which not all bytes are."""
    strange = WireType(Strange)
    written = WireType(bytes).written(data)

    assert strange.written(Strange(data=data)) == b'{"ratio":0.0,"number":0,"data":' + written + b"}"


@pytest.mark.parametrize("value", [2**53, float("nan"), {"deep": [float("inf")]}, [[-(2**53)]]], ids=str)
def test_what_any_lets_through_is_exact_all_the_same(value: Any) -> None:
    """Where no type refuses it, the wire does."""
    with pytest.raises(InvalidInput):
        validated(WireType(Any), value)


@given(st.timedeltas(-WHOLE_DAYS, WHOLE_DAYS))
def test_a_duration_has_no_unit_above_the_day(value: timedelta) -> None:
    """A year of 365 days is none for anybody else; and the opposite is the same with a sign."""
    text = duration(value)

    assert set(text.partition("T")[0]) <= set("-P0123456789D")
    assert duration(-value).lstrip("-") == text.lstrip("-")
