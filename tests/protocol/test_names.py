"""
Which names may be on the wire.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mizan.protocol.names import MAX_NAME_LENGTH, is_context_name, is_error_code, is_function_name


@pytest.mark.parametrize(
    ("name", "is_function", "is_context"),
    [
        ("echo", True, True),
        ("contact.submit", True, False),
        ("Shop_2", True, True),
        ("a" * MAX_NAME_LENGTH, True, True),
        ("a" * (MAX_NAME_LENGTH + 1), False, False),
        ("", False, False),
        ("2nd", False, False),
        ("_x", False, False),
        ("a..b", False, False),
        ("a.", False, False),
        ("say it", False, False),
        ("größe", False, False),
        ("echo\n", False, False),
    ],
)
def test_names_are_letters_digits_and_underscores(name: str, is_function: bool, is_context: bool) -> None:
    """Those of functions may have parts; none needs an escape in an address, in TypeScript or in a header."""
    assert (is_function_name(name), is_context_name(name)) == (is_function, is_context)


@pytest.mark.parametrize("name", [None, 5, b"echo"])
def test_what_is_no_text_is_no_name(name: Any) -> None:
    """A bad body may hold anything."""
    assert not is_function_name(name)


@pytest.mark.parametrize(
    ("code", "is_code"), [("OUT_OF_STOCK", True), ("E2", True), ("out", False), ("_A", False), ("", False)]
)
def test_error_codes_are_written_in_capitals(code: str, is_code: bool) -> None:
    """So that nobody takes one for a message."""
    assert is_error_code(code) is is_code


FUNCTION_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}(\.[A-Za-z][A-Za-z0-9_]{0,8}){0,2}", fullmatch=True)


@given(st.text())
def test_a_name_is_letters_digits_and_underscores(name: str) -> None:
    """Of ASCII; a function's may have dots."""
    assert is_context_name(name) == bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,99}", name))
    if is_context_name(name):
        assert is_function_name(name)
