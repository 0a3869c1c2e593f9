"""
What a client sent, as values of declared types: the same from JSON text as from data that was parsed already.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan.protocol.signature import Parameter
from mizan.wire.problems import InvalidInput, MalformedInput
from mizan.wire.types import Arguments
from mizan.wire.validation import RawJson, validated

ECHO = Arguments("echo", (Parameter("text", str), Parameter("times", int, 1), Parameter("tags", list[str], [])))
VALUES = (
    st.none() | st.integers(-(2**60), 2**60) | st.text() | st.lists(st.text(max_size=3) | st.integers(0, 3), max_size=3)
)
SENT = st.dictionaries(st.sampled_from(["text", "times", "tags", "other"]), VALUES)


def outcome(sent: Any) -> Any:
    """The arguments, or what is wrong with which of them."""
    try:
        return ECHO.read(sent)
    except InvalidInput as problem:
        return {name: len(messages) for name, messages in problem.fields.items()}


@given(SENT)
def test_text_and_data_are_read_alike(sent: dict[str, Any]) -> None:
    """A form and a body of JSON that say the same mean the same, and what is refused is refused in the same places."""
    assert outcome(RawJson(json.dumps(sent).encode())) == outcome(sent)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"null", b'"text"'])
def test_a_body_that_is_no_object_has_no_fields_to_speak_of(body: bytes) -> None:
    """It is malformed, and not merely invalid."""
    with pytest.raises(MalformedInput):
        validated(ECHO, RawJson(body))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (rb'{"text": "a\u0000b"}', "text"),
        (rb'{"text": "a", "tags": ["\u0000"]}', "tags.0"),
        (rb'{"text": "a", "tags": ["\ud800"]}', "tags.0"),
    ],
)
def test_text_that_no_database_keeps_is_refused(body: bytes, field: str) -> None:
    """By the path at which it stands, although pydantic would take it."""
    with pytest.raises(InvalidInput) as refused:
        validated(ECHO, RawJson(body))

    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_refused_where_anything_goes(number: str) -> None:
    """JSON has no such numbers, and a client could not read them back."""
    anything = Arguments("store", (Parameter("data", Any),))

    with pytest.raises(InvalidInput) as refused:
        validated(anything, RawJson(f'{{"data": {{"deep": [{number}]}}}}'.encode()))

    assert refused.value.fields == {"data": ["Input should be a finite number"]}
