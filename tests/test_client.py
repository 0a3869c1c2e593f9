"""
The decorator: what it leaves of a function.
"""

from __future__ import annotations

from typing import Any

from mizan.client import client


def test_a_function_stays_the_function_it_was() -> None:
    """A unit test calls it with no server."""

    @client
    def echo(request: Any, text: str) -> str:
        return text

    assert echo(None, text="hi") == "hi"
    assert echo.__name__ == "echo"
