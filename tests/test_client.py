"""
The decorator: what it leaves of a function.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client


def test_a_function_stays_the_function_it_was() -> None:
    """A unit test calls it with no server."""

    @client
    def echo(request: Any, text: str) -> str:
        return text

    assert echo(None, text="hi") == "hi"
    assert echo.__name__ == "echo"


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ("affect", "Did you mean affects=?"),
        ("contexts", "Did you mean context=?"),
        ("throttles", "Did you mean throttle=?"),
        ("raise_", "Did you mean raises=?"),
        ("zzz", "Its options: context=, affects=, "),
    ],
)
def test_an_unknown_option_is_told_with_the_one_that_was_meant(wrong: str, advice: str) -> None:
    """Python's own message leaves the looking up to the reader."""
    with pytest.raises(TypeError, match=f"@client has no option {wrong}=") as caught:
        client(**{wrong: "user"})

    assert advice in str(caught.value)
