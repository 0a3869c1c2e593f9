"""
The parameters of a context as values.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mizan.protocol.graph import ContextGroup
from mizan.protocol.signature import Parameter
from mizan.service.parameters import ParameterValues

VALUES = ParameterValues(
    ContextGroup("shop", (), (Parameter("id", int), Parameter("span", timedelta), Parameter("word", str | None)))
)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("id", "05", 5), ("id", 5, 5), ("span", "PT60M", timedelta(hours=1)), ("word", "null", "null")],
)
def test_a_value_is_read_as_the_context_reads_it(name: str, value: Any, expected: Any) -> None:
    """What means the same is the same, however a mutation or a caller spells it."""
    assert VALUES.read(name, value) == expected


def test_a_value_that_the_parameter_cannot_have_is_named() -> None:
    """With the parameter, for whoever wrote the call."""
    with pytest.raises(ValueError, match="id='five': Input should be a valid integer"):
        VALUES.read("id", "five")


@pytest.mark.parametrize(
    ("arguments", "known"),
    [
        ({"id": "5", "other": 1}, {"id": 5}),
        ({"id": None}, {}),
        ({"id": "five", "word": "x"}, {"word": "x"}),
        ({}, {}),
    ],
    ids=str,
)
def test_what_says_nothing_narrows_nothing(arguments: dict[str, Any], known: dict[str, Any]) -> None:
    """A None and a value that cannot be one do not say which instances have changed, so all of them have."""
    assert VALUES.known(["id", "word"], arguments) == known
